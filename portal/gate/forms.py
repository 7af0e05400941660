"""What a gate asks for."""

from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import pgettext

from portal.clock import LOCAL, now
from portal.gate.finding import MOST, Options
from portal.passes.code import MAX_CHARACTERS
from portal.passes.kinds import Kind
from portal.passes.purposes import PURPOSES, Purpose
from portal.passes.verdicts import Direction
from portal.web.fields import Chips, Clock, Day, TextLine
from portal.web.forms import Form
from portal.web.temperatures import Temperature

NOBODY = 0  # the household or pass is not among those found
TYPED = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}


class ScanForm(Form):
    """A code, from a scanner that types or by hand; ``code`` is never written into a page again."""

    code = TextLine(
        _l("Scan the code, or type the short code"),
        thing=_l("the code"),
        limit=MAX_CHARACTERS,
        render_kw=TYPED,
    )


class RecordForm(Form):
    """What the guard adds to a check; the direction is the button that was pressed."""

    temperature = Temperature(_l("Temperature ℃"), optional=True)


class WhyForm(Form):
    """Why somebody goes out, or comes in, although no pass says so."""

    why = Chips(_l("Why"), thing=_l("a reason"), coerce=Purpose)
    note = TextLine(_l("What for, in a few words"), optional=True, limit=60)

    def __init__(self, kind: Kind = Kind.SPECIAL, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.why.choices = [(purpose.value, purpose.label) for purpose in PURPOSES[kind]]

    @property
    def reason(self) -> str:
        """In words, for the record."""
        return pgettext("between clauses", ", ").join(filter(None, (self.why.data.label, self.note.data)))


class MissedForm(Form):
    """When it was, as the holder tells."""

    day = Day(_l("On which day"), thing=_l("the day"), near=(0, -1))
    time = Clock(_l("At what time"), thing=_l("the time"))

    @property
    def moment(self) -> datetime:
        return datetime.combine(self.day.data, self.time.data, LOCAL)

    def validate(self, extra_validators: Any = None) -> bool:
        sound: bool = super().validate(extra_validators)
        if sound and not now() - timedelta(days=7) <= self.moment <= now():
            self.time.errors = [_("Enter a time in the last seven days, not after now")]
            return False
        return sound


class FoundForm(Form):
    """Something found by the address that is typed. ``asks_which``: all is well, but one must still be chosen."""

    address = TextLine(
        _l("Address"), thing=_l("the address"), limit=60, hint=_l("Building and room, for example 2-1-401")
    )
    chosen = Chips(_l("Which one"), coerce=int, optional=True)
    options: Options = []
    asks_which = False

    def offer(self, options: Options) -> None:
        """What the address fits. A choice among what another address fitted is dropped."""
        self.options = options
        self.chosen.optional = False
        self.chosen.choices = options[:MOST]
        if self.chosen.data not in (NOBODY, *dict(options)):
            self.chosen.data = None

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        if len(self.options) > MOST:
            self.address.errors = [_("This fits too many: write more of the address")]
            return False
        self.asks_which = bool(self.options) and self.chosen.data is None
        return not self.asks_which


class ForgottenForm(FoundForm):
    """A pass that was left at home."""

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        if sound and not self.options:
            self.address.errors = [_("No pass was issued at this address: write it another way")]
        return sound and not self.errors


class PasserForm(WhyForm, FoundForm):
    """Somebody without a pass. Where nothing fits the address, it is kept as it was said."""

    direction = Chips(_l("Direction"), thing=_l("the direction"), coerce=Direction)
    name = TextLine(_l("Name"), thing=_l("the name"), limit=60)
    temperature = Temperature(_l("Temperature ℃"), optional=True)

    def __init__(self, kind: Kind, directions: tuple[Direction, ...], **kwargs: Any) -> None:
        super().__init__(kind, direction=directions[0], **kwargs)
        self.direction.choices = [(direction.value, direction.label) for direction in directions]

    def offer(self, options: Options) -> None:
        super().offer(options)
        if options:
            self.chosen.choices = [*options[:MOST], (NOBODY, _("None of these"))]


class PublicForm(Form):
    """The public check."""

    code = TextLine(
        _l("Code, or short code"),
        thing=_l("the code"),
        limit=MAX_CHARACTERS,
        hint=_l("The eight characters beside the square code, or what a scanner reads"),
        render_kw=TYPED,
    )
