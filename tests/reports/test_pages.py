"""The pages of a day's report, for whoever may see them."""

import io
import re
import zipfile

import pytest
import time_machine
from pypdf import PdfReader
from sqlalchemy import select

from portal.access.scope import everywhere
from portal.audit.models import AuditEntry
from portal.database import db
from portal.reports.kinds import ReportState
from portal.workflow import figures
from tests.people import an, gu, li, qian, root, sun, unit, wang, wu, zhao
from tests.reports.world import (
    COMMUNITY,
    GRID,
    GROUP,
    OTHER_GRID,
    TODAY,
    at,
    confirmed,
    happens,
    order,
    row,
)

pytestmark = pytest.mark.any_database

LANGUAGES = ["zh_Hans", "en"]


def fetched(desk, person, url: str) -> bytes:
    token = desk.csrf_token(person)
    response = desk.client(person).post(url, data={"csrf_token": token})
    assert response.status_code == 200
    return response.data


def actions() -> list[str]:
    with everywhere(because="the test looks"):
        db.session.rollback()
        return list(db.session.scalars(select(AuditEntry.action)))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("person", [li, wang, zhao, qian, an], ids=str)
def test_everybody_sees_the_day_of_the_own_unit(app, visit, person, language):
    order()
    happens(by=3)
    visit("reports.index", as_=person, language=language)
    for endpoint in ("below", "trend", "text", "print_"):
        visit(f"reports.{endpoint}", as_=person, language=language)


def test_without_an_order_the_figures_are_shown_and_nothing_is_asked(app, visit):
    happens(by=3)
    page = visit("reports.index", as_=qian)
    assert page.has("No order asks this unit for a report")
    assert "Confirm and report" not in page.buttons()


@pytest.mark.parametrize("person", [gu, root], ids=str)
def test_a_gatekeeper_and_an_administrator_see_no_reports(app, visit, person):
    visit("reports.index", as_=person, status=403)


@pytest.mark.parametrize("endpoint", ["index", "below", "trend", "text", "print_"])
def test_a_unit_beside_is_not_there(app, visit, endpoint):
    order()
    visit(f"reports.{endpoint}", as_=sun, unit=unit(COMMUNITY).id, status=404)
    visit(f"reports.{endpoint}", as_=qian, unit=unit(GROUP).id, status=404)  # nor one above


@pytest.mark.parametrize("day", ["2026-11-24", "2026-13-01", "x"])
def test_a_day_that_has_not_come_or_is_none_is_not_there(app, visit, day):
    visit("reports.index", as_=qian, day=day, status=404)


def test_a_figure_leads_to_what_each_unit_below_has_of_it(app, visit):
    order()
    happens(by=3)
    confirmed()
    happens(by=2)
    happens(OTHER_GRID, by=4)
    day = visit("reports.index", as_=zhao)
    page = visit(day.tree.xpath("string(//main//td/a[contains(@href, 'gate.exits')]/@href)"), as_=zhao)
    rows = [" ".join(row.text_content().split()) for row in page.tree.xpath("//main//*[@class='rows']//a")]
    assert rows == ["一格 4 not reported yet, as it is now", "二格 3 today 10:00"]
    none = visit("reports.below", as_=zhao, figure="notices.published")
    assert none.has("Nothing of this anywhere below.")


def test_one_tap_confirms(app, visit):
    order()
    happens(by=3)
    page = visit("reports.index", as_=qian).send("Confirm and report", to_coordinate="缺口罩 200 个")
    assert page.has("Reported")
    assert page.has("缺口罩 200 个")
    assert "Confirm and report" not in page.buttons()


def test_nothing_to_report_has_a_button_of_its_own(app, visit):
    order()
    page = visit("reports.index", as_=qian)
    assert "Confirm and report" not in page.buttons()
    assert page.send("Report that there is nothing to report").has("Nothing to report")


