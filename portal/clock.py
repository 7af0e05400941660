"""The one clock: moments are stored in UTC and read in the time of the place, UTC+8 all year."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def local(moment: datetime) -> datetime:
    """The same moment as the clock on the wall shows it."""
    return moment.astimezone(LOCAL)


def today() -> date:
    """The date on the wall."""
    return local(now()).date()
