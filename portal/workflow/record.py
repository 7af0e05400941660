"""The shape of every workflow's record: a unit, a state, when it began and when it last moved."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.clock import now
from portal.database import UtcDateTime, db
from portal.workflow.models import StepTaken


class Record:
    """Mixin of a workflow's main table: ``class Pass(Record, Scoped, Base)``. The model adds ``state``.

    Lists read newest first by ``changed_at, id``.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


def steps_of(record: Any) -> list[StepTaken]:
    """The steps taken by one record, oldest first."""
    taken = select(StepTaken).where(
        StepTaken.record == record.__tablename__, StepTaken.record_id == record.id
    )
    return list(db.session.scalars(taken.order_by(StepTaken.id)))
