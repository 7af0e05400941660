"""Who needs looking after: taken from sheets where an order in force asks for it, and nowhere else."""

from collections.abc import Sequence
from typing import Any

import pytest

from portal.access.scope import everywhere
from portal.audit.models import AuditEntry
from portal.clock import now
from portal.database import db
from portal.orders.models import Order
from portal.registry.importing.cells import several_names
from portal.registry.importing.flags import listed_needs
from portal.registry.importing.kinds import ImportState
from portal.registry.importing.models import RegistryImport
from portal.registry.kinds import Need
from portal.registry.models import Resident, ResidentNeed
from tests import factories
from tests.page import Browser
from tests.people import qian, wang
from tests.registry_import.sheets import HEADINGS, LI, WANG, ZHANG, everything, number, row, send, sheet

ALL = [need.value for need in Need]
FLAGS = ["是否独居", "孕妇", "残疾人", "透析", "慢性病", "留守儿童"]


def asks(*needs: str, unit: str = "重阳街道") -> Order:
    return factories.order_in_force(
        unit, measures={("registry", "vulnerable"): {"needs": list(needs or ALL)}}
    )


def flagged(*rows: Sequence[Any], heading: Sequence[str] = FLAGS) -> bytes:
    return sheet(*rows, headings=[*HEADINGS, *heading])


def open_needs() -> set[tuple[str, str]]:
    """(name, need) of what is written down and not ended."""
    names = {one.id: one.name for one in everything(Resident)}
    return {(names[one.resident_id], one.need.value) for one in everything(ResidentNeed) if one.until is None}


def note(name: str, *needs: Need) -> None:
    """As if somebody had written it down by hand."""
    person = next(one for one in everything(Resident) if one.name == name)
    with everywhere(because="the test arranges"):
        place = {"unit_id": person.unit_id, "household_id": person.household_id, "resident_id": person.id}
        db.session.add_all(ResidentNeed(need=need, **place) for need in needs)
        db.session.commit()


def test_a_column_for_each_need(desk: Browser) -> None:
    order = asks()
    page = send(
        desk,
        qian,
        flagged(
            [*row(ZHANG, 11), "是", None, "√", "", "0", "否"],
            [*row(LI, 12), None, "1", None, "有", "高血压", "×"],
            [*row(WANG, 13), "/", "否", "无", None, None, "是"],
        ),
    )
    assert not page.has("not taken")
    page.send("Confirm the import")
    assert open_needs() == {
        (ZHANG, "lives_alone"), (ZHANG, "disabled"), (LI, "pregnant"), (LI, "dialysis"), (LI, "chronic"),
        (WANG, "left_behind"),
    }  # fmt: skip
    assert {one.order_id for one in everything(ResidentNeed)} == {order.id}
    (entry,) = [one for one in everything(AuditEntry) if one.action == "registry.import"]
    assert entry.details["needs"] == 6


@pytest.mark.parametrize("heading", ["特殊情况", "重点人群", "重点人群（多选）"])
def test_words_in_one_column(desk: Browser, heading: str) -> None:
    asks()
    content = flagged(
        [*row(ZHANG, 11), "独居老人、残疾（二级）"],
        [*row(LI, 12), "孕妇，透析/慢性病"],
        [*row(WANG, 13), "无"],
        heading=[heading],
    )
    send(desk, qian, content).send("Confirm the import")
    assert open_needs() == {
        (ZHANG, "lives_alone"), (ZHANG, "disabled"), (LI, "pregnant"), (LI, "dialysis"), (LI, "chronic"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "needs", "has_unknown"),
    [
        ("1.独居老人 2.留守儿童", {Need.LIVES_ALONE, Need.LEFT_BEHIND}, False),
        ("非残疾", set(), True),
        ("不独居；孕产妇", {Need.PREGNANT}, True),
        ("低保户", set(), True),
        ("无", set(), False),
        ("／", set(), False),
    ],
)
def test_what_words_mean(cell: str, needs: set[Need], has_unknown: bool) -> None:
    assert listed_needs(cell) == (needs, has_unknown)


def test_without_an_order_the_preview_says_that_nothing_is_taken(desk: Browser) -> None:
    page = send(desk, qian, flagged([*row(ZHANG, 11), "不清楚"], [*row(LI, 12), "是"], heading=["孕妇"]))
    assert page.has("The column “孕妇” is not taken: no order in force asks for it.")
    assert page.has("New 2"), "what isn't asked for isn't even read"
    page.send("Confirm the import")
    assert not everything(ResidentNeed)


