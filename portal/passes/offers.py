"""What an application form shows and offers: what is known is shown, what was used last is proposed."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import select

from portal.access.acting import Level, Place
from portal.access.scope import everywhere, place_of
from portal.clock import local, now, today
from portal.database import db
from portal.passes.applying import Basis
from portal.passes.kinds import CountsFor, Kind
from portal.passes.models import Pass, Trip
from portal.passes.objections import refuse_restricted
from portal.passes.quota import Allowance, allowance, local_day
from portal.passes.quota import Trip as PlainTrip
from portal.passes.rule_data import PassRule
from portal.passes.standing import basis_for, recent_trips
from portal.registry.models import Household, Resident
from portal.units.models import Checkpoint
from portal.web.errors import Refused

WITHOUT_HOUSEHOLD = (Kind.STAFF, Kind.VEHICLE)
LENGTHS = (60, 120, 180, 240, 360, 480, 720, 1440)
MOST_LENGTHS = 5
A_MOMENT = timedelta(minutes=1)


@dataclass(frozen=True)
class Offer:
    """What can be applied for at one place. ``basis`` None: nothing, no order has a rule for the kind."""

    kind: Kind
    unit_id: int
    household: Household | None
    basis: Basis | None
    residents: list[Resident] = field(default_factory=list)
    gates: list[tuple[int, str]] = field(default_factory=list)
    last_gates: list[int] = field(default_factory=list)
    trips: tuple[PlainTrip, ...] = ()

    @property
    def rule(self) -> PassRule:
        if self.basis is None:
            raise LookupError(f"no order has a rule for {self.kind}")
        return self.basis.rule

    @property
    def names_a_resident(self) -> bool:
        """Whether the holder is one of the household, or somebody who has to be named."""
        return self.household is not None and self.kind is not Kind.VISITOR

    @property
    def allowance(self) -> Allowance | None:
        """Whether one may set out now, where that is the same for the whole household."""
        if self.basis is None or self.household is None or self.rule.counts_for is not CountsFor.HOUSEHOLD:
            return None
        return allowance(self.rule, self.trips, now(), local_day(self.basis.order_from))

    @property
    def obstacle(self) -> str:
        """The sentence about a restriction that stands against any pass of this kind; empty if there is none."""
        if self.basis is None or self.household is None:
            return ""
        try:
            refuse_restricted(self.household.id, self.rule, now())
        except Refused as refused:
            return str(refused.sentence)
        return ""

    @property
    def first_day(self) -> date:
        """The first day that can be chosen."""
        return today() if self.basis is None else max(today(), local(self.basis.order_from).date())

    @property
    def last_day(self) -> date:
        """The last day that the order leaves."""
        return today() if self.basis is None else local(self.basis.order_until - A_MOMENT).date()

    def latest_from(self, first: date) -> date:
        """The last day of a pass that begins on ``first``, as the rule and the order have it."""
        return min(first + timedelta(days=self.rule.longest_days - 1), self.last_day)

    def lengths(self) -> list[int]:
        """Longest times out to choose from, in minutes: the rule's own and some below it."""
        longest = self.rule.max_minutes
        if longest is None:
            return []
        return [*[length for length in LENGTHS if length < longest], longest][-MOST_LENGTHS:]


def offer(kind: Kind, household: Household | None, unit_id: int) -> Offer:
    """What can be applied for, for a household or (``household`` None) for somebody who belongs to a unit."""
    place = place_of(unit_id)
    basis = basis_for(kind, place, now())
    if basis is None:
        return Offer(kind, unit_id, household, None)
    return Offer(
        kind=kind,
        unit_id=unit_id,
        household=household,
        basis=basis,
        residents=[one for one in household.residents if one.left_at is None] if household else [],
        gates=gates_at(place, for_vehicles=kind is Kind.VEHICLE),
        last_gates=_last_gates(household),
        trips=recent_trips(kind, Trip.household_id == household.id, now()) if household else (),
    )


def kinds_offered(unit_id: int, *, with_household: bool) -> list[Kind]:
    """The kinds of pass for which an order in force has a rule at this place."""
    place = place_of(unit_id)
    kinds = tuple(Kind) if with_household else WITHOUT_HOUSEHOLD
    return [kind for kind in kinds if basis_for(kind, place, now())]


def gates_at(place: Place, *, for_vehicles: bool = False) -> list[tuple[int, str]]:
    """The gates of the community around a place, or of all below a street: (id, name)."""
    level = Level.COMMUNITY if place.community_id else place.level
    around = getattr(place, level.column)
    with everywhere(because="the gates of a community are known to all who work in it"):
        found = (
            select(Checkpoint.id, Checkpoint.name)
            .where(getattr(Checkpoint, level.column) == around, Checkpoint.closed.is_(False))
            .order_by(Checkpoint.id)
        )
        if for_vehicles:
            found = found.where(Checkpoint.open_to_vehicles)
        return [(id_, name) for id_, name in db.session.execute(found)]


def gate_names(checkpoint_ids: list[int]) -> list[str]:
    """The names of gates, also of closed ones."""
    if not checkpoint_ids:
        return []
    with everywhere(because="a pass names its gates to whoever may see the pass"):
        found = select(Checkpoint.name).where(Checkpoint.id.in_(checkpoint_ids)).order_by(Checkpoint.id)
        return list(db.session.scalars(found))


def _last_gates(household: Household | None) -> list[int]:
    if household is None:
        return []
    last = (
        select(Pass.checkpoint_ids).where(Pass.household_id == household.id).order_by(Pass.id.desc()).limit(1)
    )
    return db.session.scalar(last) or []
