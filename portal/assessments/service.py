"""What is done with assessments: asked, decided, carried out, closed. Transfers are in transfers/.

What touches an assessment holds the key person first, so that nobody waits for somebody who waits for him.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.access.acting import Place, acting
from portal.access.scope import place_of
from portal.assessments import executors, measure, models, rules
from portal.assessments.deadlines import Deadlines
from portal.assessments.kinds import OPEN, AssessmentState, Decision, TransferState
from portal.assessments.models import Assessment, Transfer
from portal.audit import service as audit
from portal.clock import now
from portal.database import db
from portal.isolations import measure as isolation_measure
from portal.isolations import service as isolations
from portal.isolations.kinds import IsolationKind
from portal.isolations.models import Isolation
from portal.orders.models import Order
from portal.orders.service import why_not
from portal.screenings import measure as screening
from portal.screenings.keypersons import service as keypersons
from portal.screenings.keypersons.service import ENDED
from portal.screenings.kinds import KeyPersonState
from portal.screenings.models import KeyPerson
from portal.web.errors import Refused
from portal.workflow import states
from portal.workflow.record import move_with_households, steps_of

LONGEST_SIGNATURE = 120
PASSED = _l("This deadline has passed. Choose a later one.")
STILL_ISOLATED = _l("This person is isolated: release the person or strike the isolation out first.")
NOT_TAKEN_OVER = _l("The other side has not taken over yet: until then you are responsible.")
TAKEN_OVER = _l("The other side has taken over: close this, and decide there.")
WAITS = _l("A hand-over waits for its answer: withdraw it first.")
BEFORE = _l("This lies before the decision.")
THE_SAME = _l("This person carries it out already: choose somebody else.")


@dataclass(frozen=True)
class Decided:
    """What the office decides. ``starts_at``: from when isolation is counted; ``place``: where, or where to."""

    decision: Decision
    reason: str
    due_at: datetime | None = None
    executor_id: int | None = None
    starts_at: datetime | None = None
    place: str = ""


def follow(person: KeyPerson) -> None:
    """What follows from a step of a key person: who is to be assessed gets an assessment by itself.

    Where one was decided and somebody asks again, the next one follows it; where the record has ended, nothing waits.
    """
    standing = open_of(person.id)
    if person.state is KeyPersonState.TO_ASSESS:
        if standing is not None and standing.state is AssessmentState.WAITING:
            _hasten(standing, person)
            return
        if standing is not None:
            states.take(standing, models.SUPERSEDE, reason=steps_of(person)[-1].reason)
        _begin(person)
    elif person.state in ENDED and standing is not None:
        waits = standing.state is AssessmentState.WAITING
        states.take(standing, models.FALL_AWAY if waits else models.END_WITH)


def open_of(person_id: int) -> Assessment | None:
    """The assessment of a key person that somebody still has to act on; None where there is none."""
    theirs = select(Assessment).where(Assessment.key_person_id == person_id, Assessment.state.in_(OPEN))
    return db.session.scalars(theirs.order_by(Assessment.id.desc()).limit(1)).first()


def to_close(assessment: Assessment) -> datetime:
    """By when the office closes what is reported back now."""
    return rules.after(now(), timedelta(hours=assessment.deadlines.close))


def decide(assessment: Assessment, decided: Decided) -> None:
    """The office decides. Of two at once one wins. ``Refused`` without an order in force, but for no measure."""
    person = hold(assessment)
    if decided.decision is Decision.NOTHING:
        _decide_nothing(assessment, person, decided.reason)
        return
    order = order_for(decided.decision, place_of(assessment.unit_id), now())
    if order is None:
        raise Refused(_why_no_order(decided.decision))
    executor = executors.chosen(assessment, decided.decision, decided.executor_id)
    if decided.due_at is None or decided.due_at <= now():
        raise Refused(PASSED)
    what = decided.decision.value
    states.take(assessment, models.DECIDE, reason=decided.reason, decision=what, order=order.number)
    assessment.order_id, assessment.due_at = order.id, decided.due_at
    executors.give_to(assessment, executor)
    _note(assessment, decided)
    _carry_on(assessment, person, decided)


def report_back(assessment: Assessment, outcome: str, done_at: datetime) -> None:
    """It has been carried out. What was asked for goes back to the office as the next question."""
    person = hold(assessment)
    if assessment.decided_at is not None and done_at < assessment.decided_at - rules.A_MOMENT:
        raise Refused(BEFORE)
    if assessment.decision is Decision.TRANSFER and not has_taken_over(assessment):
        raise Refused(NOT_TAKEN_OVER)
    asked = assessment.decision is Decision.ASK_MORE
    states.take(assessment, models.ANSWER if asked else models.REPORT_BACK)
    assessment.outcome, assessment.carried_out_at = outcome, done_at
    if asked:
        _begin(person)
    else:
        assessment.due_at = to_close(assessment)


def send_back(assessment: Assessment, reason: str) -> None:
    """It is not done yet: the executor has as long as the order gives once more."""
    hold(assessment)
    states.take(assessment, models.SEND_BACK, reason=reason)
    assessment.due_at = rules.after(now(), timedelta(hours=assessment.deadlines.again))


def reassign(assessment: Assessment, executor_id: int | None, reason: str) -> None:
    """Somebody else carries it out; the deadline stays. For who has left, or cannot."""
    hold(assessment)
    executor = executors.chosen(assessment, assessment.decision, executor_id)
    if executor.account_id == assessment.executor_id:
        raise Refused(THE_SAME)
    states.take(assessment, models.REASSIGN, reason=reason)
    executors.give_to(assessment, executor)


def close(assessment: Assessment) -> None:
    """Nothing more has to be done. Whose case was taken over elsewhere is nobody's here any more."""
    person = hold(assessment)
    states.take(assessment, models.CLOSE)
    if assessment.decision is Decision.TRANSFER:
        _end_isolation(person, assessment.outcome)
        keypersons.close(person, assessment.outcome)


