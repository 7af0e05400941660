"""The two checks a day: entered, corrected, measured a second time; gaps explained, alarms answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.access.acting import acting
from portal.audit import service as audit
from portal.clock import local, now
from portal.database import db
from portal.isolations import rules
from portal.isolations.kinds import Method, Slot
from portal.isolations.models import OPEN, AlarmAnswered, GapExplained, HealthCheck, Isolation
from portal.isolations.rules import Reading, Rule, SlotOfDay
from portal.web.errors import Refused
from portal.web.formats import moment
from portal.web.temperatures import degrees
from portal.workflow import states

CLOSED = _l("This isolation is over: no more checks can be entered.")


@dataclass(frozen=True)
class Taken:
    """What was measured: tenths of a degree, symptoms by their values, when it is said to have been."""

    slot: Slot
    taken_at: datetime
    temperature: int
    symptoms: tuple[str, ...] = ()
    method: Method = Method.DOOR
    note: str = ""

    @property
    def day(self) -> date:
        """The local day that the check is of."""
        return local(self.taken_at).date()


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────


def enter(isolation: Isolation, taken: Taken) -> HealthCheck:
    """A check of a slot. ``Refused`` where the slot has one already, or it cannot have been taken then."""
    _lock_open(isolation)
    if (first := in_slot(isolation, taken.day, taken.slot)) is not None:
        raise Refused(was_entered(first))
    check = _write(isolation, taken, _key(isolation, taken.day, taken.slot))
    audit.record("isolation.check", isolation, day=taken.day.isoformat(), slot=taken.slot.value)
    settle(isolation)
    return check


def measure_again(isolation: Isolation, taken: Taken) -> HealthCheck:
    """复测: a second temperature of a slot that has one."""
    _lock_open(isolation)
    if in_slot(isolation, taken.day, taken.slot) is None:
        raise Refused(_l("There is no first temperature in this slot yet: enter it as the check."))
    earlier = [
        one for one in isolation.checks if (one.day, one.slot, one.is_second) == (taken.day, taken.slot, True)
    ]
    key = f"{_key(isolation, taken.day, taken.slot)}-{len(earlier) + 2}"
    check = _write(isolation, taken, key, is_second=True)
    audit.record("isolation.second_check", isolation, day=taken.day.isoformat(), slot=taken.slot.value)
    settle(isolation)
    return check


def correct(wrong: HealthCheck, taken: Taken) -> HealthCheck:
    """A new entry that says what the check should have said; the wrong one stays, and counts no more."""
    isolation = wrong.isolation
    _lock_open(isolation)
    db.session.refresh(wrong)
    if wrong.slot_key is None:
        raise Refused(_l("This entry has been corrected already: correct the later one."))
    moved = (taken.day, taken.slot) != (wrong.day, wrong.slot)
    if moved and (first := in_slot(isolation, taken.day, taken.slot)) is not None:
        raise Refused(was_entered(first))
    key = _key(isolation, taken.day, taken.slot) if moved else wrong.slot_key
    wrong.slot_key, wrong.is_corrected = None, True
    db.session.flush()
    check = _write(isolation, taken, key, is_second=wrong.is_second and not moved)
    check.corrects_id = wrong.id
    audit.record("isolation.correct_check", isolation, corrects=wrong.id)
    settle(isolation)
    return check


def explain(isolation: Isolation, gap: SlotOfDay, why: str) -> None:
    """Why a check is missing, and what was done. ``Refused`` where nothing is missing there."""
    _lock_open(isolation)
    if gap not in gaps(isolation, now()):
        raise Refused(_l("No check is missing there: it has been entered or explained, or is not due yet."))
    _explain(isolation, gap, why)
    audit.record("isolation.explain_gap", isolation, reason=why, day=gap[0].isoformat(), slot=gap[1].value)
    settle(isolation)


def explain_since(isolation: Isolation, since: datetime, why: str) -> None:
    """The same for everything that was to be there later than ``since``, as part of another step."""
    for gap in gaps(isolation, now()):
        if rules.cut_off(rule_of(isolation), *gap) > since:
            _explain(isolation, gap, why)
    settle(isolation)


def answer(isolation: Isolation, done: str, second: int | None = None) -> None:
    """Somebody has seen fever or symptoms and acted. ``second``: the temperature that was taken now."""
    _lock_open(isolation)
    waiting = alarms(isolation)
    if not waiting:
        raise Refused(_l("Somebody has acted already: nothing is open here."))
    for check in waiting:
        db.session.add(
            AlarmAnswered(
                unit_id=isolation.unit_id,
                isolation_id=isolation.id,
                household_id=isolation.household_id,
                check_id=check.id,
                done=done,
                by_id=acting().account_id,
            )
        )
    audit.record("isolation.answer_alarm", isolation, reason=done, checks=len(waiting))
    if second is not None:
        _take_second(isolation, waiting[-1], second)
    settle(isolation)


def settle(isolation: Isolation) -> None:
    """Write down what waits for somebody: the next check that is asked for, and an alarm nobody has answered."""
    db.session.flush()
    db.session.expire(isolation, ["checks"])
    is_open = isolation.state in OPEN
    there = filled(isolation) | explained(isolation)
    rule = rule_of(isolation)
    isolation.next_cut_off = (
        rules.next_cut_off(rule, watched_from(isolation), isolation.ends_at, there) if is_open else None
    )
    isolation.alarm_since = min((check.at for check in alarms(isolation)), default=None) if is_open else None


def _take_second(isolation: Isolation, first: HealthCheck, temperature: int) -> None:
    """Beside the check that it is the second of, while that is of this part of the day; else as what is due now."""
    at, rule = now(), rule_of(isolation)
    again = Taken(first.slot, at, temperature, method=first.method)
    if again.day == first.day and not rules.problem(rule, again.slot, at, isolation.starts_at, at):
        measure_again(isolation, again)
        return
    due = Taken(rules.slot_now(rule, at), at, temperature, method=first.method)
    there = in_slot(isolation, due.day, due.slot)
    (enter if there is None else measure_again)(isolation, due)


def _write(isolation: Isolation, taken: Taken, key: str, *, is_second: bool = False) -> HealthCheck:
    rule = rule_of(isolation)
    if said := rules.problem(rule, taken.slot, taken.taken_at, isolation.starts_at, now()):
        raise Refused(said)
    check = HealthCheck(
        unit_id=isolation.unit_id,
        isolation_id=isolation.id,
        household_id=isolation.household_id,
        day=taken.day,
        slot=taken.slot,
        slot_key=key,
        is_second=is_second,
        temperature=taken.temperature,
        is_fever=rules.is_fever(rule, taken.temperature),
        symptoms=list(taken.symptoms),
        method=taken.method,
        taken_at=taken.taken_at,
        note=taken.note,
        by_id=acting().account_id,
    )
    db.session.add(check)
    db.session.flush()
    return check


def _explain(isolation: Isolation, gap: SlotOfDay, why: str) -> None:
    db.session.add(
        GapExplained(
            unit_id=isolation.unit_id,
            isolation_id=isolation.id,
            household_id=isolation.household_id,
            day=gap[0],
            slot=gap[1],
            why=why,
            by_id=acting().account_id,
        )
    )
    db.session.flush()


def _lock_open(isolation: Isolation) -> None:
    states.lock(isolation)
    if isolation.state not in OPEN:
        raise Refused(CLOSED)


def _key(isolation: Isolation, day: date, slot: Slot) -> str:
    return f"{isolation.id}-{day.isoformat()}-{slot.value}"


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────


def rule_of(isolation: Isolation) -> Rule:
    """The rule that was copied when it began."""
    return Rule.of(isolation.parameters)


def watched_from(isolation: Isolation) -> datetime:
    """From when on checks are asked for: its days may be counted from before it was ordered."""
    return max(isolation.starts_at, isolation.created_at)


def counted(isolation: Isolation) -> list[HealthCheck]:
    """The checks that count, in the order in which they were taken."""
    there = [check for check in isolation.checks if check.slot_key is not None]
    return sorted(there, key=lambda check: (check.taken_at, check.id))


def readings(isolation: Isolation) -> list[Reading]:
    """The same, as the rules see them."""
    return [Reading(check.taken_at, check.temperature, tuple(check.symptoms)) for check in counted(isolation)]


def filled(isolation: Isolation) -> set[SlotOfDay]:
    """The slots that have a check."""
    return {(check.day, check.slot) for check in counted(isolation)}


def explained(isolation: Isolation) -> set[SlotOfDay]:
    """The slots whose gap was explained."""
    theirs = select(GapExplained.day, GapExplained.slot).where(GapExplained.isolation_id == isolation.id)
    return {(row.day, row.slot) for row in db.session.execute(theirs)}


def gaps(isolation: Isolation, at: datetime) -> list[SlotOfDay]:
    """The checks that are missing at that moment, the oldest first."""
    there = filled(isolation) | explained(isolation)
    return rules.missing(rule_of(isolation), watched_from(isolation), isolation.ends_at, there, at)


def alarms(isolation: Isolation) -> Sequence[HealthCheck]:
    """The checks with fever or symptoms that nobody has answered yet, the oldest first."""
    answered = set(
        db.session.scalars(select(AlarmAnswered.check_id).where(AlarmAnswered.isolation_id == isolation.id))
    )
    return [
        check
        for check in counted(isolation)
        if check.id not in answered and (check.is_fever or check.symptoms)
    ]


def in_slot(isolation: Isolation, day: date, slot: Slot) -> HealthCheck | None:
    """The check that fills a slot."""
    return next(
        (
            check
            for check in counted(isolation)
            if (check.day, check.slot, check.is_second) == (day, slot, False)
        ),
        None,
    )


def was_entered(first: HealthCheck) -> str:
    """The sentence for somebody who comes second to a slot."""
    return _(
        "This check has been entered already: %(degrees)s ℃, %(when)s. Correct that entry if it is wrong.",
        degrees=degrees(first.temperature),
        when=moment(first.taken_at),
    )
