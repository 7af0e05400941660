"""Who is registered already: found by number, then phone, then name and address; decided by a person."""

from typing import Any

import pytest

from portal.registry.importing.kinds import Choice
from portal.registry.importing.models import ImportRow
from portal.registry.models import Household, Resident
from tests import factories
from tests.page import Browser
from tests.people import qian, wang
from tests.registry_import.sheets import LI, WANG, ZHANG, everything, number, row, send, sheet

ADDRESS = {"compound": "3号院", "building": "2", "stairwell": "1", "room": "401"}


@pytest.fixture
def zhang(app: Any) -> Resident:
    """Somebody who is registered in flat 401."""
    home = factories.household(**ADDRESS)
    return factories.resident(home, name=ZHANG, document=number(11), phone="15400000011")


def decide(page: Any, choice: Choice) -> Any:
    """The same for the only row that is to be decided."""
    (found,) = [one for one in everything(ImportRow) if one.outcome == "duplicate"]
    return page.send("Keep these decisions", **{f"row-{found.id}": choice.value})


CASES = {
    "The same document number, under another name": row("演示·张山", 11),
    "The same document number, at another address": row(ZHANG, 11, room="777"),
    "The same name and address, with another document number": row(ZHANG, 12),
    "The same phone and name, at another address": row(ZHANG, None, room="777", phone="15400000011"),
    "The same phone and address, under another name": row("演示·张山", None, phone="15400000011"),
}


@pytest.mark.parametrize("why", CASES)
def test_what_only_looks_alike_is_asked(desk: Browser, zhang: Resident, why: str) -> None:
    page = send(desk, qian, sheet(CASES[why]))
    assert page.has("Probably registered 1")
    assert page.has(why)
    assert page.has("3号院2号楼1单元401"), "where the other one lives"
    assert "Confirm the import" not in page.buttons()
    desk.post("registry.import_confirm", as_=qian, import_id=1, status=409)
    assert len(everything(Resident)) == 1


def test_taken_for_the_same_the_registered_person_is_changed(desk: Browser, zhang: Resident) -> None:
    page = send(desk, qian, sheet(row("演示·张山", 11, phone="15400000099")))
    page = decide(page, Choice.SAME_PERSON).send("Confirm the import")
    (found,) = everything(Resident)
    assert (found.id, found.name, found.phone) == (zhang.id, "演示·张山", "15400000099")
    page.send("Undo this import")
    (found,) = everything(Resident)
    assert (found.name, found.phone) == (ZHANG, "15400000011")


def test_at_another_address_the_person_stays_where_they_live(desk: Browser, zhang: Resident) -> None:
    page = send(desk, qian, sheet(row(ZHANG, 11, room="777", phone="15400000099", relation="户主")))
    decide(page, Choice.SAME_PERSON).send("Confirm the import")
    (found,) = everything(Resident)
    assert (found.household_id, found.phone) == (zhang.household_id, "15400000099")
    assert len(everything(Household)) == 1, "no household without people is left"


def test_somebody_else_is_registered_beside(desk: Browser, zhang: Resident) -> None:
    page = send(desk, qian, sheet(row(ZHANG, None, room="777", phone="15400000011")))
    decide(page, Choice.NEW_PERSON).send("Confirm the import")
    assert [one.name for one in everything(Resident)] == [ZHANG, ZHANG]


def test_what_is_left_out_is_not_written(desk: Browser, zhang: Resident) -> None:
    page = send(desk, qian, sheet(row("演示·张山", 11), row(LI, 12)))
    decide(page, Choice.LEAVE).send("Confirm the import")
    assert [one.name for one in everything(Resident)] == [ZHANG, LI]


def test_all_that_are_left_are_decided_at_once(desk: Browser, zhang: Resident) -> None:
    page = send(
        desk,
        qian,
        sheet(
            row("演示·张山", 11), row(LI, None, room="777"), row(ZHANG, None, room="9", phone="15400000011")
        ),
    )
    page = page.send("All others: Do not import it")
    page.send("Confirm the import")
    assert [one.name for one in everything(Resident)] == [ZHANG, LI]


def test_of_people_elsewhere_nothing_is_told(desk: Browser) -> None:
    elsewhere = factories.household("建设路社区一组一格", compound="秘密花园")
    factories.resident(elsewhere, name="演示·陌生人", document=number(11))
    page = send(desk, wang, sheet(row(ZHANG, 11)))
    assert page.has("This document number is registered in another place")
    assert not page.has("秘密花园")
    assert "The same person" not in page.text, "somebody elsewhere cannot be taken for the same from here"
    decide(page, Choice.SAME_PERSON)
    assert everything(ImportRow)[0].choice is None


def test_a_phone_shared_in_a_family_is_no_duplicate(desk: Browser, zhang: Resident) -> None:
    page = send(desk, qian, sheet(row(ZHANG, 11, phone="15400000011"), row(WANG, 13, phone="15400000011")))
    assert page.has("New 1")
    assert not page.has("Probably registered")


def test_a_person_who_stands_in_the_sheet_twice_is_sent_back(desk: Browser) -> None:
    page = send(desk, qian, sheet(row(ZHANG, 11), row(ZHANG, 11), row(LI, 11, room="402")))
    assert page.has("To be mended 2")
    page = desk.visit("registry.import_", as_=qian, import_id=1, show="wrong")
    assert page.has("This person stands in row 2 already.")
    assert page.has("The same document number stands in row 2.")


def test_an_empty_cell_wipes_nothing_out(desk: Browser, zhang: Resident) -> None:
    page = send(desk, qian, sheet(row(ZHANG, None)))
    assert page.has("Same 1")


def test_a_note_beside_the_address_makes_no_other_household(desk: Browser) -> None:
    home = factories.household(**ADDRESS, address_note="东侧小门进")
    factories.resident(home, name=ZHANG, document=number(11))
    headings = ["小区", "楼栋", "单元", "房号", "现住址", "姓名", "身份证号"]
    cells = ["3号院", "2号楼", "1单元", "401室", "豫苑社区3号院2号楼1单元401室", ZHANG, number(11)]
    page = send(desk, qian, sheet(cells, headings=headings))
    assert page.has("Changed 1"), "the sex and the day of birth, which the number tells"
    page.send("Confirm the import")
    (found,) = everything(Household)
    assert found.address_note == "东侧小门进"
