"""The segments about trips. Passes of the community are written by their numbers (``Numbers``), which are small.

A day on which many went out is not fetched again because some came back: ``trips`` says who went out when, and stands
still once a quarter of the day is over; ``open`` and ``late`` say more of the few of whom more matters. What is past is
told to the minute.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from portal.gate.bundle.groups import Group
from portal.gate.bundle.records import Records
from portal.gate.bundle.written import deltas, pack, seconds
from portal.passes.quota import ONE_MINUTE, local_day, local_minute

NUMBERS_A_SEGMENT = 512
QUARTER = 360  # minutes
IN_TIME = 0


class Numbers:
    """What passes are called where only the community's matter: the place of the index in the list of ours; and -1,
    -2 … in the list of those that had expired before the month, although their trips still count (``older``)."""

    def __init__(self, records: Records, counted: Iterable[int]) -> None:
        ours = sorted(one.status_index for one in records.ours)
        of_ours = set(ours)
        others = {trip.status_index for trip in (records.trips[place] for place in counted)}
        self.older = sorted(others - of_ours)
        self._numbers = {index: number for number, index in enumerate(ours)}
        self._numbers |= {index: -1 - number for number, index in enumerate(self.older)}

    def of(self, index: int) -> int:
        return self._numbers[index]

    def list(self, indexes: Iterable[int]) -> list[int]:
        """In order, as differences."""
        return deltas(map(self.of, indexes))


def together(groups: list[Group], records: Records, numbers: Numbers) -> dict[str, bytes]:
    """``together/<n>``: whose trips count together, where they are two or more. Three columns: how many ask, how many
    more count for them, and the numbers of both, the first as the difference from the first of the group before."""
    parts: dict[int, list[tuple[list[int], list[int]]]] = defaultdict(list)
    for group in groups:
        asking = sorted(numbers.of(one.status_index) for one in group.askers)
        further = group.members | {records.trips[place].status_index for place in group.trips}
        others = sorted(set(map(numbers.of, further)).difference(asking))
        if len(asking) + len(others) > 1:
            parts[asking[-1] // NUMBERS_A_SEGMENT].append((asking, others))
    return {f"together/{number}": pack(_flat(sorted(part))) for number, part in parts.items()}


def trips(records: Records, counted: dict[int, bool], numbers: Numbers) -> dict[str, bytes]:
    """``trips/<day>/<quarter>``: [numbers, minutes of the quarter] of those whose day counts, ``late/<day>``: those of
    that day of which more matters (``_late``), and ``open``: those that last, whether they count or not."""
    began: dict[tuple[date, int], list[Any]] = defaultdict(list)
    late: dict[date, list[Any]] = defaultdict(list)
    for place, by_its_day in counted.items():
        trip = records.trips[place]
        if by_its_day:
            began[local_day(trip.out_at), local_minute(trip.out_at) // QUARTER].append(trip)
        if trip.in_at is not None and (_minutes_late(trip) or not by_its_day):
            late[local_day(trip.out_at)].append(trip)
    return {
        **{
            f"trips/{day}/{quarter}": pack(_columns(rows, numbers, _minute_of_quarter))
            for (day, quarter), rows in began.items()
        },
        **{f"late/{day}": pack(_columns(rows, numbers, *LATE)) for day, rows in late.items()},
        "open": _open(trip for trip in records.trips if trip.in_at is None),
    }


def special_exits(records: Records) -> bytes:
    """[out, back by, indexes]: passes whose holders are out for a special reason, which counts for no pass."""
    out: dict[int, Any] = {}
    people, homes = _by(records, "resident_id"), _by(records, "household_id")
    for trip in records.special_exits:
        lone = [one.status_index for one in homes.get(trip.household_id, ()) if not one.resident_id]
        own = [one.status_index for one in people.get(trip.resident_id, ())]
        out |= dict.fromkeys([*lone, *own], trip)  # the latest stays
    alike: dict[tuple[int, int], list[int]] = defaultdict(list)
    for index, trip in out.items():
        alike[seconds(trip.out_at), seconds(trip.back_by) if trip.back_by else 0].append(index)
    return pack(
        [[begun, back_by or None, deltas(found)] for (begun, back_by), found in sorted(alike.items())]
    )


def _open(rows: Iterable[Any]) -> bytes:
    """[indexes, moments when they began, seconds until they are to end or None], to the second."""
    rows = sorted(rows, key=lambda trip: (trip.status_index, trip.out_at))
    began = [seconds(trip.out_at) for trip in rows]
    back_by = [
        seconds(trip.back_by) - begun if trip.back_by else None
        for trip, begun in zip(rows, began, strict=True)
    ]
    return pack([deltas(trip.status_index for trip in rows), began, back_by])


def _columns(rows: list[Any], numbers: Numbers, *columns: Any) -> list[list[int]]:
    rows.sort(key=lambda trip: (numbers.of(trip.status_index), trip.out_at))
    told = [[column(trip) for trip in rows] for column in columns]
    return [numbers.list(trip.status_index for trip in rows), *told]


def _minute_of_quarter(trip: Any) -> int:
    return local_minute(trip.out_at) % QUARTER


def _minute_of_day(trip: Any) -> int:
    return local_minute(trip.out_at)


def _minutes_out(trip: Any) -> int:
    """From the minute of going out to that of coming back."""
    return seconds(trip.in_at) // 60 - seconds(trip.out_at) // 60


def _minutes_late(trip: Any) -> int:
    """0: in time."""
    late = (trip.in_at - trip.back_by) // ONE_MINUTE if trip.in_at and trip.back_by else 0
    return max(late, IN_TIME)


LATE = (_minute_of_day, _minutes_out, _minutes_late)


def _flat(groups: list[tuple[list[int], list[int]]]) -> list[list[int]]:
    first, flat = 0, []
    for asking, others in groups:
        flat += [asking[0] - first, *deltas(asking)[1:], *deltas(others)]
        first = asking[0]
    return [[len(asking) for asking, _others in groups], [len(others) for _asking, others in groups], flat]


def _by(records: Records, column: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for one in records.ours:
        if (value := getattr(one, column)) is not None:
            found[value].append(one)
    return found
