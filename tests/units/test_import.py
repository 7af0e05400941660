"""The tree out of a file: all or nothing, row numbers and reasons, and a second time changes nothing."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from portal.access.acting import Level
from portal.access.scope import everywhere
from portal.audit.models import AuditEntry
from portal.config import ROOT
from portal.database import db
from portal.units import importing, reading
from portal.units.models import Unit
from portal.units.reading import LARGEST_FILE, NotImported
from tests.spreadsheets.makers import workbook

REAL_FILE = ROOT / "portal/units/data/shangcai-units.csv"
HEAD = "code,name,level,parent_code\n"
COUNTY = "500000,甲县,county,\n"
STREET = "500000001,乙街道,street,500000\n"
COMMUNITY = "500000001001,丙社区居委会,community,500000001\n"
GOOD = HEAD + COUNTY + STREET + COMMUNITY
TABLE = [line.split(",") for line in GOOD.splitlines()]


@pytest.fixture
def tree(app: Flask) -> Iterator[None]:
    """The tests' tree, with nothing hidden."""
    with (
        app.test_request_context(headers={"Cookie": "language=en"}),
        everywhere(because="a tree is imported"),
    ):
        yield
        db.session.rollback()


def imported(text: str) -> dict[str, int]:
    return importing.import_file(text.encode()).counts


def refusal(content: str | bytes) -> list[str]:
    """The sentences with which a file is refused; nothing was written."""
    before = db.session.scalar(select(func.count(Unit.id)))
    with pytest.raises(NotImported) as refused:
        importing.import_file(content.encode() if isinstance(content, str) else content)
    db.session.flush()
    assert db.session.scalar(select(func.count(Unit.id))) == before
    return [str(problem) for problem in refused.value.problems]


def test_the_real_county_is_imported_once(tree: None) -> None:
    everyone = 487
    content = REAL_FILE.read_bytes().replace(b"411722", b"511722").replace("上蔡县".encode(), "另县".encode())
    assert importing.import_file(content).counts == {"new": everyone, "changed": 0, "same": 0}
    assert importing.import_file(content).counts == {"new": 0, "changed": 0, "same": everyone}
    street = db.session.scalars(select(Unit).where(Unit.code == "511722003")).one()
    communities = db.session.scalars(
        select(Unit.full_name).where(Unit.parent_id == street.id).order_by(Unit.code)
    )
    assert list(communities)[:3] == ["豫苑社区", "建设路社区", "黑龙潭社区"]
    assert (
        db.session.scalar(select(func.count(Unit.id)).where(Unit.county_id == street.parent_id)) == everyone
    )


def test_one_entry_tells_of_an_import_and_none_of_one_that_changed_nothing(tree: None) -> None:
    imported(GOOD)
    imported(GOOD)
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "units.import")).all()
    assert [entry.details["counts"] for entry in entries] == [{"new": 3, "changed": 0, "same": 0}]
    assert len(entries[0].details["digest"]) == 64


@pytest.mark.parametrize(
    "content",
    [
        GOOD.encode(),
        GOOD.encode("utf-8-sig"),
        GOOD.encode("gb18030"),
        GOOD.replace("\n", "\r\n").encode(),
        GOOD.replace("code,", " Code ,", 1).encode(),
        (GOOD + "\n ,,,\n").encode(),
        GOOD.encode("utf-16"),
        GOOD.replace(",", ";").encode(),
        GOOD.replace(",", "\t").encode("gb18030"),
        GOOD.replace("\n", ",,\n").encode(),
        GOOD.replace("丙社区", "丙\u200b社\u0007区").encode(),
        workbook(TABLE),
        workbook([[int(cell) if cell.isdecimal() else cell for cell in row] for row in TABLE]),
        (HEAD + COMMUNITY + COUNTY + STREET).encode(),
        "level,code,parent_code,name\ncounty,500000,,甲县\nstreet,500000001,500000,乙街道\n"
        "community,500000001001,500000001,丙社区居委会\n".encode(),
    ],
    ids=[
        "utf-8",
        "mark",
        "gb18030",
        "windows lines",
        "loose heading",
        "blank lines",
        "utf-16",
        "semicolons",
        "tabs",
        "empty columns behind",
        "hidden characters",
        "workbook",
        "codes as numbers",
        "any order",
        "other columns first",
    ],
)
def test_files_as_people_have_them_are_read(tree: None, content: bytes) -> None:
    assert importing.import_file(content).counts == {"new": 3, "changed": 0, "same": 0}
    community = db.session.scalars(select(Unit).where(Unit.code == "500000001001")).one()
    assert (community.name, community.full_name, community.level) == (
        "丙社区居委会",
        "丙社区",
        Level.COMMUNITY,
    )


