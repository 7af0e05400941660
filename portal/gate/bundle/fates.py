"""Which passes are the community's, and which are not in order any more: how it stood when the month began, and what
each day has changed since. What began with the month stands still until the next one, and is fetched once."""

from collections import defaultdict
from datetime import date
from typing import Any

from portal.gate.bundle.records import Records, month_begins
from portal.gate.bundle.written import deltas, pack, seconds
from portal.passes.kinds import PassState
from portal.passes.quota import local_day, local_minute

INDEXES_A_SEGMENT = 65_536
REASONS = {PassState.REVOKED: "revoked", PassState.SURRENDERED: "surrendered"}


def ours(records: Records) -> bytes:
    """The indexes of the community's passes that were issued before the month."""
    base = month_begins(records.at)
    return pack(
        deltas(one.status_index for one in records.ours if one.issued_at is None or one.issued_at < base)
    )


def status(records: Records) -> dict[str, bytes]:
    """``status/<n>``: [reason, indexes] of what ended before the month, in the whole installation."""
    base = month_begins(records.at)
    parts: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for one in records.ended:
        if one.ended_at is None or one.ended_at < base:
            parts[one.status_index // INDEXES_A_SEGMENT][_reason(one)].append(one.status_index)
    return {
        f"status/{number}": pack([[reason, deltas(indexes)] for reason, indexes in sorted(part.items())])
        for number, part in parts.items()
    }


def changes(records: Records) -> dict[str, bytes]:
    """``changes/<day>`` for the days of this month: [reason, indexes, minutes after midnight] of what ended on it.

    Without a reason, and without minutes: what the gate's community issued on it.
    """
    base = month_begins(records.at)
    days: dict[date, dict[str, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
    for one in records.ours:
        if one.issued_at and one.issued_at >= base:
            days[local_day(one.issued_at)][""].append((one.status_index, 0))
    for one in records.ended:
        if one.ended_at and one.ended_at >= base:
            told = (one.status_index, local_minute(one.ended_at))
            days[local_day(one.ended_at)][_reason(one)].append(told)
    return {
        f"changes/{day}": pack([_told(reason, rows) for reason, rows in sorted(changed.items())])
        for day, changed in days.items()
    }


def series(records: Records) -> bytes:
    """[moment, indexes] of the passes that a changeover ends, ended already or to end then."""
    moments: dict[int, list[int]] = defaultdict(list)
    for one in records.ending:
        moments[seconds(one.series_ends_at)].append(one.status_index)
    return pack([[moment, deltas(indexes)] for moment, indexes in sorted(moments.items())])


def _told(reason: str, rows: list[tuple[int, int]]) -> list[Any]:
    indexes = deltas(index for index, _minute in rows)
    return [reason or None, indexes, [minute for _index, minute in sorted(rows)] if reason else []]


def _reason(row: Any) -> str:
    """As ``rules.shown_state`` has it; a number that never became a pass was not issued."""
    return "replaced" if row.replaced else REASONS.get(row.state, "not_issued")
