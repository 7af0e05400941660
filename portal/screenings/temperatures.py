"""The field for a temperature, in tenths of a degree."""

from typing import Any

from flask_babel import gettext as _
from wtforms import StringField

from portal.screenings.rules import degrees, read_temperature
from portal.web.asked import Asked


class Temperature(Asked, StringField):
    """℃ with one place, also without its point: 37.3 and 373 are the same. ``data`` is 373."""

    look = "number"
    unit = "℃"
    data: Any
    attributes = {"autocomplete": "off", "maxlength": 8, "inputmode": "decimal"}

    def process_formdata(self, valuelist: list[Any]) -> None:
        typed = str(valuelist[0]).strip() if valuelist else ""
        self.data = None
        if typed:
            try:
                self.data = read_temperature(typed)
            except ValueError:
                raise ValueError(_("Enter a temperature from 34.0 to 43.0, like 36.5")) from None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return degrees(self.data) if self.data else ""
