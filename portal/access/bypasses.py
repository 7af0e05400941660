"""Ways of asking the database that the scope's filter cannot reach: each is refused before it is sent.

The filter hangs on mapped classes. So every table in a statement must come through its class, at any depth, and
there is no text in it. What is asked on ``session.connection()`` is past the session altogether: that is for the
few places that look at ids, counters and the like, and every one of them is known to ``tests/house``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, NoReturn

from sqlalchemy import Alias, ColumnClause, FromClause, Join, Select, SelectBase, TableClause, TextClause
from sqlalchemy.orm import FromStatement, Mapper, ORMExecuteState
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.selectable import FromClauseAlias
from sqlalchemy.sql.util import surface_expressions

from portal.access.acting import Level
from portal.database import Base, Session

LEVELS = frozenset(level.column for level in Level)
PLACES = LEVELS | {"unit_id"}
HARMLESS_TEXTS = ("*", "1")  # what count() and exists() are written with
MOST_REMEMBERED = 1000  # the portal asks some hundred different questions
BULK = ("bulk_save_objects", "bulk_insert_mappings", "bulk_update_mappings")


class BypassesScope(RuntimeError):
    """A way of asking the database that the filter cannot reach. Select the mapped class instead."""


_harmless: set[Any] = set()


def refuse(state: ORMExecuteState) -> None:
    """``BypassesScope`` for a statement with anything in it that no criterion applies to.

    A question that was looked at and let through is known again by the key under which SQLAlchemy keeps its SQL:
    what has the same key is the same SQL with other values.
    """
    known_as = state.statement._generate_cache_key() if isinstance(state.statement, SelectBase) else None
    if known_as is not None and known_as.key in _harmless:
        return
    _look_at(state)
    if known_as is not None:
        if len(_harmless) >= MOST_REMEMBERED:
            _harmless.clear()
        _harmless.add(known_as.key)


def _look_at(state: ORMExecuteState) -> None:
    statement: Any = state.statement
    if isinstance(statement, FromStatement):
        raise BypassesScope("from_statement() is not filtered")
    if isinstance(statement, UpdateBase):
        _refuse_bulk(state, statement)
    questions = []
    for part in _parts(statement):
        element = part.element
        if isinstance(element, Select):
            questions.append(element)
        if _is_text(element):
            raise BypassesScope(f"text is not filtered: {element}")
        if isinstance(element, TableClause) and not part.is_mapped and holds_places(element.name):
            raise BypassesScope(f"the table {element.name} is used without its class")
        if not part.is_mapped and _wraps_unseen(element):
            raise BypassesScope(
                f"take join and alias from sqlalchemy.orm, where they are filtered: {element}"
            )
        if isinstance(element, UpdateBase) and element is not statement:
            raise BypassesScope("writing inside a question is not checked")
    if hidden := _hidden_in_functions(questions):
        raise BypassesScope(f"join {hidden}, or name it outside the function as well: {statement}")


def mappers_in(statement: Any) -> Iterator[Mapper[Any]]:
    """The mappers whose rows a statement touches, at any depth."""
    return (mapper for part in _parts(statement) if (mapper := _mapper(part.element)))


def _refuse_bulk(state: ORMExecuteState, statement: Any) -> None:
    if state.is_insert or state.parameters or "dml_strategy" in state.execution_options:
        raise BypassesScope("bulk writing is not checked: add the rows to the session")
    values = getattr(statement, "_values", None) or {}
    expressions = (*statement._where_criteria, *values.values())
    if {source for expression in expressions for source in expression._from_objects} - {statement.table}:
        raise BypassesScope("only the table that is written is filtered: put another one into exists()")
    written = {getattr(column, "key", column) for column in values}
    if holds_places(statement.table.name) and written & (PLACES | _keys(statement.table)):
        raise BypassesScope(
            "where a row belongs and what it points to is checked by the session: change the row"
        )


def _keys(table: Any) -> set[str]:
    return {column.key for column in table.columns if column.primary_key or column.foreign_keys}


def _is_text(element: Any) -> bool:
    if isinstance(element, ColumnClause):
        return element.is_literal and element.name not in HARMLESS_TEXTS
    if isinstance(element, Select):
        return bool(element._prefixes or element._suffixes)
    return isinstance(element, TextClause)


@cache
def holds_places(table_name: str) -> bool:
    """Whether the table's rows belong to units."""
    table = Base.metadata.tables.get(table_name)
    return table is not None and LEVELS.issubset(table.columns.keys())


def _mapper(element: Any) -> Any:
    """The mapper of a column or table that came through its class; None for what did not."""
    return getattr(element, "_annotations", {}).get("parentmapper")


def _wraps_unseen(element: Any) -> bool:
    """Whether SQLAlchemy's own ``join`` or ``alias`` hides a table that has places from the filter."""
    sides: tuple[Any, ...] = ()
    if isinstance(element, FromClauseAlias):
        sides = (element.element,)
    elif isinstance(element, Join) and "parententity" not in element._annotations:
        sides = (element.left, element.right)
    return any(isinstance(side, TableClause) and holds_places(side.name) for side in map(_unaliased, sides))


def _hidden_in_functions(questions: list[Any]) -> set[Any]:
    """The mappers that only stand inside a function in a condition: SQLAlchemy does not look there for filters."""
    seen, named = set(), set()
    for question in questions:
        for condition in question._where_criteria:
            seen |= set(map(_mapper, surface_expressions(condition)))  # type: ignore[no-untyped-call]
            named |= set(map(_mapper, _within([condition])))
    if named <= seen:
        return set()
    for question in questions:
        seen |= set(map(_mapper, _within(_children(question, "_where_criteria"))))
    return named - seen


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
    return (_source(element) for element in _within(_children(question)) if _mapper(element))


def _within(elements: list[Any]) -> Iterator[Any]:
    """The elements and all that they are made of, but not the questions in them."""
    waiting = list(elements)
    while waiting:
        element = waiting.pop()
        yield element
        if not isinstance(element, SelectBase | TableClause):
            waiting += _children(element)


def _children(element: Any, *but: str) -> list[Any]:
    if isinstance(element, Select):  # without the tables that it reckons out itself
        return list(super(Select, element).get_children(omit_attrs=("_correlate", "_correlate_except", *but)))
    return list(element.get_children())


def _source(element: Any) -> Any:
    """The table, alias or subquery that an element is, or that a column belongs to."""
    if isinstance(element, ColumnClause):
        return element.table
    return element if isinstance(element, FromClause) else None


def _unaliased(source: Any) -> Any:
    while isinstance(source, Alias):
        source = source.element
    return source


def _refused(*_arguments: Any, **_options: Any) -> NoReturn:
    raise BypassesScope("bulk writing is not checked: add the rows to the session")


for _name in BULK:
    setattr(Session, _name, _refused)
