"""Whatever an import writes and takes back, the daily figures say what the registry says: one world, many looks."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import time_machine
from flask import Flask
from sqlalchemy import func, select

from portal.access.scope import everywhere
from portal.clock import now, today
from portal.database import db
from portal.registry import moving, redrawing
from portal.registry import service as registry
from portal.registry.importing.kinds import Choice, ImportState
from portal.registry.importing.models import ImportRow, RegistryImport
from portal.registry.models import Household, Resident
from portal.screenings.keypersons import service as keypersons
from portal.screenings.keypersons.service import Noted
from portal.screenings.kinds import Category, KeyPersonState
from portal.screenings.models import KeyPerson
from portal.units.models import Unit
from portal.workflow import figures
from tests import factories
from tests.page import Browser
from tests.people import li, unit, wang
from tests.registry_import.sheets import LI, WANG, ZHANG, everything, mended, number, row, send, sheet
from tests.screenings.world import BESIDE, GRID, acting_as, order

UNITS = (GRID, BESIDE, "豫苑社区三组", "豫苑社区", "建设路社区一组一格", "重阳街道", "上蔡县")
HERE = {"compound": "3号院", "building": "2", "stairwell": "1"}
NOTED = f"screenings.total.{Category.RETURNED.value}"


def told(name: str, day: Any = None) -> tuple[int, int, int]:
    """Households, people and returned key persons of a unit, as the daily report has them."""
    with everywhere(because="the test looks"):
        found = figures.sums(unit(name).place, day or today())
    return found["registry.households"], found["registry.residents"], found[NOTED]


def recounted(name: str) -> tuple[int, int, int]:
    """The same from the rows, one by one; what was merged away is hidden from every question."""
    with everywhere(because="the test recounts"):
        place = unit(name).place

        def number_of(model: Any, *conditions: Any) -> int:
            here = getattr(model, place.level.column) == place.unit_id
            return db.session.scalar(select(func.count(model.id)).where(here, *conditions)) or 0

        noted = (KeyPerson.category == Category.RETURNED, KeyPerson.state != KeyPersonState.VOID)
        living = Resident.left_at.is_(None)
        return number_of(Household), number_of(Resident, living), number_of(KeyPerson, *noted)


def look(after: str) -> dict[str, tuple[int, int, int]]:
    """The tallies of every unit say what there is, and nothing is there to be mended."""
    db.session.rollback()
    seen = {name: told(name) for name in UNITS}
    assert seen == {name: recounted(name) for name in UNITS}, after
    assert mended() == 0, after
    return seen


def somebody(name: str) -> Resident:
    with everywhere(because="the test looks"):
        return db.session.scalars(select(Resident).where(Resident.name == name)).one()


def do(what: Callable[[], Any]) -> None:
    with acting_as(wang):
        what()


def mine(name: str) -> Resident:
    return db.session.get_one(Resident, somebody(name).id)


def test_imported_undone_merged_and_moved_the_figures_say_what_there_is(app: Flask, desk: Browser) -> None:
    order()
    beside = factories.household(BESIDE, **HERE, room="501")
    factories.resident(beside, name="演示·钱七", document=number(17), phone="15400000017")
    before = look("the world is made")

    first = sheet(
        row(ZHANG, 11, grid="三组二格", relation="户主", phone="15400000011"),
        row(LI, 12, grid="三组二格", relation="配偶"),
        row(WANG, 13, grid="三组一格", room="402", relation="户主"),
        row("演示·远客", 14, grid="九十九格"),
        row("演示·钱七", None, grid="三组二格", room="777", phone="15400000017"),
    )
    page = send(desk, wang, first)
    assert look("the sheet is only looked at") == before
    (asked,) = [one for one in everything(ImportRow) if one.outcome == "duplicate"]
    page = page.send("Keep these decisions", **{f"row-{asked.id}": Choice.NEW_PERSON.value})
    page.send("Confirm the import")
    seen = look("imported, one of them beside one who is registered")
    assert (seen[GRID], seen[BESIDE]) == ((2, 3, 0), (2, 2, 0))

    page = send(desk, wang, sheet(row(ZHANG, 11, grid="三组二格", relation="户主", phone="15400000099")))
    page.send("Confirm the import")
    assert look("changed by a second sheet") == seen
    again = sheet(row("演示·赵六", 18, grid="三组二格"), row("演示·周九", 19, grid="三组二格", room="901"))
    send(desk, wang, again).send("Confirm the import")
    assert look("added by a third sheet")[GRID] == (3, 5, 0)

    yesterday = today()
    with time_machine.travel(now() + timedelta(days=1)):
        desk = Browser(app)  # nobody stays signed in overnight
        desk.visit("registry.import_", as_=wang, import_id=3).send("Undo this import")
        assert look("undone the day after") == seen
        assert told(GRID, yesterday) == (3, 5, 0), "what was so yesterday stays so"
        _look_at_what_moves(desk)


def _look_at_what_moves(desk: Browser) -> None:
    """People leave, come back, move and are merged; households too; each with a key person among them."""
    do(lambda: keypersons.note(mine(LI), Noted(Category.RETURNED)))
    assert look("noted as a key person")[GRID] == (2, 3, 1)
    do(lambda: moving.move(mine(LI), db.session.get_one(Household, mine(WANG).household_id), ""))
    assert look("a person moved with the record")[BESIDE] == (2, 3, 1)
    do(lambda: registry.record_as_left(mine(ZHANG), "病故"))
    assert look("one has died")[GRID] == (2, 1, 0)
    do(lambda: registry.record_as_back(mine(ZHANG)))
    look("or had not")

    pairs = desk.visit("registry.duplicates", as_=wang, by="phone").tree.xpath(
        "//main//ul[@class='rows']//a/@href"
    )
    desk.visit(pairs[0], as_=wang).send("The same: keep the first")
    merged = look("the one who was imported twice is one")
    assert merged["豫苑社区"] == (4, 4, 1)
    desk.visit("registry.merged", as_=wang).send("Undo")
    assert look("or two again")["豫苑社区"] == (4, 5, 1)

    home = somebody(LI).household_id
    do(lambda: redrawing.move([home], db.session.get_one(Unit, unit(GRID).id)))
    assert look("a household moved with its key person")[GRID] == (3, 4, 1)
    with acting_as(li):
        keypersons.strike_out(db.session.get_one(KeyPerson, 1), "登记错误")
    assert look("struck out")["重阳街道"] == (4, 5, 0)

    desk.visit("registry.import_", as_=wang, import_id=1).send("Undo this import")
    assert everything(RegistryImport)[0].state is ImportState.DONE
    assert look("what something depends on stays")["重阳街道"] == (4, 5, 0)
