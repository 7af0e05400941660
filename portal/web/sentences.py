"""The words of validation. WTForms' Chinese is wrong in places ("at least 3" reads "more than 3"): all are ours."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

GENERIC = _l("Check this entry")
CHOOSE_OFFERED = _l("Choose one of those offered")

OURS: dict[str, LazyString] = {
    "This field is required.": _l("Fill this in"),
    "Field must be equal to %(other_name)s.": _l("Enter the same again"),
    "Field must be at least %(min)d characters long.": _l("Use %(min)s characters or more"),
    "Field cannot be longer than %(max)d characters.": _l("Use %(max)s characters or fewer"),
    "Field must be exactly %(max)d characters long.": _l("Use exactly %(max)s characters"),
    "Field must be between %(min)d and %(max)d characters long.": _l("Use %(min)s to %(max)s characters"),
    "Number must be at least %(min)s.": _l("Enter %(min)s or more"),
    "Number must be at most %(max)s.": _l("Enter %(max)s or less"),
    "Number must be between %(min)s and %(max)s.": _l("Enter a number from %(min)s to %(max)s"),
    "Date must be at least %(min)s.": _l("Choose a date from %(min)s on"),
    "Date must be at most %(max)s.": _l("Choose a date up to %(max)s"),
    "Date must be between %(min)s and %(max)s.": _l("Choose a date from %(min)s to %(max)s"),
    "Not a valid choice.": CHOOSE_OFFERED,
    "Invalid Choice: could not coerce.": CHOOSE_OFFERED,
    "Invalid choice(s): one or more data inputs could not be coerced.": CHOOSE_OFFERED,
    "'%(value)s' are not valid choices for this field.": CHOOSE_OFFERED,
    "Not a valid datetime value.": _l("Enter a date and time like 2026-11-23 08:10"),
    "Not a valid date value.": _l("Enter a date like 2026-11-23"),
    "Not a valid time value.": _l("Enter a time like 08:10"),
    "Not a valid integer value.": _l("Enter a whole number in figures"),
    "Not a valid decimal value.": _l("Enter a number in figures"),
    "Not a valid float value.": _l("Enter a number in figures"),
    "File does not have an approved extension.": _l("Choose a file of the right kind"),
    "File does not have an approved extension: {extensions}": _l("Choose a file of the right kind"),
    "File must be between {min_size} and {max_size} bytes.": _l("Choose a smaller file"),
}


class OurSentences:
    """What WTForms asks for its wording: our sentence for each of its own, and a plain one for the rest."""

    def gettext(self, theirs: str) -> str:
        return str(OURS.get(theirs, GENERIC))

    def ngettext(self, one: str, many: str, count: int) -> str:
        return str(OURS.get(many, GENERIC))
