"""包保到户 written down: who answers for a household, from when until when. Nothing is guessed later.

Every change closes the open row of ``Responsibility`` and opens another one at the same moment, and keeps the two
columns of the household that repeat what is open.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, case, or_, select, update

from portal.access.bulk import insert_many
from portal.access.scope import place_of
from portal.accounts.models import Appointment
from portal.audit import service as audit
from portal.clock import now, today
from portal.database import db
from portal.registry import rules
from portal.registry.kinds import Duty
from portal.registry.models import Household, Responsibility
from portal.registry.rules import Pair
from portal.registry.serving import serving, standing_order
from portal.web.errors import Refused

AT_ONCE = 500  # households a statement
SERVES_ELSEWHERE = _l("This person does not serve where these households are. Appoint them there first.")


@dataclass(frozen=True)
class Held:
    """Who had a duty, and how long; ``until`` None: to this day."""

    account_id: int
    duty: Duty
    since: datetime
    until: datetime | None
    by_id: int | None
    reason: str


# ── the verbs ────────────────────────────────────────────────────────────────────────────────────────────────────


def take_up(grid_id: int, household_ids: Iterable[int]) -> Pair:
    """New households of a grid get its first two people. Returns them; a hole is an alarm from now on."""
    pair = rules.first_pair(standing_order(serving(place_of(grid_id))))
    _write(dict.fromkeys(household_ids, pair))
    return pair


def hand_over(household_ids: Sequence[int], duty: Duty, to: int, reason: str) -> int:
    """Give a duty for these households to another person. Returns how many changed.

    ``Refused`` where the person does not serve there.
    """
    pairs: dict[int, Pair] = {}
    for grid_id, held in _by_grid(_these(household_ids)).items():
        accounts = {worker.account_id for worker in serving(place_of(grid_id))}
        if to not in accounts:
            raise Refused(SERVES_ELSEWHERE)
        pairs |= {id_: rules.handed_over(pair, duty, to, accounts) for id_, pair in held.items()}
    changed = _write(pairs, reason)
    audit.record("registry.hand_over", reason=reason, to=to, duty=duty.value, households=changed)
    return changed


def relieve(account_id: int, reason: str) -> int:
    """Take all duties from somebody where he does not serve any more. Returns how many households changed.

    The deputy takes over at this moment, else the first of the standing order; what is left open is an alarm.
    """
    mine = or_(Household.responsible_id == account_id, Household.deputy_id == account_id)
    changed = 0
    for grid_id, held in _by_grid([mine]).items():
        workers = serving(place_of(grid_id))
        accounts = {worker.account_id for worker in workers}
        if account_id not in accounts:
            order = standing_order(workers)
            relieved = _write(
                {id_: rules.succeeded(pair, accounts, order) for id_, pair in held.items()}, reason
            )
            details: dict[str, Any] = {"account": account_id, "households": relieved}
            audit.record("registry.relieve", unit_id=grid_id, reason=reason, **details)
            changed += relieved
    return changed


def relieve_who_left(appointment: Appointment) -> None:
    """An appointment has come to its end: nothing falls to nobody.

    One that still lasts for some days keeps its households until then; ``coverage.lapsed`` names them after it.
    """
    if appointment.until is not None and appointment.until <= today():
        relieve(appointment.account_id, _("The appointment ended"))


def settle_in(grid_id: int, household_ids: Sequence[int], reason: str) -> None:
    """Households have come to a grid: who serves there, too, keeps them; for the others its standing order holds."""
    workers = serving(place_of(grid_id))
    accounts = {worker.account_id for worker in workers}
    order = standing_order(workers)
    pairs = {
        id_: rules.settled(pair, accounts, order)
        for held in _by_grid(_these(household_ids)).values()
        for id_, pair in held.items()
    }
    _write(pairs, reason)


# ── looking back ─────────────────────────────────────────────────────────────────────────────────────────────────


def who_was(household_id: int, duty: Duty, at: datetime) -> int | None:
    """The account that had the duty for a household at that moment; None: nobody."""
    then = select(Responsibility.account_id).where(
        Responsibility.household_id == household_id,
        Responsibility.duty == duty,
        Responsibility.since <= at,
        or_(Responsibility.until.is_(None), Responsibility.until > at),
    )
    return db.session.scalar(then)


def who_was_responsible(household_id: int, at: datetime) -> int | None:
    """The account that answered for a household at that moment: "on 14 February at 21:00". None: nobody."""
    return who_was(household_id, Duty.RESPONSIBLE, at)


def history(household_id: int) -> list[Held]:
    """Everybody who had a duty for a household, the latest first."""
    rows = select(
        Responsibility.account_id,
        Responsibility.duty,
        Responsibility.since,
        Responsibility.until,
        Responsibility.by_id,
        Responsibility.reason,
    ).where(Responsibility.household_id == household_id)
    latest_first = rows.order_by(Responsibility.since.desc(), Responsibility.duty.desc(), Responsibility.id)
    return [Held(*row) for row in db.session.execute(latest_first)]


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────


def chunks(ids: Iterable[int]) -> list[list[int]]:
    """The ids in order, as many at a time as one statement takes."""
    ordered = sorted(set(ids))
    return [ordered[start : start + AT_ONCE] for start in range(0, len(ordered), AT_ONCE)]


def _these(household_ids: Iterable[int]) -> list[ColumnElement[bool]]:
    return [Household.id.in_(some) for some in chunks(household_ids)]


def _by_grid(which: list[ColumnElement[bool]]) -> dict[int, dict[int, Pair]]:
    """The present pairs of these households by grid: {grid id: {household id: pair}}."""
    found: dict[int, dict[int, Pair]] = defaultdict(dict)
    for condition in which:
        for row in _locked(condition):
            found[row.unit_id][row.id] = Pair(row.responsible_id, row.deputy_id)
    return found


def _locked(condition: ColumnElement[bool]) -> Sequence[Any]:
    """Nobody else hands the same households over meanwhile."""
    rows = select(Household.id, Household.unit_id, Household.responsible_id, Household.deputy_id)
    return db.session.execute(rows.where(condition).order_by(Household.id).with_for_update()).all()


def _write(pairs: Mapping[int, Pair], reason: str = "") -> int:
    """Make these the pairs of the households. Returns how many households changed."""
    at, by = now(), g.acting.account_id if g.get("acting") else None
    changed = 0
    for ids in chunks(pairs):
        rows = _locked(Household.id.in_(ids))
        differing = set()
        for duty in Duty:
            new = [row for row in rows if getattr(row, duty.column) != pairs[row.id].of(duty)]
            _close([row.id for row in new], duty, at)
            opened = [
                {
                    "household_id": row.id,
                    "unit_id": row.unit_id,
                    "account_id": account_id,
                    "duty": duty,
                    "since": at,
                    "by_id": by,
                    "reason": reason,
                }
                for row in new
                if (account_id := pairs[row.id].of(duty)) is not None
            ]
            insert_many(Responsibility, opened)
            _repeat(duty, {row.id: pairs[row.id].of(duty) for row in new})
            differing |= {row.id for row in new}
        changed += len(differing)
    for row in list(db.session().identity_map.values()):
        if isinstance(row, Household):
            db.session.expire(row, [duty.column for duty in Duty])
    return changed


def _close(household_ids: list[int], duty: Duty, at: datetime) -> None:
    closing = update(Responsibility).where(
        Responsibility.household_id.in_(household_ids),
        Responsibility.duty == duty,
        Responsibility.until.is_(None),
    )
    not_before_it_began = case((Responsibility.since > at, Responsibility.since), else_=at)
    db.session.execute(closing.values(until=not_before_it_began).execution_options(synchronize_session=False))


def _repeat(duty: Duty, accounts: Mapping[int, int | None]) -> None:
    """Write into the households who has the duty now."""
    by_account: dict[int | None, list[int]] = defaultdict(list)
    for household_id, account_id in accounts.items():
        by_account[account_id].append(household_id)
    for account_id, ids in by_account.items():
        repeating = update(Household).where(Household.id.in_(ids)).values({duty.column: account_id})
        db.session.execute(repeating.execution_options(synchronize_session=False))
