"""What a gate's phone fetches: everything once, then a day's news; and how long the portal works on it.

A street of thirty communities, a gate of one of them with 2,000 passes; a tenth of all passes is not in order any
more, and every day 800 trips begin. The day's news: those, 25 passes of the gate's community replaced by new ones, and
ten revoked anywhere in the street.
"""

import gzip
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from time import perf_counter

import cbor2
from sqlalchemy import Connection, event, select

from portal.access.acting import Level
from portal.access.scope import everywhere
from portal.audit import service as audit
from portal.clock import local, now, rehearsing
from portal.database import Base, db
from portal.gate.bundle.service import changed
from portal.gate.bundle.signing import digest_of
from portal.orders.models import OrderState
from portal.passes.kinds import CountsFor, Kind, OnOvertime, PassState, Period
from portal.passes.purposes import PURPOSES
from portal.passes.rule_data import PassRule
from portal.registry.addresses import address_key, written_address
from portal.registry.restrictions import RestrictionKind
from portal.units.models import Checkpoint
from tests.load.filling import Row, Tree, place, tree_of, write
from tests.load.options import Options
from tests.load.table import table
from tests.load.worlds import World, Worlds, writing

PASSES, COMMUNITIES, TRIPS_A_DAY, DAYS = 60_000, 30, 800, 20
REPLACED, REVOKED = 25, 10
RULE = PassRule(
    CountsFor.HOUSEHOLD,
    Period.ROLLING,
    period_days=2,
    max_minutes=120,
    on_overtime=OnOvertime.SKIP_NEXT_TRIP,
    suspended_by=(RestrictionKind.RETURNEE, RestrictionKind.ISOLATION),
)
ENDINGS = (PassState.REVOKED, PassState.REVOKED, PassState.SURRENDERED)


def run(worlds: Worlds, options: Options) -> str:
    """Bytes, gzipped as they cross the wire, and milliseconds and questions to the database."""
    passes = 900 if options.toy else PASSES
    world = worlds.filled(passes, _fill)
    evening = _evening()
    with world.app.app_context():
        first, have = _fetched(world, evening, {})
        unchanged, have = _fetched(world, evening + timedelta(minutes=5), have)
    _live_a_day(world, evening, passes)
    with world.app.app_context():
        update, _have = _fetched(world, evening + timedelta(days=1), have)
    rows = (("everything", *first), ("nothing new", *unchanged), ("a day's news", *update))
    heading = f"The bundle of a gate: {passes} passes, {passes // COMMUNITIES} of its community"
    return table(heading, ("", "segments", "bytes", "gzip", "ms", "questions"), rows)


def _fetched(world: World, at: datetime, have: dict[str, str]) -> tuple[tuple[int, ...], dict[str, str]]:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    with rehearsing(at), everywhere(because="the benchmark fetches a bundle"):
        gate = db.session.scalars(select(Checkpoint).order_by(Checkpoint.id).limit(1)).one()
        asked.clear()
        begun = perf_counter()
        answer = changed(gate, have)
        taken = perf_counter() - begun
        db.session.commit()
    event.remove(db.engine, "before_cursor_execute", note)
    _manifest, news = cbor2.loads(answer)
    known = have | {name: digest_of(segment).hex() for name, segment in news.items()}
    return (len(news), len(answer), len(gzip.compress(answer, 6)), round(taken * 1000), len(asked)), known


# ── the world ────────────────────────────────────────────────────────────────────────────────────────────────────


def _evening() -> datetime:
    """Eight o'clock, well within a month: at its end everything is written anew."""
    return local(now()).replace(day=20, hour=20, minute=0, second=0, microsecond=0)


