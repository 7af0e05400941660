"""The forms of setting out and of the log. That of the log is in forms_log.py, of routes in forms_routes.py."""

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from portal.access.acting import acting
from portal.clock import LOCAL, local, now, this_minute, today
from portal.orders.service import why_not
from portal.patrols import rules, service
from portal.patrols.kinds import PATROL_KIND_LABELS, WEATHER_LABELS, PatrolKind, Weather
from portal.patrols.looks_plan import (
    TAKEN,
    round_words,
    rounds_to_log,
    routes_to_walk,
    taken_by,
    to_begin_with,
)
from portal.patrols.measure import AREA
from portal.patrols.models import PatrolRoute
from portal.patrols.plan import Logged, PlannedRound
from portal.patrols.rules import Problem
from portal.patrols.service import Setout
from portal.web.fields import Chips, Choice, Clock, Day, TextBox, TextLine
from portal.web.forms import Form

LONGEST_POINT, MOST_POINTS = 60, 30
NOT_PLANNED = ""


def lines_of(text: str | None) -> list[str]:
    """The lines of a box, each once, without those that are empty."""
    return list(
        dict.fromkeys(line for typed in (text or "").split("\n") if (line := " ".join(typed.split())))
    )


class Lines(TextBox):
    """Short texts, one a line. ``data`` is what was typed; ``lines`` are the texts."""

    @property
    def lines(self) -> list[str]:
        return lines_of(self.data)

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        """Few enough, and each short enough for a line on paper."""
        if self.errors:
            return
        if len(self.lines) > MOST_POINTS:
            raise ValidationError(_("Write %(limit)s lines or fewer", limit=MOST_POINTS))
        too_long = next((line for line in self.lines if len(line) > LONGEST_POINT), None)
        if too_long:
            raise ValidationError(
                _(
                    "Use %(limit)s characters a line or fewer: “%(line)s…”",
                    limit=LONGEST_POINT,
                    line=too_long[:8],
                )
            )


class Team(Form):
    """What is asked of every patrol: when it set out, who walks, and the weather."""

    start_day = Day(_l("Set out (day)"), near=(0, -1), default=today, thing=_l("the day"))
    start_time = Clock(
        _l("Set out (time)"),
        default=this_minute,
        thing=_l("the time"),
    )
    leader = TextLine(_l("Led by"), default=lambda: acting().name, thing=_l("who led the patrol"))
    members = TextLine(_l("With"), limit=300, optional=True, hint=_l("Names, with commas between them"))
    weather = Chips(_l("Weather"), choices=list(WEATHER_LABELS.items()), coerce=Weather, optional=True)

    @property
    def started_at(self) -> datetime | None:
        """When it set out, as far as that was entered in earnest."""
        return moment_of(self.start_day, self.start_time)

    def mend(self, problem: Problem | None) -> None:
        """Show at its field what has to be mended."""
        if problem is None:
            return
        instead = "further" if problem.field == "walked" else "round"  # where a form doesn't ask for it
        field = self[problem.field if problem.field in self else instead]
        field.errors = [*field.errors, problem.sentence]


