"""Where a row's foreign keys lead: to rows that whoever writes them can see."""

from functools import cache
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Mapper, RelationshipDirection, Session

from portal.access.bypasses import holds_places
from portal.database import db

# A row's unit is judged by its place. People work in other places than where their account began.
FROM_ANYWHERE = ("unit", "account")


def dangling(session: Session, row: Any) -> str | None:
    """An attribute in which the row newly names another one, by its number, that the session does not show.

    Rows given as objects need no look: they are in the session, which holds only what it shows.
    """
    attributes = inspect(row).attrs
    for attribute, target in _pointers(inspect(row).mapper):
        for key in attributes[attribute].history.added or ():
            if key is not None and session.get(target, key) is None:
                return attribute
    return None


def dangling_among(mapper: Mapper[Any], rows: list[dict[str, Any]]) -> str | None:
    """The same of new rows that are not in the session, {attribute: value}: one question for each attribute."""
    for attribute, target in _pointers(mapper):
        keys = {row[attribute] for row in rows if row.get(attribute) is not None}
        key = getattr(target, inspect(target).primary_key[0].key)
        if keys and len(db.session.scalars(select(key).where(key.in_(keys))).all()) < len(keys):
            return attribute
    return None


@cache
def _pointers(mapper: Mapper[Any]) -> tuple[tuple[str, type[Any]], ...]:
    """The foreign keys behind the row's many-to-one relationships. One without is a note, which nobody follows."""
    return tuple(
        (mapper.get_property_by_column(column).key, parent.mapper.class_)
        for parent in mapper.relationships
        if parent.direction is RelationshipDirection.MANYTOONE
        for column in parent.local_columns
        if holds_places(table := parent.target.key) and table not in FROM_ANYWHERE
    )
