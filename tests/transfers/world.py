"""Cases handed over: to a community that works with the portal, and outside."""

from portal.assessments.kinds import Decision, TransferState
from portal.assessments.models import Transfer
from portal.assessments.transfers import service
from portal.assessments.transfers.service import Given, OnPaper
from portal.clock import now
from portal.database import db
from tests.assessments import world
from tests.assessments.world import acting_as
from tests.people import sun, wang

NEIGHBOUR = "建设路社区"
ELSEWHERE = "邵店镇"
FACTS = "邻近乡镇返回，现住建设路社区亲属家。"


def decided() -> int:
    """The office wants the case handed over; the assessment's id."""
    return world.decided(Decision.TRANSFER, executor_id=world.acting(wang).account_id, place=NEIGHBOUR)


def given(to: str = NEIGHBOUR, assessment_id: int | None = None) -> int:
    """wang has handed it over; the id of the giver's row."""
    assessment_id = assessment_id or decided()
    with acting_as(wang):
        made = service.give(world.the(assessment_id), Given(to, FACTS)).id
        db.session.commit()
        return made


def in_state(state: TransferState, to: str = NEIGHBOUR) -> int:
    """A transfer that has got so far; the id of the giver's row."""
    transfer_id = given(to)
    if state is TransferState.WITHDRAWN:
        with acting_as(wang):
            service.withdraw(the(transfer_id), "误登")
            db.session.commit()
    elif state is not TransferState.GIVEN and to == ELSEWHERE:
        with acting_as(wang):
            paper = OnPaper("演示·邵店镇值守员", now(), "" if state is TransferState.ACKNOWLEDGED else "未到")
            taken = state is TransferState.ACKNOWLEDGED
            (service.answered_on_paper if taken else service.refused_on_paper)(the(transfer_id), paper)
            db.session.commit()
    elif state is not TransferState.GIVEN:
        mirror = mirror_of(transfer_id)
        with acting_as(sun):
            if state is TransferState.ACKNOWLEDGED:
                service.acknowledge(the(mirror))
            else:
                service.refuse(the(mirror), "未到")
            db.session.commit()
    return transfer_id


def the(transfer_id: int) -> Transfer:
    """The row, as the one acting now sees it."""
    return db.session.get_one(Transfer, transfer_id)


def mirror_of(transfer_id: int) -> int:
    """The id of the receiver's row."""
    return next(one.id for one in world.both_sides(transfer_id) if not one.is_giving)
