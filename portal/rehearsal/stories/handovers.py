"""What was handed over at the boundaries: to the neighbouring community in the portal, to a township on paper."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import select

from portal.clock import now, rehearsing
from portal.database import db
from portal.patrols.handovers import service as handovers
from portal.patrols.handovers.kinds import HandoverSide
from portal.patrols.handovers.models import Handover
from portal.patrols.handovers.service import Given, Signature
from portal.patrols.kinds import PatrolKind, PatrolState
from portal.patrols.models import Patrol, PatrolRoute
from portal.rehearsal.acting import acting_as
from portal.rehearsal.calendar import Calendar
from portal.rehearsal.people import DEMO
from portal.rehearsal.staff import OTHER_COMMUNITY

GIVER, NEIGHBOUR = "wang", "sun"
A_FEW_MINUTES, AN_HOUR = timedelta(minutes=5), timedelta(hours=1)


def tell(on: Calendar) -> None:
    """One acknowledged, one that waits for the neighbours, one signed on paper; nothing where nobody walked."""
    beside, border = _walks(to_community=True), _walks(to_community=False)
    if len(beside) > 1:
        _give(beside[0], 3, 1, "外来 3 人 1 车欲从侧门进入，已劝返，请贵方接回登记。")
        with _at(beside[0][1] + AN_HOUR, NEIGHBOUR):
            handovers.acknowledge(_received())
        _give(beside[-1], 2, 0, "2 人翻越水马返回贵方，请核实去向。")
    if border:
        given = _give(border[-1], 4, 1, "外来 4 人 1 车从河堤便道驶来，已劝返至界桩以东。")
        with _at(border[-1][1] + AN_HOUR, GIVER):
            signature = Signature(f"{DEMO}邵店镇值守员", now())
            handovers.acknowledge_on_paper(db.session.get_one(Handover, given), signature)


def _give(walk: tuple[int, datetime], people: int, vehicles: int, facts: str) -> int:
    """Handed over at the last point of a boundary patrol, written down at its end."""
    patrol_id, ended_at = walk
    with _at(ended_at + A_FEW_MINUTES, GIVER):
        patrol = db.session.get_one(Patrol, patrol_id)
        route = patrol.route
        if route is None:
            raise RuntimeError("a boundary patrol of the story has a route")
        at = ended_at - A_FEW_MINUTES * 2
        given = Given(route.neighbour, route.points[-1], at, people, vehicles, facts)
        return handovers.give(patrol, given).id


def _received() -> Handover:
    """What the neighbours got last."""
    received = select(Handover).where(Handover.side == HandoverSide.RECEIVED)
    return db.session.scalars(received.order_by(Handover.id.desc()).limit(1)).one()


def _walks(*, to_community: bool) -> list[tuple[int, datetime]]:
    """The boundary patrols handed in, the first first: along the neighbouring community, or elsewhere."""
    with acting_as(GIVER):
        is_community = PatrolRoute.neighbour == OTHER_COMMUNITY
        handed_in = (
            select(Patrol.id, Patrol.ended_at)
            .join(PatrolRoute, PatrolRoute.id == Patrol.route_id)
            .where(
                Patrol.kind == PatrolKind.BOUNDARY,
                Patrol.state == PatrolState.SENT,
                is_community if to_community else ~is_community,
            )
        )
        rows = db.session.execute(handed_in.order_by(Patrol.started_at, Patrol.id)).all()
    return [(row.id, row.ended_at) for row in rows if row.ended_at]


@contextmanager
def _at(moment: datetime, sign_in_name: str) -> Iterator[None]:
    """Somebody acts at this moment; not later than now."""
    with rehearsing(min(moment, now())), acting_as(sign_in_name):
        yield
