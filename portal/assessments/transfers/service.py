"""A case handed over 转送: to a community or street of the installation, or outside, where the answer is on paper.

Each side has a row of its own; every step is taken on both. Until the other side acknowledges, who gave it stays
responsible: the assessment is carried out by the acknowledgement, not before. This writes rows of another unit, and
never reads anything else of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, and_, or_, select

from portal.access.acting import Level, Place, acting, own_place
from portal.access.policy import May
from portal.access.scope import everywhere, place_of
from portal.accounts.models import Account, Appointment
from portal.assessments import models, rules
from portal.assessments import service as assessments
from portal.assessments.kinds import AssessmentState, Decision
from portal.assessments.models import Assessment, Transfer
from portal.clock import now, today
from portal.database import db
from portal.registry.models import Resident
from portal.units.models import Unit
from portal.vault import new_seal_id
from portal.web.errors import Refused
from portal.workflow.states import Step, begin, lock, take

NOT_DECIDED = _l("This was not decided: only what the office wants handed over is handed over.")
GIVEN_ALREADY = _l("This case was handed over already: wait for the answer, or withdraw it.")
OF_THE_OTHER_SIDE = _l("This is a step of the other side.")
OWN = _l("You handed this over yourself: somebody of the other side has to answer.")
IN_THE_PORTAL = _l("The other side works with this portal and answers there.")
HERE = _l("This lies within your own place: move the household instead.")
LEVELS = (Level.COMMUNITY, Level.STREET)
MOST_OFFERED = 30


@dataclass(frozen=True)
class Given:
    """To whom, in words, and what the other side has to know. The person's name and numbers go along by themselves."""

    to: str
    facts: str


@dataclass(frozen=True)
class OnPaper:
    """What the paper says that came back: who signed when, and why, where it was refused."""

    by: str
    at: datetime
    answer: str = ""


def give(assessment: Assessment, given: Given) -> Transfer:
    """Hand the case over. Who works with the portal gets a row; anybody else gets the sheet."""
    person = assessments.hold(assessment)
    lock(assessment)
    refuse_undecided(assessment)
    if assessments.is_under_way(assessment):
        raise Refused(GIVEN_ALREADY)
    resident, target = person.resident, find(given.to, place_of(assessment.unit_id))
    told = _told(assessment, given, resident)
    transfer = Transfer(
        unit_id=assessment.unit_id,
        is_giving=True,
        pair=new_seal_id(),
        assessment=assessment,
        household_id=assessment.household_id,
        to_unit_id=target and target.unit_id,
        **told,
    )
    begin(transfer, step="give", inside=target is not None)
    if target is not None:
        _tell(target.unit_id, transfer, told)
    return transfer


def acknowledge(transfer: Transfer) -> None:
    """The other side takes the case over: from now on it is theirs."""
    _refuse_side(transfer, giving=False)
    _refuse_own(transfer)
    _answer(transfer, models.ACKNOWLEDGE, "", OnPaper(assessments.signature(), now()))


def refuse(transfer: Transfer, reason: str) -> None:
    """The other side does not take it: the giver goes on being responsible."""
    _refuse_side(transfer, giving=False)
    _refuse_own(transfer)
    _answer(transfer, models.REFUSE, reason, OnPaper(assessments.signature(), now(), reason))


def answered_on_paper(transfer: Transfer, paper: OnPaper) -> None:
    """The signed sheet came back."""
    _refuse_inside(transfer)
    _answer(transfer, models.ANSWERED_ON_PAPER, "", paper)


def refused_on_paper(transfer: Transfer, paper: OnPaper) -> None:
    """The sheet came back with a refusal."""
    _refuse_inside(transfer)
    _answer(transfer, models.REFUSED_ON_PAPER, paper.answer, paper)


def withdraw(transfer: Transfer, reason: str) -> None:
    """The giver takes it back."""
    _refuse_side(transfer, giving=True)
    _take_on_both(transfer, models.WITHDRAW, reason)


def refuse_undecided(assessment: Assessment) -> None:
    """``Refused`` where the office has decided something else, or nothing."""
    if assessment.state is not AssessmentState.DECIDED or assessment.decision is not Decision.TRANSFER:
        raise Refused(NOT_DECIDED)


def offered() -> list[str]:
    """The communities around and the streets of the county, by name: where a case can be given to in the portal."""
    own = own_place()
    beside = and_(Unit.street_id == own.street_id, Unit.level == Level.COMMUNITY)
    around = or_(beside, and_(Unit.county_id == own.county_id, Unit.level == Level.STREET))
    found = select(Unit.full_name).where(
        Unit.level.in_(LEVELS), Unit.closed_at.is_(None), Unit.id.not_in(own.line), around
    )
    with everywhere(because="where a case can be handed over to lies beside"):
        return list(db.session.scalars(found.order_by(Unit.level, Unit.id).limit(MOST_OFFERED)))


