"""The tamper-evident trail: who did what to what, when, where and why."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, event
from sqlalchemy.orm import Mapped, mapped_column

from portal.access.scope import Scoped, place_indexes
from portal.database import Base, UtcDateTime


class AuditEntry(Scoped, Base):
    """One thing done. Never changed and never deleted.

    ``uid`` makes every entry different from every other, so that a copy of one is not another one; ``mac`` proves
    that the portal wrote the entry; ``position`` and ``digest`` fix its place in the chain.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        *place_indexes("at", "id"),
        Index(None, "at", "id"),
        Index(None, "action", "at", "id"),
        Index(None, "account_id", "at", "id"),
        Index(None, "subject", "subject_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)  # type: ignore[assignment]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(40), default="")
    subject_id: Mapped[int | None]
    account_id: Mapped[int | None]
    actor: Mapped[str] = mapped_column(String(300), default="")
    reason: Mapped[str] = mapped_column(String(500), default="")
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    request_id: Mapped[str] = mapped_column(String(40), default="")
    mac: Mapped[str] = mapped_column(String(64))
    position: Mapped[int | None] = mapped_column(unique=True)
    digest: Mapped[str | None] = mapped_column(String(64))


@event.listens_for(AuditEntry, "before_update")
@event.listens_for(AuditEntry, "before_delete")
def nobody_edits_history(_mapper: object, _connection: object, entry: AuditEntry) -> None:
    """A correction is a new entry."""
    raise RuntimeError(f"audit entry {entry.id} cannot be changed or deleted")
