"""Lists leave through one door: what one may see, masked unless there is a reason, numbered and written down."""

import hashlib
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.access.policy import May
from portal.access.scope import everywhere
from portal.audit.models import AuditEntry
from portal.database import db
from portal.passes.kinds import PassState
from portal.registry.identifiers import DocumentType
from portal.registry.importing.cells import Reader
from portal.registry.importing.synonyms import DICTIONARY
from portal.registry.kinds import HouseholdKind, Sex, Stay
from portal.registry.models import Household, Resident
from portal.spreadsheets import headings, reading
from portal.workflow.exporting import ExportColumn, ExportKind
from tests import factories
from tests.exports.workbooks import above, margins, opened, table, xml
from tests.passes.case import CASE
from tests.people import an, gu, li, qian, root, sun, wang, wu, zhao
from tests.registry.staff import account

Visit = Callable[..., Any]
ELSEWHERE = "建设路社区一组一格"


@pytest.fixture
def family(app: Flask) -> Household:
    """A household with a head and another person of whom everything is known."""
    home = factories.household(
        compound="3号院",
        building="2",
        stairwell="1",
        room="401",
        kind=HouseholdKind.RENTED,
        note="门铃坏了",
        responsible_id=account("qian"),
        deputy_id=account("zhao"),
    )
    factories.resident(home, name="演示·张学敏", is_head=True, phone="15400000001")
    factories.resident(
        home,
        name="演示·李小妹",
        relation="配偶",
        document=None,
        phone=None,
        sex=Sex.FEMALE,
        born_on=date(1899, 2, 4),
        phone_of="儿子",
        stay=Stay.AWAY,
        work="鞋厂",
        registered_address="邵店镇",
    )
    return home


def export(visit: Visit, name: str = "residents", *, as_: Any = wang, **values: Any) -> Any:
    return visit("exports.make", as_=as_, name=name).send("Export as Excel", status=200, **values)


def in_full(visit: Visit, name: str = "residents", **values: Any) -> bytes:
    found: bytes = export(visit, name, content="full", why="report", **values).data
    return found


def entries(action: str = "export.make") -> list[AuditEntry]:
    with everywhere(because="the test looks"):
        db.session.expire_all()
        return list(
            db.session.scalars(select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id))
        )


# ── what stands on the sheet ─────────────────────────────────────────────────────────────────────────────────────


def test_names_and_numbers_are_masked(visit: Visit, family: Household) -> None:
    rows = table(export(visit).data)
    assert [row["姓名"] for row in rows] == ["演示·张*", "演示·李*"]
    head, other = rows
    assert head["联系电话"] == "154****0001"
    assert "********" in head["证件号码"]
    assert (other["出生日期"], other["户籍地址"], other["工作单位"], other["备注"]) == (
        "1899",
        "****",
        "****",
        "****",
    )
    assert (head["小区"], head["楼栋"], head["单元"], head["房号"]) == ("3号院", "2", "1", "401")
    assert (head["与户主关系"], other["与户主关系"]) == ("户主", "配偶")
    assert head["包保责任人"] == "演示·qian"


def test_in_full_needs_a_reason_and_then_everything_is_there(visit: Visit, family: Household) -> None:
    form = visit("exports.make", as_=wang, name="residents")
    assert form.send("Export as Excel", status=422, content="full").has("a list in full needs one")
    assert form.send("Export as Excel", status=422, content="full", why="other").has("Enter the reason")
    assert not entries()
    content = form.send("Export as Excel", status=200, content="full", why="other", other="县里要").data
    head, other = table(content)
    assert (head["姓名"], head["联系电话"]) == ("演示·张学敏", "15400000001")
    with everywhere(because="the test looks"):
        known = db.session.scalars(select(Resident).where(Resident.is_head)).one().document
    assert head["证件号码"] == known
    assert (other["户籍地址"], other["电话机主"], other["居住状态"]) == ("邵店镇", "儿子", "外出")
    [entry] = entries()
    assert entry.reason == "县里要"
    assert "完整信息" in above(content)


def test_one_row_a_household(visit: Visit, family: Household) -> None:
    [row] = table(in_full(visit, "households"))
    assert (row["户主姓名"], row["家庭成员"], row["人口数"]) == ("演示·张学敏", "演示·李小妹", 2)
    assert (row["房屋用途"], row["备注"], row["包保责任人"]) == ("出租", "门铃坏了", "演示·qian")
    [masked] = table(export(visit, "households").data)
    assert (masked["户主姓名"], masked["家庭成员"]) == ("演示·张*", "演示·李*")


