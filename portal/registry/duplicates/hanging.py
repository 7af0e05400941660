"""What hangs on a household or a person, found from the foreign keys of all models: no workflow registers anything.

A model whose rows tell what was, and so stay with the record that they were written for, says
``stays_when_merged = True``.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import func, inspect, select
from sqlalchemy.exc import IntegrityError

from portal.database import Base, db
from portal.registry.duplicates.hidden import WITH_MERGED
from portal.registry.duplicates.models import Merging, MergingChange
from portal.registry.models import Household, HouseholdRestriction, Resident
from portal.workflow.models import StepTaken

HOUSE = "household_id"


def pointers_to(table: str) -> Iterator[tuple[type[Any], str]]:
    """Every (model, attribute) whose foreign key leads to this table, but for those that stay."""
    for mapper in sorted(Base.registry.mappers, key=lambda one: str(one.local_table)):
        if getattr(mapper.class_, "stays_when_merged", False):
            continue
        for column in mapper.local_table.columns:
            key = mapper.get_property_by_column(column).key
            if key != "merged_into_id" and any(one.column.table.name == table for one in column.foreign_keys):
                yield mapper.class_, key


def newest_ids(table: str) -> dict[str, int]:
    """For each pointer the highest id of its table now."""
    return {
        _named(model, key): db.session.scalar(select(func.max(model.id)).execution_options(**WITH_MERGED))
        or 0
        for model, key in pointers_to(table)
    }


def newer(record: Household | Resident, newest: dict[str, int]) -> list[str]:
    """The tables with rows that name the record and were written later than ``newest``."""
    found = []
    for model, key in pointers_to(record.__tablename__):
        later = model.id > newest.get(_named(model, key), 0)
        if db.session.scalars(
            select(model.id).where(getattr(model, key) == record.id, later).limit(1)
        ).first():
            found.append(model.__tablename__)
    return found


def take_along(merging: Merging, kept: Household | Resident, other: Household | Resident) -> None:
    """Let everything that names ``other`` name ``kept``; what names the household, too, goes where that one is.

    A row that cannot come along, because ``kept`` has one and may have one only, stays with ``other``.
    """
    homes = (_home(other), _home(kept))
    for model, key in pointers_to(other.__tablename__):
        theirs = select(model).where(getattr(model, key) == other.id).order_by(model.id)
        for row in db.session.scalars(theirs.execution_options(**WITH_MERGED)).all():
            try:
                with db.session.begin_nested():
                    setattr(row, key, kept.id)
            except IntegrityError:
                continue
            note(merging, row, key, other.id)
            _follow(merging, row, homes, other.unit_id, kept.unit_id)


def _restrictions_of(row: Any) -> Iterator[HouseholdRestriction]:
    """What a row restricts its household by: the restriction goes where the row goes."""
    for model, key in pointers_to(HouseholdRestriction.__tablename__):
        if model is type(row) and (id_ := getattr(row, key)) is not None:
            yield db.session.get_one(HouseholdRestriction, id_)


def change(merging: Merging, row: Any, key: str, value: Any) -> None:
    """Change a value of a row, so that it can be changed back."""
    before = getattr(row, key)
    if before != value:
        setattr(row, key, value)
        note(merging, row, key, before)


def note(merging: Merging, row: Any, key: str, before: Any) -> None:
    """Write down what has been changed."""
    merging.changes.append(
        MergingChange(
            unit_id=merging.unit_id,
            table=row.__tablename__,
            row_id=row.id,
            attribute=key,
            before=plain(before),
            after=plain(getattr(row, key)),
        )
    )


def plain(value: Any) -> Any:
    """As JSON has it."""
    return value.isoformat() if isinstance(value, datetime) else value


def model_of(table: str) -> type[Any]:
    """The model of a table."""
    return next(one.class_ for one in Base.registry.mappers if one.class_.__tablename__ == table)


def _follow(merging: Merging, row: Any, homes: tuple[int, int], old_unit: int, new_unit: int) -> None:
    """What names the household lies where the household lies, with what hangs on it in turn and its steps."""
    if not hasattr(row, HOUSE) or (homes[0] == homes[1] and old_unit == new_unit):
        return
    if getattr(row, HOUSE) == homes[0]:
        change(merging, row, HOUSE, homes[1])
    if row.unit_id != old_unit or getattr(row, HOUSE) not in (None, homes[1]):
        return
    change(merging, row, "unit_id", new_unit)
    steps = select(StepTaken).where(StepTaken.record == row.__tablename__, StepTaken.record_id == row.id)
    for step in db.session.scalars(steps):
        change(merging, step, "unit_id", new_unit)
    for restriction in _restrictions_of(row):
        change(merging, restriction, HOUSE, homes[1])
        change(merging, restriction, "unit_id", new_unit)
    for model, key in pointers_to(row.__tablename__):
        if HOUSE in inspect(model).columns:
            children = select(model).where(getattr(model, key) == row.id, model.unit_id == old_unit)
            for child in db.session.scalars(children).all():
                _follow(merging, child, homes, old_unit, new_unit)


def _home(record: Household | Resident) -> int:
    return record.household_id if isinstance(record, Resident) else record.id


def _named(model: type[Any], key: str) -> str:
    return f"{model.__tablename__}.{key}"