def _fill(connection: Connection, passes: int) -> Tree:
    tree, chance, evening = tree_of((1, 1, COMMUNITIES, 1, 1)), Random(20), _evening()
    for level in Level:
        write(connection, "unit", tree[level])
    write(connection, "checkpoint", [_gate(unit) for unit in tree[Level.COMMUNITY]])
    write(connection, "order_", [_order(tree[Level.STREET][0], evening)])
    write(connection, "measure", [_measure(tree[Level.STREET][0])])
    homes = [_home(number, tree[Level.GRID]) for number in range(passes * 7 // 8)]
    chance.shuffle(homes)  # communities issue side by side
    write(connection, "household", homes)
    write(connection, "household_restriction", [_restricted(home, evening) for home in homes[::49]])
    issued = [_pass(number, homes, evening, chance) for number in range(passes)]
    write(connection, "pass", issued)
    ours = [one for one in issued if one["community_id"] == tree[Level.COMMUNITY][0]["id"]]
    for back in range(DAYS, 0, -1):
        write(connection, "trip", _day(ours, evening - timedelta(days=back - 1), chance, upto=evening))
    return tree


def _gate(community: Row) -> Row:
    return {"id": community["id"], "name": "北门", **place(community)}


def _order(street: Row, evening: datetime) -> Row:
    return {
        "id": 1,
        **place(street),
        "state": OrderState.IN_FORCE,
        "number": "重阳防指〔2026〕1号",
        "title": "关于严格管控人员出入的通告",
        "legal_basis": "《中华人民共和国传染病防治法》",
        "issued_by": "重阳街道疫情防控指挥部",
        "effective_from": evening - timedelta(days=60),
        "until": evening + timedelta(days=60),
        "created_at": evening,
        "changed_at": evening,
    }


def _measure(street: Row) -> Row:
    return {
        **place(street),
        "order_id": 1,
        "area": "passes",
        "item": Kind.HOUSEHOLD.value,
        "parameters": RULE.to_json(),
    }


def _home(number: int, grids: list[Row]) -> Row:
    parts = (f"{number // 60 + 1}号院", str(number // 12 % 5 + 1), "1", str(101 + number % 12))
    address = dict(zip(("compound", "building", "stairwell", "room"), parts, strict=True))
    key = address_key(written_address(*parts, ""), "")
    return {"id": number + 1, **place(grids[number % len(grids)]), **address, "address_key": key}


def _restricted(home: Row, evening: datetime) -> Row:
    since = {"kind": RestrictionKind.RETURNEE, "since": evening - timedelta(days=1, seconds=home["id"] * 7)}
    return {"household_id": home["id"], **_where(home), **since, "source": "排查登记"}


def _where(row: Row) -> Row:
    return {column: row[column] for column in ("unit_id", *(f"{level.value}_id" for level in Level))}


def _pass(number: int, homes: list[Row], evening: datetime, chance: Random) -> Row:
    """The first for each household, then second ones; issued in the fifty days before, for sixty."""
    home = homes[number] if number < len(homes) else chance.choice(homes)
    issued = (
        evening - timedelta(days=50) + timedelta(seconds=number * 30 * 86_400 // (len(homes) * 8 // 7 + 1))
    )
    ended = chance.random() < 0.1
    ends = _ended_at(issued, evening, chance) if ended else None
    return {
        **_where(home),
        "id": number + 1,
        "kind": Kind.HOUSEHOLD,
        "state": chance.choice(ENDINGS) if ended else PassState.ISSUED,
        "order_id": 1,
        "household_id": home["id"],
        "holder_name": f"演示·张{number % 1000}",
        "purpose": PURPOSES[Kind.HOUSEHOLD][0],
        "valid_from": issued,
        "valid_until": issued + timedelta(days=60),
        "expiring_from": issued + timedelta(days=58),
        "windows": [],
        "checkpoint_ids": [],
        "rule": RULE.to_json(),
        "suspended_by": " ".join(RULE.suspended_by),
        "serial": f"001-{number:09}",
        "short_code": f"{number:08}",
        "status_index": number + 1,
        "issued_at": issued,
        "ended_at": ends,
        "replaced": ended and chance.random() < 0.3,
        "created_at": issued,
        "changed_at": issued,
    }


def _ended_at(issued: datetime, evening: datetime, chance: Random) -> datetime:
    """Of a tenth a tenth this month, about 30 a day; the others at any time before."""
    month = evening.replace(day=1, hour=0)
    if issued > month or chance.random() < 0.1:
        return month + (evening - month) * chance.random()
    return issued + (month - issued) * chance.random()


def _day(ours: list[Row], evening: datetime, chance: Random, upto: datetime) -> Iterator[Row]:
    """The trips of a day, by every second household, as the rule has it: mostly an hour, one in twenty late."""
    today = [one for one in ours if one["household_id"] // COMMUNITIES % 2 == evening.day % 2]
    for one in chance.sample(today, min(TRIPS_A_DAY, len(today) * 4 // 5)):
        out = evening.replace(hour=7) + timedelta(seconds=chance.randrange(13 * 3600))
        late = chance.random() < 0.05
        back = out + timedelta(seconds=chance.randrange(8200, 14000) if late else chance.randrange(900, 7100))
        yield {
            **_where(one),
            "pass_id": one["id"],
            "household_id": one["household_id"],
            "out_at": out,
            "back_by": out + timedelta(minutes=120),
            "in_at": back if back <= upto else None,
            "out_checkpoint_id": one["community_id"],
        }


def _live_a_day(world: World, evening: datetime, passes: int) -> None:
    chance, tomorrow = Random(21), evening + timedelta(days=1)
    trip, pass_ = Base.metadata.tables["trip"], Base.metadata.tables["pass"]
    in_order = select(pass_).where(pass_.c.state == PassState.ISSUED)
    with writing(world.url) as connection:
        back = {"in_at": evening + timedelta(minutes=40)}
        connection.execute(trip.update().where(trip.c.in_at.is_(None)).values(back))
        here = pass_.c.community_id == world.tree[Level.COMMUNITY][0]["id"]
        ours = [dict(row) for row in connection.execute(in_order.where(here)).mappings()]
        write(connection, "trip", _day(ours, tomorrow, chance, upto=tomorrow))
        for number, one in enumerate(chance.sample(ours, min(REPLACED, len(ours))), passes + 1):
            at = evening + timedelta(hours=14, seconds=31 * (number - passes))
            new = {
                "id": number,
                "status_index": number,
                "serial": f"002-{number}",
                "short_code": f"n{number}",
            }
            connection.execute(pass_.insert().values({**one, **new, "issued_at": at}))
            _end(connection, one["id"], at, replaced=True)
        for one in chance.sample(connection.execute(in_order).mappings().all(), REVOKED):
            _end(connection, one["id"], evening + timedelta(hours=15, seconds=one["id"] % 3600))
    with world.app.app_context(), rehearsing(tomorrow), everywhere(because="the benchmark lives a day"):
        audit.record("gate.exit", unit_id=1)
        db.session.commit()


def _end(connection: Connection, pass_id: int, at: datetime, *, replaced: bool = False) -> None:
    pass_ = Base.metadata.tables["pass"]
    ended = {"state": PassState.REVOKED, "ended_at": at, "replaced": replaced}
    connection.execute(pass_.update().where(pass_.c.id == pass_id).values(ended))
