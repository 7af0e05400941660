"""Whose trips a gate counts together, and those of them that still count: ``standing.trips_counted`` for everybody."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from portal.gate.bundle.records import Records
from portal.gate.bundle.rules import still_counted
from portal.passes.kinds import CountsFor, Kind
from portal.passes.quota import Trip

Whose = tuple[str, Kind, Any]


@dataclass
class Group:
    """Passes that ask for the same trips (``askers``), all that make such trips, and the trips that still count: their
    places in ``Records.trips``, with whether their own day counts (``still_counted``)."""

    askers: list[Any] = field(default_factory=list)
    members: set[int] = field(default_factory=set)
    trips: dict[int, bool] = field(default_factory=dict)


def groups_of(records: Records) -> list[Group]:
    """The groups of all passes that may be in order today."""
    groups: dict[Whose, Group] = defaultdict(Group)
    for one in records.alive:
        groups[_asked(one, records)].askers.append(one)
    for one in records.alive:
        for whose in _names(one):
            if whose in groups:
                groups[whose].members.add(one.status_index)
    made: dict[Whose, list[int]] = defaultdict(list)
    for place, trip in enumerate(records.trips):
        for whose in _names(trip):
            if whose in groups:
                made[whose].append(place)
    for whose, places in made.items():
        groups[whose].trips = _counted(records, groups[whose].askers, places)
    return list(groups.values())


def trips_counted(groups: list[Group]) -> dict[int, bool]:
    """The places of all trips that count for anybody, with whether their own day counts."""
    counted: dict[int, bool] = {}
    for group in groups:
        for place, by_its_day in group.trips.items():
            counted[place] = by_its_day or counted.get(place, False)
    return counted


def _counted(records: Records, askers: list[Any], places: list[int]) -> dict[int, bool]:
    """The trips that count for anybody who asks, each by the rule as that pass narrows it."""
    rows = [records.trips[place] for place in places]
    plain = [Trip(row.out_at, row.in_at, row.back_by) for row in rows]
    counted: dict[int, bool] = {}
    for order_id, kind, hours in {(one.order_id, one.kind, tuple(map(tuple, one.windows))) for one in askers}:
        basis = records.bases[order_id, kind].narrowed_to(hours)
        for number, by_its_day in still_counted(basis, plain, records.at).items():
            counted[places[number]] = by_its_day or counted.get(places[number], False)
    return counted


def _asked(one: Any, records: Records) -> Whose:
    """Which trips count for this pass."""
    counts_for = records.bases[one.order_id, one.kind].rule.counts_for
    if counts_for is CountsFor.HOUSEHOLD and one.household_id:
        return "household", one.kind, one.household_id
    if counts_for is CountsFor.PLATE and one.plate:
        return "plate", one.kind, one.plate
    if one.resident_id:
        return "resident", one.kind, one.resident_id
    if one.holder_index:
        return "holder", one.kind, one.holder_index
    return "pass", one.kind, one.status_index


def _names(row: Any) -> Iterator[Whose]:
    """All for whom a trip with this pass, or this trip, may count."""
    yield "pass", row.kind, row.status_index
    if row.household_id:
        yield "household", row.kind, row.household_id
    if row.plate:
        yield "plate", row.kind, row.plate
    if row.resident_id:
        yield "resident", row.kind, row.resident_id
    if row.holder_index:
        yield "holder", row.kind, row.holder_index
