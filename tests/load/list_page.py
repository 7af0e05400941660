"""The list of passes for a commander who is signed in, against an empty answer of Flask on the same server."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median

from portal.access.acting import Level
from portal.access.policy import Role
from tests.load.client import Measured, ask_once, hammer, request
from tests.load.options import Options
from tests.load.servers import EMPTY, serving
from tests.load.table import table
from tests.load.worlds import World, Worlds, visited

PATH = "/passes/"
TRIES = 4
PAGES = {"first looked at": PATH, "all": f"{PATH}?show=all", "valid": f"{PATH}?show=valid"}


@dataclass(frozen=True)
class Side:
    """What is compared. ``wanted`` is looked up anew for each turn: a page keeps its ETag for a minute at most."""

    name: str
    port: int
    wanted: Callable[[], bytes]
    status: int = 200

    def turn(self, connections: int, seconds: float) -> Measured:
        """One turn in which every answer has the status that is expected."""
        for _try in range(TRIES):
            wanted = self.wanted()
            met = hammer(self.port, [lambda: wanted] * connections, seconds)  # noqa: B023 (called at once)
            if set(met.statuses) == {self.status}:
                return met
        raise RuntimeError(f"{self.name} answered {met.statuses}")


def run(worlds: Worlds, options: Options) -> str:
    """Requests a second and waits, in turns."""
    with ExitStack() as servers:
        sides = _sides(worlds, options, servers)
        for side in sides:  # warm up
            side.turn(options.connections, options.seconds / 2)
        turns = {side: [side.turn(options.connections, options.seconds)] for side in sides}
        for _round in range(options.rounds - 1):
            for side, mets in turns.items():
                mets.append(side.turn(options.connections, options.seconds))
    floor = median(met.per_second for met in turns[sides[0]])
    server = f"gunicorn gthread {options.workers} x 8, {options.database}"
    heading = f"List page, {options.connections} connections, {server}"
    columns = ("", "requests/s", "of empty", "p50 ms", "p99 ms")
    return table(heading, columns, ((side.name, *_figures(mets, floor)) for side, mets in turns.items()))


def _figures(mets: list[Measured], floor: float) -> tuple[float, float, float, float]:
    rate = median(met.per_second for met in mets)
    p50, p99 = (median(met.wait(percent) for met in mets) for percent in (50, 99))
    return rate, rate / floor, p50, p99


def _sides(worlds: Worlds, options: Options, servers: ExitStack) -> list[Side]:
    smallest = worlds.of(options.sizes[0])
    port = servers.enter_context(serving(EMPTY, smallest.folder, "", workers=options.workers))
    sides = [Side("empty answer", port, lambda: request("/"))]
    return sides + [side for rows in options.sizes for side in _pages(worlds.of(rows), worlds.served(rows))]


def _pages(world: World, port: int) -> list[Side]:
    signed_in = world.sign_in(Role.COMMANDER, world.unit(Level.COMMUNITY))
    _page, cookies = visited(port, PATH, signed_in)

    def unchanged() -> bytes:
        etag = ask_once(port, request(PATH, cookies=cookies)).header("ETag")
        return request(PATH, cookies=cookies, If_None_Match=etag)

    pages = [
        Side(f"{world.rows:,} passes, {name}", port, _asking(path, cookies)) for name, path in PAGES.items()
    ]
    return [*pages, Side(f"{world.rows:,} passes, unchanged", port, unchanged, 304)]


def _asking(path: str, cookies: str) -> Callable[[], bytes]:
    return lambda: request(path, cookies=cookies, Accept_Encoding="gzip")