def test_changed_names_are_reported_and_applied_with_what_lies_below(tree: None) -> None:
    imported(GOOD)
    renamed = GOOD.replace("丙社区居委会", "丁社区居委会").replace("乙街道", "戊街道")
    plan = importing.import_file(renamed.encode())
    assert plan.counts == {"new": 0, "changed": 2, "same": 1}
    assert [(before, row.name) for _unit, before, row in plan.renamed] == [
        ("乙街道", "戊街道"),
        ("丙社区居委会", "丁社区居委会"),
    ]
    names = db.session.scalars(select(Unit.full_name).where(Unit.code.like("500000%")).order_by(Unit.code))
    assert list(names) == ["甲县", "戊街道", "丁社区"]


def test_two_units_may_exchange_their_names(tree: None) -> None:
    other = "500000001002,己社区居委会,community,500000001\n"
    imported(GOOD + other)
    exchanged = (GOOD + other).replace("丙社", "X社").replace("己社", "丙社").replace("X社", "己社")
    assert imported(exchanged)["changed"] == 2


def test_a_street_may_stand_alone(tree: None) -> None:
    assert imported(HEAD + "500000001,乙街道,street,\n")["new"] == 1


def test_units_may_be_added_under_units_that_are_there(tree: None) -> None:
    assert imported(HEAD + "411722003009,南大吴社区居委会,community,411722003\n")["new"] == 1


BROKEN = "Row 2: The quotation marks do not match, or there are line breaks in a cell."
SAYS = {
    "": "The file is empty. Look whether it is the right one, save it and upload it again.",
    "\n\n": "There is nothing in this workbook. Look whether it is the right file, save it, upload it again.",
    HEAD: "There are no units in the file, only the headings.",
    "code,name,level\n500000,甲县,county\n": "Row 1: Columns are missing: parent_code",
    "code,name,level,parent_code,phone\n": "Row 1: There are too many columns: phone",
    "code,name,level,parent_code,code\n": "Row 1: Columns come twice: code",
    HEAD + "500000,甲县,county,,x\n": "Row 2: There are 5 cells, the heading has 4.",
    HEAD + "500000\n": "Row 2: Unknown level “”: write county, street or community.",
    HEAD + "500000,甲县,planet,\n": "Row 2: Unknown level “planet”: write county, street or community.",
    HEAD + "500000,甲县,grid,\n": "Row 2: Unknown level “grid”: write county, street or community.",
    HEAD + "50000,甲县,county,\n": "Row 2: Wrong code “50000”: it has 6 digits here.",
    HEAD + ",甲县,county,\n": "Row 2: Wrong code “”: it has 6 digits here.",
    HEAD + "5E+05,甲县,county,\n": "Row 2: Wrong code “5E+05”: it has 6 digits here.",
    HEAD + "500000,,county,\n": "Row 2: The name is missing.",
    HEAD + f"500000,{'甲' * 61},county,\n": "Row 2: The name is longer than 60 characters.",
    HEAD + "500000,甲\u0085县,county,\n": "Row 2: There are hidden characters in the name, type it anew.",
    HEAD + "500000,甲\ue000县,county,\n": "Row 2: There are hidden characters in the name, type it anew.",
    HEAD + '500000,"甲\n县",county,\n': BROKEN,
    HEAD + COUNTY + COUNTY.replace("甲", "乙"): "Row 3: The code is that of row 2 too.",
    HEAD + COUNTY + "500001,甲县,county,\n": "Row 3: The name is that of row 2 too.",
    HEAD + COUNTY + COMMUNITY: "Row 3: There is no unit above with the code 500000001.",
    HEAD
    + COUNTY
    + "500000001001,丙社区,community,500000\n": "Row 3: It cannot stand under a unit of the level “County”.",
    HEAD + "500000001001,丙社区,community,\n": "Row 2: The code of the unit above is missing.",
    HEAD
    + COUNTY
    + "600000001,乙街道,street,500000\n": "Row 3: The code does not begin with that of the unit above, 500000.",
    HEAD + '500000,"甲县,county,\n500001,乙县,county,\n': BROKEN,
    HEAD
    + "411722003009,豫苑社区,community,411722003\n": "Row 2: There is a unit called 豫苑社区 here already.",
    HEAD + "500000,上蔡县,county,\n": "Row 2: There is a unit called 上蔡县 here already.",
    HEAD
    + "411722003,重阳街道,street,\n": "Row 2: This unit stands under another one already, and units do not move.",
}


