"""Columns that nobody knows: asked once, with examples that name nobody, and remembered."""

import openpyxl
import pytest

from portal.registry.importing.models import ImportWord, RegistryImport
from portal.registry.importing.synonyms import DICTIONARY, FIELD_LABELS, WORDS
from portal.registry.kinds import Sex, Stay
from portal.registry.models import Household, Resident
from tests.page import Browser
from tests.people import qian, wang, zhao
from tests.registry_import.sheets import LI, WANG, ZHANG, everything, number, row, send, sheet
from tests.spreadsheets.makers import saved, workbook

pytestmark = pytest.mark.any_database

ODD = ["谁", "住哪", "号码甲"]
IN_A_ROW = ["小区", "楼栋", "单元", "房号", "户主", "户主身份证号", "户主电话"]
ODD_ROWS = ([ZHANG, "东关大街18号", number(11)], [LI, "东关大街19号", number(12)])


def test_unknown_columns_are_asked_with_masked_examples(desk: Browser) -> None:
    page = send(desk, qian, sheet(*ODD_ROWS, headings=ODD))
    assert page.heading == "What the columns mean"
    assert page.has("A: 谁")
    assert page.has("for example: 411***")
    for secret in (ZHANG, number(11)):
        assert secret not in page.source
    page = page.send("Compare with the registry", c0="name", c1="address", c2="document")
    page = page.send("Confirm the import")
    assert [(one.name, one.document) for one in everything(Resident)] == [
        (ZHANG, number(11)),
        (LI, number(12)),
    ]
    assert [one.address for one in everything(Household)] == ["东关大街18号", "东关大街19号"]


def test_what_was_said_is_remembered_for_the_unit_in_any_order(desk: Browser) -> None:
    page = send(desk, qian, sheet(*ODD_ROWS, headings=ODD))
    page.send("Compare with the registry", c0="name", c1="address", c2="document")
    turned = sheet(["东关大街20号", number(13), WANG], headings=["住哪", "号码甲", "谁"])
    assert send(desk, qian, turned).has("New 1")
    assert send(desk, zhao, turned).heading == "What the columns mean", "but not for another unit"
    assert {one.word: one.field for one in everything(ImportWord)} == {
        "谁": "name", "住哪": "address", "号码甲": "document",
    }  # fmt: skip


def test_a_column_that_is_not_needed_is_not_asked_again(desk: Browser) -> None:
    odd = ["姓名", "现住址", "喜欢的颜色"]
    page = send(desk, qian, sheet([ZHANG, "东关大街18号", "红"], headings=odd))
    assert page.has("喜欢的颜色")
    assert page.send("Compare with the registry").has("New 1")
    assert send(desk, qian, sheet([LI, "东关大街19号", "绿"], headings=odd)).has("New 1")


def test_a_name_and_an_address_are_needed_and_no_field_twice(desk: Browser) -> None:
    page = send(desk, qian, sheet(*ODD_ROWS, headings=ODD))
    page = page.send("Compare with the registry", status=422)
    assert page.has("Choose the column with the names.")
    assert page.has("Choose the columns with the address.")
    page = page.send("Compare with the registry", c0="name", c1="name", c2="address", status=422)
    assert page.has("Two columns mean “Name”. Choose one of them.")


def test_where_no_column_names_the_grid_it_is_chosen(desk: Browser) -> None:
    page = send(desk, wang, sheet([ZHANG, "东关大街18号"], headings=["姓名", "现住址"]))
    assert page.heading == "What the columns mean"
    page = page.send("Compare with the registry", status=422)
    assert page.has("Choose the grid, or the column that names it.")
    grid = page.tree.xpath("//select[@name='grid_to']/option[text()='豫苑社区三组一格']/@value")[0]
    page.send("Compare with the registry", grid_to=grid).send("Confirm the import")
    assert everything(Household)[0].unit_id == int(grid)


def test_another_sheet_of_the_workbook_is_chosen(desk: Browser) -> None:
    book = openpyxl.Workbook()
    book.active.append(["姓名", "现住址"])
    book.active.append([ZHANG, "东关大街18号"])
    other = book.create_sheet("三组")
    other.append(["姓名", "现住址"])
    other.append([LI, "东关大街19号"])
    page = send(desk, qian, saved(book))
    assert page.has("Choose another if the list is there.")
    found = everything(RegistryImport)[0]
    form = desk.visit("registry.import_columns", as_=qian, import_id=found.id)
    form.send("Compare with the registry", sheet="三组").send("Confirm the import")
    assert [one.name for one in everything(Resident)] == [LI]


