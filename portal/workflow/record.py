"""The shape of every workflow's record: a unit, a state, when it began and when it last moved."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import ForeignKey, inspect, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.access.acting import Place
from portal.access.moving import move_many
from portal.access.policy import ROLE_LABELS, Role
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


def move_with_households(models: Iterable[type[Any]], household_ids: Sequence[int], to: Place) -> None:
    """Households have moved to another grid: what these models hold of them goes along, with the steps of records."""
    step = StepTaken.__table__.c
    for model in models:
        row = inspect(model).local_table.c
        theirs = row.household_id.in_(household_ids)
        if issubclass(model, Record):
            of_theirs = step.record_id.in_(select(row.id).where(theirs))
            move_many(StepTaken, (step.record == inspect(model).local_table.name) & of_theirs, to)
        move_many(model, theirs, to)


@dataclass(frozen=True)
class Entry:
    """One line of 经过 as ``ui.steps`` shows it: a step that was taken, or one that is waited for."""

    state: str
    label: Any
    when: datetime | None = None
    person: Any = ""
    title: str = ""
    note: str = ""


def entries_of(
    record: Any,
    words: Mapping[str, Any],
    looks: Mapping[str, str] = MappingProxyType({}),
    *,
    with_role: bool = False,
    with_others: bool = True,
) -> list[Entry]:
    """The steps taken by one record, oldest first, with the words and the look (else ``ok``) for each by its name.

    ``with_role``: the role of whoever took it stands behind the unit. ``with_others``: also steps without words.
    """
    return [
        Entry(
            state=looks.get(step.step, "ok"),
            label=words.get(step.step, step.step),
            when=step.at,
            person=step.by,
            title=f"{step.by_unit}{ROLE_LABELS[Role(step.by_role)]}" if with_role else step.by_unit,
            note=step.reason,
        )
        for step in steps_of(record)
        if with_others or step.step in words
    ]


def in_time(entries: Iterable[Entry]) -> list[Entry]:
    """Steps and what else happened to a record, oldest first."""
    return sorted(entries, key=lambda entry: entry.when or now())
