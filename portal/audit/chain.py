"""The chain that makes the trail tamper-evident.

An entry is signed when it is written (``mac``). Sealing gives it the next position and a digest over the one
before, in the order in which entries became visible. SQLite has one writer, so entries are sealed in the
transaction that wrote them; on PostgreSQL they are sealed right after the commit, under an advisory lock, because
a chain inside the transaction would make all writers wait for one another. The head is kept in a file beside the
keys as well, so that cutting off the tail shows.
"""

import hashlib
import hmac
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import Connection, event, func, select
from sqlalchemy.orm import Session as AnySession

from portal.audit.models import AuditEntry
from datetime import UTC
from portal.database import Session, apart, db
from portal.vault import vault

TABLE = AuditEntry.__table__
SIGNED_COLUMNS = (
    "at",
    "action",
    "subject",
    "subject_id",
    "account_id",
    "actor",
    "unit_id",
    "reason",
    "details",
    "request_id",
)
ADVISORY_LOCK = 0x67726964  # "grid": one sealer at a time
SEALED_AT_ONCE = 1000


@dataclass(frozen=True)
class Problem:
    """What is wrong with the trail. ``position`` is where it was found."""

    position: int
    what: str  # "changed", "removed", "inserted" or "cut off"
    entry_id: int | None = None


def sign(entry: Mapping[str, Any]) -> str:
    """The portal's signature under an entry: 64 hex digits."""
    plain = {column: entry[column] for column in SIGNED_COLUMNS}
    plain["at"] = plain["at"].astimezone(UTC).isoformat(timespec="microseconds")
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hmac.new(vault().derive("audit entries"), text.encode(), hashlib.sha256).hexdigest()


def _link(previous: str, position: int, mac: str) -> str:
    return hmac.new(
        vault().derive("audit chain"), f"{previous}|{position}|{mac}".encode(), hashlib.sha256
    ).hexdigest()


def seal(connection: Connection) -> int:
    """Give all entries that have none a place in the chain. Returns how many."""
    unsealed = (
        select(TABLE).where(TABLE.c.position.is_(None)).order_by(TABLE.c.id).limit(SEALED_AT_ONCE)
    )
    position, digest = head(connection)
    sealed = 0
    for row in connection.execute(unsealed).mappings().all():
        if not hmac.compare_digest(row["mac"], sign(row)):
            continue  # not written by the portal: ``verify`` reports it
        position, sealed = position + 1, sealed + 1
        digest = _link(digest, position, row["mac"])
        connection.execute(
            TABLE.update().where(TABLE.c.id == row["id"]).values(position=position, digest=digest)
        )
    return sealed


def head(connection: Connection) -> tuple[int, str]:
    """Position and digest of the last sealed entry; (0, "") of an empty trail."""
    last = select(TABLE.c.position, TABLE.c.digest).where(TABLE.c.position.is_not(None))
    row = connection.execute(last.order_by(TABLE.c.position.desc()).limit(1)).one_or_none()
    return (row.position, row.digest) if row else (0, "")


@event.listens_for(Session, "before_commit")
def seal_in_the_transaction(session: AnySession) -> None:
    """On SQLite the chain is part of the transaction."""
    session.flush()
    if session.info.pop("audit_written", False):
        session.info["audit_to_anchor"] = True
        if session.connection().dialect.name == "sqlite":
            seal(session.connection())


def seal_after_commit() -> None:
    """On PostgreSQL whoever is free seals what has become visible. Then note the head in the file."""
    if not db.session().info.pop("audit_to_anchor", False):
        return
    if db.engine.dialect.name == "sqlite":
        with db.engine.connect() as connection:
            note_head(head(connection))
        return
    with apart() as connection:
        if not connection.scalar(select(func.pg_try_advisory_xact_lock(ADVISORY_LOCK))):
            return
        seal(connection)
        latest = head(connection)
    note_head(latest)


def head_file() -> Path:
    """The second place where the head is kept."""
    folder: Path = current_app.config["INSTANCE"]
    return folder / "audit.head"


def note_head(latest: tuple[int, str]) -> None:
    """Write the head down beside the keys, whole or not at all."""
    draft = head_file().with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps({"position": latest[0], "digest": latest[1]}))
    os.replace(draft, head_file())


def verify(connection: Connection) -> Iterator[Problem]:
    """Walk the whole chain and name every entry that was changed, removed or inserted, and a tail cut off."""
    position, digest = 0, ""
    digests = {0: ""}
    anchor = _anchor()
    rows = connection.execution_options(stream_results=True).execute(
        select(TABLE).where(TABLE.c.position.is_not(None)).order_by(TABLE.c.position)
    )
    for row in rows.mappings():
        for missing in range(position + 1, row["position"]):
            yield Problem(missing, "removed")
        gap = row["position"] != position + 1
        position = row["position"]
        if not hmac.compare_digest(row["mac"], sign(row)):
            yield Problem(position, "changed", row["id"])
        elif not gap and row["digest"] != _link(digest, position, row["mac"]):
            yield Problem(position, "inserted", row["id"])
        digest = row["digest"]
        if position == anchor[0]:
            digests[position] = digest
    if anchor[0] > position:
        yield Problem(anchor[0], "cut off")
    elif digests.get(anchor[0], anchor[1]) != anchor[1]:
        yield Problem(anchor[0], "changed")
    for entry_id in connection.scalars(select(TABLE.c.id).where(TABLE.c.position.is_(None))):
        yield Problem(position, "inserted", entry_id)


def _anchor() -> tuple[int, str]:
    if not head_file().exists():
        return 0, ""
    noted = json.loads(head_file().read_text())
    return noted["position"], noted["digest"]