def test_only_what_the_order_asks_for_is_taken(desk: Browser) -> None:
    asks("dialysis")
    page = send(desk, qian, flagged([*row(ZHANG, 11), "透析、孕妇"], heading=["重点人群"]))
    assert page.has(
        "Of the column “重点人群” only that is taken for which an order in force asks: On dialysis."
    )
    page.send("Confirm the import")
    assert open_needs() == {(ZHANG, "dialysis")}


def test_only_where_the_order_is_in_force(desk: Browser) -> None:
    asks("pregnant", unit="豫苑社区三组二格")
    rows = [*row(ZHANG, 11, grid="三组一格"), "是"], [*row(LI, 12, grid="三组二格"), "是"]
    page = send(desk, wang, flagged(*rows, heading=["孕妇"]))
    assert page.has("only that is taken for which an order in force asks: Pregnant.")
    page.send("Confirm the import")
    assert open_needs() == {(LI, "pregnant")}


def test_words_that_no_need_is_are_named_by_row_and_never_kept(desk: Browser) -> None:
    asks()
    page = send(desk, qian, flagged([*row(ZHANG, 11), "孕妇、与张四同住"], heading=["特殊情况"]))
    assert page.has("Of the column “特殊情况” not everything is understood or asked for: 2.")
    assert "张四" not in page.source
    assert "张四" not in str(everything(RegistryImport)[0].remarks)


def test_a_wrong_answer_is_sent_back(desk: Browser) -> None:
    asks()
    page = send(desk, qian, flagged([*row(ZHANG, 11), "不清楚"], [*row(LI, 12), "是"], heading=["孕妇"]))
    assert page.has("To be mended 1")


def test_of_a_row_with_several_people_nobody_knows_whose_it_is(desk: Browser) -> None:
    asks()
    headings = ["家庭住址", "户主姓名", "家庭其他成员", "特殊情况"]
    rows = ["东关大街18号", ZHANG, LI, "孕妇"], ["东关大街19号", WANG, None, "独居老人"]
    page = send(desk, qian, sheet(*rows, headings=headings))
    assert page.has("is not taken from rows that name several people: 2.")
    page.send("Confirm the import")
    assert open_needs() == {(WANG, "lives_alone")}


@pytest.fixture
def registered(desk: Browser) -> Browser:
    """Zhang is pregnant and on dialysis, Li neither."""
    asks()
    send(desk, qian, sheet(row(ZHANG, 11), row(LI, 12))).send("Confirm the import")
    note(ZHANG, Need.PREGNANT, Need.DIALYSIS)
    return desk


CHANGES = flagged([*row(ZHANG, 11), "否", "是"], [*row(LI, 12), "是", None], heading=["孕妇", "透析"])


def test_changes_are_shown_old_beside_new(registered: Browser) -> None:
    page = send(registered, qian, CHANGES)
    assert page.has("Changed 2")
    assert page.has("Pregnant Yes → No")
    assert page.has("Pregnant No → Yes")
    assert not page.has("On dialysis"), "which is as it was"
    assert page.send("Confirm the import").has("Written: 0 new people, 2 changed.")
    assert open_needs() == {(ZHANG, "dialysis"), (LI, "pregnant")}
    assert send(registered, qian, CHANGES).has("Same 2")


def test_what_a_list_leaves_out_does_not_end(registered: Browser) -> None:
    send(registered, qian, flagged([*row(ZHANG, 11), "残疾"], heading=["特殊情况"])).send(
        "Confirm the import"
    )
    assert open_needs() == {(ZHANG, "dialysis"), (ZHANG, "pregnant"), (ZHANG, "disabled")}


def test_undoing_takes_them_back(registered: Browser) -> None:
    before = [(one.id, one.until) for one in everything(ResidentNeed)]
    new = [*row(WANG, 13), "是", "是"]
    content = flagged(
        [*row(ZHANG, 11), "否", "是"], [*row(LI, 12), "是", None], new, heading=["孕妇", "透析"]
    )
    page = send(registered, qian, content).send("Confirm the import")
    assert (WANG, "pregnant") in open_needs()
    page.send("Undo this import")
    assert everything(RegistryImport)[-1].state is ImportState.UNDONE
    assert [(one.id, one.until) for one in everything(ResidentNeed)] == before
    assert [one.name for one in everything(Resident)] == [ZHANG, LI]


