"""Who carries a decision out: who can be chosen, and whose executor serves there no more."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, and_, exists, or_, select

from portal.access.acting import Level, acting
from portal.access.policy import May
from portal.access.scope import place_of
from portal.accounts.models import Account, Appointment
from portal.assessments.kinds import AssessmentState, Decision
from portal.assessments.models import Assessment
from portal.clock import today
from portal.database import db
from portal.registry.serving import Worker, serving
from portal.web.errors import Refused

NOBODY_THERE = _l("This person no longer serves where the household is: choose somebody else.")
CANNOT_HAND_OVER = _l("Cases are handed over by the community's command post: choose somebody there.")


def executors(assessment: Assessment, decision: Decision | None = None) -> list[Worker]:
    """Who can carry it out: who serves where the person is, the nearest first.

    A case is handed over only by those who may, where there are any. Where nobody serves it is the one acting now:
    nobody goes without a decision for want of somebody to name.
    """
    there = serving(place_of(assessment.unit_id)) or [_oneself()]
    if decision is Decision.TRANSFER:
        return [one for one in there if one.role in May.TRANSFER_CASES.roles] or there
    return there


def chosen(assessment: Assessment, decision: Decision | None, account_id: int | None) -> Worker:
    """The executor that was named; ``Refused`` where this person cannot carry it out."""
    able = {one.account_id: one for one in executors(assessment, decision)}
    if account_id in able:
        return able[account_id]
    there = {one.account_id for one in executors(assessment)}
    raise Refused(CANNOT_HAND_OVER if account_id in there else NOBODY_THERE)


def give_to(assessment: Assessment, executor: Worker) -> None:
    """From now on this person carries it out."""
    assessment.executor_unit_id, assessment.executor_id = executor.unit_id, executor.account_id
    assessment.executor_name = executor.name


def has_left() -> ColumnElement[bool]:
    """The condition that who has still to carry it out serves on the person's line no more, or for the last day.

    Who was chosen from above one's own unit is left to those above: their appointments are not shown below.
    """
    day, place = today(), acting().place
    above = [unit_id for unit_id in place.line if unit_id != place.unit_id] if place else []
    serves = exists().where(
        Appointment.account_id == Assessment.executor_id,
        or_(*(Appointment.unit_id == getattr(Assessment, level.column) for level in Level)),
        Appointment.role.in_(May.CARRY_OUT.roles),
        Appointment.since <= day,
        or_(Appointment.until.is_(None), Appointment.until > day),
        Account.id == Appointment.account_id,
        Account.disabled_at.is_(None),
    )
    from_here = or_(Assessment.executor_unit_id.is_(None), Assessment.executor_unit_id.not_in(above))
    return and_(Assessment.state == AssessmentState.DECIDED, from_here, ~serves)


def executor_left(assessment: Assessment) -> bool:
    """The same of one assessment."""
    return bool(db.session.scalar(select(exists().where(Assessment.id == assessment.id, has_left()))))


def _oneself() -> Worker:
    found = (
        select(Appointment.title, Account.name, Account.id)
        .join(Account)
        .where(Appointment.id == acting().appointment_id)
    )
    mine, who = db.session.execute(found).one(), acting()
    unit_id = who.place.unit_id if who.place else None
    return Worker(mine.id, mine.name, who.role, mine.title, unit_id, who.unit_name, "")
