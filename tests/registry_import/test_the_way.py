"""From a sheet to the registry: looked at first, written all or nothing, and taken back."""

import pytest

from portal.audit.models import AuditEntry
from portal.registry.importing.kinds import ImportState
from portal.registry.importing.models import ImportFile, ImportRow, RegistryImport
from portal.registry.models import Household, Resident, Responsibility
from tests import factories
from tests.page import Browser
from tests.people import li, qian, wang, wu, zhao
from tests.registry_import.sheets import (
    FAMILY,
    LI,
    WANG,
    ZHANG,
    everything,
    fetched,
    number,
    problems,
    row,
    send,
    sheet,
)

pytestmark = pytest.mark.any_database


def test_a_sheet_is_shown_before_it_is_written(desk: Browser) -> None:
    page = send(desk, qian, FAMILY)
    assert page.has("Nothing has been written yet.")
    assert list(page.tree.xpath("//nav[@class='fil']//a/b/text()")) == ["3"]
    assert page.has("张*") or page.has("演*")
    assert not page.has(ZHANG)
    assert not everything(Household)
    assert not everything(Resident)


def test_what_is_confirmed_stands_in_the_registry(desk: Browser) -> None:
    page = send(desk, qian, FAMILY).send("Confirm the import")
    assert page.has("Written: 3 new people, 0 changed.")
    first, second = everything(Household)
    assert (first.address, second.address, second.note) == (
        "3号院2号楼1单元401",
        "3号院2号楼1单元402",
        "门口有狗",
    )
    zhang, li_, wang_ = everything(Resident)
    assert (zhang.name, zhang.is_head, zhang.phone, zhang.document) == (
        ZHANG,
        True,
        "15400000011",
        number(11),
    )
    assert (li_.relation, li_.household_id, wang_.household_id) == ("配偶", first.id, second.id)
    assert zhang.pinyin, "found by its spelling, too"
    assert {one.household_id for one in everything(Responsibility)} == {first.id, second.id}
    assert first.responsible_id
    (entry,) = [one for one in everything(AuditEntry) if one.action == "registry.import"]
    assert entry.details == {
        "rows": 3, "digest": everything(RegistryImport)[0].digest, "new": 3, "changed": 0, "households": 2,
    }  # fmt: skip
    assert not everything(ImportFile), "the file is destroyed"


def test_the_same_sheet_again_finds_everybody_there(desk: Browser) -> None:
    send(desk, qian, FAMILY).send("Confirm the import")
    page = send(desk, qian, FAMILY)
    assert page.has("Same 3")
    assert page.has("This sheet changes nothing.")
    assert "Confirm the import" not in page.buttons()


def test_a_change_is_shown_old_beside_new_and_taken_by_row(desk: Browser) -> None:
    send(desk, qian, FAMILY).send("Confirm the import")
    changed = sheet(
        row(ZHANG, 11, relation="户主", phone="15400000099"),
        row(LI, 12, relation="妻子"),
        row(WANG, 13, room="402", relation="户主", note="门口有狗"),
    )
    page = send(desk, qian, changed)
    assert page.has("154****0011 → 154****0099")
    assert page.has("配偶 → 妻子")
    _first, second = everything(ImportRow)[-3:-1]
    page = page.send("Keep these decisions", **{f"row-{second.id}": "leave"})
    page = page.send("Confirm the import")
    assert page.has("Written: 0 new people, 1 changed.")
    zhang, li_, _wang = everything(Resident)
    assert (zhang.phone, li_.relation) == ("15400000099", "配偶")


def test_an_import_is_taken_back_with_all_that_it_wrote(desk: Browser) -> None:
    send(desk, qian, FAMILY).send("Confirm the import")
    changed = sheet(
        row(ZHANG, 11, relation="户主", phone="15400000099", note="新备注"),
        row("演示·赵六", 14, relation="子"),
    )
    page = send(desk, qian, changed).send("Confirm the import")
    page = page.send("Undo this import")
    assert everything(RegistryImport)[-1].state is ImportState.UNDONE
    assert [one.name for one in everything(Resident)] == [ZHANG, LI, WANG]
    zhang = everything(Resident)[0]
    assert (zhang.phone, everything(Household)[0].note) == ("15400000011", "")
    page = desk.visit("registry.import_", as_=qian, import_id=everything(RegistryImport)[0].id)
    page.send("Undo this import")
    assert not everything(Resident)
    assert not everything(Household)
    assert not everything(Responsibility)


