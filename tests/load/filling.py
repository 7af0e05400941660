"""A county full of passes, written straight into the tables: by core SQL, past the application and its session.

The tree has few units, so that every grid has a full page of passes also in the smallest world; each world holds the
same days, so that a larger one has more passes a day.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from random import Random
from typing import Any

from sqlalchemy import Connection, Table, insert

from portal.access.acting import Level
from portal.access.scope import PLACE_COLUMNS
from portal.clock import now
from portal.database import Base
from portal.orders.models import OrderState
from portal.passes.kinds import CountsFor, Kind, PassState, Period
from portal.passes.purposes import PURPOSES
from portal.passes.rule_data import PassRule
from portal.registry.addresses import address_key, written_address
from portal.registry.restrictions import RestrictionKind

CHILDREN = (1, 4, 5, 4, 4)  # a county, its streets, the communities of each, their groups, their grids
NAMES = ("上蔡县", "街道", "社区", "组", "格")
DAYS = 400
VALID_DAYS = 7
ORDER_DAYS = 14
AT_ONCE = 10_000
RULE = PassRule(
    CountsFor.HOUSEHOLD,
    Period.ROLLING,
    period_days=2,
    max_minutes=180,
    suspended_by=(RestrictionKind.RETURNEE, RestrictionKind.ISOLATION),
)
RESTRICTED = 200  # one household of so many is restricted now
OLDER_STATES = {
    0: PassState.SURRENDERED,
    1: PassState.SURRENDERED,
    2: PassState.REVOKED,
    3: PassState.REJECTED,
}
YOUNGEST_STATES = {0: PassState.DRAFT, 1: PassState.APPLIED, 2: PassState.ENDORSED}

Row = dict[str, Any]
Tree = dict[Level, list[Row]]  # the units of each level


def fill(connection: Connection, passes: int) -> Tree:
    """Units, gates, orders, households and ``passes`` passes."""
    tree = tree_of()
    for level in Level:
        write(connection, "unit", tree[level])
    write(connection, "checkpoint", [_gate(unit) for unit in tree[Level.COMMUNITY]])
    orders = _orders(tree[Level.COUNTY][0])
    write(connection, "order_", orders)
    write(connection, "measure", (_measure(order, kind) for order in orders for kind in Kind))
    homes = _households(tree[Level.GRID], passes)
    write(connection, "household", homes)
    write(connection, "resident", (_resident(home) for home in homes[::50]))
    write(connection, "household_restriction", (_restriction(home) for home in homes[::RESTRICTED]))
    table = Base.metadata.tables["pass"]
    for index in table.indexes:  # a third of the time when they are made at the end
        index.drop(connection)
    write(connection, "pass", _passes(homes, orders, passes))
    for index in table.indexes:
        index.create(connection)
    return tree


def write(connection: Connection, table: str, rows: Any) -> None:
    """Insert rows, some thousands at once."""
    statement, rest = insert(_table(table)), iter(rows)
    while some := list(islice(rest, AT_ONCE)):
        connection.execute(statement, some)


def place(unit: Row) -> Row:
    """The place columns of whatever belongs to a unit."""
    return {"unit_id": unit["id"], **{column: unit[column] for column in PLACE_COLUMNS}}


def order_spans() -> list[tuple[datetime, datetime]]:
    """Orders one after the other, the last one in force for another week."""
    last = now() + timedelta(days=ORDER_DAYS / 2)
    begins = [last - timedelta(days=ORDER_DAYS) * back for back in range(1, DAYS // ORDER_DAYS + 3)]
    return [(begin, begin + timedelta(days=ORDER_DAYS)) for begin in reversed(begins)]


def _table(name: str) -> Table:
    return Base.metadata.tables[name]


def tree_of(children: Sequence[int] = CHILDREN) -> Tree:
    """A county with so many units below each of the level above."""
    tree: Tree = {}
    above: list[Row] = [{"id": None, "full_name": "", **dict.fromkeys(PLACE_COLUMNS)}]
    count = 0
    for level, below, name in zip(Level, children, NAMES, strict=True):
        units = []
        for parent in above:
            for number in range(1, below + 1):
                count += 1
                own = name if level is Level.COUNTY else f"{number}{name}"
                full = own if level in (Level.COUNTY, Level.STREET) else f"{parent['full_name']}{own}"
                units.append(
                    {**parent, "id": count, "parent_id": parent["id"], "level": level, "name": own}
                    | {"full_name": full, level.column: count}
                )
        tree[level] = above = units
    return tree


def _gate(community: Row) -> Row:
    return {"id": community["id"], "name": "北门", **place(community)}


def _orders(county: Row) -> list[Row]:
    return [
        {
            "id": number,
            **place(county),
            "state": OrderState.IN_FORCE,
            "number": f"上防指〔2026〕{number}号",
            "title": "关于严格管控人员出入的通告",
            "legal_basis": "《中华人民共和国传染病防治法》",
            "issued_by": "上蔡县疫情防控指挥部",
            "effective_from": begin,
            "until": end,
        }
        for number, (begin, end) in enumerate(order_spans(), 1)
    ]


def _measure(order: Row, kind: Kind) -> Row:
    where = {column: order[column] for column in ("unit_id", *PLACE_COLUMNS)}
    return {
        "order_id": order["id"],
        "area": "passes",
        "item": kind.value,
        "parameters": RULE.to_json(),
        **where,
    }


def _households(grids: list[Row], passes: int) -> list[Row]:
    """A tenth as many as passes, the same number in every grid."""
    homes = []
    for number in range(max(1, passes // (10 * len(grids)))):
        for grid in grids:
            parts = (f"{number // 60 + 1}号院", str(number // 12 % 5 + 1), "1", str(101 + number % 12))
            address = dict(zip(("compound", "building", "stairwell", "room"), parts, strict=True))
            key = address_key(written_address(*parts, ""), "")
            homes.append({"id": len(homes) + 1, **place(grid), **address, "address_key": key})
    return homes


def _resident(home: Row) -> Row:
    where = {column: home[column] for column in ("unit_id", *PLACE_COLUMNS)}
    return {"household_id": home["id"], "name": "演示·张学敏", "is_head": True, **where}


def _restriction(home: Row) -> Row:
    where = {column: home[column] for column in ("unit_id", *PLACE_COLUMNS)}
    since = {"kind": RestrictionKind.RETURNEE, "since": now() - timedelta(days=1), "source": "排查登记"}
    return {"household_id": home["id"], **where, **since}


def _passes(homes: list[Row], orders: list[Row], passes: int) -> Iterator[Row]:
    """The oldest first. Most were valid for a week and have expired; of the last two days some are in hand."""
    present = now()
    step = timedelta(days=DAYS) / passes
    rule, serial_code = RULE.to_json(), "HC1:" + "6BFOXN" * 50
    chance = Random(411722)  # the same each time
    for number in range(passes):
        begins = present - step * (passes - number)
        home = chance.choice(homes)
        order = orders[(begins - orders[0]["effective_from"]).days // ORDER_DAYS]
        states = YOUNGEST_STATES if present - begins < timedelta(days=2) else OLDER_STATES
        yield {
            **{column: home[column] for column in ("unit_id", *PLACE_COLUMNS)},
            "kind": Kind.HOUSEHOLD,
            "state": states.get(chance.randrange(10 if states is YOUNGEST_STATES else 100), PassState.ISSUED),
            "order_id": order["id"],
            "household_id": home["id"],
            "holder_name": f"演示·张{number % 1000}",
            "purpose": PURPOSES[Kind.HOUSEHOLD][number % len(PURPOSES[Kind.HOUSEHOLD])],
            "valid_from": begins,
            "valid_until": begins + timedelta(days=VALID_DAYS),
            "expiring_from": begins + timedelta(days=VALID_DAYS - 2),
            "max_minutes": RULE.max_minutes,
            "rule": rule,
            "suspended_by": " ".join(RULE.suspended_by),
            "serial": f"001-{number:09}",
            "short_code": f"{number:08}",
            "status_index": number,
            "code": serial_code,
            "issued_at": begins,
            "created_at": begins,
            "changed_at": begins,
        }