def test_a_nil_report_read_before_something_happened_is_refused(app, visit):
    order()
    page = visit("reports.index", as_=qian)
    happens()
    assert page.send("Report that there is nothing to report", status=409).has("there is no nil report")


def test_a_day_that_is_past_is_reported_late(app, visit):
    order()
    happens()
    with time_machine.travel(at(9, days=1)):
        page = visit("reports.index", as_=qian, day=TODAY.isoformat())
        assert page.send("Report late").has("late")


def test_the_level_above_receives_or_sends_back(app, visit):
    order()
    happens()
    report = confirmed()
    here = {"unit": unit(GRID).id, "day": TODAY.isoformat()}
    assert visit("reports.index", as_=zhao, **here).send("Receive").has("Received")
    form = visit("reports.send_back", as_=zhao, report_id=report)
    assert form.send("Send back", status=422, common=None).has("Choose a reason or write one")
    page = form.send("Send back", words="出入人次偏少")
    assert page.has("Sent back")
    assert row(report).state is ReportState.OPEN
    assert visit("reports.index", as_=qian).has("出入人次偏少")
    visit("reports.send_back", as_=wu, report_id=report, status=403)
    visit("reports.send_back", as_=sun, report_id=report, status=404)


def test_what_has_changed_is_shown_and_added_with_a_reason(app, visit):
    order()
    happens(by=2)
    report = confirmed()
    happens(by=3)
    page = visit("reports.index", as_=qian)
    assert page.has("1 figure has changed since this was confirmed")
    assert page.has("now 5")
    page = visit("reports.supplement", as_=qian, report_id=report).send("Send what has changed", words="漏记")
    assert page.has("Added later")
    assert "演示·qian" in page.tree.xpath("//ol[@class='steps']/li[last()]")[0].text_content()
    assert row(report).told["gate.exits"] == 5


def test_a_late_supplement_is_marked_and_ends_a_nil_report(app, visit):
    order()
    report = confirmed(is_nil=True)
    happens(by=3)
    with time_machine.travel(at(17, 16)):
        page = visit("reports.supplement", as_=qian, report_id=report).send(
            "Send what has changed", words="漏记"
        )
        assert page.has("Added after the deadline")
        assert not row(report).is_nil
        assert visit(f"/reports/print?as=page&day={TODAY.isoformat()}", as_=qian).has("逾期补报")


def test_units_below_show_silence_apart_from_nought(app, visit, desk):
    order()
    confirmed(GRID, is_nil=True)
    page = visit("reports.below", as_=zhao)
    assert page.has("1 of 2 have reported")
    assert page.has("Nothing to report")
    assert page.has("Not reported yet")
    desk.clients.clear()  # they lapse meanwhile
    with time_machine.travel(at(17, 16)):
        assert visit("reports.below", as_=zhao).has("Not reported, late")


def test_the_text_for_the_group_is_chinese_and_says_until_when(app, visit):
    order()
    happens(by=3)
    confirmed()
    with time_machine.travel(at(17, 5)):
        happens(COMMUNITY, 2, at(16))
        confirmed(GROUP, zhao)
        confirmed(COMMUNITY, wang)
        for language in LANGUAGES:
            text = visit("reports.text", as_=wang, language=language).tree.xpath("//textarea")[0].text
            first, *rest = text.strip().splitlines()
            assert first == "【豫苑社区】11月23日疫情防控日报告（截至17时）"
            assert any("卡点" in line and "出5人次" in line for line in rest)
            assert rest[-1] == "需协调事项：无。"
    assert "截至10时" in visit("reports.text", as_=qian).text  # confirmed before the cut-off