def test_what_depends_on_an_import_is_named_and_kept(desk: Browser) -> None:
    page = send(desk, qian, FAMILY).send("Confirm the import")
    factories.restriction(everything(Household)[0])
    person = desk.visit("registry.edit_person", as_=qian, resident_id=everything(Resident)[2].id)
    person.send("Save", name="演示·王小五")
    page = page.send("Undo this import")
    assert page.has("This import can no longer be undone.")
    assert page.has("Changed since: the rows 4.")
    assert page.has("Depending on it: restrictions (1).")
    assert len(everything(Resident)) == 3


def test_wrong_rows_come_back_and_can_be_sent_again(desk: Browser) -> None:
    bad = row(LI, None, relation="配偶")
    bad[7] = "4.11722E+17"
    page = send(desk, qian, sheet(row(ZHANG, 11, relation="户主"), bad, row(WANG, 13, grid="九十九格")))
    assert page.has("Outside my area 1")
    assert page.has("2 rows will not be taken.")
    response = page.send("Fetch these rows", status=200)
    assert len(problems(response)) == 2
    assert "Excel has lost the last figures" in problems(response)[0]
    assert "not one of yours" in problems(response)[1]
    page.send("Confirm the import")
    lines = fetched(response)
    lines[1][7], lines[2][0] = number(12), "二格"
    again = send(desk, qian, sheet(*lines[1:], row(ZHANG, 11, relation="户主"), headings=lines[0]))
    assert again.has("New 2")
    assert again.has("Same 1")
    again.send("Confirm the import")
    assert [one.name for one in everything(Resident)] == [ZHANG, LI, WANG]


def test_wrong_rows_wait_a_day_after_the_confirm(desk: Browser) -> None:
    bad = row(LI, None)
    bad[7] = "123"
    page = send(desk, qian, sheet(row(ZHANG, 11), bad)).send("Confirm the import")
    assert len(problems(page.send("Fetch these rows", status=200))) == 1
    assert [one.name for one in everything(Resident)] == [ZHANG]


def test_nobody_else_sees_an_open_import(desk: Browser) -> None:
    send(desk, qian, FAMILY)
    (found,) = everything(RegistryImport)
    for stranger in (wu, zhao, wang, li):
        desk.visit("registry.import_", as_=stranger, import_id=found.id, status=404)
        desk.visit("registry.import_columns", as_=stranger, import_id=found.id, status=404)
        for step in ("confirm", "decide", "drop", "undo", "wrong_rows", "back"):
            desk.post(f"registry.import_{step}", as_=stranger, import_id=found.id, status=404)


@pytest.mark.parametrize("person", [qian, zhao, wang, li])
def test_everybody_imports_where_they_serve(desk: Browser, person: object) -> None:
    grid = {"qian": "二格", "zhao": "二格", "wang": "三组二格", "li": "豫苑社区三组二格"}[str(person)]
    page = send(desk, person, sheet(row(ZHANG, 11, grid=grid), row(LI, 12, grid="建设路社区一组一格")))
    if str(person) == "li":
        assert page.has("New 2")
    else:
        assert page.has("New 1")
        assert page.has("Outside my area 1")


def test_long_pages_stay_light(desk: Browser) -> None:
    """The page object weighs each: twenty rows to be decided, thirty columns to be named."""
    home = factories.household(compound="3号院", building="2", stairwell="1", room="401")
    for serial in range(40, 65):
        factories.resident(home, name=f"演示·旧{serial}", document=number(serial), phone=f"154000000{serial}")
    rows = [
        row(f"演示·新{serial}", serial, phone=f"154000000{serial}", relation="租客")
        for serial in range(40, 65)
    ]
    page = send(desk, qian, sheet(*rows))
    assert page.has("More rows")
    later = desk.visit(page.tree.xpath("//p[@class='older']/a/@href")[0], as_=qian)
    assert len(later.tree.xpath("//tbody/tr")) == 5
    headings = [f"不知道的第{chr(0x4E00 + place)}列" for place in range(30)]
    page = send(
        desk,
        qian,
        sheet([ZHANG, "东关大街18号", *"甲乙丙丁戊己庚辛" * 3, "x", "y", "z", "v"], headings=headings),
    )
    assert page.heading == "What the columns mean"


def test_an_open_import_is_listed_for_nobody_else(desk: Browser) -> None:
    send(desk, qian, FAMILY)
    assert not desk.visit("registry.imports", as_=wang).has("Imported before")
    send(desk, qian, sheet(row(ZHANG, 11))).send("Confirm the import")
    page = desk.visit("registry.imports", as_=wang)
    assert len([link for link in page.links() if "/registry/import/" in link]) == 1