@pytest.mark.parametrize("text", SAYS, ids=lambda text: SAYS[text][:40])
def test_a_bad_file_is_refused_with_row_and_reason(tree: None, text: str) -> None:
    assert refusal(text) == [SAYS[text]]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"PK\x03\x04" + bytes(100), "The file is damaged, or no program for tables made it."),
        (bytes(range(256)), "This is neither a workbook (.xlsx) nor a text table (.csv)."),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "This is a picture. Ask for the workbook itself"),
        (HEAD.encode() + b"x" * LARGEST_FILE, "The file is larger than 5 MB."),
        (workbook([]), "There is nothing in this workbook."),
    ],
    ids=["damaged", "bytes", "picture", "too large", "empty workbook"],
)
def test_what_is_no_table_is_refused(tree: None, content: bytes, says: str) -> None:
    (said,) = refusal(content)
    assert said.startswith(says)


def test_bad_rows_of_a_workbook_are_named_as_it_numbers_them(tree: None) -> None:
    rows = [[], HEAD.strip().split(","), [500000, "甲县", "county"], [], [500001, "乙县", "planet"]]
    assert refusal(workbook(rows)) == ["Row 5: Unknown level “planet”: write county, street or community."]


def test_a_file_without_headings_is_told_which_it_lacks(tree: None) -> None:
    assert refusal("500000,甲县,county,\n") == [
        "Row 1: Columns are missing: code, name, level, parent_code",
        "Row 1: There are too many columns: 500000, 甲县, county",
    ]


def test_every_bad_row_is_named_in_the_order_of_the_file(tree: None) -> None:
    text = HEAD + "5,甲县,county,\n" + COUNTY + STREET.replace("street", "road") + COUNTY
    assert [sentence.split(":")[0] for sentence in refusal(text)] == ["Row 2", "Row 4", "Row 5"]


def is_read_or_refused(content: bytes) -> bool:
    try:
        return bool(reading.read(content))
    except NotImported as refused:
        return all(map(str, refused.problems)) and bool(refused.problems)


@given(st.binary(max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_sent_is_read_or_refused(tree: None, content: bytes) -> None:
    for sent in (content, HEAD.encode() + content, GOOD.encode() + content):
        assert is_read_or_refused(sent)


# ── the command ──────────────────────────────────────────────────────────────────────────────────────────────────


def run(app: Flask, *arguments: str) -> Result:
    db.session.remove()
    return app.test_cli_runner().invoke(args=["units", "import", *arguments])


def figures(result: Result) -> list[list[str]]:
    """The figures of each line: the words are those of the installation's language."""
    return [re.findall(r"\d+", line) for line in result.output.splitlines()]


def test_the_command_says_how_many_and_a_second_time_changes_nothing(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "units.csv"
    file.write_text(GOOD)
    assert [figures(run(app, str(file))) for _ in range(2)] == [[["3", "0", "0"]], [["0", "0", "3"]]]
    file.write_text(GOOD.replace("甲县", "辛县"))
    result = run(app, str(file))
    assert figures(result) == [["2"], ["0", "1", "2"]]
    assert "甲县" in result.output
    assert "辛县" in result.output


def test_the_command_loads_a_workbook(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "units.xlsx"
    file.write_bytes(workbook(TABLE))
    assert figures(run(app, str(file))) == [["3", "0", "0"]]


def test_the_command_refuses_as_a_whole(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "units.csv"
    file.write_text(GOOD + "1,x,county,\n")
    result = run(app, str(file))
    assert result.exit_code == 1
    assert figures(result)[0][0] == "5"
    with everywhere(because="the test looks"):
        assert db.session.scalar(select(Unit.id).where(Unit.code == "500000")) is None


def test_the_command_wants_a_file_that_is_there(app: Flask) -> None:
    assert run(app, "nowhere.csv").exit_code == 2
