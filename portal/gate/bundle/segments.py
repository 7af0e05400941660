"""The segments of a gate's bundle: the same records give the same bytes, and a day changes as few as possible.

``static/js/gate/bundle_decode.js`` reads what is written here. Nothing in it names a resident, a household or an
address: passes are their status indexes.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from portal.gate.bundle.counting import Numbers, special_exits, together, trips
from portal.gate.bundle.fates import changes, ours, series, status
from portal.gate.bundle.groups import groups_of, trips_counted
from portal.gate.bundle.records import Records
from portal.gate.bundle.written import deltas, pack, seconds
from portal.passes.keys import COORDINATE_BYTES, PublicKey
from portal.registry.restrictions import RestrictionKind

KEYS_KEPT = timedelta(days=366 + 38)  # the longest validity of a pass, and the life of a key

Segments = dict[str, bytes]


def segments_of(
    records: Records, keys: Iterable[PublicKey], gates: dict[int, str], *, demo: bool
) -> Segments:
    """All of them, by name. ``gates`` are those of the community: id → name."""
    groups = groups_of(records)
    counted = trips_counted(groups)
    numbers = Numbers(records, counted)
    return {
        "gate": gate(records, gates, demo=demo),
        "keys": pass_keys(keys, records.at),
        "rules": rules(records),
        "ours": ours(records),
        "older": pack(deltas(numbers.older)),
        **status(records),
        **changes(records),
        "series": series(records),
        "restrictions": restrictions(records),
        "special": special_exits(records),
        **together(groups, records, numbers),
        **trips(records, counted, numbers),
        "staff": staff(records),
    }


def gate(records: Records, gates: dict[int, str], *, demo: bool) -> bytes:
    """Where the gate stands, what it is called, and the gates that passes of its community may name."""
    community = records.community
    return pack(
        {
            "name": records.gate.name,
            "community": community.full_name,
            "community_number": int((community.code or "")[-3:] or 0) or community.id,
            "neighbour": records.gate.neighbour,
            "gates": gates,
            "is_demo": demo,
        }
    )


def pass_keys(keys: Iterable[PublicKey], at: datetime) -> bytes:
    """[id, x, y, not before, not after] of each key whose passes may still be shown; of lost ones nothing."""
    shown = [key for key in keys if not key.is_lost and key.not_after > at - KEYS_KEPT]
    return pack(
        sorted([key.key_id, *_point(key), seconds(key.not_before), seconds(key.not_after)] for key in shown)
    )


def _point(key: PublicKey) -> tuple[bytes, bytes]:
    numbers = key.point.public_numbers()
    return numbers.x.to_bytes(COORDINATE_BYTES), numbers.y.to_bytes(COORDINATE_BYTES)


def rules(records: Records) -> bytes:
    """[order, kind, from, until, rule] of each. Its texts, of which nothing is computed, are left out."""
    return pack(
        [
            [
                order_id,
                kind.value,
                seconds(basis.since),
                seconds(basis.until),
                replace(basis.rule, exempt="", extra_proofs=()).to_json(),
            ]
            for (order_id, kind), basis in sorted(records.bases.items())
        ]
    )


def restrictions(records: Records) -> bytes:
    """[kind, since, until, indexes]: the passes of households that are restricted alike, today or later."""
    passes: dict[int, list[int]] = {}
    for one in records.alive:
        passes.setdefault(one.household_id, []).append(one.status_index)
    alike: dict[tuple[RestrictionKind, int, int | None], set[int]] = {}
    for row in records.restrictions:
        ends = [seconds(moment) for moment in (row.until, row.lifted_at) if moment]
        name = (row.kind, seconds(row.since), min(ends, default=None))
        alike.setdefault(name, set()).update(passes.get(row.household_id, ()))
    written = [[*name, deltas(indexes)] for name, indexes in alike.items() if indexes]
    return pack(sorted(written, key=lambda row: (row[1], row[0], row[2] or 0)))


def staff(records: Records) -> bytes:
    """[appointment, name, salt, iterations, verifier] of those who have set a PIN."""
    return pack([list(one) for one in records.staff])
