"""The hours of an order as orders write them: from 14 February 08:00, until 19 February 24:00."""

from datetime import date, datetime, time, timedelta

from flask_babel import gettext as _

from portal.clock import LOCAL, local
from portal.web.formats import clock_time, day, full_day

END_OF_DAY = "24:00"


def beginning(which: date, at: time) -> datetime:
    """The moment of a local date and time."""
    return datetime.combine(which, at, LOCAL)


def ending(which: date | None, at: str | None) -> datetime:
    """The moment of a local date and a time like 18:00 or 24:00. ValueError for what is no date or no time."""
    if which is None or at is None:
        raise ValueError("a date and a time are needed")
    if at == END_OF_DAY:
        return datetime.combine(which + timedelta(days=1), time(0), LOCAL)
    return datetime.combine(which, time.fromisoformat(at), LOCAL)


def written_end(when: datetime) -> tuple[date, str]:
    """Date and time as an order writes them: midnight is 24:00 of the day before."""
    here = local(when)
    if here.time() == time(0):
        return here.date() - timedelta(days=1), END_OF_DAY
    return here.date(), clock_time(here)


def until_words(when: datetime) -> str:
    """今天 24:00, 11月29日 18:00."""
    which, at = written_end(when)
    return _("%(day)s %(time)s", day=day(which), time=at)


def full_until_words(when: datetime) -> str:
    """2026年11月29日 24:00: for print and for those who must be exact."""
    which, at = written_end(when)
    return _("%(day)s %(time)s", day=full_day(which), time=at)


def hours_words(start: datetime, end: datetime) -> str:
    """2026年11月15日 08:00 至 2026年11月29日 24:00."""
    begins = _("%(day)s %(time)s", day=full_day(local(start).date()), time=clock_time(start))
    return _("%(start)s to %(end)s", start=begins, end=full_until_words(end))
