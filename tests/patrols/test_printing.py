"""Patrols on paper: what the sheets say, that they stay on their pages, and that printing is noted."""

import io
import re

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from portal.access.scope import everywhere
from portal.audit.models import AuditEntry
from portal.database import db
from portal.patrols.findings.kinds import FindingKind
from portal.patrols.findings.models import Finding
from portal.patrols.kinds import Barrier, PatrolKind, PatrolState
from tests.patrols.world import hour, order, patrol, route, row
from tests.people import an, li, qian, sun, wang, zhao

pytestmark = pytest.mark.any_database

MARKUP = "<b>&amp;</b>"
A4 = (595, 842)


def printed(desk, person, url: str) -> PdfReader:
    token = desk.csrf_token(person)
    response = desk.client(person).post(url, data={"csrf_token": token})
    assert (response.status_code, response.mimetype) == (200, "application/pdf")
    return PdfReader(io.BytesIO(response.data))


def words(reader: PdfReader) -> str:
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in reader.pages))


def printings() -> list[str]:
    with everywhere(because="the test looks"):
        db.session.rollback()
        return list(db.session.scalars(select(AuditEntry.action).where(AuditEntry.action.contains("print"))))


def finding(patrol_id: int, **values) -> None:
    with everywhere(because="the test makes a finding"):
        facts = {"kind": FindingKind.GATHERING, "place": "小广场", "place_key": "小广场", "people": 300}
        made = {
            "unit_id": row(patrol_id).unit_id,
            "order_id": row(patrol_id).order_id,
            "found_at": hour(9, 20),
        }
        db.session.add(Finding(**(facts | made | {"patrol_id": patrol_id} | values)))
        db.session.commit()


def test_the_log_sheet_says_what_the_log_says(app, desk):
    order()
    made = patrol(way=route(), round_at=hour(9), note="小广场施工")
    finding(made)
    sheet = printed(desk, zhao, f"/patrols/{made}/print")
    assert tuple(map(round, sheet.pages[0].mediabox[2:])) == A4
    assert len(sheet.pages) == 1
    told = words(sheet)
    for word in (
        "社区巡逻记录表",
        f"巡20261123-{made}",
        "豫苑社区三组",
        "北线",
        "2026年11月23日09:45",
        "小广场施工",
        "300人",
    ):
        assert word in told
    assert printings() == ["patrol.print"]


def test_a_boundary_sheet_has_barrier_and_numbers(app, desk):
    order()
    border = route(kind=PatrolKind.BOUNDARY, neighbour="邻县某镇")
    made = patrol(
        way=border, barrier=Barrier.DAMAGED, barrier_note="缺口", turned_back_people=7, turned_back_vehicles=2
    )
    told = words(printed(desk, wang, f"/patrols/{made}/print"))
    for word in ("边界巡逻记录表", "邻县某镇", "缺口", "7人", "2辆"):
        assert word in told


@pytest.mark.parametrize("state", list(PatrolState))
def test_every_state_prints_and_says_so(app, desk, state):
    order()
    made = patrol(state)
    told = words(printed(desk, zhao, f"/patrols/{made}/print"))
    expected = {
        "draft": "尚未上交",
        "sent": "已上交",
        "broken_off": "中途结束",
        "corrected": "已被更正",
        "void": "已作废",
    }
    assert expected[state.value] in told


def test_long_texts_and_markup_stay_on_the_sheet(app, desk):
    order()
    way = route(points=[f"{number}{MARKUP}{'长' * 40}" for number in range(30)])
    made = patrol(way=way, note="字" * 500, members="名" * 300, walked=way.points)
    for _ in range(8):
        finding(made, place="处" * 120, outcome="乎" * 500)
    sheet = printed(desk, zhao, f"/patrols/{made}/print")
    assert MARKUP in words(sheet)
    assert words(sheet).count("乎") == 8 * 500
    assert "带队人签名" in words(sheet)


def test_the_sheet_of_a_day_has_a_line_with_a_code_for_every_round(app, desk):
    order()
    way, other = route(), route("豫苑社区三组", name="南线", hours=[540])
    patrol(way=way, round_at=hour(9))
    sheet = printed(desk, wang, f"/patrols/plan/print?unit={way.unit_id}&day=2026-11-23")
    assert tuple(map(round, sheet.pages[0].mediabox[2:])) == A4[::-1]
    told = words(sheet)
    lines = "\n".join(page.extract_text() for page in sheet.pages)
    codes = re.findall(rf"\b(?:{way.id}|{other.id})-\d{{4}}\b", lines)
    assert codes == [f"{way.id}-{at}" for at in ("0900", "1200", "1500", "1700", "2000")] + [
        f"{other.id}-0900"
    ]
    assert "2026年11月23日周一" in told
    assert "演示·zhao" in told
    assert printings() == ["patrol.print_plan"]


def test_looking_at_a_sheet_on_the_screen_is_not_printing(app, visit):
    order()
    made = patrol()
    for language in ("zh_Hans", "en"):
        visit(f"/patrols/{made}/print?as=page", as_=zhao, language=language)
        visit("/patrols/plan/print?as=page", as_=zhao, language=language)
        visit("patrols.print_log", as_=an, patrol_id=made, language=language)
    assert printings() == []


def test_a_sheet_is_for_ones_own_unit_or_one_below(app, visit, desk):
    order()
    way = route()
    page = visit("patrols.print_plan", as_=wang)
    assert page.has("豫苑社区三组"), "the groups below are offered"
    for stranger in (sun, qian):
        visit("patrols.print_plan", as_=stranger, unit=way.unit_id, status=404)
    assert visit("patrols.print_plan", as_=li, unit=way.unit_id).has("豫苑社区")
    assert "当日没有安排巡逻" in words(printed(desk, sun, "/patrols/plan/print"))
