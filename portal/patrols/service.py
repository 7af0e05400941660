"""What is done with patrols, from setting out to the end. Refusals say what to do; routes are in routes.py."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.access.acting import acting, own_place
from portal.access.scope import place_of
from portal.audit import service as audit
from portal.audit.models import AuditEntry
from portal.clock import now
from portal.database import db
from portal.orders.service import why_not
from portal.patrols import measure, models, plan, rules
from portal.patrols.findings.models import Finding
from portal.patrols.handovers.models import Handover
from portal.patrols.kinds import PatrolKind, PatrolState, Weather
from portal.patrols.models import Patrol, PatrolRoute
from portal.patrols.plan import Logged, PlannedRound
from portal.patrols.rules import Problem
from portal.web.errors import Refused
from portal.web.formats import moment
from portal.workflow import states

ONLY_DRAFTS = _l("Only a log that is still being written can be changed. Correct the one that was handed in.")
WRITING = ("patrol.set_out", "patrol.correct", "patrol.keep")
COPIED = (
    "unit_id", "kind", "order_id", "route_id", "where", "round_at", "started_at", "ended_at", "leader", "members",
    "weather", "points", "walked", "note", "barrier", "barrier_note", "turned_back_people", "turned_back_vehicles",
)  # fmt: skip


@dataclass(frozen=True)
class Setout:
    """Who sets out, and where: for a round, along a route, or through an area that ``where`` names."""

    kind: PatrolKind
    started_at: datetime
    leader: str
    members: str = ""
    weather: Weather | None = None
    planned: PlannedRound | None = None
    route: PatrolRoute | None = None
    where: str = ""

    @property
    def along(self) -> PatrolRoute | None:
        """The route, planned or not."""
        return self.planned.route if self.planned else self.route

    @property
    def patrol_kind(self) -> PatrolKind:
        """A route says by itself what kind of patrol walks it."""
        return self.along.kind if self.along else self.kind

    @property
    def unit_id(self) -> int:
        """The unit whose orders count: the route's, or one's own."""
        return self.along.unit_id if self.along else own_unit()


def set_out(wanted: Setout) -> Patrol:
    """A draft, kept from its first line on. ``Refused`` without an order, or where the round is logged already."""
    route = wanted.along
    patrol = Patrol(
        unit_id=own_unit(),
        kind=wanted.patrol_kind,
        order_id=_order_of(wanted),
        route_id=route.id if route else None,
        where=wanted.where,
        started_at=wanted.started_at,
        leader=wanted.leader,
        members=wanted.members,
        weather=wanted.weather,
        points=list(route.points) if route else [],
        walked=[],
        created_by_id=acting().account_id,
    )
    if wanted.planned:
        _take_round(patrol, wanted.planned)
    states.begin(patrol, step="set_out", kind=patrol.kind.value)
    return patrol


def keep(patrol: Patrol, written: dict[str, Any]) -> None:
    """Write down what there is so far. Nothing is noted where nothing has changed."""
    states.lock(patrol)
    if patrol.state is not PatrolState.DRAFT:
        raise Refused(ONLY_DRAFTS)
    changed = [name for name, value in written.items() if getattr(patrol, name) != value]
    for name in changed:
        setattr(patrol, name, written[name])
    if patrol.ended_at and patrol.ended_at <= patrol.started_at:
        patrol.ended_at = None  # the start was moved beyond it; the form asks for the end again
    if "started_at" in changed and not patrol.round_at:
        patrol.order_id = order_for(patrol.kind, unit_of(patrol), patrol.started_at) or patrol.order_id
    if changed:
        patrol.changed_at = now()
        audit.record("patrol.keep", patrol, changed=changed)


def written_by_another(patrol: Patrol) -> str:
    """The sentence for somebody who writes over what another person wrote last; empty for one's own."""
    last = (
        select(AuditEntry.account_id, AuditEntry.actor, AuditEntry.at)
        .where(
            AuditEntry.subject == Patrol.__tablename__,
            AuditEntry.subject_id == patrol.id,
            AuditEntry.action.in_(WRITING),
        )
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )
    entry = db.session.execute(last).one_or_none()
    if entry is None or entry.account_id == acting().account_id:
        return ""
    return _(
        "%(who)s has written on this log meanwhile (%(when)s). What you see is yours: send it again to keep yours.",
        who=entry.actor,
        when=moment(entry.at),
    )


def missing(patrol: Patrol) -> list[Problem]:
    """What the log lacks before it can be handed in."""
    return rules.missing(
        leader=patrol.leader, ended_at=patrol.ended_at, walked=patrol.walked, note=patrol.note
    )


def send(patrol: Patrol) -> None:
    """Hand the log in. A correction takes the place of what it corrects, with its findings and hand-overs."""
    for problem in missing(patrol):
        raise Refused(problem.sentence)
    old = db.session.get(Patrol, patrol.corrects_id) if patrol.corrects_id else None
    states.take(patrol, models.SEND)
    if old is not None:
        _replace(old, patrol)


