"""Proving the trail: whether every entry is the one that the portal wrote, in its place, and none is missing."""

import hmac
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import RowMapping, Select, String, func, select, tuple_, type_coerce

from portal.audit.chain import EMPTY, TABLE, Head, link, noted_head, sign
from portal.database import db

READ_AT_ONCE = 2000  # entries; between two readings others may write

# Read as they are stored: what somebody wrote into them need not be readable as a moment or as JSON.
RAW = {name: type_coerce(TABLE.c[name], String).label(name) for name in ("at", "details")}
COLUMNS = [RAW.get(column.name, column) for column in TABLE.columns]


class Fault(StrEnum):
    """What can be wrong with the trail."""

    FORGED = "forged"
    MOVED = "moved"
    REMOVED = "removed"
    COPIED = "copied"
    CUT_OFF = "cut off"
    REPLACED = "replaced"


@dataclass(frozen=True)
class Problem:
    """What is wrong from one position ``until`` another, both included. Position 0: beside the chain."""

    fault: Fault
    position: int
    until: int
    entry_id: int | None = None


@dataclass(frozen=True)
class Proof:
    """How one entry stands in the chain. ``position`` is None for a moment, until the entry is sealed."""

    position: int | None
    digest: str
    holds: bool


def verify(*anchors: Head) -> Iterator[Problem]:
    """Walk the whole chain. ``anchors`` are heads noted elsewhere, on paper; the one in the file is always asked.

    Reads in pieces, each in a transaction of its own, so that nobody has to wait for it.
    """
    known = [anchor for anchor in (noted_head(), *anchors) if anchor != EMPTY]
    walk = _Walk(watched=frozenset(anchor.position for anchor in known))
    for row in _in_the_chain():
        yield from walk.step(row)
    for anchor in known:
        if anchor.position > walk.position:
            yield Problem(Fault.CUT_OFF, walk.position + 1, anchor.position)
        elif walk.seen.get(anchor.position, anchor.digest) != anchor.digest:
            yield Problem(Fault.REPLACED, anchor.position, anchor.position)
    yield from _beside_the_chain()


def proof_of(entry_id: int) -> Proof:
    """Whether one entry is the one that was written, behind the one that stood before it."""
    connection = db.session.connection()
    row = connection.execute(select(*COLUMNS).where(TABLE.c.id == entry_id)).mappings().one()
    position = row["position"]
    if position is None:
        return Proof(None, "", is_genuine(row))
    before = connection.scalar(select(TABLE.c.digest).where(TABLE.c.position == position - 1))
    in_place = row["digest"] == link(before or "", position, row["id"], row["mac"])
    return Proof(position, row["digest"] or "", in_place and is_genuine(row))


def is_genuine(row: RowMapping) -> bool:
    """Whether the portal signed the entry as it stands, read with ``COLUMNS``."""
    try:
        written = {**row, "at": _moment(row["at"]), "details": _plain(row["details"])}
        return hmac.compare_digest(row["mac"], sign(written))
    except (TypeError, ValueError):  # a column holds something that no entry ever held
        return False


def _moment(stored: Any) -> datetime:
    if isinstance(stored, datetime):
        return stored
    moment = datetime.fromisoformat(stored)
    if moment.isoformat(" ", "microseconds") != stored:
        raise ValueError("not as SQLite's moments are written")
    return moment.replace(tzinfo=UTC)


def _plain(stored: Any) -> Any:
    return json.loads(stored) if isinstance(stored, str) else stored


class _Walk:
    """One walk along the chain, entry by entry."""

    def __init__(self, watched: frozenset[int]) -> None:
        self.position = 0
        self.seen: dict[int, str] = {}
        self._watched = watched
        self._before = {""}  # what the next digest may rest on: the last one as it is, and as it should be

    def step(self, row: RowMapping) -> Iterator[Problem]:
        """What is wrong with the next entry, and with the gap before it."""
        position, entry_id = row["position"], row["id"]
        if not isinstance(position, int) or position <= self.position:
            yield Problem(Fault.MOVED, self.position, self.position, entry_id)
            return
        gap = position > self.position + 1
        if gap:
            yield Problem(Fault.REMOVED, self.position + 1, position - 1)
        expected = {link(before, position, entry_id, row["mac"]) for before in self._before}
        if not is_genuine(row):
            yield Problem(Fault.FORGED, position, position, entry_id)
        elif not gap and row["digest"] not in expected:
            yield Problem(Fault.MOVED, position, position, entry_id)
        self.position, self._before = position, {row["digest"], *expected}
        if position in self._watched:
            self.seen[position] = row["digest"]


def _in_the_chain() -> Iterator[RowMapping]:
    along = (TABLE.c.position, TABLE.c.id)
    sealed = select(*COLUMNS).where(TABLE.c.position.is_not(None)).order_by(*along)
    piece = sealed
    while rows := _read(piece):
        yield from rows
        piece = sealed.where(tuple_(*along) > (rows[-1]["position"], rows[-1]["id"]))


def _beside_the_chain() -> Iterator[Problem]:
    """Entries that wait for their place, which is a matter of moments, and doubles of others."""
    for row in _read(select(*COLUMNS).where(TABLE.c.position.is_(None)), everything=True):
        if not is_genuine(row):
            yield Problem(Fault.FORGED, 0, 0, row["id"])
    doubles = select(func.max(TABLE.c.id).label("id")).group_by(TABLE.c.uid).having(func.count() > 1)
    for row in _read(doubles, everything=True):
        yield Problem(Fault.COPIED, 0, 0, row["id"])


def _read(statement: Select[Any], *, everything: bool = False) -> Sequence[RowMapping]:
    limited = statement if everything else statement.limit(READ_AT_ONCE)
    with db.engine.connect() as connection:
        return connection.execute(limited).mappings().all()
