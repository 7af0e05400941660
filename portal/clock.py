"""The one clock: moments are stored in UTC and read in the time of the place, UTC+8 all year."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Shanghai")
_rehearsed: ContextVar[datetime | None] = ContextVar("rehearsed", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _rehearsed.get() or datetime.now(UTC)


@contextmanager
def rehearsing(moment: datetime) -> Iterator[None]:
    """Live through ``moment``: a rehearsal tells a story of past days. Nothing else may turn the clock."""
    token = _rehearsed.set(moment)
    try:
        yield
    finally:
        _rehearsed.reset(token)


def local(moment: datetime) -> datetime:
    """The same moment as the clock on the wall shows it."""
    return moment.astimezone(LOCAL)


def this_minute() -> time:
    """The time of day on the wall, without seconds."""
    return local(now()).time().replace(second=0, microsecond=0)


def today() -> date:
    """The date on the wall."""
    return local(now()).date()
