"""A gate's world with one of everything that a verdict can rest on: 重阳街道, seen from the north gate of 豫苑社区."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from portal.access.scope import everywhere
from portal.database import db
from portal.passes.kinds import CountsFor, Kind, OnOvertime, PassState, Period
from portal.passes.models import Pass, SeriesChange, Trip
from portal.passes.rule_data import EVERY_DAY, PassRule, Window
from portal.registry.restrictions import RestrictionKind
from portal.units.models import Checkpoint
from tests.factories import household, order_in_force, restriction
from tests.gate.world import change, issued
from tests.people import unit

ELSEWHERE = "建设路社区一组一格"
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
RULES = {
    Kind.HOUSEHOLD: PassRule(
        CountsFor.HOUSEHOLD,
        Period.ROLLING,
        period_days=2,
        trips=1,
        max_minutes=120,
        on_overtime=OnOvertime.SKIP_NEXT_TRIP,
        suspended_by=(RestrictionKind.RETURNEE,),
    ),
    Kind.WORK: PassRule(CountsFor.PERSON, Period.UNLIMITED, windows=(Window(EVERY_DAY, 360, 660),)),
    Kind.STAFF: PassRule(CountsFor.PERSON, Period.UNLIMITED),
    Kind.VEHICLE: PassRule(CountsFor.PLATE, Period.CALENDAR, period_days=3, trips=2, max_minutes=240),
    Kind.SPECIAL: PassRule(CountsFor.PERSON, Period.ODD_DAYS, trips=1, max_minutes=60),
    Kind.VISITOR: PassRule(CountsFor.PERSON, Period.ROLLING, period_days=1, trips=2, max_minutes=180),
}


def north_gate() -> Checkpoint:
    """The gate that everything is seen from."""
    with everywhere(because="the test looks"):
        return db.session.scalars(select(Checkpoint).where(Checkpoint.name == "北门")).one()


def order(**values: Any) -> Any:
    """An order with a rule for every kind."""
    measures = {("passes", kind.value): rule.to_json() for kind, rule in RULES.items()}
    return order_in_force(measures=measures, **values)


def out(pass_: Pass, at: datetime, back: datetime | None = None, **values: Any) -> None:
    """A trip that began then, and ended."""
    minutes = RULES[pass_.kind].max_minutes
    with everywhere(because="the test writes a trip"):
        db.session.add(
            Trip(
                **{
                    "unit_id": pass_.unit_id,
                    "pass_id": pass_.id,
                    "household_id": pass_.household_id,
                    "resident_id": pass_.resident_id,
                    "out_at": at,
                    "in_at": back,
                    "back_by": at + timedelta(minutes=minutes) if minutes else None,
                }
                | values
            )
        )
        db.session.commit()


def ended(pass_: Pass, state: PassState = PassState.REVOKED, *, at: datetime, **values: Any) -> Pass:
    """The pass, which came to an end then."""
    change(pass_, state=state, ended_at=at, **values)
    return pass_


def town(ten: datetime) -> dict[str, Pass]:
    """Passes by what is special about them, at ten in the morning."""
    basis = order()

    def one(kind: Kind = Kind.HOUSEHOLD, **values: Any) -> Pass:
        begins = {"valid_from": ten - 5 * DAY, "valid_until": ten + 6 * DAY, "issued_at": ten - 5 * DAY}
        return issued(kind=kind, rule=RULES[kind], **{"order_id": basis.id} | begins | values)

    found = {f"new {kind}": one(kind) for kind in Kind}
    found |= {f"{kind} from elsewhere": one(kind, grid=ELSEWHERE) for kind in (Kind.HOUSEHOLD, Kind.STAFF)}
    found |= _not_in_order(one, ten) | _elsewhere_than_here(one, ten)
    found |= _on_their_way(one, ten) | _counted_together(one, ten)
    return found


def _not_in_order(one: Any, ten: datetime) -> dict[str, Pass]:
    ended_order = order(effective_from=ten - 9 * DAY, ended_at=ten - HOUR)
    replaced = order(effective_from=ten - 9 * DAY, until=ten + DAY)
    order(effective_from=ten + DAY, replaces_id=replaced.id)
    old = {"valid_from": ten - 40 * DAY, "issued_at": ten - 40 * DAY, "valid_until": ten + 3 * DAY}
    return {
        "revoked": ended(one(), at=ten - 3 * HOUR),
        "revoked before the month": ended(one(**old), at=ten - 30 * DAY),
        "surrendered": ended(one(), PassState.SURRENDERED, at=ten - 2 * DAY),
        "replaced": ended(one(), at=ten - DAY, replaced=True),
        "revoked elsewhere": ended(one(grid=ELSEWHERE), at=ten - 4 * HOUR),
        "numbered, never issued": ended(one(), PassState.REJECTED, at=ten - DAY),
        "not yet": one(valid_from=ten + HOUR),
        "expired": one(valid_until=ten - HOUR),
        "under an ended order": one(order_id=ended_order.id),
        "under an order that goes on": one(order_id=replaced.id),
        "old": one(**old),
        **_changed_over(one, ten),
        **_restricted(one, ten),
    }


def _changed_over(one: Any, ten: datetime) -> dict[str, Pass]:
    with everywhere(because="the test changes the series"):
        town = unit("重阳街道").id
        told = {"series": "B", "reason": "换证", "created_at": ten}
        db.session.add(SeriesChange(unit_id=town, from_=ten - HOUR, **told))
        db.session.commit()
    return {
        "of a series that has ended": one(series_ends_at=ten - HOUR),
        "of a series that will end": one(series_ends_at=ten + HOUR),
        "of another series elsewhere": one(grid=ELSEWHERE, series_ends_at=ten + 2 * HOUR),
    }


def _restricted(one: Any, ten: datetime) -> dict[str, Pass]:
    found = {}
    for name, values in {
        "of a returnee": {"since": ten - DAY},
        "of a returnee until later": {"since": ten - DAY, "until": ten + HOUR},
        "of a returnee to come": {"since": ten + HOUR},
        "of a returnee assessed": {"since": ten - DAY, "lifted_at": ten - HOUR},
        "of a household restricted otherwise": {"since": ten - DAY, "kind": RestrictionKind.OTHER},
    }.items():
        found[name] = one(home=(home := household()))
        restriction(home, **values)
    return found


def _elsewhere_than_here(one: Any, ten: datetime) -> dict[str, Pass]:
    return {
        "for this gate": one(checkpoint_ids=[north_gate().id]),
        "for another gate": one(checkpoint_ids=[north_gate().id + 1]),
        "for the morning": one(windows=[[480, 540]]),
        "for an hour at most": one(max_minutes=60),
    }


def _on_their_way(one: Any, ten: datetime) -> dict[str, Pass]:
    found = {f"{kind} out": one(kind) for kind in (Kind.HOUSEHOLD, Kind.STAFF, Kind.VEHICLE, Kind.VISITOR)}
    for pass_ in found.values():
        out(pass_, ten - HOUR)
    trips: dict[str, list[tuple[timedelta, timedelta | None]]] = {
        "back this morning": [(3 * HOUR, 2 * HOUR)],
        "back yesterday": [(DAY, DAY - HOUR)],
        "back the day before": [(2 * DAY, 2 * DAY - HOUR)],
        "late this morning": [(3 * HOUR, timedelta(minutes=30))],
        "late yesterday": [(DAY, DAY - 3 * HOUR)],
        "late two days ago": [(2 * DAY, 2 * DAY - 3 * HOUR)],
        "late three days ago": [(3 * DAY, 3 * DAY - 3 * HOUR)],
        "late within grace": [(3 * DAY, 3 * DAY - timedelta(minutes=130))],
        "late twice": [(4 * DAY, 4 * DAY - 3 * HOUR), (3 * DAY + HOUR, 3 * DAY - 2 * HOUR)],
        "overdue": [(4 * HOUR, None)],
        "out since the day before": [(2 * DAY, None)],
        "out for weeks": [(20 * DAY, None)],
        "overdue within grace": [(timedelta(minutes=130), None)],
    }
    for name, began in trips.items():
        found[name] = one()
        for since, until in began:
            out(found[name], ten - since, None if until is None else ten - until)
    found["revoked while out"] = one()
    out(found["revoked while out"], ten - HOUR)
    ended(found["revoked while out"], at=ten - HOUR / 2)
    return found | _outside_the_rule(one, ten)


def _outside_the_rule(one: Any, ten: datetime) -> dict[str, Pass]:
    found = {"out for a special reason": one(), "out twice": one()}
    out(found["out twice"], ten - 3 * HOUR)
    for pass_ in found.values():
        out(pass_, ten - HOUR, pass_id=None, back_by=None)
    return found


def _counted_together(one: Any, ten: datetime) -> dict[str, Pass]:
    home, person = household(), household()
    found = {"first of a household": one(home=home), "second of a household": one(home=home)}
    out(found["first of a household"], ten - 2 * HOUR, ten - HOUR)
    found["re-issued"] = one(home=person)
    before = ended(one(home=person), at=ten - HOUR, replaced=True)
    out(before, ten - DAY, ten - DAY + HOUR)
    found |= {f"{number} plate": one(Kind.VEHICLE, plate="豫Q·演示1") for number in ("first", "second")}
    for days in (1, 2):
        out(found["first plate"], ten - days * DAY, ten - days * DAY + HOUR)
    other = one(Kind.SPECIAL, home=home)
    return found | {"of another kind": other, "replaced by re-issue": before, "neighbour": one()}
