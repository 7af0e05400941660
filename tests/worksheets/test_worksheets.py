"""From the list to the paper and back: sheets are printed, filled in by hand and keyed."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.access.bulk import insert_many
from portal.access.policy import May
from portal.access.scope import everywhere
from portal.audit.models import AuditEntry
from portal.database import db
from portal.registry.kinds import HouseholdKind, Need
from portal.registry.models import Household, Resident, ResidentNeed
from portal.workflow.worksheets import WorksheetColumn, WorksheetKind, WorksheetLine, number
from portal.worksheets.models import Worksheet, WorksheetEntry, WorksheetRow
from tests import factories
from tests.people import an, gu, li, qian, root, sun, wang, wu, zhao
from tests.people import unit as unit_named
from tests.printing.paper import texts

pytestmark = pytest.mark.any_database

Visit = Callable[..., Any]
ELSEWHERE, BESIDE = "建设路社区一组一格", "豫苑社区三组一格"
ASKED = {("registry", "vulnerable"): {"needs": ["lives_alone", "dialysis"]}}


def made(visit: Visit, name: str = "households", *, as_: Any = qian, **values: Any) -> Worksheet:
    """A sheet made by somebody; what it says of itself."""
    page = visit("worksheets.new", as_=as_, name=name).send("Make the sheet", **{"part": "all"} | values)
    assert page.has("Make the PDF")
    return the(Worksheet)


def the(model: type[Any]) -> Any:
    return every(model)[-1]


def every(model: type[Any]) -> list[Any]:
    with everywhere(because="the test looks"):
        db.session.expire_all()
        return list(db.session.scalars(select(model).order_by(model.id)))


def codes(sheet: Worksheet) -> list[str]:
    return [row.code for row in every(WorksheetRow) if row.worksheet_id == sheet.id]


def keying(visit: Visit, sheet: Worksheet, column: str, *, as_: Any = qian) -> Any:
    return visit("worksheets.key", as_=as_, worksheet_id=sheet.id, column=column)


def again(model: type[Any], row: Any) -> Any:
    return next(one for one in every(model) if one.id == row.id)


# ── paper ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_rows_stand_as_people_walk_and_tell_no_more_than_needed(
    visit: Visit, post: Visit, stairs: list[Household]
) -> None:
    sheet = made(visit)
    response = post("worksheets.print_one", as_=qian, worksheet_id=sheet.id, status=200)
    [page] = texts(response.data)
    assert page.index("201") < page.index("301") < page.index("1001")
    for said in ("入户走访登记表", "豫苑社区三组二格", sheet.code, *codes(sheet), "演示·住*1人", "是否在家"):
        assert said in page
    assert "第1页，共1页" in page
    assert "演示·qian2026-11-2310:00打印第1次" in page
    assert "住201户" not in page
    assert "154" not in page, "no phone numbers on paper"
    assert response.headers["Content-Disposition"] == f'inline; filename="worksheet-{sheet.number}.pdf"'
    assert response.headers["Cache-Control"] == "no-store"
    second = post("worksheets.print_one", as_=qian, worksheet_id=sheet.id, status=200)
    assert "打印第2次" in texts(second.data)[0]


@pytest.mark.any_database
def test_several_hundred_rows_have_a_heading_and_a_number_on_every_page(visit: Visit, post: Visit) -> None:
    many(500)
    sheet = made(visit)
    pages = texts(post("worksheets.print_one", as_=qian, worksheet_id=sheet.id, status=200).data)
    assert len(pages) > 10
    for at, page in enumerate(pages, start=1):
        assert sheet.code in page
        assert "行码" in page
        assert f"第{at}页，共{len(pages)}页" in page
    everything = "".join(pages)
    assert all(code in everything for code in codes(sheet))


def test_more_than_a_sheet_has_codes_for_is_said_in_the_form(visit: Visit) -> None:
    many(501)
    form = visit("worksheets.new", as_=qian, name="households")
    page = form.send("Make the sheet", status=422, part="all")
    assert page.has("These are more than 500 rows: choose a smaller place")
    assert not every(Worksheet)


def test_nothing_to_print_is_said_in_the_form(visit: Visit, app: Flask) -> None:
    form = visit("worksheets.new", as_=qian, name="households")
    assert form.send("Make the sheet", status=422, part="all").has("There is nothing to print")


def test_a_name_that_looks_like_markup_is_only_a_name(visit: Visit, post: Visit, app: Flask) -> None:
    home = factories.household(room="<b>4</b>", address_note="=1+1")
    factories.resident(home, name="<i>坏</i>")
    sheet = made(visit, "residents", part="all")
    [page] = texts(post("worksheets.print_one", as_=qian, worksheet_id=sheet.id, status=200).data)
    assert "<b>4</b>" in page


def many(count: int) -> None:
    unit = unit_named("豫苑社区三组二格")
    with everywhere(because="the test makes many rows"):
        insert_many(
            Household, ({"unit_id": unit.id, "compound": "甲院", "room": str(n)} for n in range(count))
        )
        db.session.commit()


# ── keying ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_number_of_the_sheet_leads_to_its_lines(visit: Visit, stairs: list[Household]) -> None:
    sheet = made(visit)

    def send(number: str, **values: Any) -> Any:
        return visit("worksheets.index", as_=qian).send("Key this sheet", number=number, **values)

    page = send(f" {sheet.code.lower()} ")
    assert page.heading == f"Key worksheet {sheet.code}"
    assert len(page.tree.xpath("//fieldset[.//input[starts-with(@name,'code')]]")) == 10
    assert page.tree.xpath("//*[@autofocus]/@name") == ["code0"]
    assert send("42", status=422).has("This is no number of a sheet")
    assert send("", status=422).has("Enter the number of the sheet")


def test_what_is_keyed_is_written_and_who_did_it_is_kept(visit: Visit, stairs: list[Household]) -> None:
    sheet = made(visit)
    first, second, _third = codes(sheet)
    page = keying(visit, sheet, "kind").send(
        "Keep", code0=first, value0="2", code3=second.lower(), value3="空置"
    )
    assert page.has("2 values kept")
    assert page.tree.xpath("//*[@autofocus]/@name") == ["code0"], "ready for the next line"
    assert page.tree.xpath("//input[@name='column'][@checked]/@value") == ["kind"]
    room = {home.room: home for home in every(Household)}
    assert (room["201"].kind, room["301"].kind, room["1001"].kind) == (
        HouseholdKind.RENTED,
        HouseholdKind.EMPTY,
        None,
    )
    assert room["201"].note == "旧", "all else stays"
    entries = every(WorksheetEntry)
    assert [(entry.column, entry.value, entry.by) for entry in entries] == [
        ("kind", "rented", "演示·qian"),
        ("kind", "empty", "演示·qian"),
    ]
    detail = visit("worksheets.show", as_=qian, worksheet_id=sheet.id)
    assert detail.has("2 of 3")
    assert detail.has(f"{first} Used as: Rented out")


def test_what_is_wrong_comes_back_beside_its_line_and_nothing_is_lost(
    visit: Visit, stairs: list[Household]
) -> None:
    sheet = made(visit)
    first, second, third = codes(sheet)
    typed = {
        "code0": first,
        "value0": "2",
        "code1": "XXX",
        "value1": "3",
        "code2": second,
        "value2": "城堡",
        "code3": third,
        "value3": " ",
        "code4": "",
        "value4": "1",
    }
    page = keying(visit, sheet, "kind").send("Keep", status=422, **typed)
    said = [
        (place, " ".join(page.tree.xpath(f"string(//*[@id='problem{place}'])").split())) for place in range(5)
    ]
    assert said == [
        (0, ""),
        (1, "This is no code of this sheet: compare it, and the number of the sheet"),
        (2, "Enter one of these: 1自住、2出租、3空置、4商铺、5宿舍、6其他."),
        (3, "Enter the value, or empty the line"),
        (4, "Enter the code of the row"),
    ]
    assert page.has("4 things to mend")
    for name, value in typed.items():
        assert page.tree.xpath(f"//input[@name='{name}']/@value") == [value]
    assert not every(WorksheetEntry)
    assert {home.kind for home in every(Household)} == {None}
    mended = {"code1": "", "value1": "", "value2": "6", "code3": "", "value3": "", "value4": ""}
    assert page.send("Keep", **mended).has("2 values kept")
    assert len(every(WorksheetEntry)) == 2


def test_an_empty_form_says_what_to_do(visit: Visit, stairs: list[Household]) -> None:
    page = keying(visit, made(visit), "kind").send("Keep", status=422)
    assert page.has("Enter the code of a row and its value")


def test_the_same_value_twice_is_said(visit: Visit, stairs: list[Household]) -> None:
    sheet = made(visit)
    first, second, _third = codes(sheet)
    form = keying(visit, sheet, "kind")
    page = form.send("Keep", code0=first, value0="2", code1=first, value1="出租")
    assert page.has(f"Keyed before with the same value: {first}")
    page = page.send("Keep", code0=first, value0="2", code1=second, value1="1")
    assert page.has("1 value kept")
    assert page.has(f"Keyed before with the same value: {first}")
    assert len(every(WorksheetEntry)) == 2


def test_another_value_is_asked_about_and_both_are_kept(visit: Visit, stairs: list[Household]) -> None:
    sheet = made(visit)
    first = codes(sheet)[0]
    keying(visit, sheet, "kind").send("Keep", code0=first, value0="2")
    page = keying(visit, sheet, "kind", as_=zhao).send("Keep", status=422, code0=first, value0="3")
    assert page.has("演示·qian has keyed “Rented out”")
    assert page.has("Replace it")
    page.send("Keep", replace0="1")
    room = {home.room: home for home in every(Household)}
    assert room["201"].kind == HouseholdKind.EMPTY
    assert [(entry.value, entry.by) for entry in every(WorksheetEntry)] == [
        ("rented", "演示·qian"),
        ("empty", "演示·zhao"),
    ]
    two = {"code0": codes(sheet)[1], "value0": "1", "code1": codes(sheet)[1], "value1": "2"}
    page = keying(visit, sheet, "kind").send("Keep", status=422, **two)
    assert page.has("This row stands above with another value")
    assert page.has("Keyed last")
    assert two["code0"] not in page.text, "what was not kept is not among what was keyed last"


def test_a_value_may_only_be_kept_with_the_sheet(visit: Visit, stairs: list[Household]) -> None:
    sheet = made(visit)
    keying(visit, sheet, "at_home").send("Keep", code0=codes(sheet)[0], value0="√")
    assert the(WorksheetEntry).value == "yes"


def test_notes_of_households(visit: Visit, stairs: list[Household]) -> None:
    sheet = made(visit)
    keying(visit, sheet, "note").send("Keep", code0=codes(sheet)[0], value0="=狗凶")
    room = {home.room: home for home in every(Household)}
    assert (room["201"].note, room["201"].compound) == ("=狗凶", "3号院")


# ── people ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_found_out_about_people(visit: Visit, stairs: list[Household]) -> None:
    factories.order_in_force(measures=ASKED)
    sheet = made(visit, "residents", part="all", columns=["phone", "phone_of", "left", "needs"])
    first, second, third = codes(sheet)
    page = keying(visit, sheet, "phone").send("Keep", code0=first, value0="154 0000 9999")
    assert page.has("154****9999")
    assert not page.has("15400009999")
    keying(visit, sheet, "phone_of").send("Keep", code0=first, value0="女儿")
    keying(visit, sheet, "left").send("Keep", code0=second, value0="1")
    keying(visit, sheet, "needs").send("Keep", code0=third, value0="14")
    people = {one.name: one for one in every(Resident)}
    assert (people["演示·住201户"].phone, people["演示·住201户"].phone_of) == ("15400009999", "女儿")
    assert people["演示·住201户"].is_head, "all else stays"
    assert people["演示·住301户"].left_at is not None
    assert {one.need for one in every(ResidentNeed)} == {Need.LIVES_ALONE, Need.DIALYSIS}
    keying(visit, sheet, "needs").send("Keep", status=422, code0=third, value0="0").send("Keep", replace0="1")
    assert all(one.until for one in every(ResidentNeed))


def test_what_the_registry_refuses_comes_back_beside_the_line(visit: Visit, stairs: list[Household]) -> None:
    sheet = made(visit, "residents", part="all")
    other = made(visit, "residents", part="all")
    keying(visit, sheet, "left").send("Keep", code0=codes(sheet)[0], value0="2")
    page = keying(visit, other, "left").send("Keep", status=422, code0=codes(other)[0], value0="1")
    assert page.has("This person has been recorded as left already.")
    page = keying(visit, sheet, "phone").send("Keep", status=422, code0=codes(sheet)[0], value0="12")
    assert page.has("Enter a mobile number of 11 digits")


def test_needs_are_only_on_the_sheet_while_an_order_asks(visit: Visit, stairs: list[Household]) -> None:
    assert not visit("worksheets.new", as_=qian, name="residents").has("Needs looking after")
    factories.order_in_force(measures=ASKED)
    form = visit("worksheets.new", as_=qian, name="residents")
    assert form.has("Needs looking after")
    sheet = made(visit, "residents", part="all", columns=["needs"])
    page = keying(visit, sheet, "needs").send("Keep", status=422, code0=codes(sheet)[0], value0="2")
    assert page.has("Enter one or more of these, or 0: 1独居、4透析.")


# ── who may ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_code_leads_only_to_rows_of_ones_own_area(
    visit: Visit, post: Visit, stairs: list[Household]
) -> None:
    other = factories.household(BESIDE, room="777")
    sheet = made(visit, as_=wang, unit=str(unit_named("豫苑社区").id))
    assert sheet.rows == 4
    rows = {row.subject_id: row.code for row in every(WorksheetRow)}
    page = keying(visit, sheet, "kind").send("Keep", status=422, code0=rows[other.id], value0="1")
    assert page.has("Your part of this sheet has no such row")
    assert keying(visit, sheet, "kind").send("Keep", code0=rows[stairs[0].id], value0="1").has("1 value kept")
    assert visit("worksheets.show", as_=qian, worksheet_id=sheet.id).has("3 in your area, 4 in all")
    [page] = texts(post("worksheets.print_one", as_=qian, worksheet_id=sheet.id, status=200).data)
    assert "777" not in page
    assert keying(visit, sheet, "kind", as_=wang).send("Keep", code0=rows[other.id], value0="1").has("kept")
    assert not visit("worksheets.show", as_=qian, worksheet_id=sheet.id).has(rows[other.id])


def test_strangers_find_no_sheet(visit: Visit, post: Visit, stairs: list[Household]) -> None:
    sheet = made(visit)
    for person in (sun, wu):
        visit("worksheets.show", as_=person, worksheet_id=sheet.id, status=404)
        visit("worksheets.key", as_=person, worksheet_id=sheet.id, status=404)
        post("worksheets.print_one", as_=person, worksheet_id=sheet.id, status=404)
        index = visit("worksheets.index", as_=person)
        assert not index.has(sheet.code)
        page = index.send("Key this sheet", status=422, number=sheet.code)
        assert page.has("There is no such sheet for your area")
    for person in (zhao, wang, li):
        assert visit("worksheets.index", as_=person).has(sheet.code)


def test_a_household_that_moved_away_from_ones_grid_is_no_longer_reached(
    visit: Visit, stairs: list[Household]
) -> None:
    sheet = made(visit)
    rows = {row.subject_id: row.code for row in every(WorksheetRow)}
    with everywhere(because="the test moves a household"):
        db.session.get_one(Household, stairs[0].id).unit_id = unit_named(BESIDE).id
        db.session.commit()
    page = keying(visit, sheet, "kind").send("Keep", status=422, code0=rows[stairs[0].id], value0="1")
    assert page.has("Your part of this sheet has no such row")
    assert keying(visit, sheet, "kind", as_=zhao).send("Keep", code0=rows[stairs[0].id], value0="1")


@pytest.mark.parametrize("person", [an, gu, root], ids=str)
def test_who_does_not_work_with_sheets(visit: Visit, person: Any) -> None:
    visit("worksheets.index", as_=person, status=403)
    visit("worksheets.new", as_=person, name="households", status=403)


def test_a_place_of_others_cannot_be_posted(visit: Visit, stairs: list[Household]) -> None:
    factories.household(ELSEWHERE)
    form = visit("worksheets.new", as_=qian, name="households")
    elsewhere = str(unit_named(ELSEWHERE).id)
    assert form.send("Make the sheet", status=422, part="all", unit=elsewhere)
    assert form.send("Make the sheet", status=422, part="all", columns=["salary"])
    visit("worksheets.new", as_=qian, name="nothing", status=404)


def test_the_trail_tells_of_sheets_without_anything_personal(
    visit: Visit, post: Visit, stairs: list[Household]
) -> None:
    sheet = made(visit)
    post("worksheets.print_one", as_=qian, worksheet_id=sheet.id, status=200)
    keying(visit, sheet, "note").send("Keep", code0=codes(sheet)[0], value0="门口有狗")
    told = {
        entry.action: entry.details for entry in every(AuditEntry) if entry.action.startswith("worksheet.")
    }
    assert told == {
        "worksheet.make": {
            "kind": "households",
            "part": "all",
            "rows": 3,
            "columns": ["at_home", "kind", "note"],
        },
        "worksheet.print": {"copy": 1},
        "worksheet.key": {"column": "note", "rows": 1, "same": 0},
    }
    assert b"\xe7\x8b\x97" not in (the(WorksheetEntry).value_sealed or b""), "what is keyed lies sealed"


@pytest.mark.any_database
@pytest.mark.parametrize("language", ["en", "zh_Hans"])
def test_the_pages_in_both_languages(visit: Visit, stairs: list[Household], language: str) -> None:
    sheet = made(visit)
    keying(visit, sheet, "kind").send("Keep", code0=codes(sheet)[0], value0="2")
    for endpoint in ("worksheets.index", "worksheets.show", "worksheets.key"):
        values = {} if endpoint.endswith("index") else {"worksheet_id": sheet.id}
        visit(endpoint, as_=qian, language=language, **values)
    visit("worksheets.new", as_=wang, name="residents", language=language)


def test_sheets_so_far_page_by_page(visit: Visit, stairs: list[Household]) -> None:
    sheets = [made(visit) for _ in range(21)]
    page = visit("worksheets.index", as_=qian)
    assert page.has(sheets[-1].code)
    assert f"/worksheets/{sheets[0].id}" not in page.links()
    older = visit(next(link for link in page.links() if "before=" in link), as_=qian)
    assert f"/worksheets/{sheets[0].id}" in older.links()


# ── what areas bring ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def temperatures(app: Flask) -> Iterator[list[tuple[int, str]]]:
    """A kind that only the tests have: temperatures of households."""
    measured: list[tuple[int, str]] = []
    column = WorksheetColumn(
        "temperature",
        "体温",
        "Temperature",
        number(Decimal(34), Decimal(43), places=1),
        lambda home, text: measured.append((home.id, text)),
        hint="℃",
    )
    ids = select(Household.id).order_by(Household.address_key.desc())
    kind = WorksheetKind(
        label="Temperatures",
        title="体温登记表",
        needs=May.LOG_PATROLS,
        columns=lambda: [column],
        choices=lambda: [("all", "All")],
        ids=lambda _choice, _place, most: db.session.scalars(ids.limit(most)).all(),
        lines=lambda ids: [
            WorksheetLine(home.id, home.unit_id, home.address, "")
            for home in (db.session.get_one(Household, id_) for id_ in ids)
        ],
        find=lambda id_: db.session.get(Household, id_),
    )
    area = app.blueprints["patrols"]
    area.contributes["worksheet"] = {"temperatures": kind}  # type: ignore[attr-defined]
    yield measured
    del area.contributes["worksheet"]  # type: ignore[attr-defined]


def test_an_area_brings_its_own_sheet(
    visit: Visit, post: Visit, stairs: list[Household], temperatures: list[tuple[int, str]]
) -> None:
    assert visit("worksheets.index", as_=qian).has("Temperatures")
    sheet = made(visit, "temperatures")
    [paper] = texts(post("worksheets.print_one", as_=qian, worksheet_id=sheet.id, status=200).data)
    assert "体温登记表" in paper
    assert paper.index("1001") < paper.index("201")
    page = keying(visit, sheet, "temperature").send("Keep", status=422, code0=codes(sheet)[0], value0="365")
    assert page.has("Enter a number from 34 to 43")
    page.send("Keep", value0="36.5")
    assert temperatures == [(stairs[0].id, "36.5")]
    assert the(WorksheetEntry).value == "36.5"


def test_a_sheet_of_a_kind_that_there_is_no_longer(
    app: Flask, visit: Visit, stairs: list[Household], temperatures: list[tuple[int, str]]
) -> None:
    sheet = made(visit, "temperatures")
    area = app.blueprints["patrols"]
    kind = area.contributes.pop("worksheet")  # type: ignore[attr-defined]
    visit("worksheets.show", as_=qian, worksheet_id=sheet.id, status=404)
    assert not visit("worksheets.index", as_=qian).has(sheet.code)
    area.contributes["worksheet"] = kind  # type: ignore[attr-defined]
