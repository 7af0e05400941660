"""Random trees and rows, written past the session, and what plain Python says of who sees them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import JSON, Column, Connection, Enum

from portal.access.acting import Level, Place
from portal.access.scope import PLACE_COLUMNS
from portal.clock import now
from portal.database import Base, UtcDateTime

FIRST_ID = 1_000_000  # beside the tests' own people
LEVELS = list(Level)


@dataclass(frozen=True)
class Node:
    """A unit of the drawn tree; ``line`` are the ids from the top down to it."""

    id: int
    level: Level
    line: tuple[int, ...]
    place: Place


@dataclass
class World:
    """What was drawn. Rows are (id, node) by table; children also name their parent row."""

    nodes: list[Node]
    looking: Place | None
    households: dict[int, Node] = field(default_factory=dict)
    residents: dict[int, Node] = field(default_factory=dict)
    household_of: dict[int, int] = field(default_factory=dict)
    orders: dict[int, Node] = field(default_factory=dict)
    measures: dict[int, Node] = field(default_factory=dict)
    order_of: dict[int, int] = field(default_factory=dict)

    def mine(self, rows: dict[int, Node]) -> set[int]:
        """Ids of the rows at the place or below it."""
        return {
            row for row, node in rows.items() if self.looking is None or self.looking.unit_id in node.line
        }

    def shown(self, rows: dict[int, Node]) -> set[int]:
        """The same, and what applies here from above."""
        if self.looking is None:
            return set(rows)
        return self.mine(rows) | {row for row, node in rows.items() if node.id in self.looking.line}

    @property
    def units(self) -> dict[int, Node]:
        return {node.id: node for node in self.nodes}


@st.composite
def worlds(draw: Callable[..., Any]) -> World:
    """A tree of up to twelve units, up to six rows of each table anywhere in it, and somebody who looks."""
    nodes: list[Node] = []
    for number in range(draw(st.integers(1, 12))):
        nodes.append(_grow(draw, nodes, FIRST_ID + number))
    somewhere = st.sampled_from(nodes)
    world = World(nodes, draw(st.one_of(somewhere.map(lambda node: node.place), st.none())))
    ids = range(FIRST_ID, FIRST_ID + draw(st.integers(1, 6)))
    world.households = {i: draw(somewhere) for i in ids}
    world.orders = {i: draw(somewhere) for i in ids}
    for i in range(FIRST_ID, FIRST_ID + draw(st.integers(0, 6))):
        world.residents[i], world.household_of[i] = draw(somewhere), draw(st.sampled_from(list(ids)))
        world.measures[i], world.order_of[i] = draw(somewhere), draw(st.sampled_from(list(ids)))
    return world


def _grow(draw: Callable[..., Any], nodes: list[Node], id_: int) -> Node:
    parents = [None, *(node for node in nodes if node.level != Level.GRID)]
    parent = draw(st.sampled_from(parents))
    level = LEVELS[LEVELS.index(parent.level) + 1] if parent else draw(st.sampled_from(LEVELS[:2]))
    columns = {column: getattr(parent.place, column) for column in PLACE_COLUMNS} if parent else {}
    line = (*(parent.line if parent else ()), id_)
    return Node(id_, level, line, Place(id_, level, **columns | {level.column: id_}))


def write(world: World, connection: Connection) -> None:
    """Put the world into the tables; the caller rolls it back."""
    for node in world.nodes:
        parent = node.line[-2] if len(node.line) > 1 else None
        _put(connection, "unit", node, id=node.id, level=node.level, name=f"n{node.id}", parent_id=parent)
    for id_, node in world.households.items():
        _put(connection, "household", node, id=id_)
    for id_, node in world.residents.items():
        _put(connection, "resident", node, id=id_, household_id=world.household_of[id_])
    for id_, node in world.orders.items():
        _put(connection, "order_", node, id=id_, until=now() + timedelta(days=1))
    for id_, node in world.measures.items():
        _put(connection, "measure", node, id=id_, order_id=world.order_of[id_], item=str(id_))


def _put(connection: Connection, table_name: str, node: Node, **values: Any) -> None:
    table = Base.metadata.tables[table_name]
    row = {column: getattr(node.place, column) for column in PLACE_COLUMNS} | values
    if table_name != "unit":
        row["unit_id"] = node.id
    for column in table.columns:
        if column.name not in row and not column.nullable:
            row[column.name] = _something(column)
    connection.execute(table.insert(), row)


def _something(column: Column[Any]) -> Any:
    """Any value: only ids and places matter here."""
    if isinstance(column.type, Enum):
        return column.type.enums[0]
    kind = {UtcDateTime: now, JSON: dict}.get(type(column.type), column.type.python_type)
    return kind()