def supersede(assessment: Assessment, reason: str) -> None:
    """Decide again: a new question about the same person follows this one."""
    person = hold(assessment)
    states.refuse_closed(assessment, models.SUPERSEDE)
    _refuse_transferred(assessment)
    if person.state is KeyPersonState.TO_ASSESS:
        states.take(assessment, models.SUPERSEDE, reason=reason)
        _begin(person)
    else:
        keypersons.reopen(person, reason)  # ``follow`` does the rest


def strike_out(assessment: Assessment, reason: str) -> None:
    """Asked by mistake: the key person is struck out with it."""
    person = hold(assessment)
    states.take(assessment, models.STRIKE_OUT, reason=reason)
    keypersons.strike_out(person, reason)


def order_for(decision: Decision, place: Place, at: datetime) -> Order | None:
    """The order that a decision can rest on: what it orders is switched on by it, or the screening that found it."""
    kind = decision.isolates
    found = isolation_measure.in_force(kind, place, at) if kind else screening.in_force(place, at)
    return found[0] if found else None


def has_taken_over(assessment: Assessment) -> bool:
    """Whether the other side has acknowledged what was handed over."""
    return any(one.state is TransferState.ACKNOWLEDGED for one in assessment.transfers)


def is_under_way(assessment: Assessment) -> bool:
    """Whether the case was handed over and has neither been refused nor taken back."""
    return any(one.state in (TransferState.GIVEN, TransferState.ACKNOWLEDGED) for one in assessment.transfers)


def follow_households(household_ids: Sequence[int], to: Place) -> None:
    """Households have moved to another grid: assessments, what was handed over of them, and their steps go along."""
    move_with_households((Assessment, Transfer), household_ids, to)


def signature() -> str:
    """Who acts now, with the unit, as it is kept beside a decision or an answer."""
    return _("%(name)s, %(title)s", name=acting().name, title=acting().unit_name)[:LONGEST_SIGNATURE]


def hold(assessment: Assessment) -> KeyPerson:
    """The key person, whom nobody else changes until this is done."""
    states.lock(assessment.key_person)
    return assessment.key_person


def note_printed(assessment: Assessment) -> None:
    """The referral sheet was printed."""
    audit.record("assessment.print_referral", assessment)


# ── small parts ──────────────────────────────────────────────────────────────────────────────────────────────────


def _begin(person: KeyPerson) -> Assessment:
    last = select(Assessment.id).where(Assessment.key_person_id == person.id).order_by(Assessment.id.desc())
    parameters = measure.parameters_for(place_of(person.unit_id), now())
    assessment = Assessment(
        unit_id=person.unit_id,
        key_person_id=person.id,
        household_id=person.household_id,
        order_id=person.order_id,
        follows_id=db.session.scalar(last.limit(1)),
        parameters=parameters,
        due_at=rules.after(now(), Deadlines.of(parameters).to_decide(person.category)),
        created_by_id=acting().account_id,
        created_at=now(),
        changed_at=now(),
    )
    states.begin(assessment, step="ask", category=person.category.value)
    return assessment


def _decide_nothing(assessment: Assessment, person: KeyPerson, reason: str) -> None:
    if isolations.open_of(person.resident_id) is not None:
        raise Refused(STILL_ISOLATED)
    states.take(assessment, models.NO_MEASURE, reason=reason)
    _note(assessment, Decided(Decision.NOTHING, reason))
    keypersons.close(person, reason)


def _carry_on(assessment: Assessment, person: KeyPerson, decided: Decided) -> None:
    """What a decision does at once."""
    kind = decided.decision.isolates
    if kind:
        assessment.isolation = _isolate(person, kind, decided)
    if decided.decision is Decision.HOSPITAL:
        _end_isolation(person, decided.reason)
    if kind or decided.decision is Decision.HOSPITAL:
        keypersons.manage(person)


def _isolate(person: KeyPerson, kind: IsolationKind, decided: Decided) -> Isolation:
    """Order it, unless the person is isolated like that already."""
    there = isolations.open_of(person.resident_id)
    if there is not None and there.kind is kind:
        return there
    starts_at = decided.starts_at or now()
    return isolations.order(
        person.resident, kind, starts_at=starts_at, reason=decided.reason[:300], place=decided.place
    )


def _end_isolation(person: KeyPerson, reason: str) -> None:
    there = isolations.open_of(person.resident_id)
    if there is not None:
        isolations.move_elsewhere(there, reason)


def _hasten(assessment: Assessment, person: KeyPerson) -> None:
    """Who waits and turns out to be graver is decided about sooner."""
    sooner = rules.after(now(), assessment.deadlines.to_decide(person.category))
    if sooner < assessment.due_at and assessment.deadlines.is_urgent(person.category):
        assessment.due_at = sooner
        audit.record("assessment.hasten", assessment, category=person.category.value)


def _note(assessment: Assessment, decided: Decided) -> None:
    assessment.decision, assessment.reason = decided.decision, decided.reason
    assessment.place, assessment.decided_by = decided.place, signature()
    assessment.decided_at = assessment.changed_at


def _refuse_transferred(assessment: Assessment) -> None:
    if has_taken_over(assessment):
        raise Refused(TAKEN_OVER)
    if any(one.state is TransferState.GIVEN for one in assessment.transfers):
        raise Refused(WAITS)


def _why_no_order(decision: Decision) -> str:
    kind = decision.isolates
    if kind:
        return why_not(isolation_measure.AREA, kind.value)
    return why_not(screening.AREA, screening.ITEM)
