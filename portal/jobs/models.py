"""Long work. The row is the truth: what is to be done, how far it is, who works at it, and what came of it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.access.scope import Scoped
from portal.clock import now
from portal.database import Base, UtcDateTime, choice
from portal.vault import new_seal_id


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    STOPPING = "stopping"
    STOPPED = "stopped"
    DONE = "done"
    FAILED = "failed"
    EXPIRED = "expired"

    @property
    def label(self) -> str:
        return str(LABELS[self])

    @property
    def look(self) -> str:
        """How a badge of it looks."""
        return LOOKS.get(self, "nil")

    @property
    def has_ended(self) -> bool:
        return self not in (JobState.QUEUED, JobState.RUNNING, JobState.STOPPING)


LABELS = {
    JobState.QUEUED: _l("waiting to begin"),
    JobState.RUNNING: _l("under way"),
    JobState.STOPPING: _l("stopping"),
    JobState.STOPPED: _l("stopped"),
    JobState.DONE: _l("done"),
    JobState.FAILED: _l("failed"),
    JobState.EXPIRED: _l("expired"),
}
LOOKS = {
    JobState.RUNNING: "look",
    JobState.STOPPING: "look",
    JobState.STOPPED: "no",
    JobState.DONE: "ok",
    JobState.FAILED: "no",
}
RESUMABLE = (JobState.STOPPED, JobState.FAILED)


class Job(Scoped, Base):
    """Long work of one account under one appointment. ``arguments`` hold numbers and choices, nothing personal.

    ``done`` of ``total`` count what the work is at now; ``reached`` says for each of its parts how far it has come
    and ``checkpoint`` is what the work notes for itself: both are written in the transaction of the step itself, so
    a step that counts as done is done, and one that does not has left nothing.

    While ``lease_until`` lies ahead the worker that holds ``lease_owner`` works at it; when it has passed without
    being renewed that worker is dead and another may begin where it stopped.
    """

    __tablename__ = "job"
    __table_args__ = (Index(None, "account_id", "id"), Index(None, "state", "lease_until"))

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)  # type: ignore[assignment]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointment.id"))
    kind: Mapped[str] = mapped_column(String(60))
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[JobState] = mapped_column(choice(JobState), default=JobState.QUEUED)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    note: Mapped[str] = mapped_column(String(60), default="")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int | None]
    counting_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    counting_from: Mapped[int] = mapped_column(default=0)
    reached: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    checkpoint: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    lease_owner: Mapped[str | None] = mapped_column(String(32))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)

    outcome: Mapped[list[str]] = mapped_column(JSON, default=list)
    error: Mapped[str] = mapped_column(String(300), default="")
    folder: Mapped[str] = mapped_column(String(32), default=new_seal_id)
    result: Mapped[str | None] = mapped_column(String(60))
    fetched_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