class RoundForm(Team):
    """One round of the plan: the address names it, and nothing that is known is asked."""

    taken_by: Logged | None = None

    def __init__(self, planned: PlannedRound) -> None:
        super().__init__()
        self.planned = self.one_round = planned
        day = (local(planned.round.at).date() - today()).days
        self.start_day.near = (day,)
        if not self.is_submitted():
            self.start_day.data = local(planned.round.at).date()
            if not planned.round.takes(now()):
                self.start_time.data = local(planned.round.at).time()

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field by itself; then whether it began within its round."""
        super().validate(extra_validators)
        if self.started_at:
            self.mend(rules.start_problem(self.started_at, self.planned.round, now()))
        return not self.errors

    def setout(self) -> Setout:
        """Who sets out, of a form whose fields are each valid."""
        return replace(
            setout_now(self.planned),
            started_at=self.started_at or now(),
            leader=self.leader.data or "",
            members=self.members.data or "",
            weather=self.weather.data,
        )


class SetoutForm(Team):
    """A round of the plan, or a route or an area beside it. ``taken_by`` has the round that was asked for."""

    one_round: PlannedRound | None = None
    round = Choice(_l("Which round"), optional=True)
    route = Choice(_l("Or a route, beside the plan"), coerce=int, optional=True)
    where = TextLine(_l("Or an area, in a few words"), limit=120, optional=True)
    kind = Chips(
        _l("Kind of patrol"),
        choices=list(PATROL_KIND_LABELS.items()),
        coerce=PatrolKind,
        default=PatrolKind.COMMUNITY,
        thing=_l("the kind of patrol"),
    )

    def __init__(self, rounds: list[PlannedRound], asked_for: str | None) -> None:
        super().__init__(data=to_begin_with(rounds, asked_for))
        self.rounds, self.routes = rounds, routes_to_walk()
        self.taken_by = taken_by(rounds, self.round.data or asked_for)
        self.round.choices = [
            (NOT_PLANNED, _l("Not planned")),
            *((one.key, round_words(one)) for one in rounds),
        ]
        self.route.choices = [("", _l("None")), *((one.id, one.name) for one in self.routes)]
        self.round.optional = self.route.optional = self.where.optional = False  # one of the three is needed

    @property
    def planned(self) -> PlannedRound | None:
        """The round that was chosen."""
        return next((one for one in self.rounds if one.key == self.round.data), None)

    @property
    def along(self) -> PatrolRoute | None:
        """The route that was chosen beside the plan."""
        return next((one for one in self.routes if one.id == self.route.data), None)

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field by itself; then whether there is a place, an hour, and an order for it."""
        super().validate(extra_validators)
        planned = self.planned
        if not (planned or self.along or self.where.data or self.round.errors or self.route.errors):
            self.mend(Problem("where", _("Choose a round or a route, or write where the patrol goes")))
        if planned and self.taken_by:
            self.mend(Problem("round", service.was_first(self.taken_by)))
        if self.started_at:
            self.mend(rules.start_problem(self.started_at, planned.round if planned else None, now()))
        if not self.errors and not planned:
            wanted = self.setout()
            self.mend(without_order(wanted.patrol_kind, wanted.unit_id, wanted.started_at))
        return not self.errors

    def setout(self) -> Setout:
        """Who sets out, of a form whose fields are each valid."""
        return Setout(
            kind=self.kind.data or PatrolKind.COMMUNITY,
            started_at=self.started_at or now(),
            leader=self.leader.data or "",
            members=self.members.data or "",
            weather=self.weather.data,
            planned=self.planned,
            route=self.along,
            where="" if self.planned or self.along else self.where.data or "",
        )


def setout_now(planned: PlannedRound) -> Setout:
    """The one acting now sets out for a round, this minute."""
    at = now().replace(second=0, microsecond=0)
    return Setout(kind=planned.route.kind, started_at=at, leader=acting().name, planned=planned)


def setout_form(asked_for: str | None) -> RoundForm | SetoutForm:
    """The form for the round asked for while it is open, else the one that offers everything."""
    rounds = rounds_to_log(asked_for)
    for planned in rounds:
        if planned.key == asked_for and planned.standing not in TAKEN:
            return RoundForm(planned)
    return SetoutForm(rounds, asked_for)


def moment_of(day: Any, at: Any) -> datetime | None:
    """The moment of two fields; None unless both were entered in earnest."""
    which: date | None = day.data
    clock_time: time | None = at.data
    if day.errors or which is None or clock_time is None:
        return None
    return datetime.combine(which, clock_time, LOCAL)


def without_order(kind: PatrolKind, unit_id: int, at: datetime) -> Problem | None:
    """That no order switches such patrols on at the unit then."""
    if service.order_for(kind, unit_id, at) is not None:
        return None
    return Problem("start_time", why_not(AREA, kind.value))
