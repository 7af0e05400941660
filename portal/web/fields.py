"""The fields of every form: ``Field(label, thing=…, optional=…, hint=…, validators=…)`` and what each adds.

``look`` tells ``ui.field`` how to draw one; ``hint`` stands under the label.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, time, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    Field,
    HiddenField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, TextInput

from portal import clock
from portal.web.formats import period
from portal.web.validators import (
    AtMost,
    DayWithin,
    MayBeEmpty,
    PhoneNumber,
    PlainText,
    Required,
    Within,
    tidy,
)

Pairs = Iterable[tuple[Any, Any]]
WINDOW = re.compile(r"(\d{1,2}):(\d{2})\s*(?:[-–—~～至到]|to)\s*(\d{1,2}):(\d{2})[\s,，、;；]*")


class Asked(Field):
    """What all fields share. ``thing`` completes "Enter …" or "Choose …"; an optional field says so in its label."""

    look = "line"
    verb = "enter"
    unit: Any = ""
    attributes: dict[str, Any] = {"autocomplete": "off"}

    def __init__(
        self,
        label: Any,
        *,
        thing: Any = None,
        optional: bool = False,
        hint: Any = "",
        validators: Sequence[Any] = (),
        render_kw: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        self.optional = optional
        first = MayBeEmpty() if optional else Required(thing, verb=self.verb)
        attributes = self.attributes | (render_kw or {})
        super().__init__(label, [first, *validators], description=hint, render_kw=attributes, **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None  # or a default would stand in for what was left empty
        super().process_formdata(valuelist)


class TextLine(Asked, StringField):
    """One line of text. ``narrow`` turns full-width letters and figures into plain ones."""

    plain_text = PlainText()

    def __init__(
        self,
        label: Any,
        *,
        limit: int = 60,
        narrow: bool = False,
        validators: Sequence[Any] = (),
        **kwargs: Any,
    ) -> None:
        self.narrow = narrow
        super().__init__(label, validators=[AtMost(limit), self.plain_text, *validators], **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = tidy(str(valuelist[0]), narrow=self.narrow) if valuelist else ""


class TextBox(TextLine, TextAreaField):
    """Several lines of text."""

    look = "box"
    attributes = {"rows": 3}
    plain_text = PlainText(lines=True)

    def __init__(self, label: Any, *, limit: int = 500, **kwargs: Any) -> None:
        super().__init__(label, limit=limit, **kwargs)


class PhoneLine(TextLine):
    """A telephone number; spaces and the country code are dropped."""

    attributes = {"autocomplete": "off", "type": "tel", "inputmode": "tel"}

    def __init__(
        self, label: Any, *, mobile_only: bool = False, validators: Sequence[Any] = (), **kwargs: Any
    ) -> None:
        checks = [PhoneNumber(mobile_only=mobile_only), *validators]
        super().__init__(label, limit=20, narrow=True, validators=checks, **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        self.data = re.sub(r"^(\+|00)86", "", re.sub(r"[\s()]", "", self.data or ""))


class HiddenLine(TextLine, HiddenField):
    """A value that travels with the form. Trust it no more than one that was typed."""

    look = "hidden"
    attributes: dict[str, Any] = {}


class Secret(Asked, PasswordField):
    """A password: taken as it is typed, never shown again. ``autocomplete`` is new-password where one is chosen."""

    def __init__(self, label: Any, *, autocomplete: str = "current-password", **kwargs: Any) -> None:
        super().__init__(label, validators=[AtMost(128)], render_kw={"autocomplete": autocomplete}, **kwargs)


class Offered(Asked):
    """A choice among ``choices``: [(value, label)], given here or set by a view (``form.gate.choices = …``)."""

    verb = "choose"
    attributes: dict[str, Any] = {}

    def __init__(self, label: Any, *, choices: Pairs = (), **kwargs: Any) -> None:
        super().__init__(label, choices=_offered(choices), **kwargs)

    @property
    def choices(self) -> list[SelectChoice]:
        return self._choices

    @choices.setter
    def choices(self, pairs: Pairs) -> None:
        self._choices = _offered(pairs)


class OneOf(Offered):
    """One choice, or None: whether it was needed is asked by ``Required``."""

    def __init__(self, label: Any, *, coerce: Callable[[Any], Any] = str, **kwargs: Any) -> None:
        super().__init__(label, coerce=lambda value: None if value in ("", None) else coerce(value), **kwargs)

    def pre_validate(self, form: Any) -> None:
        if self.data is not None:
            super().pre_validate(form)


class Chips(OneOf, RadioField):  # type: ignore[misc]  # the stubs know no property
    """One of few, as chips."""

    look = "chips"


class Choice(OneOf, SelectField):  # type: ignore[misc]  # the same
    """One of many, as a drop-down list. Begin ``choices`` with ("", _l("Choose")) where nothing is chosen at first."""

    look = "choice"


class ManyChips(Offered, SelectMultipleField):  # type: ignore[misc]  # the same
    """Any of few, as chips. ``data`` is the list of values."""

    look = "chips"
    option_widget = CheckboxInput()

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata([value for value in valuelist if value])


class Tick(Asked, BooleanField):
    """One box to tick. With ``must`` ("Confirm that …") it has to be ticked."""

    look = "tick"
    attributes: dict[str, Any] = {}

    def __init__(self, label: Any, *, must: Any = None, **kwargs: Any) -> None:
        self.must = must
        super().__init__(label, optional=True, **kwargs)

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if self.must and not self.data:
            raise ValidationError(str(self.must))


class Day(Asked, DateField):
    """A date, native. ``near`` offers days as chips: ``near=(0, 1)`` is today and tomorrow.

    A view may set ``earliest`` and ``latest``. Chip and date input have the same name; a date that is typed wins.
    """

    look = "day"
    verb = "choose"
    earliest: date | None = None
    latest: date | None = None

    def __init__(
        self, label: Any, *, near: Sequence[int] = (), validators: Sequence[Any] = (), **kwargs: Any
    ) -> None:
        self.near = near
        super().__init__(label, validators=[DayWithin(), *validators], **kwargs)

    def near_days(self) -> list[date]:
        """The days offered as chips, in order."""
        return [clock.today() + timedelta(days=offset) for offset in self.near]

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata([value for value in valuelist if value][-1:])

    def value(self) -> str:
        """What was chosen, as 2026-11-23, or as it was typed when it is no date."""
        if self.raw_data is not None:
            return next((str(typed) for typed in reversed(self.raw_data) if typed), "")
        return self.data.isoformat() if self.data else ""

    def typed_value(self) -> str:
        """What stands in the date input: nothing where a chip says it."""
        return "" if self.value() in (near.isoformat() for near in self.near_days()) else self.value()


class Clock(Asked, TimeField):
    """A time of day, native."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata([value for value in valuelist if value])


