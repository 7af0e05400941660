"""Worlds: a database of a certain size with people in it who are signed in. Made when first asked for."""

import os
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Self

from flask import Flask
from sqlalchemy import Connection, Engine, create_engine, event, select, text
from sqlalchemy.engine import make_url

from portal import create_app
from portal.access.acting import Level
from portal.access.policy import Role
from portal.access.scope import PLACE_COLUMNS, everywhere
from portal.accounts import sessions
from portal.accounts.models import TITLES
from portal.audit import triggers
from portal.clock import now
from portal.database import Base, db
from portal.rehearsal import building
from portal.rehearsal.cli import SEED, give_sqlite_room
from tests.conftest import settings
from tests.load.client import Answer, ask_once, request
from tests.load.filling import Row, Tree, fill, place, write
from tests.load.options import Options
from tests.load.servers import REAL, serving
from tests.people import PASSWORD_HASH
from tests.postgres import postgres_url

SHOWN = "411722003001"  # the community of 重阳街道 that people look at in every peopled world


@dataclass(frozen=True)
class World:
    """One database, its instance folder, and the application that looks at it from this process.

    ``rows`` is how many passes it has, or people. ``tree``: the units of each level that matter.
    """

    rows: int
    folder: Path
    url: str
    app: Flask
    tree: Tree

    def unit(self, level: Level) -> Row:
        """The one in the middle."""
        return self.tree[level][len(self.tree[level]) // 2]

    def sign_in(self, role: Role, unit: Row) -> str:
        """Somebody new who is signed in there: the cookie."""
        token = secrets.token_urlsafe(32)
        with writing(self.url) as connection:
            table = Base.metadata.tables
            account = {"sign_in_name": token[:20], "name": "演示·王", "password_hash": PASSWORD_HASH}
            account_id = connection.execute(
                table["account"].insert().values(**account, **place(unit), created_at=now())
            ).inserted_primary_key[0]
            gate = {"checkpoint_id": unit["id"]} if role is Role.GATEKEEPER else {}
            appointment = {"role": role, "title": TITLES[role][0], "since": date(2020, 1, 1), **gate}
            appointment_id = connection.execute(
                table["appointment"].insert().values(account_id=account_id, **appointment, **place(unit))
            ).inserted_primary_key[0]
            ids = {"account_id": account_id, "appointment_id": appointment_id}
            seen = {"token_digest": sessions._digest(token), "started_at": now(), "seen_at": now()}
            write(connection, "sign_in", [ids | seen])
        signer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        return f"{self.app.config['SESSION_COOKIE_NAME']}={signer.dumps({'_user_id': token})}"

    def count(self, question: str) -> int:
        """The one number that a question in SQL answers."""
        with writing(self.url) as connection:
            return int(connection.scalar(text(question)) or 0)


def visited(port: int, path: str, cookies: str) -> tuple[Answer, str]:
    """A page, and all cookies after it: as a browser has them that has been here before."""
    answer = ask_once(port, request(path, cookies=cookies))
    if answer.status != 200:
        raise RuntimeError(f"{path} answers {answer.status}")
    jar = dict(pair.split("=", 1) for pair in cookies.split("; ") if pair)
    jar |= dict(given.split(";")[0].split("=", 1) for given in answer.headers("Set-Cookie"))
    return answer, "; ".join(f"{name}={value}" for name, value in jar.items())


def line_of(connection: Connection, code: str) -> Tree:
    """The units from the county down to the last grid of the community with this code: one at each level."""
    units = Base.metadata.tables["unit"]
    community = connection.execute(select(units).where(units.c.code == code)).mappings().one()
    grids = select(units).where(units.c.community_id == community["id"], units.c.level == Level.GRID)
    grid = connection.execute(grids.order_by(units.c.id.desc()).limit(1)).mappings().one()
    above = connection.execute(
        select(units).where(units.c.id.in_([grid[column] for column in PLACE_COLUMNS]))
    )
    return {Level(unit["level"]): [dict(unit)] for unit in above.mappings()}


@contextmanager
def writing(url: str) -> Iterator[Any]:
    """A connection of our own, beside the application."""
    engine = _engine(url)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


class Worlds:
    """All worlds of one run, and the PostgreSQL server that some of them are on; gone when it ends."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._made: dict[int, World] = {}
        self._ports: dict[int, int] = {}
        self._apps: list[Flask] = []
        self._ends = ExitStack()

    def __enter__(self) -> Self:
        self._folder = Path(self._ends.enter_context(tempfile.TemporaryDirectory(prefix="gridgate-load-")))
        if self._options.database == "postgres":
            self._server = self._ends.enter_context(postgres_url())
        return self

    def __exit__(self, *_problem: object) -> None:
        for app in self._apps:
            with app.app_context():
                db.engine.dispose()
        self._ends.close()

    def of(self, rows: int) -> World:
        """The world with so many passes; the benchmarks of one run share it and only look."""
        if rows not in self._made:
            self._made[rows] = self.new(rows)
        return self._made[rows]

    def served(self, rows: int) -> int:
        """The port at which the world with so many passes is served, until the run ends."""
        if rows not in self._ports:
            self._ports[rows] = self.serve(self.of(rows))
        return self._ports[rows]

    def serve(self, world: World) -> int:
        """The port at which a world is served, until the run ends."""
        return self._ends.enter_context(serving(REAL, world.folder, world.url, workers=self._options.workers))

    def new(self, rows: int) -> World:
        """Another one, for those who write."""
        return self.filled(rows, fill)

    def filled(self, rows: int, filling: Callable[[Connection, int], Tree]) -> World:
        """One that is filled in another way: ``filling(connection, rows)`` writes and gives the tree."""
        folder, url, app = self._empty()
        with writing(url) as connection:
            tree = filling(connection, rows)
        self._settle_down(url)
        return World(rows, folder, url, app, tree)

    def peopled(self, code: str, households: int) -> World:
        """The street or county with this code, full of households: the population of ``flask rehearsal build``."""
        folder, url, app = self._empty()
        with app.app_context():
            give_sqlite_room()
            with everywhere(because="the world is built"):
                people = building.build(
                    code, households, seed=SEED, tell=lambda _community, _done: None
                ).people
                db.session.commit()
            db.session.remove()
        self._settle_down(url)
        with writing(url) as connection:
            tree = line_of(connection, SHOWN)
        return World(people, folder, url, app, tree)

    def _empty(self) -> tuple[Path, str, Flask]:
        name = f"load_{os.getpid()}_{secrets.token_hex(3)}"
        folder = self._folder / name
        folder.mkdir()
        url = (
            self._postgres(name)
            if self._options.database == "postgres"
            else f"sqlite:///{folder}/gridgate.db"
        )
        app = create_app(settings(folder, url))
        with writing(url) as connection:
            Base.metadata.create_all(connection)
            triggers.install(connection)
        self._apps.append(app)
        return folder, url, app

    def _settle_down(self, url: str) -> None:
        """Statistics for the planner; without them SQLite reads a whole county for twenty households."""
        if self._options.database == "postgres":
            _on_server(url, "VACUUM ANALYZE")  # as autovacuum would in a while
            return
        with writing(url) as connection:
            connection.execute(text("PRAGMA analysis_limit=1000"))
            connection.execute(text("ANALYZE"))

    def _postgres(self, name: str) -> str:
        _on_server(self._server, f'CREATE DATABASE "{name}"')
        self._ends.callback(_on_server, self._server, f'DROP DATABASE "{name}" WITH (FORCE)')
        url = make_url(self._server).set(drivername="postgresql+psycopg", database=name)
        return url.render_as_string(hide_password=False)


def _on_server(url: str, statement: str) -> None:
    """A statement that no transaction may hold."""
    driver = make_url(url).set(drivername="postgresql+psycopg")
    engine = create_engine(driver, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _engine(url: str) -> Engine:
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def hasten(connection: Any, _record: object) -> None:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=OFF")

    return engine
