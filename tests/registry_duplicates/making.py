"""A row of any model, made from what its table says: so that a new workflow's rows hang here by themselves."""

from datetime import timedelta
from itertools import count
from typing import Any

from sqlalchemy import JSON, Boolean, Date, Enum, Integer, String, inspect

from portal.access.scope import everywhere
from portal.clock import now, today
from portal.database import UtcDateTime, db
from portal.registry.duplicates import hanging
from portal.workflow.models import StepTaken

SERIALS = count(1)


def hang_one_of_each(record: Any) -> None:
    """For each foreign key to the record's table a row that names the record, its household, and has its place."""
    for model, key in list(hanging.pointers_to(record.__tablename__)):
        if model.__tablename__ != "resident":
            home = {"household_id": getattr(record, "household_id", record.id)}
            made = make(model, record.unit_id, **home | {key: record.id})
            make(StepTaken, record.unit_id, record=model.__tablename__, record_id=made)


def make(model: type[Any], unit_id: int, **given: Any) -> int:
    """Write a row of the model with what it must have. Returns its id."""
    with everywhere(because="the test hangs a row of every kind"):
        values = {"unit_id": unit_id} | given
        for key, column in inspect(model).columns.items():
            needed = not (column.nullable or column.primary_key or column.default or column.server_default)
            if key not in values and needed:
                values[key] = _some(column, unit_id)
        row = model(**{key: value for key, value in values.items() if key in inspect(model).columns})
        db.session.add(row)
        db.session.commit()
        return int(row.id)


def _some(column: Any, unit_id: int) -> Any:
    """Anything that fits: another row where a foreign key asks for one, else a value of the type, later each time."""
    serial = next(SERIALS)
    for pointer in column.foreign_keys:
        return make(hanging.model_of(pointer.column.table.name), unit_id)
    if isinstance(column.type, Enum):
        return next(iter(column.type.enum_class))
    if isinstance(column.type, UtcDateTime):
        return now() + timedelta(seconds=serial)
    kinds: dict[type[Any], Any] = {
        Date: today(),
        Boolean: False,
        Integer: serial,
        JSON: {},
        String: str(serial),
    }
    return next(value for kind, value in kinds.items() if isinstance(column.type, kind))
