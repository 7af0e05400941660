"""户籍台账: what a page takes in a registry of many people against one of ten thousand, for those who ask most.

The smaller world is one street, the larger one the county; both look at the same community. One question at a time,
the sides in turns: medians of medians. What counts is the ratio.
"""

import html as markup
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from urllib.parse import urlencode, urlsplit

from lxml import html
from sqlalchemy import select

from portal.access.acting import Level
from portal.access.policy import Role
from portal.access.scope import everywhere
from portal.database import db
from portal.registry.models import Household, Resident
from portal.web.formats import DEMO_MARK
from tests.load.client import Answer, ask_once, request
from tests.load.options import Options
from tests.load.table import table
from tests.load.worlds import World, Worlds, visited

LIST = "/registry/"
STREET, COUNTY = "411722003", "411722"
WHO = {"office": (Role.OFFICE, Level.COUNTY), "commander": (Role.COMMANDER, Level.COMMUNITY)}
ASKED_IN_A_ROUND = 10
LONG_ENOUGH = 1000.0  # ms: nobody waits longer for one page's round

Ask = Callable[[], Answer]


@dataclass(frozen=True)
class Known:
    """Somebody of the community, of whom searches ask; every one of them is to lead to this person or the household."""

    household_id: int
    resident_id: int
    last_household_id: int  # of the community's list but for a page
    name: str
    document: str
    phone: str
    address: str
    initials: str
    pinyin: str
    room: str

    @property
    def searches(self) -> dict[str, str]:
        """What is typed, by what it is: each way in which the registry can be searched has a line here."""
        return {
            "name": self.name,
            "address": self.address,
            "document": self.document,
            "phone": self.phone,
        }

    @property
    def vague_searches(self) -> dict[str, str]:
        """What many others may fit too, so that this person need not be among those shown."""
        return {
            "last four": self.phone[-4:],
            "initials": self.initials,
            "pinyin": self.pinyin,
            "door": self.room,
        }


def run(worlds: Worlds, options: Options) -> str:
    """Milliseconds in both worlds, their ratio, and the commander's against the office's in the larger one."""
    codes = (STREET, STREET if options.toy else COUNTY)
    small, large = (worlds.peopled(code, many) for code, many in zip(codes, options.households, strict=True))
    asks = [_asks(world, worlds.serve(world)) for world in (small, large)]
    taken = _in_turns(asks, options)
    rows = []
    for who, what in asks[0]:
        before, after = (times[who, what] for times in taken)
        rows.append((f"{who}: {what}", before, after, after / before, after / taken[1]["office", what]))
    heading = f"Pages of the registry, {options.database}, ms"
    columns = ("", f"{small.rows:,} people", f"{large.rows:,} people", "ratio", "of the office's")
    return table(heading, columns, rows)


def _in_turns(
    sides: list[dict[tuple[str, str], Ask]], options: Options
) -> list[dict[tuple[str, str], float]]:
    """The median of the rounds' medians in ms, of each page in each world."""
    taken: list[dict[tuple[str, str], list[float]]] = [{page: [] for page in side} for side in sides]
    for _round in range(options.rounds):
        for page in sides[0]:
            waits = _a_round([side[page] for side in sides], 1 if options.toy else ASKED_IN_A_ROUND)
            for times, met in zip(taken, zip(*waits, strict=True), strict=True):
                times[page].append(median(met))
    return [{page: median(rounds) for page, rounds in side.items()} for side in taken]


def _a_round(asks: list[Ask], at_most: int) -> list[list[float]]:
    """What each side takes in ms, one after the other, again and again."""
    waits = [[_once(ask) for ask in asks]]
    while len(waits) < at_most and sum(map(sum, waits)) < LONG_ENOUGH:
        waits.append([_once(ask) for ask in asks])
    return waits


def _once(ask: Ask) -> float:
    begun = perf_counter()
    ask()
    return 1000 * (perf_counter() - begun)


def _asks(world: World, port: int) -> dict[tuple[str, str], Ask]:
    """Every page for everybody; each is looked at once to see that it shows what it should."""
    known = _known(world)
    asks = {}
    for who, (role, level) in WHO.items():
        page, cookies = visited(port, LIST, world.sign_in(role, world.unit(level)))
        token = html.fromstring(page.body).xpath("string(//input[@name='csrf_token']/@value)")
        for what, ask in _pages(port, cookies, token, known).items():
            answer = ask()
            if answer.status != 200 or (what.startswith("search") and not _leads_to(answer, known)):
                raise RuntimeError(f"{who}: {what} answered {answer.status} and not what was looked for")
            asks[who, what] = ask
    return asks


def _pages(port: int, cookies: str, token: str, known: Known) -> dict[str, Ask]:
    def looking(path: str) -> Ask:
        return lambda: ask_once(port, request(path, cookies=cookies, Accept_Encoding="identity"))

    def searching(text: str) -> Ask:
        form = urlencode({"csrf_token": token, "q": text})
        return lambda: _searched(port, cookies, form)

    return {
        "list": looking(LIST),
        "list, far down": looking(f"{LIST}?after={known.last_household_id}"),
        "list, nobody answers": looking(f"{LIST}?show=uncovered"),
        "household": looking(f"{LIST}{known.household_id}"),
        **{f"search by {what}": searching(text) for what, text in known.searches.items()},
        **{f"vague search by {what}": searching(text) for what, text in known.vague_searches.items()},
    }


def _searched(port: int, cookies: str, form: str) -> Answer:
    """A search until its answer is seen, also where it has an address of its own."""
    answer = ask_once(port, request(f"{LIST}search", cookies=cookies, form=form))
    if answer.status != 303:
        return answer
    there = urlsplit(answer.header("Location"))
    path = f"{there.path}?{there.query}" if there.query else there.path
    return ask_once(port, request(path, cookies=cookies))


def _leads_to(answer: Answer, known: Known) -> bool:
    page = markup.unescape(answer.body.decode())
    return any(f'"{LIST}{place}"' in page for place in (known.household_id, f"people/{known.resident_id}"))


def _known(world: World) -> Known:
    """The first of the last grid's people who has everything that can be searched for."""
    grid = world.unit(Level.GRID)["id"]
    community = world.unit(Level.COMMUNITY)["id"]
    complete = (
        select(Resident)
        .where(
            Resident.unit_id == grid, Resident.document_index.is_not(None), Resident.phone_index.is_not(None)
        )
        .order_by(Resident.id)
    )
    far = select(Household.id).where(Household.community_id == community)
    with world.app.app_context():
        with everywhere(because="the benchmark picks somebody to look for"):
            someone = min(db.session.scalars(complete), key=lambda one: (_namesakes(one), one.id))
            last = db.session.scalars(far.order_by(Household.address_key.desc(), Household.id.desc())).all()
            found = Known(
                household_id=someone.household_id,
                resident_id=someone.id,
                last_household_id=last[min(25, len(last) - 1)],
                name=someone.name.removeprefix(DEMO_MARK),
                document=someone.document or "",
                phone=someone.phone or "",
                address=someone.household.address,
                initials=someone.initials,
                pinyin=someone.pinyin,
                room=someone.household.room,
            )
        db.session.remove()
    return found


def _namesakes(someone: Resident) -> int:
    """How many have the same name in the whole installation: a search shows only some of them."""
    same = select(Resident.id).where(Resident.name == someone.name)
    return len(db.session.scalars(same).all())
