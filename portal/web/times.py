"""The fields for days, times and daily windows."""

import re
from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import Any

from flask_babel import gettext as _
from wtforms import DateField, StringField, TimeField

from portal import clock
from portal.web.asked import Asked
from portal.web.formats import period
from portal.web.validators import DayWithin, tidy

WINDOW = re.compile(r"(\d{1,2}):(\d{2})\s*(?:[-–—~～至到]|to)\s*(\d{1,2}):(\d{2})[\s,，、;；]*")


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