def break_off(patrol: Patrol, reason: str) -> None:
    """It ended without being finished, or nobody came back to write it. Its round is free for others."""
    states.take(patrol, models.BREAK_OFF, reason=reason)
    patrol.ended_because, patrol.round_key = reason, None


def strike_out(patrol: Patrol, reason: str) -> None:
    """It was never walked, or was written down twice. It stays readable, and counts for nothing."""
    states.take(patrol, models.STRIKE_OUT, reason=reason)
    patrol.ended_because, patrol.round_key = reason, None


def correct(patrol: Patrol) -> Patrol:
    """A draft that says the same and names what it corrects; the one that is open already, if there is one."""
    states.lock(patrol)
    if patrol.state not in models.GIVE_WAY.from_states:
        raise Refused(_l("Only a log that was handed in or broken off can be corrected."))
    begun = select(Patrol).where(Patrol.corrects_id == patrol.id, Patrol.state == PatrolState.DRAFT)
    if (draft := db.session.scalars(begun).first()) is not None:
        return draft
    draft = Patrol(**{name: getattr(patrol, name) for name in COPIED})
    draft.corrects_id, draft.created_by_id = patrol.id, acting().account_id
    states.begin(draft, step="correct", corrects=patrol.id)
    return draft


def note_printed(patrol: Patrol) -> None:
    """Its sheet was printed."""
    audit.record("patrol.print", patrol)


def others_led(patrol: Patrol) -> list[Patrol]:
    """Other patrols in sight that the same person led at the same time: somebody should look again."""
    if not patrol.leader:
        return []
    near = select(Patrol).where(
        Patrol.leader == patrol.leader,
        Patrol.id.not_in([patrol.id, patrol.corrects_id or 0]),
        Patrol.state.in_((PatrolState.DRAFT, PatrolState.SENT, PatrolState.BROKEN_OFF)),
        Patrol.started_at > patrol.started_at - rules.LONGEST,
        Patrol.started_at < patrol.started_at + rules.LONGEST,
    )
    return [
        other
        for other in db.session.scalars(near.order_by(Patrol.id))
        if other.corrects_id != patrol.id
        and rules.overlap(patrol.started_at, patrol.ended_at, other.started_at, other.ended_at)
    ]


def was_first(logged: Logged) -> str:
    """The sentence for somebody who comes second to a round."""
    return _(
        "%(leader)s (%(unit)s) has logged this round already: set out %(when)s. If you walked as well, log yours as "
        "not planned.",
        leader=logged.leader,
        unit=logged.unit,
        when=moment(logged.started_at),
    )


def order_for(kind: PatrolKind, unit_id: int, at: datetime) -> int | None:
    """The order that switches such patrols on at a unit then; None where nothing does."""
    found = measure.parameters_in_force(kind, place_of(unit_id), at)
    return found[0].id if found else None


def unit_of(patrol: Patrol) -> int:
    """The unit whose orders count for a patrol: the route's, or its own."""
    return patrol.route.unit_id if patrol.route else patrol.unit_id


def own_unit() -> int:
    """The unit of the one acting now, to which a new log belongs."""
    return own_place().unit_id


def _order_of(wanted: Setout) -> int:
    if wanted.planned:
        return wanted.planned.round.order_id
    order_id = order_for(wanted.patrol_kind, wanted.unit_id, wanted.started_at)
    if order_id is None:
        raise Refused(why_not(measure.AREA, wanted.patrol_kind.value))
    return order_id


def _take_round(patrol: Patrol, planned: PlannedRound) -> None:
    """Make this patrol the one that counts for the round. Of several at once one wins."""
    patrol.round_at = planned.round.at
    patrol.round_key = key = plan.round_key(planned.route.id, planned.round.at)
    _refuse_second(key)
    try:
        with db.session.begin_nested():
            db.session.add(patrol)
    except IntegrityError:
        _refuse_second(key)
        raise


def _refuse_second(key: str) -> None:
    if (first := plan.who_has(key)) is not None:
        raise Refused(was_first(first))


def _replace(old: Patrol, new: Patrol) -> None:
    states.take(old, models.GIVE_WAY, by=new.id)
    old.round_key = None
    _stand_for_the_round_of(old, new)
    for found in db.session.scalars(select(Finding).where(Finding.patrol_id == old.id)):
        found.patrol_id = new.id
    for handover in db.session.scalars(select(Handover).where(Handover.patrol_id == old.id)):
        handover.patrol_id = new.id


def _stand_for_the_round_of(old: Patrol, new: Patrol) -> None:
    """Unless another team has walked it since: then the correction stands beside the plan."""
    if old.route_id is None or old.round_at is None:
        return
    try:
        with db.session.begin_nested():
            new.round_key = plan.round_key(old.route_id, old.round_at)
    except IntegrityError:
        new.round_at = None