def test_who_made_the_copy_and_which_it_is_stands_on_every_page_and_on_the_sheet(
    visit: Visit, family: Household
) -> None:
    first, second = export(visit).data, export(visit).data
    for content, number in ((first, "2026-00001"), (second, "2026-00002")):
        header, footer = margins(content)
        for place in (header, above(content), xml(content)):
            assert number in place
            assert "演示·wang" in place
            assert "2026-11-23 10:00" in place
        assert number in footer
        assert "&P / &N" in footer
    assert "豫苑社区居民台账" in above(first)
    assert "已脱敏" in margins(first)[0]


def test_the_trail_says_what_left_and_can_tell_the_file_again(visit: Visit, family: Household) -> None:
    response = export(visit, columns=["name", "phone"])
    [entry] = entries()
    assert entry.details == {
        "number": "2026-00001",
        "rows": 2,
        "digest": hashlib.sha256(response.data).hexdigest(),
        "what": "residents",
        "choice": "all",
        "columns": ["name", "phone"],
        "in_full": False,
    }
    assert [cell.value for cell in opened(response.data)[5]] == ["姓名", "联系电话"]
    assert response.headers["Content-Disposition"] == "attachment; filename=export-2026-00001.xlsx"
    assert response.headers["Cache-Control"] == "no-store"


def test_some_column_must_be_chosen_and_none_of_another_list(visit: Visit, family: Household) -> None:
    form = visit("exports.make", as_=wang, name="residents")
    assert form.send("Export as Excel", status=422, columns=None).has("Choose the columns")
    assert form.send("Export as Excel", status=422, columns="serial").status == 422
    assert form.send("Export as Excel", status=422, choice="mine").status == 422


HARMFUL = ("=1+1", "+8615400000001", "@SUM(A1)", "-2+3", '=HYPERLINK("http://x")', "＝1+1", "\t=1")


def test_nothing_is_ever_a_formula(visit: Visit, app: Flask) -> None:
    home = factories.household(room="=1+1", note="=2")
    for name in HARMFUL:
        factories.resident(home, name=name, work=name, registered_address=name)
    content = in_full(visit)
    assert "<f>" not in xml(content)
    page = opened(content)
    assert {cell.data_type for row in page.iter_rows() for cell in row} <= {"s", "d", "n", "inlineStr"}
    assert [row["姓名"] for row in table(content)] == list(HARMFUL)


def test_what_is_chosen_is_what_the_list_shows(visit: Visit, family: Household) -> None:
    factories.restriction(family)
    other = factories.household()
    factories.resident(other, name="演示·赵六")
    assert len(table(export(visit).data)) == 3
    assert {row["姓名"] for row in table(export(visit, choice="restricted").data)} == {"演示·张*", "演示·李*"}
    assert {row["姓名"] for row in table(export(visit, choice="uncovered").data)} == {"演示·赵*"}


def test_who_has_left_is_not_exported(visit: Visit, family: Household) -> None:
    from portal.clock import now

    factories.resident(family, name="演示·旧人", left_at=now())
    assert len(table(export(visit).data)) == 2
    assert table(export(visit, "households").data)[0]["人口数"] == 2


# ── who may ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_everybody_exports_only_what_they_see(visit: Visit, family: Household) -> None:
    factories.resident(factories.household(ELSEWHERE), name="演示·孙家")
    assert {row["姓名"] for row in table(export(visit, as_=wang).data)} == {"演示·张*", "演示·李*"}
    assert {row["姓名"] for row in table(export(visit, as_=sun).data)} == {"演示·孙*"}
    assert len(table(export(visit, as_=li).data)) == 3


@pytest.mark.parametrize("person", [zhao, qian, wu, gu, root], ids=str)
def test_no_whole_lists_for_those_in_the_field(visit: Visit, post: Visit, person: Any) -> None:
    visit("exports.index", as_=person, status=403)
    visit("exports.make", as_=person, name="residents", status=403)
    post("exports.make", as_=person, name="residents", data={"choice": "all", "columns": "name"}, status=403)


