"""Many people at the gates post at once: one more turned back. Nothing may fail, nothing may be lost."""

import secrets
from contextlib import ExitStack
from statistics import median
from urllib.parse import urlencode

from lxml import html

from portal.access.acting import Level
from portal.access.policy import Role
from tests.load.client import Ask, Measured, hammer, request
from tests.load.filling import Row
from tests.load.options import Options
from tests.load.servers import REAL, WITHOUT_QUEUE, serving
from tests.load.table import table
from tests.load.worlds import World, Worlds, visited

DONE = 303
WRITTEN = {
    "records": "SELECT count(*) FROM gate_record WHERE event = 'turned_back'",
    "trail entries": "SELECT count(*) FROM audit_entry WHERE action = 'gate.turn_back'",
}


def run(worlds: Worlds, options: Options) -> str:
    """The portal as it is, and on SQLite the same without its write queue, in turns."""
    apps = {"as it is": REAL}
    if options.database == "sqlite":
        apps["without the queue"] = WITHOUT_QUEUE
    sides = {name: worlds.new(options.sizes[0]) for name in apps}
    turns: dict[str, list[Measured]] = {name: [] for name in apps}
    with ExitStack() as servers:
        people = {}
        for name, world in sides.items():
            port = servers.enter_context(
                serving(apps[name], world.folder, world.url, workers=options.workers)
            )
            people[name] = port, _people(world, port, options.people)
        for _round in range(options.rounds):
            for name, (port, asks) in people.items():
                turns[name].append(hammer(port, asks, options.seconds))
    heading = (
        f"{options.people} people posting at once, gunicorn gthread {options.workers} x 8, {options.database}"
    )
    columns = ("", "posts/s", "p50 ms", "p99 ms", "p99 of plain", "longest ms", "failed", "lost")
    plain = median(met.wait(99) for met in turns[list(apps)[-1]])
    return table(heading, columns, ((name, *_figures(sides[name], turns[name], plain)) for name in apps))


def _figures(world: World, turns: list[Measured], plain: float) -> tuple[float | int, ...]:
    everything = sum(turns, Measured())
    done = everything.statuses[DONE]
    failed = everything.statuses.total() - done
    lost = max(abs(done - world.count(question)) for question in WRITTEN.values())
    rate, p50, p99 = (
        median(figure(met) for met in turns)
        for figure in (lambda m: m.per_second, lambda m: m.wait(50), lambda m: m.wait(99))
    )
    return rate, p50, p99, p99 / plain, everything.wait(100), failed, lost


def _people(world: World, port: int, number_of_them: int) -> list[Ask]:
    gates = world.tree[Level.COMMUNITY]
    return [_person(world, port, gates[number % len(gates)]) for number in range(number_of_them)]


def _person(world: World, port: int, community: Row) -> Ask:
    """Somebody at a gate, who has the page open and sends a new form each time."""
    page, cookies = visited(port, "/gate/desk", world.sign_in(Role.GATEKEEPER, community))
    token = html.fromstring(page.body).xpath("string(//input[@name='csrf_token']/@value)")

    def ask() -> bytes:
        form = {"csrf_token": token, "once": secrets.token_urlsafe(16), "what": "person"}
        return request("/gate/turned-back", cookies=cookies, form=urlencode(form))

    return ask