def test_one_row_may_be_a_whole_household(desk: Browser) -> None:
    content = workbook(
        [
            ["阳光社区住户台账"],
            [*IN_A_ROW, "成员1姓名", "成员1身份证号", "成员2姓名", "成员2关系"],
            ["3号院", "2号楼", "1单元", "401室", ZHANG, number(11), "154 0000 0011", LI, number(12), WANG, "子"],
            ["3号院", "2号楼", "1单元", "402", "演示·赵六", None, None, None, None, None, None],
        ],
        "A1:K1",
    )  # fmt: skip
    page = send(desk, qian, content)
    page.send("Confirm the import")
    assert [(one.name, one.is_head, one.relation) for one in everything(Resident)] == [
        (ZHANG, True, ""), (LI, False, ""), (WANG, False, "子"), ("演示·赵六", True, ""),
    ]  # fmt: skip
    assert [one.address for one in everything(Household)] == ["3号院2号楼1单元401", "3号院2号楼1单元402"]
    assert everything(Resident)[0].phone == "15400000011"
    assert send(desk, qian, content).has("Same 4")


def test_members_may_stand_in_one_cell(desk: Browser) -> None:
    content = sheet(
        ["3号院2号楼1单元401室", ZHANG, f"{LI}、{WANG}（子）"],
        headings=["家庭住址", "户主姓名", "家庭其他成员"],
    )
    send(desk, qian, content).send("Confirm the import")
    assert [one.name for one in everything(Resident)] == [ZHANG, LI, WANG]
    (home,) = everything(Household)
    assert (home.compound, home.building, home.stairwell, home.room) == ("3号院", "2", "1", "401")


def test_a_row_without_an_address_goes_on_with_the_household_above(desk: Browser) -> None:
    headings = ["姓名", "与户主关系", "家庭住址", "性别", "出生日期", "居住情况"]
    send(
        desk,
        qian,
        sheet(
            [ZHANG, "户主", "东关大街18号", "男", "1961.3.5", "常住"],
            [LI, "配偶", None, "女", "1962年4月6日", "外出务工"],
            [WANG, "户主", "东关大街19号", None, "19630507", None],
            headings=headings,
        ),
    ).send("Confirm the import")
    zhang, li_, wang_ = everything(Resident)
    assert zhang.household_id == li_.household_id != wang_.household_id
    assert (li_.sex, li_.stay, str(li_.born_on), str(wang_.born_on)) == (
        Sex.FEMALE, Stay.AWAY, "1962-04-06", "1963-05-07",
    )  # fmt: skip


def test_an_empty_dwelling_is_a_household_without_people(desk: Browser) -> None:
    headings = ["小区", "楼栋", "房号", "姓名", "房屋用途"]
    content = sheet(["3号院", "2", "401", None, "空置"], headings=headings)
    send(desk, qian, content).send("Confirm the import")
    assert [one.kind for one in everything(Household)] == ["empty"]
    assert not everything(Resident)
    assert send(desk, qian, content).has("Same 1")


@pytest.mark.parametrize("field", FIELD_LABELS)
def test_every_word_of_the_dictionary_is_sure_of_its_field(field: str) -> None:
    for word in WORDS[field]:
        sure = {
            name
            for name, match in DICTIONARY.matches(word).items()
            if match.fit == max(DICTIONARY.matches(word).values()).fit
        }
        assert sure == {field}, f"{word} means {sure}"


def test_the_row_of_another_household_in_the_same_street_is_told_apart(desk: Browser) -> None:
    headings = ["姓名", "与户主关系", "家庭住址"]
    rows = [ZHANG, "户主", "东关村"], [LI, "配偶", "东关村"], [WANG, "户主", "东关村"]
    send(desk, qian, sheet(*rows, headings=headings)).send("Confirm the import")
    zhang, li_, wang_ = everything(Resident)
    assert zhang.household_id == li_.household_id != wang_.household_id
    assert send(desk, qian, sheet(*rows, headings=[*headings[:2], "现住址"])).has("Same 3")


def test_people_are_found_in_their_grid_whatever_it_is_called(desk: Browser) -> None:
    names = ["第二网格", "2号网格", "三组二格", "豫苑社区三组二格", "豫苑社区居委会三组2格", "2"]
    rows = [row(f"演示·人{n}", room=str(500 + n), grid=name) for n, name in enumerate(names)]
    assert send(desk, wang, sheet(*rows)).has(f"New {len(names)}")
