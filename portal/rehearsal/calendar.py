"""The days of a story. Everything goes through the verbs that the pages use, at past hours."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta

from portal.clock import LOCAL, now, rehearsing, today
from portal.rehearsal.acting import acting_as


class Calendar:
    """The days of the story, counted from the real today: inside a scene the clock shows another one."""

    def __init__(self) -> None:
        self._today = today()

    def hour(self, days: int, hour: int, minute: int = 0) -> datetime:
        """An hour of the day that lies ``days`` from today."""
        return datetime.combine(self._today + timedelta(days=days), time(hour, minute), LOCAL)

    @contextmanager
    def scene(self, sign_in_name: str, days: int, hour: int, minute: int = 0) -> Iterator[None]:
        """Somebody acts at some hour; not later than now."""
        with rehearsing(min(self.hour(days, hour, minute), now())), acting_as(sign_in_name):
            yield
