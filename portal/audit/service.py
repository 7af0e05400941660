"""Writing the trail: one call, in the transaction of what it tells of."""

from typing import Any

from flask import g
from sqlalchemy import inspect

from portal.access.acting import Acting
from portal.audit import chain
from portal.audit.models import AuditEntry
from portal.clock import now
from portal.database import db


def record(
    action: str,
    subject: Any = None,
    *,
    reason: str = "",
    unit_id: int | None = None,
    account_id: int | None = None,
    actor: str | None = None,
    **details: Any,
) -> AuditEntry:
    """Note that ``action`` (``"pass.issue"``) was done to ``subject`` (a row, already flushed or not).

    ``details`` are plain values that hold nothing personal: states, counts, serials, masked or hashed values.
    The entry belongs to ``unit_id``, else to the subject's unit, else to where the actor acts.
    """
    who: Acting | None = g.get("acting")
    if subject is not None and inspect(subject).pending:
        db.session.flush()
    fields: dict[str, Any] = {
        "at": now(),
        "action": action,
        "subject": subject.__tablename__ if subject is not None else "",
        "subject_id": getattr(subject, "id", None),
        "account_id": who.account_id if who and account_id is None else account_id,
        "actor": actor if actor is not None else _describe(who),
        "unit_id": unit_id or getattr(subject, "unit_id", None) or _where(who),
        "reason": reason,
        "details": details,
        "request_id": g.get("request_id", ""),
    }
    entry = AuditEntry(**fields)  # signed when it is written
    db.session.add(entry)
    chain.expect_an_entry()
    return entry


def _where(who: Acting | None) -> int | None:
    return who.place.unit_id if who and who.place else None


def _describe(who: Acting | None) -> str:
    return f"{who.name}（{who.unit_name}）" if who else ""
