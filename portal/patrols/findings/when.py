"""When something was: the day is asked for only where there is more than one that it can have been."""

from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.clock import LOCAL, local, now, today
from portal.web.fields import Clock, Day
from portal.web.formats import full_moment
from portal.web.forms import Form

MOST_DAYS_OFFERED = 3


class When(Form):
    """A moment from ``earliest`` to ``latest``, at first ``latest``: the end of the patrol, or now."""

    day = Day(_l("Day"), thing=_l("the day"))
    at = Clock(_l("Time"), thing=_l("the time"))

    def __init__(self, earliest: datetime, latest: datetime, **kwargs: Any) -> None:
        self.earliest, self.latest = _minute(earliest), _minute(latest)
        begins = {"day": local(self.latest).date(), "at": local(self.latest).time()}
        super().__init__(data=begins | kwargs.pop("data", {}), **kwargs)
        first, last = local(self.earliest).date(), local(self.latest).date()
        if first == last:
            del self.day
        else:
            self.day.earliest, self.day.latest = first, last
            self.day.near = _offsets(first, last)

    def validate(self, extra_validators: Any = None) -> bool:
        """The moment lies between the two."""
        right = bool(super().validate(extra_validators))
        if self.at.errors or ("day" in self and self.day.errors):
            return right
        if not self.earliest <= self.moment <= self.latest:
            self.at.errors = [
                _(
                    "Enter a time from %(start)s to %(end)s",
                    start=full_moment(self.earliest),
                    end=full_moment(self.latest),
                )
            ]
        return not self.errors

    @property
    def moment(self) -> datetime:
        """What was entered, of a form whose fields are each valid."""
        return datetime.combine(self._day, self.at.data, LOCAL)

    @property
    def _day(self) -> date:
        day: date = self.day.data if "day" in self else local(self.latest).date()
        return day


def _offsets(first: date, last: date) -> list[int]:
    """The last days up to ``last``, counted from today."""
    days = min((last - first).days + 1, MOST_DAYS_OFFERED)
    return [(last - today()).days - back for back in reversed(range(days))]


def _minute(moment: datetime) -> datetime:
    return min(moment, now()).replace(second=0, microsecond=0)
