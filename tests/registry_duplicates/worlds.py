"""Two records that turn out to be one, with rows of every workflow hung on both."""

from typing import Any

from sqlalchemy import inspect, select

from portal.access.scope import everywhere
from portal.database import Base, db
from portal.registry.duplicates import hanging
from portal.registry.duplicates.hidden import WITH_MERGED
from portal.registry.models import Household, Resident
from portal.workflow.models import Tally

# What tells that something was merged, and what tells of everything.
NOT_COMPARED = {"merging", "merging_change", "not_same", "audit_entry", "sign_in", "sent_once", "kept"}


def snapshot() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table that belongs to a unit, as it stands. A figure of nought is as good as none."""
    rows: dict[str, list[dict[str, Any]]] = {}
    with everywhere(because="the test compares"):
        db.session.expire_all()
        for mapper in Base.registry.mappers:
            table = str(mapper.local_table)
            if table in NOT_COMPARED:
                continue
            keys = [attribute.key for attribute in inspect(mapper.class_).column_attrs]
            found = db.session.scalars(select(mapper.class_).execution_options(**WITH_MERGED)).all()
            there = (row for row in found if not (isinstance(row, Tally) and row.value == 0))
            rows[table] = sorted(({key: getattr(row, key) for key in keys} for row in there), key=repr)
        db.session.expunge_all()
    return rows


def hung_on(record: Household | Resident) -> dict[str, int]:
    """How many rows of each pointer name the record: {"pass.resident_id": 2}."""
    with everywhere(because="the test counts"):
        return {
            f"{model.__tablename__}.{key}": len(
                db.session.scalars(
                    select(model.id).where(getattr(model, key) == record.id).execution_options(**WITH_MERGED)
                ).all()
            )
            for model, key in hanging.pointers_to(record.__tablename__)
        }


def again(record: Any) -> Any:
    """The record as it stands, hidden or not."""
    with everywhere(because="the test looks"):
        db.session.expire_all()
        return db.session.get_one(type(record), record.id, execution_options=WITH_MERGED)
