"""Bytes on the wire, heads included: the first visit with all its files, the next one, and an unchanged page."""

from lxml import html

from portal.access.acting import Level
from portal.access.policy import Role
from tests.load.client import Answer, ask_once, request
from tests.load.options import Options
from tests.load.table import table
from tests.load.worlds import Worlds, visited

ENCODINGS = {"gzip": "gzip", "brotli": "gzip, deflate, br"}
FILES = "//script/@src|//link[@rel='stylesheet']/@href"


def run(worlds: Worlds, options: Options) -> str:
    """List, Today, form and sign-in page, by both encodings."""
    world = worlds.of(options.sizes[0])
    commander = world.sign_in(Role.COMMANDER, world.unit(Level.COMMUNITY))
    home = world.count(
        f"SELECT min(id) FROM household WHERE community_id = {world.unit(Level.COMMUNITY)['id']}"
    )
    pages = (
        ("list of 20 passes", "/passes/?show=all", commander),
        ("Today", "/", commander),
        ("application form", f"/passes/new?household_id={home}", commander),
        ("sign-in page", "/login", ""),
    )
    port = worlds.served(options.sizes[0])
    rows = [
        (f"{name}, {encoding}", *_weights(port, path, cookies, accepted))
        for name, path, cookies in pages
        for encoding, accepted in ENCODINGS.items()
    ]
    heading = "Bytes on the wire"
    return table(heading, ("", "first visit, all files", "again", "its body", "unchanged (304)"), rows)


def _weights(port: int, path: str, cookies: str, accepted: str) -> tuple[int | str, ...]:
    plain, known = visited(port, path, cookies)
    files = sum(_get(port, str(name), "", accepted).wire for name in html.fromstring(plain.body).xpath(FILES))
    first = _get(port, path, cookies, accepted).wire + files
    again = _get(port, path, known, accepted)
    unchanged: int | str = "-"
    if etag := again.header("ETag"):
        unchanged = ask_once(
            port, request(path, cookies=known, Accept_Encoding=accepted, If_None_Match=etag)
        ).wire
    return first, again.wire, len(again.body), unchanged


def _get(port: int, path: str, cookies: str, accepted: str) -> Answer:
    return ask_once(port, request(path, cookies=cookies, Accept_Encoding=accepted))
