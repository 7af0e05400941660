"""What is done with isolations: ordered, told, extended, released. The checks are in checks.py, the team in care.py.

Every refusal says what to do instead. Several at once: the first wins, the others are told.
"""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.access.acting import Place, acting
from portal.access.scope import place_of
from portal.audit import service as audit
from portal.clock import now
from portal.database import db
from portal.isolations import care, checks, measure, models, rules, standing
from portal.isolations.kinds import IsolationKind, IsolationState, Signature
from portal.isolations.models import HANGING, Isolation, IsolationExtension
from portal.orders.hours import until_words
from portal.orders.models import Order
from portal.orders.service import why_not
from portal.printing.words import CHINESE
from portal.registry import service as registry
from portal.registry.models import Household, Resident
from portal.registry.restrictions import RestrictionKind
from portal.web.errors import Refused
from portal.web.formats import moment
from portal.workflow import states
from portal.workflow.record import move_with_households

HAS_LEFT = _l("The registry says that this person no longer lives here: record where the person is first.")
STAYS_MEANWHILE = _l("This person is isolated: release the person or end the isolation early first.")
STILL_LACKS = _l("Nobody is released before every condition is met: look at the check list.")
NO_ORDER_BETWEEN = (
    "此间无有效指令"  # why nothing was checked while nothing ordered it; data, as paper says it
)


def order(
    resident: Resident, kind: IsolationKind, *, starts_at: datetime, reason: str, place: str = ""
) -> Isolation:
    """Isolate a resident. The days are counted from ``starts_at``, which has passed; ``place``: where, if not at home.

    The household is restricted from now on, and the care team is proposed. ``Refused`` where no order in force
    switches the kind on, where the person is isolated already, or where the days would be over.
    """
    found = measure.in_force(kind, place_of(resident.unit_id), now())
    if found is None:
        raise Refused(why_not(measure.AREA, kind.value))
    if resident.left_at is not None:
        raise Refused(HAS_LEFT)
    rests_on, parameters = found
    rule = rules.Rule.of(parameters)
    ends_at = rules.end_after(starts_at, rule.days)
    if said := problem_of_start(starts_at, ends_at):
        raise Refused(said)
    isolation = Isolation(
        unit_id=resident.unit_id,
        resident_id=resident.id,
        household_id=resident.household_id,
        kind=kind,
        order_id=rests_on.id,
        parameters=dict(parameters),
        reason=reason,
        place=place,
        starts_at=starts_at,
        ends_at=ends_at,
        created_by_id=acting().account_id,
        created_at=now(),
        changed_at=now(),
    )
    _take_the_person(isolation, resident)
    states.begin(isolation, step="order", kind=kind.value, order=rests_on.number)
    if rule.suspends_passes:
        _restrict(isolation, rests_on)
    care.appoint(isolation, care.propose(resident.household))
    checks.settle(isolation)
    return isolation


def problem_of_start(starts_at: datetime, ends_at: datetime) -> str:
    """Why the days cannot begin then, as what to do; empty where they can."""
    if starts_at > now() + rules.FEW_MINUTES:
        return _("This lies in the future: order it when it begins")
    if ends_at <= now():
        return _("These days would be over already (%(end)s): check the start", end=until_words(ends_at))
    return ""


def open_of(resident_id: int) -> Isolation | None:
    """The open isolation of a person; None where there is none."""
    theirs = select(Isolation).where(Isolation.resident_id == resident_id, Isolation.state.in_(models.OPEN))
    return db.session.scalars(theirs.order_by(Isolation.id).limit(1)).first()


def tell(isolation: Isolation, signed_by: Signature) -> None:
    """The person, or who speaks for them, has been told of the obligations and has signed, or will."""
    states.take(isolation, models.TELL)
    isolation.told_at, isolation.signed_by = now(), signed_by.value


def sign(isolation: Isolation, signed_by: Signature) -> None:
    """Who was told by telephone has signed. ``Refused`` where nothing is to be signed any more."""
    states.lock(isolation)
    states.refuse_closed(isolation, models.MOVE_ELSEWHERE)
    if isolation.signed_by != Signature.TELEPHONE:
        raise Refused(_l("Nothing is to be signed here: it has been signed for, or nobody was told yet."))
    isolation.signed_by, isolation.changed_at = signed_by.value, now()
    audit.record("isolation.sign", isolation, signed_by=signed_by.value)