class TimeWindows(Asked, StringField):
    """Daily windows in one line, 08:00-11:00, 14:00-18:00. ``data`` is [(start, end)] in the order of the day."""

    data: Any
    attributes = {"autocomplete": "off", "maxlength": 200}

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            self.data = windows(tidy(str(valuelist[0]), narrow=True)) if valuelist else []
        except ValueError:
            self.data = []
            raise ValueError(_("Write the times like 08:00-11:00, 14:00-18:00")) from None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return ", ".join(period(start, end) for start, end in self.data or [])


class InFigures(Asked):
    """A number from ``low`` to ``high`` with its ``unit`` behind it."""

    widget = TextInput()
    look = "number"
    attributes = {"autocomplete": "off", "maxlength": 12, "inputmode": "numeric"}

    def __init__(
        self,
        label: Any,
        *,
        low: Any,
        high: Any,
        unit: Any = "",
        validators: Sequence[Any] = (),
        **kwargs: Any,
    ) -> None:
        self.unit = unit
        super().__init__(label, validators=[Within(low, high), *validators], **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata([plain for value in valuelist if (plain := tidy(str(value), narrow=True))])


class Number(InFigures, IntegerField):
    """A whole number."""


class DecimalNumber(InFigures, DecimalField):
    """A number with decimals, as a ``Decimal``: a temperature has one place."""

    attributes = InFigures.attributes | {"inputmode": "decimal"}

    def __init__(self, label: Any, *, places: int = 1, **kwargs: Any) -> None:
        super().__init__(label, places=places, **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        if self.data is not None and not self.data.is_finite():
            self.data = None
            raise ValueError(self.gettext("Not a valid decimal value."))


class Upload(Asked, FileField):  # type: ignore[misc]  # Flask-WTF is untyped
    """A file; ``accept`` is a hint to the browser only."""

    look = "file"
    verb = "choose"
    attributes: dict[str, Any] = {}

    def __init__(self, label: Any, *, accept: str = "", **kwargs: Any) -> None:
        super().__init__(label, render_kw={"accept": accept} if accept else None, **kwargs)


def _offered(pairs: Pairs) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in pairs]


def windows(text: str) -> list[tuple[time, time]]:
    """Daily windows as people write them; 24:00 is kept as 23:59.

    ValueError for anything else, for overlaps and for an end that is not after its start.
    """
    found, position = [], 0
    while position < len(text):
        match = WINDOW.match(text, position)
        if not match:
            raise ValueError("not written like 08:00-11:00")
        found.append((time(int(match[1]), int(match[2])), _end(int(match[3]), int(match[4]))))
        position = match.end()
    found.sort()
    borders = [border for window in found for border in window]
    if any(later <= earlier for earlier, later in found) or borders != sorted(borders):
        raise ValueError("windows overlap, or one ends before it starts")
    return found


def _end(hour: int, minute: int) -> time:
    return time(23, 59) if (hour, minute) == (24, 0) else time(hour, minute)
