"""Assessment decided: the moments that deadlines mean. Pure."""

from datetime import datetime, time, timedelta

from portal.assessments.kinds import By
from portal.clock import LOCAL, local

END_OF_WORK, MORNING = time(18), time(8)
LEAST = timedelta(hours=1)
LONGEST = timedelta(days=14)
A_MOMENT = timedelta(minutes=2)  # clocks of phones run ahead
A_DAY = timedelta(days=1)


def deadline(by: By, at: datetime) -> datetime:
    """The moment that an offered deadline means now."""
    day = local(at).date()
    if by is By.TWO_HOURS:
        return after(at, timedelta(hours=2))
    if by is By.TODAY:
        end = datetime.combine(day, END_OF_WORK, LOCAL)
        return end if end - at >= LEAST else midnight(at)
    return datetime.combine(day + A_DAY, MORNING, LOCAL)


def after(at: datetime, length: timedelta) -> datetime:
    """So much later, on a whole minute: deadlines are read as minutes."""
    return (at + length).replace(second=0, microsecond=0)


def midnight(at: datetime) -> datetime:
    """The end of the day."""
    return datetime.combine(local(at).date() + A_DAY, time(), LOCAL)