def find(name: str, place: Place) -> Place | None:
    """The unit of this name, if somebody there can answer today, nearby first; None: it goes on paper.

    ``Refused`` where it holds the ``place`` that the case comes from.
    """
    rows = _who_can_answer(Unit.full_name == name)
    chosen = [row.id for row in rows if row.street_id == place.street_id] or [row.id for row in rows]
    if len(chosen) != 1:
        return None
    other = place_of(chosen[0])
    if other.holds(place):
        raise Refused(HERE)
    return other


def is_anybody_there(transfer: Transfer) -> bool:
    """Whether somebody at the other side can answer in the portal today: units are closed, and people leave."""
    return bool(_who_can_answer(Unit.id == transfer.to_unit_id))


def _who_can_answer(which: ColumnElement[bool]) -> Sequence[Any]:
    """The units (id, street) of which this is true, where somebody serves today who may answer."""
    day = today()
    somebody = (
        select(Unit.id, Unit.street_id)
        .join(Appointment, Appointment.unit_id == Unit.id)
        .join(Account, Account.id == Appointment.account_id)
        .where(
            which,
            Unit.level.in_(LEVELS),
            Unit.closed_at.is_(None),
            Appointment.role.in_(May.TRANSFER_CASES.roles),
            Appointment.since <= day,
            or_(Appointment.until.is_(None), Appointment.until >= day),
            Account.disabled_at.is_(None),
        )
    )
    with everywhere(because="whether somebody at the other side can answer decides between portal and paper"):
        return db.session.execute(somebody.distinct()).all()


def _tell(unit_id: int, transfer: Transfer, told: dict[str, Any]) -> None:
    """Write the other side's row: the person, where from, and what was told; nothing else."""
    mirror = Transfer(
        unit_id=unit_id,
        is_giving=False,
        pair=transfer.pair,
        to_unit_id=unit_id,
        **told,
    )
    with everywhere(because="the receiving unit owns its side of a transfer"):
        begin(mirror, step="receive")


def _told(assessment: Assessment, given: Given, resident: Resident) -> dict[str, Any]:
    giver = db.session.get_one(Unit, assessment.community_id or assessment.unit_id)
    return {
        "to_name": given.to,
        "from_name": giver.full_name,
        "due_at": rules.after(now(), timedelta(hours=assessment.deadlines.answer)),
        "name": resident.name,
        "phone": resident.phone,
        "document": resident.document,
        "facts": given.facts,
        "created_by_id": acting().account_id,
    }


def _answer(transfer: Transfer, step: Step, reason: str, paper: OnPaper) -> None:
    """The answer on both sides; where it was taken over, the giver's assessment is carried out by that."""
    on_paper = step in (models.ANSWERED_ON_PAPER, models.REFUSED_ON_PAPER)
    written = {"answered_by": paper.by, "answered_at": paper.at, "answer": paper.answer, "on_paper": on_paper}
    with everywhere(because="whose case was taken over is told to the side that gave it"):
        assessment = _assessment_of(transfer)
        if assessment is not None:
            lock(assessment.key_person)
            lock(assessment)
        _take_on_both(transfer, step, reason, **written)
        taken_over = step.to is models.ACKNOWLEDGE.to
        # the giver's own record may have ended meanwhile; taken over it is all the same
        if taken_over and assessment is not None and assessment.state is AssessmentState.DECIDED:
            _carry_out(assessment, transfer.to_name, paper)


def _carry_out(assessment: Assessment, to_name: str, paper: OnPaper) -> None:
    take(assessment, models.REPORT_BACK)
    assessment.carried_out_at = paper.at
    assessment.outcome = _("Taken over: %(to)s, %(by)s", to=to_name, by=paper.by)
    assessment.due_at = assessments.to_close(assessment)


def _take_on_both(transfer: Transfer, step: Step, reason: str = "", **written: Any) -> None:
    """Take the step on both rows and write the same on them, always in the order of their numbers."""
    both = select(Transfer).where(Transfer.pair == transfer.pair).order_by(Transfer.id)
    with everywhere(because="a step of a transfer is taken on both sides"):
        for row in db.session.scalars(both).all():
            take(row, step, reason=reason)
            for name, value in written.items():
                setattr(row, name, value)


def _assessment_of(transfer: Transfer) -> Assessment | None:
    """What the giver carries out by it, from either side."""
    giving = select(Transfer).where(Transfer.pair == transfer.pair, Transfer.is_giving)
    return db.session.scalars(giving).one().assessment


def _refuse_side(transfer: Transfer, *, giving: bool) -> None:
    if transfer.is_giving is not giving:
        raise Refused(OF_THE_OTHER_SIDE)


def _refuse_inside(transfer: Transfer) -> None:
    _refuse_side(transfer, giving=True)
    if transfer.to_unit_id is not None:
        raise Refused(IN_THE_PORTAL)


def _refuse_own(transfer: Transfer) -> None:
    if transfer.created_by_id == acting().account_id:
        raise Refused(OWN)
