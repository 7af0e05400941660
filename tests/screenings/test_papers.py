"""Screening on paper and back: the coverage for the meeting, the ledger, and the visit sheet that is keyed."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from pypdf import PdfReader

from portal.access.scope import everywhere
from portal.audit.models import AuditEntry
from portal.database import db
from portal.screenings.kinds import Category, Outcome, RoundState
from portal.screenings.models import ScreeningRound
from portal.screenings.models import Visit as Visited
from portal.screenings.tallies import RoundTally
from portal.screenings.visits.service import Incomer, Marked
from portal.worksheets.models import Worksheet, WorksheetRow
from tests.exports.workbooks import table
from tests.people import an, li, qian, wang
from tests.printing.paper import texts
from tests.screenings.world import every, family, key_person, knock, marked, only, order, screening

pytestmark = pytest.mark.any_database

Visit = Callable[..., Any]


def printed(desk: Any, person: Any, url: str) -> PdfReader:
    response = desk.client(person).post(url, data={"csrf_token": desk.csrf_token(person)})
    assert (response.status_code, response.mimetype) == (200, "application/pdf")
    return PdfReader(io.BytesIO(response.data))


def words(reader: PdfReader) -> str:
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in reader.pages))


def printings(action: str) -> list[Any]:
    return every(AuditEntry, AuditEntry.action == action)


def test_the_coverage_says_what_is_missing_and_names_nobody(desk: Any) -> None:
    order()
    homes = [family(2) for _number in range(3)]
    made = screening()
    knock(made, homes[0], marked=marked(homes[0], category=Category.FROM_NEIGHBOUR))
    knock(made, homes[1], outcome=Outcome.NOBODY_HOME)
    sheet = printed(desk, wang, f"/screenings/{made.id}/print")
    assert [round(float(side)) for side in sheet.pages[0].mediabox[2:]] == [595, 842]
    told = words(sheet)
    for word in (
        "豫苑社区排查进度表",
        "全员排查",
        "三组3133%10020/0",
        "合计3133%",
        "本轮发现重点人员",
        "1人",
    ):
        assert word in told, (word, told)
    assert "演示·张" not in told
    assert len(printings("screening_round.print")) == 1


@pytest.mark.parametrize("person", [li, wang, qian, an], ids=str)
def test_everybody_who_sees_a_round_can_print_it(desk: Any, person: Any) -> None:
    order()
    family(1)
    made = screening(li)
    assert len(printed(desk, person, f"/screenings/{made.id}/print").pages) == 1


def test_the_ledger_lies_and_is_masked(desk: Any) -> None:
    order()
    for _number in range(30):
        key_person(home=family(1))
    sheet = printed(desk, wang, "/key-persons/print")
    assert [round(float(side)) for side in sheet.pages[0].mediabox[2:]] == [842, 595]
    told = words(sheet)
    assert "重点人员排查台账" in told
    assert "共30人" in told
    assert "演示·张*" in told
    assert not re.search(r"演示·张\d", told)
    assert len(printings("key_person.print")) == 1


def test_the_ledger_is_exported_with_the_columns_of_the_field(visit: Visit) -> None:
    order()
    home = family(1)
    made = screening()
    guest = Incomer(
        "演示·王来客", Marked(373, ("dry_cough",), False, "河南省郑州市", "", Category.FROM_RISK_AREA)
    )
    knock(made, home, incomers=(guest,))
    form = visit("exports.make", as_=wang, name="key_persons")
    row = table(form.send("Export as Excel", status=200).data)[0]
    for heading in (
        "姓名",
        "证件号码",
        "联系电话",
        "现住址",
        "人员类别",
        "来源地",
        "到达时间",
        "交通方式及班次",
        "接触史",
        "排查人",
    ):
        assert heading in row, row
    assert (row["姓名"], row["来源地"]) == ("演示·王*", "河南省郑州市")
    assert row["体温/症状"].startswith("37.3℃；")
    full = form.send("Export as Excel", status=200, content="full", why="report")
    assert table(full.data)[0]["姓名"] == "演示·王来客"


# ── the visit sheet ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def made(app: Any) -> ScreeningRound:
    order()
    return screening()


def sheet_of(visit: Visit, round_: ScreeningRound, part: str = "to_visit") -> Worksheet:
    visit("worksheets.new", as_=qian, name=f"visits_{round_.id}").send("Make the sheet", part=part)
    return every(Worksheet)[-1]


def codes(sheet: Worksheet) -> list[str]:
    return [row.code for row in every(WorksheetRow, WorksheetRow.worksheet_id == sheet.id)]


def key(visit: Visit, sheet: Worksheet, lines: dict[str, str], status: int = 303) -> Any:
    page = visit("worksheets.key", as_=qian, worksheet_id=sheet.id, column="outcome")
    typed = {}
    for place, (code, value) in enumerate(lines.items()):
        typed |= {f"code{place}": code, f"value{place}": value}
    return page.send("Keep", status=status, **typed)


def test_a_visit_sheet_is_printed_and_keyed(visit: Visit, post: Visit, made: ScreeningRound) -> None:
    homes = [family(2, room=str(room)) for room in (101, 102, 103)]
    knock(made, homes[0])
    sheet = sheet_of(visit, made)
    [page] = texts(post("worksheets.print_one", as_=qian, worksheet_id=sheet.id, status=200).data)
    assert "入户排查表" in page
    assert "1无变化2无人3拒绝4搬走" in page
    first, second = codes(sheet)
    key(visit, sheet, {first: "1", second: "无人"})
    tally = only(RoundTally)
    assert (tally.answered, tally.nobody_home) == (2, 1)


def test_what_is_no_outcome_is_mended_and_nothing_is_written(visit: Visit, made: ScreeningRound) -> None:
    family(1)
    sheet = sheet_of(visit, made)
    key(visit, sheet, {codes(sheet)[0]: "7"}, status=422)
    assert every(Visited) == []


def test_a_sheet_goes_into_its_own_round_and_into_no_later_one(visit: Visit, made: ScreeningRound) -> None:
    family(1)
    sheet = sheet_of(visit, made)
    with everywhere(because="the test closes it"):
        db.session.get_one(ScreeningRound, made.id).state = RoundState.CLOSED
        db.session.commit()
    screening(name="第二轮")
    page = key(visit, sheet, {codes(sheet)[0]: "1"}, status=422)
    assert page.has("This round is over"), page.text
    assert every(Visited) == []
