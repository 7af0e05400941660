"""Ways of asking the database that the scope's filter cannot reach: each is refused before it is sent.

The filter hangs on mapped classes. So every table in a statement must come through its class, at any depth, and
there is no text in it. What is asked on ``session.connection()`` is past the session altogether: that is for the
few places that look at ids, counters and the like, and every one of them is known to ``tests/house``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, NoReturn

from sqlalchemy import Alias, ColumnClause, FromClause, Select, SelectBase, TableClause, TextClause
from sqlalchemy.orm import FromStatement, Mapper, ORMExecuteState
from sqlalchemy.sql.dml import UpdateBase

from portal.access.acting import Level
from portal.database import Base, Session

LEVELS = frozenset(level.column for level in Level)
PLACES = LEVELS | {"unit_id"}
HARMLESS_TEXTS = ("*", "1")  # what count() and exists() are written with
BULK = ("bulk_save_objects", "bulk_insert_mappings", "bulk_update_mappings")


class BypassesScope(RuntimeError):
    """A way of asking the database that the filter cannot reach. Select the mapped class instead."""


def refuse(state: ORMExecuteState) -> None:
    """``BypassesScope`` for a statement with anything in it that no criterion applies to."""
    statement: Any = state.statement
    if isinstance(statement, FromStatement):
        raise BypassesScope("from_statement() is not filtered")
    if isinstance(statement, UpdateBase):
        _refuse_bulk(state, statement)
    for part in _parts(statement):
        element = part.element
        if _is_text(element):
            raise BypassesScope(f"text is not filtered: {element}")
        if isinstance(element, TableClause) and not part.is_mapped and _holds_places(element.name):
            raise BypassesScope(f"the table {element.name} is used without its class")
        if isinstance(element, UpdateBase) and element is not statement:
            raise BypassesScope("writing inside a question is not checked")


def mappers_in(statement: Any) -> Iterator[Mapper[Any]]:
    """The mappers whose rows a statement touches, at any depth."""
    return (mapper for part in _parts(statement) if (mapper := _mapper(part.element)))


def _refuse_bulk(state: ORMExecuteState, statement: Any) -> None:
    if state.is_insert or state.parameters:
        raise BypassesScope("bulk writing is not checked: add the rows to the session")
    written = {getattr(column, "key", column) for column in getattr(statement, "_values", None) or ()}
    if written & PLACES:
        raise BypassesScope("a row's place is written by the session: change unit_id on the row")


def _is_text(element: Any) -> bool:
    if isinstance(element, ColumnClause):
        return element.is_literal and element.name not in HARMLESS_TEXTS
    return isinstance(element, TextClause)


@cache
def _holds_places(table_name: str) -> bool:
    """Whether the table's rows belong to units."""
    table = Base.metadata.tables.get(table_name)
    return table is not None and LEVELS.issubset(table.columns.keys())


def _mapper(element: Any) -> Any:
    """The mapper of a column or table that came through its class; None for what did not."""
    return getattr(element, "_annotations", {}).get("parentmapper")


@dataclass(frozen=True)
class _Part:
    """A part of a statement. ``mapped`` are the sources around it that came through their class."""

    element: Any
    mapped: frozenset[Any]
    of_a_column: bool = False

    @property
    def is_mapped(self) -> bool:
        """Conditions that SQLAlchemy writes itself name plain columns of what was selected by its class."""
        return bool(_mapper(self.element)) or (self.of_a_column and self.element in self.mapped)

    def inside(self) -> "Iterator[_Part]":
        """The parts of this one, but not the table behind what came through its class."""
        source = _source(self.element)
        if self.is_mapped and isinstance(_unaliased(source), TableClause):
            return
        if source is None or source is self.element:
            mapped = self._mapped_inside()
            yield from (_Part(child, mapped) for child in _children(self.element))
        else:
            yield _Part(source, self.mapped, of_a_column=True)

    def _mapped_inside(self) -> frozenset[Any]:
        if not isinstance(self.element, Select):
            return self.mapped
        aliases = {
            source for source in self.mapped if isinstance(source, Alias)
        }  # named from inner questions
        return frozenset(_mapped_sources(self.element)) | aliases


def _parts(statement: Any) -> Iterator[_Part]:
    """Every part of a statement, at any depth."""
    waiting, seen = [_Part(statement, frozenset())], set()
    while waiting:
        part = waiting.pop()
        key = id(part.element), part.mapped, part.of_a_column
        if key not in seen:
            seen.add(key)
            yield part
            waiting += part.inside()


def _mapped_sources(question: Any) -> Iterator[Any]:
    """What this one question, without those inside it, selects from through a class."""
    waiting = _children(question)
    while waiting:
        element = waiting.pop()
        if _mapper(element):
            yield _source(element)
        elif not isinstance(element, SelectBase):
            waiting += _children(element)


def _children(element: Any) -> list[Any]:
    if isinstance(element, Select):  # without the tables that it reckons out itself
        return list(super(Select, element).get_children(omit_attrs=("_correlate", "_correlate_except")))
    return list(element.get_children())


def _source(element: Any) -> Any:
    """The table, alias or subquery that an element is, or that a column belongs to."""
    return element if isinstance(element, FromClause) else getattr(element, "table", None)


def _unaliased(source: Any) -> Any:
    while isinstance(source, Alias):
        source = source.element
    return source


def _refused(*_arguments: Any, **_options: Any) -> NoReturn:
    raise BypassesScope("bulk writing is not checked: add the rows to the session")


for _name in BULK:
    setattr(Session, _name, _refused)