def test_the_auditor_gets_masked_lists_whatever_is_posted(visit: Visit, family: Household) -> None:
    page = visit("exports.make", as_=an, name="residents")
    assert page.has("Names and numbers are masked.")
    content = page.send("Export as Excel", status=200, content="full", why="report").data
    assert table(content)[0]["姓名"] == "演示·张*"
    assert entries()[0].details["in_full"] is False


def test_a_list_that_there_is_not(visit: Visit) -> None:
    visit("exports.make", as_=wang, name="nothing", status=404)


def test_an_empty_list_is_an_empty_sheet(visit: Visit, app: Flask) -> None:
    content = export(visit).data
    assert table(content) == []
    assert "共 0 行" in above(content)


@pytest.mark.parametrize("language", ["en", "zh_Hans"])
def test_the_pages_in_both_languages(visit: Visit, family: Household, language: str) -> None:
    assert visit("exports.index", as_=wang, language=language).links()
    for name in ("residents", "households", "passes"):
        visit("exports.make", as_=wang, name=name, language=language)


# ── what areas bring ─────────────────────────────────────────────────────────────────────────────────────────────


def test_an_area_brings_its_own_list(app: Flask, visit: Visit) -> None:
    masked = ExportColumn("who", "姓名", "Who", lambda row: f"姓{row}", lambda _row: "*")
    brought = ExportKind(
        label="Sheep",
        title="羊",
        needs=May.RESTRICT_HOUSEHOLDS,
        columns=[masked, ExportColumn("number", "编号", "Number", str)],
        choices=lambda: [("all", "All")],
        ids=lambda _choice, most: list(range(7))[:most],
        rows=lambda ids: ids,
    )
    area = app.blueprints["patrols"]
    area.contributes["export"] = {"sheep": brought}  # type: ignore[attr-defined]
    try:
        assert visit("exports.index", as_=wang).has("Sheep")
        assert table(export(visit, "sheep").data)[6] == {"姓名": "*", "编号": "6"}
        assert not visit("exports.index", as_=an).has("Sheep"), "the auditor does not see this list"
        visit("exports.make", as_=an, name="sheep", status=404)
    finally:
        del area.contributes["export"]  # type: ignore[attr-defined]


def test_every_heading_is_one_that_an_import_knows_for_sure(visit: Visit, family: Household) -> None:
    for name in ("residents", "households"):
        sheet = reading.read(in_full(visit, name))
        found = headings.find(sheet, DICTIONARY)
        assert found.numbers == (5,)
        assert [column.label for column in found.columns if not column.is_sure] == []
        fields = [column.field for column in found.columns]
        assert len(set(fields)) == len(fields), "no two columns of the same meaning"


def test_a_person_reads_the_same_as_it_was_written(visit: Visit, family: Household) -> None:
    sheet = reading.read(in_full(visit))
    heading = headings.find(sheet, DICTIONARY)
    _head, other = (Reader(heading.pick(row), {}, date(2026, 11, 23)) for row in heading.data(sheet))
    assert other.person() == {
        "name": "演示·李小妹",
        "relation": "配偶",
        "sex": Sex.FEMALE,
        "born_on": date(1899, 2, 4),
        "phone_of": "儿子",
        "stay": Stay.AWAY,
        "work": "鞋厂",
        "registered_address": "邵店镇",
    }
    assert not other.problems
    head = _head.person()
    assert (head["is_head"], head["document_type"]) == (True, DocumentType.ID_CARD)
    assert _head.home()["kind"] == HouseholdKind.RENTED
    assert _head.home()["note"] == "门铃坏了"


# ── passes ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_passes_masked_and_in_full_and_only_those_of_a_state(visit: Visit, app: Flask) -> None:
    for state in (PassState.ISSUED, PassState.DRAFT):
        CASE.in_state(state)
    rows = table(export(visit, "passes").data)
    assert len(rows) == 2
    [issued] = table(export(visit, "passes", choice="valid").data)
    assert issued["持证人"].endswith("*")
    assert "********" in issued["证件号码"]
    assert issued["生效时间"].year == 2026
    [full] = table(in_full(visit, "passes", choice="valid"))
    assert full["编号"] == issued["编号"]
    assert not full["持证人"].endswith("*")
    assert len(full["证件号码"]) == 18
    assert "*" not in full["证件号码"]
    assert table(export(visit, "passes", as_=sun).data) == []