def test_the_trend_shows_numbers_and_days_without_a_report(app, visit):
    order(effective_from=at(0, days=-3))
    happens(by=4, when=at(11, days=-1))
    happens(by=7)
    for day in (at(0, days=-1).date(), TODAY):
        confirmed(day=day)
    page = visit("reports.trend", as_=qian, figure="gate.exits")
    cells = [" ".join(cell.text_content().split()) for cell in page.tree.xpath("//tbody//td[@class='n']")]
    assert cells == ["7", "4", "not reported", "not reported", *["Nothing asked"] * 10]
    assert len(page.tree.xpath("//*[local-name()='rect']")) == 14


def test_the_workbook_has_a_row_for_each_unit_below_and_none_for_silence(app, desk):
    order()
    happens(GRID, 3)
    confirmed(GRID)
    made = fetched(desk, zhao, f"/reports/workbook?unit={unit(GROUP).id}&day={TODAY.isoformat()}")
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        text = archive.read("xl/worksheets/sheet1.xml").decode()
        words = (
            archive.read("xl/sharedStrings.xml").decode()
            if "xl/sharedStrings.xml" in archive.namelist()
            else text
        )
    assert "未报" in words
    assert "合计" in words
    assert text.count("<row ") >= 4
    assert "daily_report.export" in actions()


def test_the_sheet_fits_a_page_and_carries_the_head_of_the_trail(app, desk):
    order()
    happens(GRID, 3)
    confirmed(GRID, to_coordinate="缺口罩")
    happens(GRID, 1)
    reader = PdfReader(io.BytesIO(fetched(desk, qian, f"/reports/print?day={TODAY.isoformat()}")))
    words = re.sub(r"\s+", "", "".join(page.extract_text() for page in reader.pages))
    assert len(reader.pages) == 1
    for word in ("豫苑社区三组二格疫情防控日报告表", "2026年11月23日", "17:00", "缺口罩", "签收人"):
        assert word in words
    assert re.search(r"审计末位：\d+:[0-9a-f]{64}", words)
    assert "daily_report.print" in actions()


def test_today_says_what_is_to_be_done(app, visit, desk):
    order(effective_from=at(8))
    home = visit("today.index", as_=qian)
    assert home.has("Confirm the daily report")
    assert home.has("due today 17:15")
    happens()
    confirmed()
    assert visit("today.index", as_=zhao).has("Reports to receive")
    desk.clients.clear()
    with time_machine.travel(at(17, 20)):
        late = visit("today.index", as_=zhao)
        assert late.has("Reports late below")
        assert late.has("一格")
    desk.clients.clear()
    visit("reports.index", as_=zhao, unit=unit(GRID).id).send("Receive")
    report = visit("reports.index", as_=zhao, unit=unit(GRID).id)
    link = next(one for one in report.links() if one.endswith("/send-back"))
    visit(link, as_=zhao).send("Send back", words="再核对")
    assert visit("today.index", as_=qian).has("再核对")


def test_many_units_below_still_fit_a_page(app, visit):
    order()
    with everywhere(because="tests make grids"):
        from portal.access.acting import Level
        from portal.units.models import Unit

        group = unit(GROUP)
        for number in range(3, 60):
            db.session.add(
                Unit(
                    name=f"第{number}格",
                    full_name=f"{GROUP}第{number}格",
                    level=Level.GRID,
                    parent_id=group.id,
                )
            )
        db.session.commit()
    visit("reports.index", as_=zhao)
    page = visit("reports.below", as_=zhao)
    assert page.has("0 of 59 have reported")
    assert visit(next(one for one in page.links() if "after=20" in one), as_=zhao).has("第")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_day_on_which_everything_happened_fits_a_page(app, visit, language):
    order()
    for number, code in enumerate(figures.figures(), 1):
        happens(GRID, number * 37, code=code)
    visit("reports.index", as_=zhao, language=language)
    visit("reports.trend", as_=zhao, language=language)
    confirmed(GRID)
    for number, code in enumerate(figures.figures(), 1):
        happens(GRID, number, code=code)
    page = visit("reports.index", as_=qian, language=language)
    visit(next(one for one in page.links() if one.endswith("/supplement")), as_=qian, language=language)
