"""What all fields share."""

from collections.abc import Sequence
from typing import Any

from wtforms import Field

from portal.web.validators import MayBeEmpty, Required


class Asked(Field):
    """What all fields share. ``thing`` completes "Enter …" or "Choose …"; an optional field says so in its label."""

    look = "line"
    verb = "enter"
    data: Any  # what was read, as the field's own kind of value
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
