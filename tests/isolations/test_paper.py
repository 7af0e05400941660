"""The sheets: one page each, with what the real forms have; the worksheet, keyed; the export, masked."""

from datetime import timedelta
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from portal.access.scope import everywhere
from portal.audit.models import AuditEntry
from portal.clock import today
from portal.database import db
from portal.isolations import care, checks, exporting, printing, printing_log, worksheet
from portal.isolations.care import Named
from portal.isolations.kinds import CarerRole, IsolationKind, IsolationState, Slot
from portal.isolations.models import Isolation
from portal.printing.document import pdf
from portal.web.errors import Refused
from portal.workflow.worksheets import WrongValue
from portal.worksheets.models import WorksheetRow
from tests.isolations import world
from tests.isolations.world import NAME, hour
from tests.passes.conftest import acting_as
from tests.people import li, qian, unit, wang

pytestmark = pytest.mark.any_database


@pytest.fixture
def order(app) -> Any:
    return world.order()


def made(app, tmp_path, template: str, document: object) -> str:
    file = tmp_path / "sheet.pdf"
    file.write_bytes(pdf(f"isolations/{template}.html", document))
    reader = PdfReader(file)
    assert len(reader.pages) == 1, "one sheet"
    return "".join(reader.pages[0].extract_text().split())


@pytest.mark.any_database
def test_the_notice_has_what_the_real_form_has_on_one_page(app, tmp_path) -> None:
    order = world.order(legal_basis="《中华人民共和国传染病防治法》第三十九条、第四十一条；" * 6)
    isolation_id = world.isolated(kind=IsolationKind.HOME_MONITORING)  # whose rules are the longest
    with acting_as(app, wang):
        isolation = db.session.get_one(Isolation, isolation_id)
        care.change(isolation, [Named(CarerRole.CADRE, "演示·村支书", "0396-0123456")])
        text = made(app, tmp_path, "notice", printing.notice_of(isolation))
    for said in (
        "居家健康监测告知书", NAME, "性别", "联系电话", "证件号码", "居住地址", "所在单位", "传染病防治法",
        order.number, "早、晚两次", "干咳、乏力、咽痛、嗅（味）觉减退、腹泻", "120", "37.3", "干部", "网格员",
        "联系方式", "演示·村支书", "0396-0123456", "告知书回执", "告知对象（签收）", "告知人（签名）", "见证人",
        "豫苑社区（盖章）", "2026年11月20日", "（14天）",
    ):  # fmt: skip
        assert said in text, said


@pytest.mark.any_database
def test_each_kind_of_isolation_has_its_own_notice(app, order, desk) -> None:
    for kind in IsolationKind:
        isolation_id = world.isolated(world.somebody(), kind=kind)
        url = f"/isolations/{isolation_id}/print-notice?as=page"
        paper = desk.client(qian).get(url).get_data(as_text=True)
        assert f"{printing.MEASURES[kind]}告知书" in paper
        assert printing.GOING_OUT[kind] in paper


@pytest.mark.any_database
def test_the_certificate_names_both_sides(app, order, tmp_path) -> None:
    isolation_id = world.in_state(IsolationState.RELEASED)
    with acting_as(app, wang):
        certificate = printing.certificate_of(db.session.get_one(Isolation, isolation_id))
        text = made(app, tmp_path, "release", certificate)
    for said in (
        "解除居家隔离医学观察告知书",
        NAME,
        world.MEDIC["medic"],
        world.MEDIC["medic_unit"],
        "豫苑社区",
    ):
        assert said in text, said


def test_there_is_no_certificate_before_the_release(order, visit, post) -> None:
    isolation_id = world.isolated()
    visit("isolations.print_release", as_=wang, isolation_id=isolation_id, status=409)
    post(f"/isolations/{isolation_id}/print-release", as_=wang, status=409)


@pytest.mark.any_database
def test_the_log_has_a_line_a_day_and_room_for_those_to_come(app, order, tmp_path) -> None:
    isolation_id = world.isolated()
    world.check(isolation_id, hour(8, 10), 378, ["cough"])
    with acting_as(app, qian):
        checks.answer(db.session.get_one(Isolation, isolation_id), "复测", 369)
    with acting_as(app, wang):
        log = printing_log.log_of(db.session.get_one(Isolation, isolation_id))
        text = made(app, tmp_path, "log", log)
    assert [row.number for row in log.rows] == list(range(1, 15))
    today_row = next(row for row in log.rows if row.day == "11月23日")
    assert (today_row.cells[0].temperature, today_row.cells[0].second) == ("37.8", "36.9")
    assert "体温监测登记表" in text


