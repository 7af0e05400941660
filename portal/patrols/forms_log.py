"""The form of a log that is being written. Those of setting out are in forms.py."""

from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField

from portal.clock import local, now, today
from portal.patrols import plan, rules, service
from portal.patrols.forms import Lines, Team, moment_of, without_order
from portal.patrols.kinds import BARRIER_LABELS, Barrier, PatrolKind
from portal.patrols.models import Patrol
from portal.web.fields import Chips, Clock, Day, ManyChips, Number, TextBox, TextLine
from portal.web.forms import new_once

ONE_DAY = timedelta(days=1)
EVENING = 18
AS_NEEDED = (
    "walked", "further", "barrier", "barrier_note", "turned_back_people", "turned_back_vehicles",
    "end_day", "end_time", "note", "weather", "members", "leader", "start_day", "start_time",
)  # fmt: skip


class SeenField(HiddenField):
    """As of when the log was shown: ``components/ui`` leaves it to the page, which renews it after every keeping."""


class LogForm(Team):
    """A log that is being written. Everything may be missing until it is handed in."""

    seen = SeenField()

    end_day = Day(_l("Back (day)"), default=today, optional=True)
    end_time = Clock(_l("Back (time)"), optional=True)
    walked = ManyChips(_l("Points passed"), coerce=int, optional=True)
    further = Lines(_l("Further points"), limit=1000, optional=True, hint=_l("One on each line"))
    barrier = Chips(_l("Barrier"), choices=list(BARRIER_LABELS.items()), coerce=Barrier, optional=True)
    barrier_note = TextLine(_l("About the barrier"), limit=120, optional=True)
    turned_back_people = Number(
        _l("People turned back"), low=0, high=9999, optional=True, unit=_l("people"), default=0
    )
    turned_back_vehicles = Number(
        _l("Vehicles turned back"), low=0, high=9999, optional=True, unit=_l("vehicles"), default=0
    )
    note = TextBox(_l("Note"), optional=True, hint=_l("What else is worth knowing; nobody's name"))

    def __init__(self, patrol: Patrol) -> None:
        super().__init__(data=_as_typed(patrol))
        self.patrol = patrol
        for field in (self.end_day, self.end_time, self.walked):
            field.optional = False  # none says so: without them nothing is handed in
        start = (local(patrol.started_at).date() - today()).days
        self.start_day.near = (start,)
        self.end_day.near = tuple(sorted({start, min(start + 1, 0)}))
        self.walked.choices = list(enumerate(patrol.points))
        if not patrol.points:
            del self.walked
        if patrol.kind is not PatrolKind.BOUNDARY:
            for name in ("barrier", "barrier_note", "turned_back_people", "turned_back_vehicles"):
                del self[name]

    def in_order(self) -> list[Field]:
        """The fields as they are needed on the way: first what was passed, last what was entered when setting out."""
        return [self[name] for name in AS_NEEDED if name in self]

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field by itself; then start and end against the clock, the round and the order."""
        super().validate(extra_validators)
        patrol, start, end = self.patrol, self.started_at, self.ended_at
        if start and start != patrol.started_at:
            self.mend(rules.start_problem(start, plan.round_of(patrol), now()))
            if not self.start_time.errors and not patrol.round_at:
                self.mend(without_order(patrol.kind, service.unit_of(patrol), start))
        if start and end:
            self.mend(rules.end_problem(start, end, now()))
        return not self.errors

    @property
    def ended_at(self) -> datetime | None:
        """When it was back, as far as that was entered in earnest."""
        return moment_of(self.end_day, self.end_time)

    def written(self) -> dict[str, Any]:
        """What can be kept: the columns whose fields are valid."""
        kept = {
            name: self[name].data or blank
            for name, blank in (("leader", ""), ("members", ""), ("note", ""), ("barrier_note", ""),
                                ("weather", None), ("barrier", None),
                                ("turned_back_people", 0), ("turned_back_vehicles", 0))
            if name in self and not self[name].errors
        }  # fmt: skip
        if self.started_at and not self.start_day.errors and not self.start_time.errors:
            kept["started_at"] = self.started_at
        if not self.end_day.errors and not self.end_time.errors:
            kept["ended_at"] = self.ended_at
        if not self.further.errors and ("walked" not in self or not self.walked.errors):
            kept["walked"] = self._walked()
        return kept

    def is_out_of_date_for(self, patrol: Patrol) -> bool:
        """Whether the log was changed after it was shown."""
        return bool(self.seen.data) and self.seen.data != patrol.changed_at.isoformat()

    def show_again(self, patrol: Patrol) -> None:
        """What is sent next is another act, and knows the log as it is now."""
        self.once.data, self.seen.data = new_once(), patrol.changed_at.isoformat()

    def _walked(self) -> list[str]:
        ticked = set(self.walked.data or ()) if "walked" in self else set()
        of_the_route = [name for number, name in enumerate(self.patrol.points) if number in ticked]
        return list(dict.fromkeys([*of_the_route, *self.further.lines]))


def _as_typed(patrol: Patrol) -> dict[str, Any]:
    start, end = local(patrol.started_at), patrol.ended_at and local(patrol.ended_at)
    same = ("leader", "members", "weather", "note", "barrier", "barrier_note")
    counts = ("turned_back_people", "turned_back_vehicles")
    return {name: getattr(patrol, name) for name in (*same, *counts)} | {
        "seen": patrol.changed_at.isoformat(),
        "start_day": start.date(),
        "start_time": start.time(),
        "end_day": end.date() if end else _day_of_return(start),
        "end_time": end.time() if end else None,
        "walked": [number for number, name in enumerate(patrol.points) if name in patrol.walked],
        "further": "\n".join(name for name in patrol.walked if name not in patrol.points),
    }  # fmt: skip


def _day_of_return(start: datetime) -> date:
    """The day that is proposed: that of the start, or the next one for whoever set out in the evening before today."""
    overnight = start.date() < today() and start.hour >= EVENING
    return start.date() + ONE_DAY if overnight else start.date()
