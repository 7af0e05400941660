"""Body temperatures in tenths of a degree: how they are typed, written and asked for."""

import re
import unicodedata
from typing import Any

from flask_babel import gettext as _
from wtforms import StringField

from portal.web.asked import Asked

LOWEST, HIGHEST = 340, 430  # anything else was mistyped
DECIMAL_POINTS = str.maketrans("，,。、", "....")
TEMPERATURE = re.compile(r"(\d{2})(?:\.(\d))?|(\d{3})")


def tenths(typed: str) -> int:
    """36.5, ３６．５, 37 or 373 in tenths of a degree.

    ValueError, with what to enter, for 3.73, 36.55, 三十七度 and what nobody has.
    """
    plain = "".join(unicodedata.normalize("NFKC", typed.translate(DECIMAL_POINTS)).split())
    found = TEMPERATURE.fullmatch(plain.removesuffix("°C").rstrip("度"))
    measured = int(found[3] or found[1] + (found[2] or "0")) if found else 0
    if not LOWEST <= measured <= HIGHEST:
        raise ValueError(_("Enter a temperature from 34.0 to 43.0, like 36.5"))
    return measured


def degrees(measured: int) -> str:
    """373 as 37.3."""
    return f"{measured // 10}.{measured % 10}"


class Temperature(Asked, StringField):
    """℃ with one place, also without its point: 37.3 and 373 are the same. ``data`` is 373."""

    look = "number"
    unit = "℃"
    data: Any
    attributes = {"autocomplete": "off", "maxlength": 8, "inputmode": "decimal"}

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata([])
        typed = str(valuelist[0]).strip() if valuelist else ""
        self.data = tenths(typed) if typed else None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return degrees(self.data) if self.data else ""
