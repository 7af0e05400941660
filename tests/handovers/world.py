"""Hand-overs between two communities of one installation, and to a township that has none."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from portal.access.scope import everywhere
from portal.clock import now
from portal.database import db
from portal.patrols.handovers import service as handovers_service
from portal.patrols.handovers.kinds import HandoverSide, HandoverState
from portal.patrols.handovers.models import Handover
from portal.patrols.handovers.service import Given, Signature
from portal.patrols.kinds import PatrolKind
from portal.patrols.models import Patrol
from tests.findings.world import a_patrol, acting_as
from tests.people import sun, zhao

NEIGHBOUR = "建设路社区"
ELSEWHERE = "蔡沟乡"


def boundary_patrol(neighbour: str = NEIGHBOUR, **values: Any) -> int:
    """A patrol of zhao's group along the boundary. The neighbouring community works with the portal."""
    known = neighbour if neighbour == NEIGHBOUR else None
    return a_patrol(
        "豫苑社区三组",
        kind=PatrolKind.BOUNDARY,
        points=("东沟桥",),
        neighbour=neighbour,
        neighbour_unit=known,
        **values,
    )


def given(neighbour: str = NEIGHBOUR) -> Given:
    """Three people and a car, half an hour ago."""
    return Given(neighbour, "东沟桥", now() - timedelta(minutes=30), 3, 1, "外来3人1车，已劝返至桥东。")


def a_handover(state: HandoverState = HandoverState.GIVEN, neighbour: str = NEIGHBOUR) -> int:
    """A hand-over that has got so far. Returns the id of the giver's row."""
    patrol_id = boundary_patrol(neighbour)
    with acting_as(zhao):
        handover_id = handovers_service.give(db.session.get_one(Patrol, patrol_id), given(neighbour)).id
    match state:
        case HandoverState.ACKNOWLEDGED:
            with acting_as(sun):
                handovers_service.acknowledge(the(mirror_of(handover_id)))
        case HandoverState.DISPUTED:
            with acting_as(sun):
                handovers_service.dispute(the(mirror_of(handover_id)), "未见到人")
        case HandoverState.ON_PAPER:
            with acting_as(zhao):
                handovers_service.acknowledge_on_paper(the(handover_id), Signature("演示·孙某", now()))
        case HandoverState.WITHDRAWN:
            with acting_as(zhao):
                handovers_service.withdraw(the(handover_id), "误登")
    return handover_id


def the(handover_id: int) -> Handover:
    """The row, as the one acting now sees it."""
    return db.session.get_one(Handover, handover_id)


def row(handover_id: int) -> Handover:
    """The row as it stands."""
    with everywhere(because="the test looks"):
        db.session.rollback()
        return db.session.get_one(Handover, handover_id)


def mirror_of(handover_id: int) -> int:
    """The id of the other side's row."""
    with everywhere(because="the test looks"):
        pair = db.session.get_one(Handover, handover_id).pair
        other = select(Handover.id).where(Handover.pair == pair, Handover.side == HandoverSide.RECEIVED)
        return db.session.scalars(other).one()
