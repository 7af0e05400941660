"""The fields of every form: ``Field(label, thing=…, optional=…, hint=…, validators=…)`` and what each adds.

``look`` tells ``ui.field`` how to draw one; ``hint`` stands under the label.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DecimalField,
    HiddenField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, TextInput

from portal.web.asked import Asked
from portal.web.times import Clock, Day, TimeWindows
from portal.web.validators import (
    AtMost,
    PhoneNumber,
    PlainText,
    Within,
    tidy,
)

__all__ = [
    "Chips",
    "Choice",
    "Clock",
    "Day",
    "DecimalNumber",
    "HiddenLine",
    "ManyChips",
    "Number",
    "PhoneLine",
    "Secret",
    "TextBox",
    "TextLine",
    "Tick",
    "TimeWindows",
    "Upload",
]

Pairs = Iterable[tuple[Any, Any]]


NOT_A_NUMBER = "Not a valid decimal value."  # WTForms' own id: ``sentences`` has our wording for it


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
            raise ValueError(self.gettext(NOT_A_NUMBER))


class Upload(Asked, FileField):  # type: ignore[misc]  # Flask-WTF is untyped
    """A file; ``accept`` is a hint to the browser only."""

    look = "file"
    verb = "choose"
    attributes: dict[str, Any] = {}

    def __init__(self, label: Any, *, accept: str = "", **kwargs: Any) -> None:
        super().__init__(label, render_kw={"accept": accept} if accept else None, **kwargs)


def _offered(pairs: Pairs) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in pairs]
