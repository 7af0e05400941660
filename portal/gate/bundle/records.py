"""What a gate's bundle is made of, read in a fixed number of queries, however many passes there are.

Nothing that names a person is read, but for the staff of the gate. Rows are light: columns, no entities.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Executable, Select, and_, false, or_, select
from sqlalchemy.orm import selectinload

from portal.access.acting import Level, Place
from portal.access.scope import lies_in
from portal.accounts.models import Account, Appointment
from portal.clock import LOCAL, local
from portal.database import db
from portal.gate.bundle.rules import Basis, bases_of, days_looked_back
from portal.gate.devices.models import GatePin
from portal.gate.outside import around
from portal.orders.models import Order, OrderState
from portal.passes.kinds import Kind, PassState
from portal.passes.models import Pass, SeriesChange, Trip
from portal.passes.rule_data import PassRule
from portal.registry.models import HouseholdRestriction
from portal.units.models import Checkpoint, Unit

ENDED = tuple(state for state in PassState if state is not PassState.ISSUED)
Rows = Sequence[Any]


@dataclass(frozen=True)
class Records:
    """All that the segments are made from. ``ours`` are the passes of the gate's community, ``ended`` those of the
    whole installation that are not in order any more, ``ending`` those that a changeover ends; of each only passes
    that had not expired when the month began. ``alive``: those of ours that may still be in order today."""

    gate: Checkpoint
    community: Unit
    at: datetime
    bases: dict[tuple[int, Kind], Basis]
    ours: Rows
    ended: Rows
    ending: Rows
    trips: Rows
    special_exits: Rows
    restrictions: Rows
    staff: Rows

    @cached_property
    def alive(self) -> list[Any]:
        begun = day_begins(local(self.at).date())
        return [one for one in self.ours if one.state is PassState.ISSUED and one.valid_until > begun]


def day_begins(day: date) -> datetime:
    """Midnight on the wall, as a day begins."""
    return datetime.combine(day, time(), LOCAL)


def month_begins(at: datetime) -> datetime:
    """The first midnight of the month: what ended before stands in ``status``, the rest in ``changes``."""
    return day_begins(local(at).date().replace(day=1))


def gather(gate: Checkpoint, at: datetime) -> Records:
    """Read it; to be called where the scope is lifted."""
    here, base = around(gate), month_begins(at)
    near = _near(here)
    ours = _all(_numbered(base).where(near(Pass)))
    bases = _bases(here, base, ours)
    return Records(
        gate=gate,
        community=db.session.get_one(Unit, here.unit_id),
        at=at,
        bases=bases,
        ours=ours,
        ended=_all(_numbered(base).where(Pass.state.in_(ENDED), _anywhere())),
        ending=_ending(base),
        trips=_trips(near(Trip), at - timedelta(days=days_looked_back(bases.values()))),
        special_exits=_special_exits(near(Trip)),
        restrictions=_restrictions(near(HouseholdRestriction), at),
        staff=_staff(gate, at),
    )


def _near(here: Place) -> Any:
    """The condition that a row belongs to the gate's community. A county has no gates' trips in common."""
    return lambda model: false() if here.level is Level.COUNTY else lies_in(model, here)


def _numbered(base: datetime) -> Select[*tuple[Any, ...]]:
    return select(
        Pass.status_index,
        Pass.kind,
        Pass.state,
        Pass.order_id,
        Pass.household_id,
        Pass.resident_id,
        Pass.holder_index,
        Pass.plate,
        Pass.windows,
        Pass.replaced,
        Pass.issued_at,
        Pass.ended_at,
        Pass.valid_until,
        Pass.series_ends_at,
    ).where(Pass.status_index.is_not(None), Pass.valid_until > base, Pass.state.in_(tuple(PassState)))


def _anywhere() -> ColumnElement[bool]:
    """Below any unit that stands at the top: the whole installation, along the indexes that begin with a place."""
    tops = db.session.scalars(select(Unit).where(Unit.parent_id.is_(None)))
    return or_(false(), *[lies_in(Pass, top.place) for top in tops])


def _ending(base: datetime) -> Rows:
    """The passes whose series ends, in the places where there was a changeover: mostly none, and nothing is read."""
    changed = select(Unit).where(Unit.id.in_(select(SeriesChange.unit_id)))
    places = [lies_in(Pass, unit.place) for unit in db.session.scalars(changed)]
    ending = _numbered(base).where(Pass.state == PassState.ISSUED, Pass.series_ends_at.is_not(None))
    return _all(ending.where(or_(*places))) if places else ()


def _bases(here: Place, base: datetime, ours: Rows) -> dict[tuple[int, Kind], Basis]:
    """By order and kind: what the orders of the street, and those above them, say; else what passes of ours say."""
    street = Order.street_id == here.street_id if here.street_id else false()
    orders = db.session.scalars(
        select(Order)
        .where(Order.state != OrderState.DRAFT, Order.until > base, or_(Order.unit_id.in_(here.line), street))
        .options(selectinload(Order.measures))
        .order_by(Order.id)
    )
    found = bases_of(list(orders))
    missing = {(one.order_id, one.kind): one.status_index for one in ours}
    missing = {name: index for name, index in missing.items() if name not in found}
    rows = select(Pass.order_id, Pass.kind, Pass.rule, Order.effective_from, Order.until, Order.ended_at)
    told = rows.join(Order, Order.id == Pass.order_id).where(Pass.status_index.in_(missing.values()))
    for order_id, kind, rule, since, until, ended_at in db.session.execute(told):
        ends = min(until, ended_at) if ended_at else until
        found[order_id, kind] = Basis(since, ends, PassRule.from_json(rule))
    return found


def _trips(here: ColumnElement[bool], since: datetime) -> Rows:
    """The trips since then, and all that have not ended; the earliest first."""
    lately = and_(Trip.in_at > since, Trip.out_at > since)
    return _all(
        select(
            Pass.status_index,
            Pass.kind,
            Pass.holder_index,
            Pass.plate,
            Trip.household_id,
            Trip.resident_id,
            Trip.out_at,
            Trip.in_at,
            Trip.back_by,
        )
        .join(Pass, Pass.id == Trip.pass_id)
        .where(here, or_(Trip.in_at.is_(None), lately), Pass.status_index.is_not(None))
        .order_by(Trip.out_at, Trip.id)
    )


def _special_exits(here: ColumnElement[bool]) -> Rows:
    """Who has gone out for a special reason, which no pass counts, and has not come back; the earliest first."""
    columns = (Trip.household_id, Trip.resident_id, Trip.out_at, Trip.back_by)
    out = select(*columns).where(here, Trip.pass_id.is_(None), Trip.in_at.is_(None))
    return _all(out.order_by(Trip.out_at, Trip.id))


def _restrictions(here: ColumnElement[bool], at: datetime) -> Rows:
    """What restricts households today or later."""
    today, table = day_begins(local(at).date()), HouseholdRestriction
    return _all(
        select(table.household_id, table.kind, table.since, table.until, table.lifted_at).where(
            here,
            or_(table.until.is_(None), table.until > today),
            or_(table.lifted_at.is_(None), table.lifted_at > today),
        )
    )


def _staff(gate: Checkpoint, at: datetime) -> Rows:
    """The people of the gate who have set a PIN."""
    today = local(at).date()
    in_force = and_(Appointment.since <= today, or_(Appointment.until.is_(None), Appointment.until >= today))
    return _all(
        select(GatePin.appointment_id, Account.name, GatePin.salt, GatePin.iterations, GatePin.verifier)
        .join(Appointment, Appointment.id == GatePin.appointment_id)
        .join(Account, Account.id == Appointment.account_id)
        .where(Appointment.checkpoint_id == gate.id, in_force)
        .order_by(GatePin.appointment_id)
    )


def _all(statement: Executable) -> Rows:
    return db.session.execute(statement).all()