def test_sheets_are_printed_and_noted(order, visit) -> None:
    isolation_id = world.in_state(IsolationState.RELEASED)
    for what in ("notice", "log", "release"):
        page = visit(f"isolations.print_{what}", as_=wang, isolation_id=isolation_id)
        assert page.send("Make the PDF", status=200).mimetype == "application/pdf"
        with everywhere(because="the test looks"):
            noted = select(AuditEntry.id).where(AuditEntry.action == f"isolation.print_{what}")
            assert len(db.session.scalars(noted).all()) == 1


# ── the worksheet ────────────────────────────────────────────────────────────────────────────────────────────────


def column(which: Any, slot: Slot) -> Any:
    return next(one for one in worksheet.columns() if one.name == f"{slot.value}-{which.isoformat()}")


def key(app, isolation_id: int, slot: Slot, typed: str, which: Any = None) -> None:
    with acting_as(app, qian):
        one = column(which or today(), slot)
        one.write(worksheet.find(isolation_id), one.read(typed))


def test_a_sheet_is_keyed_with_symptoms(app, order) -> None:
    isolation_id = world.isolated()
    key(app, isolation_id, Slot.MORNING, "37.6 1 3")
    row = world.row(isolation_id)
    assert row.alarm_since is not None
    with acting_as(app, qian):
        check = checks.in_slot(db.session.get_one(Isolation, isolation_id), today(), Slot.MORNING)
        assert (check.temperature, check.symptoms, check.taken_at) == (
            376,
            ["cough", "sore_throat"],
            hour(9, 59),
        )


def test_a_value_keyed_twice_is_one_and_another_one_is_refused(app, order) -> None:
    isolation_id = world.isolated()
    key(app, isolation_id, Slot.MORNING, "36.5")
    key(app, isolation_id, Slot.MORNING, "36.5")
    with pytest.raises(Refused, match="entered already"):
        key(app, isolation_id, Slot.MORNING, "36.6")


def test_yesterdays_sheet_is_keyed_this_morning_and_tomorrows_not_yet(app, order) -> None:
    isolation_id = world.isolated()
    key(app, isolation_id, Slot.EVENING, "36.5", today() - timedelta(days=1))
    with pytest.raises(Refused, match="future"):
        key(app, isolation_id, Slot.MORNING, "36.5", today() + timedelta(days=1))


@pytest.mark.any_database
def test_what_cannot_be_keyed_and_what_is_kept_of_the_rest(app) -> None:
    for typed in ("3.75", "3750", "三十七度", "36.5 9", "36.5 咳", "", "45 1"):
        with app.test_request_context(), pytest.raises(WrongValue):
            worksheet.read(typed)
    for typed, kept in (("36.5", "36.5"), ("37．6 13", "37.6 1 3"), ("37.6 3、1", "37.6 1 3")):
        assert worksheet.read(typed) == kept
        assert worksheet.read(kept) == kept


def test_the_sheet_lists_who_is_isolated_and_nobody_else(app, order, visit) -> None:
    first = world.isolated()
    world.in_state(IsolationState.RELEASED)
    with acting_as(app, qian):
        for choice, _label in worksheet.choices():
            assert worksheet.ids(choice, unit("豫苑社区三组二格").place, 10) == [first]
        assert [line.who for line in worksheet.lines([first])] == ["演示·孟*"]
    page = visit("worksheets.new", as_=qian, name="isolation_checks")
    assert page.has("Health checks of the isolated")


# ── export ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_export_is_masked_for_those_who_may_not_have_it_in_full(app, order) -> None:
    isolation_id = world.isolated()
    with acting_as(app, li):
        assert list(exporting.isolation_ids("open")) == [isolation_id]
        row = next(exporting.rows([isolation_id]))
        told = {one.name: one.told(row, in_full=False) for one in exporting.COLUMNS}
        full = {one.name: one.told(row, in_full=True) for one in exporting.COLUMNS}
    assert (told["name"], full["name"]) == ("演示·孟*", NAME)
    assert "********" in told["document"]
    assert full["days"] == 14


def test_a_sheet_goes_round_and_comes_back_through_the_pages(app, order, visit) -> None:
    isolation_id = world.isolated()
    world.checked(isolation_id, -3, -1)
    column = "morning-2026-11-23"
    page = visit("worksheets.new", as_=qian, name="isolation_checks").send("Make the sheet", part="open")
    sheet_id = int(page.url.rsplit("/", 1)[1])
    with everywhere(because="the test looks"):
        code = db.session.scalars(select(WorksheetRow.code)).one()
    page = visit("worksheets.key", as_=qian, worksheet_id=sheet_id, column=column)
    page = page.send("Keep", status=422, code0=code, value0="3750")
    assert page.has("Enter a temperature from 34.0 to 43.0")
    page = page.send("Keep", code0=code, value0="37.5 1")
    assert page.has("1 value kept")
    assert world.row(isolation_id).alarm_since is not None
    assert visit("today.index", as_=wang).has("Isolated people with fever or symptoms")
