"""The chain that makes the trail tamper-evident.

An entry is signed when it is written (``mac``). Sealing gives it the next position and a digest over the one
before, in the order in which entries became visible. SQLite has one writer, so entries are sealed in the
transaction that wrote them; on PostgreSQL they are sealed right after the commit, under an advisory lock, because
a chain inside the transaction would make all writers wait for one another (until then, a moment, an entry could be
removed unseen). Everything visible is sealed, also what the portal has not signed: ``portal.audit.proof`` tells.

The head is kept in a file beside the keys as well, so that cutting off the tail shows. Where the trail ends before
that head, sealing goes on behind it: the gap stays.
"""

import fcntl
import hashlib
import hmac
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC
from pathlib import Path
from typing import Any, NamedTuple

from flask import current_app
from sqlalchemy import Connection, bindparam, event, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session as AnySession
from sqlalchemy.orm import SessionTransaction

from portal.access.scope import PLACE_COLUMNS
from portal.audit.models import AuditEntry
from portal.database import Base, Session, apart, db
from portal.vault import new_seal_id, vault
from portal.web.logs import log_failure

TABLE = Base.metadata.tables[AuditEntry.__tablename__]
SIGNED_COLUMNS = (
    "uid",
    "at",
    "action",
    "subject",
    "subject_id",
    "account_id",
    "actor",
    "unit_id",
    *PLACE_COLUMNS,
    "reason",
    "details",
    "request_id",
)
ADVISORY_LOCK = 0x67726964  # "grid": one sealer at a time
SEALED_AT_ONCE = 1000


class Head(NamedTuple):
    """The last position of the trail and its digest; 0 and "" of an empty trail."""

    position: int
    digest: str


EMPTY = Head(0, "")


def sign(entry: Mapping[str, Any]) -> str:
    """The portal's signature under an entry: 64 hex digits. ``at`` is aware, ``details`` plain values."""
    plain = {column: entry[column] for column in SIGNED_COLUMNS}
    plain["at"] = plain["at"].astimezone(UTC).isoformat(timespec="microseconds")
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hmac.new(vault().derive("audit entries"), text.encode(), hashlib.sha256).hexdigest()


def link(previous: str, position: int, entry_id: int, mac: str) -> str:
    """The digest of an entry at its position behind the one before."""
    text = f"{previous}|{position}|{entry_id}|{mac}"
    return hmac.new(vault().derive("audit chain"), text.encode(), hashlib.sha256).hexdigest()


@event.listens_for(AuditEntry, "before_insert")
def sign_what_is_written(_mapper: object, _connection: object, entry: AuditEntry) -> None:
    """By now everything is filled in, the place too."""
    entry.uid = new_seal_id()
    entry.mac = sign({column: getattr(entry, column) for column in SIGNED_COLUMNS})


# ── sealing ──────────────────────────────────────────────────────────────────────────────────────────────────────


def seal(connection: Connection) -> Head:
    """Give all entries that have none a place in the chain. Returns the head to be noted."""
    waiting = select(TABLE.c.id, TABLE.c.mac).where(TABLE.c.position.is_(None)).order_by(TABLE.c.id)
    placed = TABLE.update().where(TABLE.c.id == bindparam("entry_id"))
    placed = placed.values(position=bindparam("its_position"), digest=bindparam("its_digest"))
    noted = noted_head()
    agrees = _agrees(connection, noted)
    position, digest = max(head(connection), noted)
    while rows := connection.execute(waiting.limit(SEALED_AT_ONCE)).all():
        places = []
        for row in rows:
            position += 1
            digest = link(digest, position, row.id, row.mac)
            places.append({"entry_id": row.id, "its_position": position, "its_digest": digest})
        connection.execute(placed, places)
    return Head(position, digest) if agrees else noted


def head(connection: Connection) -> Head:
    """The last sealed entry."""
    last = select(TABLE.c.position, TABLE.c.digest).where(TABLE.c.position.is_not(None))
    row = connection.execute(last.order_by(TABLE.c.position.desc()).limit(1)).one_or_none()
    return Head(row.position, row.digest or "") if row else EMPTY


def _agrees(connection: Connection, noted: Head) -> bool:
    """Whether the trail has another entry where the noted head was: then that head is kept, as the evidence."""
    digest = connection.scalar(select(TABLE.c.digest).where(TABLE.c.position == noted.position))
    return digest in (None, noted.digest)


def expect_an_entry() -> None:
    """The transaction writes an entry: seal it at the commit."""
    db.session().info["audit_written"] = True


@event.listens_for(Session, "before_commit")
def seal_in_the_transaction(session: AnySession) -> None:
    """On SQLite the chain is part of the transaction."""
    session.flush()
    if session.info.get("audit_written"):
        in_here = session.connection().dialect.name == "sqlite"
        session.info["audit_sealed"] = seal(session.connection()) if in_here else None


@event.listens_for(Session, "after_rollback")
def forget_what_was_sealed(session: AnySession) -> None:
    """It never was."""
    session.info.pop("audit_sealed", None)


@event.listens_for(Session, "after_transaction_end")
def seal_after_the_transaction(session: AnySession, transaction: SessionTransaction) -> None:
    """On PostgreSQL whoever is free seals what has become visible. Then the head is noted."""
    if transaction.parent is not None:
        return
    session.info.pop("audit_written", None)
    if "audit_sealed" not in session.info:
        return
    sealed: Head | None = session.info.pop("audit_sealed")
    try:
        if sealed:
            note_head(sealed)
        else:
            seal_what_is_visible()
    except (SQLAlchemyError, OSError) as error:
        log_failure(error)  # what was done stands; the next one to write seals it


def seal_what_is_visible() -> None:
    """Seal in a transaction of its own, and note the head.

    Whoever finds another one sealing leaves it to that one, which looks again after it has finished.
    """
    while True:
        with apart() as connection:
            if connection.dialect.name == "postgresql" and not connection.scalar(
                select(func.pg_try_advisory_xact_lock(ADVISORY_LOCK))
            ):
                return
            sealed = seal(connection)
        note_head(sealed)
        with db.engine.connect() as connection:
            if connection.scalar(select(TABLE.c.id).where(TABLE.c.position.is_(None)).limit(1)) is None:
                return


# ── the head, noted elsewhere ────────────────────────────────────────────────────────────────────────────────────


def head_file() -> Path:
    """The second place where the head is kept."""
    folder: Path = current_app.config["INSTANCE"]
    return folder / "audit.head"


def noted_head() -> Head:
    """The head as the file has it; ``EMPTY`` where there is none or it cannot be read."""
    try:
        noted = json.loads(head_file().read_text())
        return Head(int(noted["position"]), str(noted["digest"]))
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return EMPTY


def note_head(latest: Head) -> None:
    """Write the head down beside the keys, whole or not at all, and never an earlier one."""
    with _alone(head_file().with_suffix(".lock")):
        if latest.position <= noted_head().position:
            return
        draft = head_file().with_suffix(".draft")
        draft.write_text(json.dumps(latest._asdict()))
        draft.replace(head_file())


@contextmanager
def _alone(lock_file: Path) -> Iterator[None]:
    lock = os.open(lock_file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)