@pytest.mark.parametrize("what", ["ended", "noted again", "noted for a new one"])
def test_what_somebody_has_noted_since_forbids_it(registered: Browser, what: str) -> None:
    page = send(
        registered, qian, flagged(*[[*row(ZHANG, 11), "否"], [*row(WANG, 13), "是"]], heading=["孕妇"])
    )
    page = page.send("Confirm the import")
    if what == "ended":
        with everywhere(because="the test arranges"):
            for one in db.session.query(ResidentNeed).filter_by(until=None, need=Need.PREGNANT):
                one.until = now()
            db.session.commit()
    else:
        note(*{"noted again": (ZHANG, Need.PREGNANT), "noted for a new one": (WANG, Need.DISABLED)}[what])
    page = page.send("Undo this import")
    assert page.has("This import can no longer be undone.")
    said = {
        "ended": "Changed since: the rows 3.",
        "noted again": "Changed since: the rows 2.",
        "noted for a new one": "notes on who needs looking after (1)",
    }
    assert page.has(said[what])
    assert len(everything(Resident)) == 3


def test_an_order_that_ends_before_the_confirm_asks_for_nothing_any_more(registered: Browser) -> None:
    page = send(registered, qian, CHANGES)
    with everywhere(because="the test arranges"):
        for order in db.session.query(Order):
            order.ended_at = now()
        db.session.commit()
    page = page.send("Confirm the import")
    assert page.has("The registry has changed meanwhile.")
    assert page.has("Same 2")
    assert open_needs() == {(ZHANG, "pregnant"), (ZHANG, "dialysis")}


def test_taken_for_the_same_the_needs_are_written_too(registered: Browser) -> None:
    page = send(registered, qian, flagged([*row("演示·张山", 11), "是"], heading=["残疾"]))
    name = page.tree.xpath("//input[@value='same_person']/@name")[0]
    page = page.send("Keep these decisions", **{name: "same_person"}).send("Confirm the import")
    assert ("演示·张山", "disabled") in open_needs()
    page.send("Undo this import")
    assert open_needs() == {(ZHANG, "pregnant"), (ZHANG, "dialysis")}


def test_needs_are_offered_for_a_column_only_while_an_order_asks(desk: Browser) -> None:
    content = sheet([ZHANG, "东关大街18号", "是"], headings=["姓名", "现住址", "第三列"])
    page = send(desk, qian, content)
    assert "need.pregnant" not in page.source
    asks("pregnant")
    page = desk.visit(page.url, as_=qian)
    assert "need.pregnant" in page.source
    assert "need.disabled" not in page.source
    page.send("Compare with the registry", c2="need.pregnant").send("Confirm the import")
    assert open_needs() == {(ZHANG, "pregnant")}


# ── households without a head, names in one cell ─────────────────────────────────────────────────────────────────


def test_a_household_without_a_head_is_written_without_one(desk: Browser) -> None:
    headings = ["家庭住址", "户主姓名", "户主电话", "家庭其他成员"]
    rows = [
        ["东关村", ZHANG, None, LI],
        ["东关村", None, None, f"{WANG}、演示·赵六"],
        ["东关村", "", None, "演示·孙七"],
        ["东关大街18号", None, None, None],
    ]
    page = send(desk, qian, sheet(*rows, headings=headings))
    assert page.has("These rows name no head; their households are written without one: 3、4.")
    assert not page.has("To be mended")
    page.send("Confirm the import")
    people = everything(Resident)
    assert [one.name for one in people if one.is_head] == [ZHANG]
    homes = {one.name: one.household_id for one in people}
    assert homes[ZHANG] == homes[LI] != homes[WANG] == homes["演示·赵六"] != homes["演示·孙七"]
    assert len(set(homes.values())) == 3
    assert send(desk, qian, sheet(*rows, headings=headings)).has("Same 6")


def test_a_number_without_a_name_is_sent_back_with_what_to_do(desk: Browser) -> None:
    headings = ["家庭住址", "户主姓名", "户主身份证号", "家庭其他成员"]
    page = send(
        desk,
        qian,
        sheet(["东关大街18号", None, number(11), LI], ["东关大街19号", WANG, None, None], headings=headings),
    )
    assert page.has("To be mended 1")
    page = desk.visit("registry.import_", as_=qian, import_id=1, show="wrong")
    assert page.has("户主姓名: Enter the name, or empty the cells that tell of this person.")


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("李四、王五 王小明(子)", ["李四", "王五", "王小明"]),
        ("Anna Müller", ["Anna Müller"]),
        ("Anna Müller，John Smith", ["Anna Müller", "John Smith"]),
        ("李四;王五；赵六/孙七\n周八,吴九", ["李四", "王五", "赵六", "孙七", "周八", "吴九"]),
        ("张 三 李 四 王小明", ["张三", "李四", "王小明"]),
        ("欧阳 明", ["欧阳明"]),
        ("演示·张三 演示·李四", ["演示·张三", "演示·李四"]),
        ("阿依古丽•买买提 李四", ["阿依古丽·买买提", "李四"]),
        ("无", []),
    ],
)  # fmt: skip
def test_names_in_one_cell(cell: str, names: list[str]) -> None:
    assert several_names(cell) == names
