"""Validators that say what to do: "Enter a mobile number" rather than "invalid"."""

import re
import unicodedata
from datetime import date
from typing import Any

from flask_babel import gettext as _
from wtforms import Field
from wtforms.validators import StopValidation, ValidationError

from portal.web.formats import LANDLINE, MOBILE, full_day

REFUSED_CATEGORIES = ("Cc", "Cf", "Co", "Cn", "Cs")
# Newer ideographs of names are "unassigned" to an older Unicode table: these two planes hold nothing else.
IDEOGRAPHIC_PLANES = range(0x20000, 0x3FFFE)


class Required:
    """Says "Enter %(thing)s", or names the label where there is no thing. Choices, dates and files say "choose"."""

    def __init__(self, thing: Any, *, verb: str = "enter") -> None:
        self.thing, self.verb = thing, verb

    def __call__(self, form: Any, field: Field) -> None:
        if field.errors:  # what was typed could not be read, and the field has said so
            raise StopValidation()
        if field.data or field.data == 0:
            return
        raise StopValidation(self.sentence(field.label.text))

    def sentence(self, label: Any) -> str:
        if self.verb == "choose":
            return (
                _("Choose %(thing)s", thing=self.thing) if self.thing else _("Choose: %(label)s", label=label)
            )
        return _("Enter %(thing)s", thing=self.thing) if self.thing else _("Fill in: %(label)s", label=label)


class MayBeEmpty:
    """Ends the chain for an empty or unreadable field, so that the other validators see only what was typed."""

    def __call__(self, form: Any, field: Field) -> None:
        if field.data in (None, "", []) or field.errors:
            raise StopValidation()


class AtMost:
    """No more characters than ``limit``."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.field_flags = {"maxlength": limit}

    def __call__(self, form: Any, field: Field) -> None:
        if len(field.data or "") > self.limit:
            raise StopValidation(
                _(
                    "%(label)s: use %(limit)s characters or fewer, now there are %(count)s",
                    label=field.label.text,
                    limit=self.limit,
                    count=len(field.data),
                )
            )


class PlainText:
    """No characters that cannot be seen: control, format, private and unassigned ones."""

    def __init__(self, *, lines: bool = False) -> None:
        self.allowed = "\n\t" if lines else ""

    def __call__(self, form: Any, field: Field) -> None:
        if any(is_unseen(character) for character in field.data or "" if character not in self.allowed):
            raise StopValidation(
                _("%(label)s: there are hidden characters in it, type it anew", label=field.label.text)
            )


class PhoneNumber:
    """A mobile number of 11 digits, or a landline with its area code."""

    def __init__(self, *, mobile_only: bool = False) -> None:
        self.mobile_only = mobile_only

    def __call__(self, form: Any, field: Field) -> None:
        number = field.data or ""
        if MOBILE.fullmatch(number) or (not self.mobile_only and LANDLINE.fullmatch(number)):
            return
        if self.mobile_only:
            raise ValidationError(_("Enter a mobile number of 11 digits"))
        raise ValidationError(_("Enter a mobile number of 11 digits, or a landline like 0396-6921234"))


class Within:
    """A number from ``low`` to ``high``, both allowed. The field's ``unit`` is part of the sentence."""

    def __init__(self, low: Any, high: Any) -> None:
        self.low, self.high = low, high

    def __call__(self, form: Any, field: Field) -> None:
        if field.data is not None and not self.low <= field.data <= self.high:
            raise ValidationError(
                _(
                    "%(label)s: enter a number from %(low)s to %(high)s",
                    label=field.label.text,
                    low=self.low,
                    high=self.high,
                )
            )


class DayWithin:
    """A date not before ``field.earliest`` and not after ``field.latest``, where a view has set them."""

    def __call__(self, form: Any, field: Any) -> None:
        first: date | None = field.earliest
        last: date | None = field.latest
        if not field.data:
            return
        if first and last and not first <= field.data <= last:
            raise ValidationError(
                _("Choose a date from %(min)s to %(max)s", min=full_day(first), max=full_day(last))
            )
        if first and field.data < first:
            raise ValidationError(_("Choose a date from %(min)s on", min=full_day(first)))
        if last and field.data > last:
            raise ValidationError(_("Choose a date up to %(max)s", max=full_day(last)))


def is_unseen(character: str) -> bool:
    """Whether a character is a control, format, private or unassigned one."""
    if ord(character) in IDEOGRAPHIC_PLANES:
        return False
    return unicodedata.category(character) in REFUSED_CATEGORIES


def tidy(text: str, *, narrow: bool = False) -> str:
    """Stripped, line ends as \\n, NFC. ``narrow`` also makes full-width letters and figures plain (NFKC)."""
    plain = re.sub(r"\r\n?", "\n", text)
    return unicodedata.normalize("NFKC" if narrow else "NFC", plain).strip()