def extend(isolation: Isolation, to_end: datetime, reason: str) -> None:
    """A later end. ``Refused`` where it is not later, or no order in force switches the kind on."""
    states.lock(isolation)
    states.refuse_closed(isolation, models.MOVE_ELSEWHERE)
    if to_end <= isolation.ends_at:
        raise Refused(
            _("It lasts until %(end)s already: choose a later day.", end=until_words(isolation.ends_at))
        )
    rests_on = standing.order_to_rest_on(isolation, now())
    if rests_on is None:
        raise Refused(why_not(measure.AREA, isolation.kind.value))
    extension = IsolationExtension(
        unit_id=isolation.unit_id,
        household_id=isolation.household_id,
        from_end=isolation.ends_at,
        to_end=to_end,
        reason=reason,
        order_id=rests_on.id,
        by_id=acting().account_id,
    )
    isolation.extensions.append(extension)
    isolation.ends_at, isolation.changed_at = to_end, now()
    audit.record("isolation.extend", isolation, reason=reason, order=rests_on.number)
    if standing.has_lost_its_order(isolation, now()):
        _rest_on(isolation, rests_on)
    checks.settle(isolation)


def place_under_order(isolation: Isolation) -> None:
    """The order that it rested on has ended: rest on the one in force. Its days and hours stay as they were."""
    states.lock(isolation)
    states.refuse_closed(isolation, models.MOVE_ELSEWHERE)
    if not standing.has_lost_its_order(isolation, now()):
        raise Refused(_l("This isolation rests on an order in force: nothing has to be done."))
    rests_on = standing.order_to_rest_on(isolation, now())
    if rests_on is None:
        raise Refused(why_not(measure.AREA, isolation.kind.value))
    _rest_on(isolation, rests_on)


def release(isolation: Isolation, *, medic: str, medic_unit: str, tests: str = "") -> None:
    """End it, with the medical side's name. ``Refused`` where a condition is not met."""
    states.lock(isolation)
    states.refuse_closed(isolation, models.RELEASE)
    if not all(one.is_met for one in standing.conditions(isolation, now())):
        raise Refused(STILL_LACKS)
    isolation.medic, isolation.medic_unit, isolation.tests = medic, medic_unit, tests
    _end(isolation, models.RELEASE, _("Released"))


def move_elsewhere(isolation: Isolation, reason: str) -> None:
    """The person is looked after elsewhere from now on, in hospital or in another place, or has died."""
    _end(isolation, models.MOVE_ELSEWHERE, reason)


def strike_out(isolation: Isolation, reason: str) -> None:
    """It was ordered by mistake."""
    _end(isolation, models.STRIKE_OUT, reason)


def note_printed(isolation: Isolation, what: str) -> None:
    """A sheet was printed: ``print_notice``, ``print_release`` or ``print_log``."""
    audit.record(f"isolation.{what}", isolation)


def last_medic_unit(isolation: Isolation) -> str:
    """The medical unit that released somebody of the same community last, as far as one sees."""
    latest = select(Isolation.medic_unit).where(
        Isolation.community_id == isolation.community_id, Isolation.state == IsolationState.RELEASED
    )
    return db.session.scalar(latest.order_by(Isolation.ended_at.desc(), Isolation.id.desc()).limit(1)) or ""


def follow_households(household_ids: Sequence[int], to: Place) -> None:
    """Households have moved to another grid: their isolations go with them, and all that hangs on these."""
    move_with_households((Isolation, *HANGING), household_ids, to)


def refuse_to_move(resident: Resident, _to: Household) -> None:
    """Who is isolated stays in the household that is restricted for it."""
    if open_of(resident.id) is not None:
        raise Refused(STAYS_MEANWHILE)


def _take_the_person(isolation: Isolation, resident: Resident) -> None:
    """Nobody is isolated twice. Of several who order at once one wins."""
    isolation.open_resident_id = resident.id
    _refuse_second(resident)
    try:
        with db.session.begin_nested():
            db.session.add(isolation)
    except IntegrityError:
        _refuse_second(resident)
        raise


def _refuse_second(resident: Resident) -> None:
    if (first := open_of(resident.id)) is not None:
        raise Refused(
            _(
                "This person is isolated already (%(kind)s, ordered %(when)s). Extend that isolation, or end it first.",
                kind=first.kind.label,
                when=moment(first.created_at),
            )
        )


def _restrict(isolation: Isolation, rests_on: Order) -> None:
    with force_locale(CHINESE):
        source = f"{isolation.kind.label}，{rests_on.number}"
    isolation.restriction = registry.restrict(
        isolation.household, RestrictionKind.ISOLATION, since=now(), until=None, source=source
    )
    db.session.flush()


def _rest_on(isolation: Isolation, rests_on: Order) -> None:
    checks.explain_since(isolation, standing.basis_ends_at(isolation), NO_ORDER_BETWEEN)
    isolation.order, isolation.changed_at = rests_on, now()
    audit.record("isolation.place_under_order", isolation, order=rests_on.number)


def _end(isolation: Isolation, step: states.Step, because: str) -> None:
    states.take(isolation, step, reason="" if step is models.RELEASE else because)
    isolation.ended_at = now()
    isolation.ended_because = "" if step is models.RELEASE else because
    isolation.open_resident_id = None
    checks.settle(isolation)
    restriction = isolation.restriction
    if restriction is not None and restriction.lifted_at is None:
        registry.lift(restriction, because)
