"""What a sheet is like when it has been read, and what becomes of a file that wants too much."""

import json
import subprocess
import sys
import zipfile
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from portal.spreadsheets import child, reading, refusal
from portal.spreadsheets.reading import Merged, Row, read, tidy
from portal.spreadsheets.refusal import ORDINARY, Limits, Refusal
from tests.spreadsheets.makers import large, packed, repacked, saved, workbook

SHEET = "xl/worksheets/sheet1.xml"


def test_cells_are_plain_values() -> None:
    found = read(
        workbook(
            [
                [
                    "文字",
                    3,
                    3.5,
                    True,
                    date(2020, 2, 4),
                    datetime(2020, 2, 4, 10, 30),
                    time(8, 5),
                    timedelta(hours=30),
                    411722187203040018,
                    15400000001,
                ]
            ]
        )
    )
    cells = found.rows[0].cells
    assert cells[:8] == (
        "文字",
        3,
        3.5,
        "TRUE",
        date(2020, 2, 4),
        datetime(2020, 2, 4, 10, 30),
        "08:05",
        "1 day, 6:00:00",
    )
    assert isinstance(cells[8], float), "beyond 15 figures nobody takes a number for exact"
    assert cells[9] == 15400000001
    assert isinstance(cells[9], int)


def test_a_workbook_that_counts_from_1904_gives_the_same_day() -> None:
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active.append([date(2020, 2, 4), "x"])  # type: ignore[union-attr]
    assert read(saved(book)).rows[0].cells == (date(2020, 2, 4), "x")


def test_rows_and_columns_are_counted_as_people_see_them() -> None:
    def arrange(page: Worksheet) -> None:
        page["C5"], page["E5"], page["C9"] = "五", "六", "九"

    assert read(workbook([], arrange=arrange)).rows == [
        Row(5, (None, None, "五", None, "六")),
        Row(9, (None, None, "九")),
    ]


def test_hidden_rows_are_kept_and_spoken_of() -> None:
    def arrange(page: Worksheet) -> None:
        for number in (2, 3, 9):
            page.row_dimensions[number].hidden = True

    found = read(workbook([["姓名", "电话"], ["a", "b"], ["c", "d"], ["e", "f"]], arrange=arrange))
    assert [row.number for row in found.rows] == [1, 2, 3, 4]
    assert [str(remark) for remark in found.remarks()] == [
        "Hidden or filtered rows are read, too: 2 of them (2、3)."
    ]


def several_sheets() -> bytes:
    book = openpyxl.Workbook()
    first = book.active
    assert isinstance(first, Worksheet)
    first.title = "填表说明"
    first.append(["请如实填写"])
    book.create_sheet("空")
    listed = book.create_sheet("名单")
    listed.append(["姓名", "电话"])
    listed.append(["演示·张三", "15400000001"])
    words = book.create_sheet("字典")
    words.append(["户主", "配偶"])
    words.append(["子", "女"])
    words.sheet_state = "hidden"
    other = book.create_sheet("外来人员")
    other.append(["姓名", "来自"])
    other.append(["演示·李四", "郑州"])
    return saved(book)


def test_the_first_sheet_with_a_list_is_read_and_the_others_are_offered() -> None:
    found = read(several_sheets())
    assert found.name == "名单"
    assert found.names == ("填表说明", "空", "名单", "外来人员")
    assert found.rows[1].cells == ("演示·张三", "15400000001")
    assert [str(remark) for remark in found.remarks()] == [
        "Only the sheet “名单” was read. Choose another if the list is there."
    ]


def test_a_workbook_after_the_strict_standard_is_read() -> None:
    """Excel offers “Strict Open XML Spreadsheet” beside the usual one."""
    usual = "http://schemas.openxmlformats.org"
    strict = {f"{usual}/spreadsheetml/2006/main": "http://purl.oclc.org/ooxml/spreadsheetml/main"}
    strict[f"{usual}/officeDocument/2006/relationships"] = (
        "http://purl.oclc.org/ooxml/officeDocument/relationships"
    )
    content = workbook([["姓名", "电话"], ["演示·张三", "1"]])
    with zipfile.ZipFile(BytesIO(content)) as archive:
        members = {name: archive.read(name).decode() for name in archive.namelist()}
    for old, new in strict.items():
        members = {name: part.replace(old, new) for name, part in members.items()}
    found = read(packed({name: part.encode() for name, part in members.items()}))
    assert found.rows[1].cells == ("演示·张三", "1")


def test_another_sheet_can_be_asked_for() -> None:
    assert read(several_sheets(), sheet="外来人员").rows[1].cells == ("演示·李四", "郑州")
    with pytest.raises(Refusal, match="no sheet called “没有”"):
        read(several_sheets(), sheet="没有")


def test_what_is_merged_downwards_stands_in_each_of_its_rows() -> None:
    found = read(
        workbook(
            [
                ["标题", None, None],
                ["户", "人", "人"],
                ["甲", 1, 2],
                [None, 3],
                [None, None, None],
                ["乙", 4],
            ],
            "A1:C1",
            "A3:A5",
            "B2:C2",
        )
    )
    assert [row.cells for row in found.rows] == [
        ("标题",),
        ("户", "人"),
        ("甲", 1, 2),
        ("甲", 3),
        ("乙", 4),
    ]
    assert Merged(top=1, left=0, bottom=1, right=2) in found.merged


def test_a_formula_gives_its_result_and_says_so_where_it_has_none() -> None:
    formulas = workbook([["=1+1", "=B1", "=C1", "x"]])
    calculated = repacked(formulas, change={SHEET: (r"<f>1\+1</f><v ?/?>(</v>)?", "<f>1+1</f><v>2</v>")})
    assert read(calculated).rows[0].cells == (2, "#?", "#?", "x")
    blank = repacked(
        formulas, change={SHEET: (r'<c r="B1"><f>B1</f><v ?/?>(</v>)?', '<c r="B1" t="str"><f>B1</f><v></v>')}
    )
    assert read(blank).rows[0].cells == ("#?", None, "#?", "x")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ('="13800000000"', "13800000000"),
        ('= "a""b"', 'a"b'),
        ("'0396", "0396"),
        ("\t411722\t", "411722"),
        ("\u3000张\u00a0三\u200b\ufeff", "张\u00a0三"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("\ud800x\x07", "x"),
        ('=""', None),
        ("  ", None),
        ("'", "'"),
        ("=1+1", "=1+1"),
    ],
)
def test_the_tricks_around_a_text_are_taken_off(written: str, meant: str | None) -> None:
    assert tidy(written) == meant


@pytest.mark.parametrize("cell", ["GS2", "XFD1", "A1048576"])
def test_a_stray_cell_is_named_instead_of_filling_the_memory(cell: str) -> None:
    def arrange(page: Worksheet) -> None:
        page[cell] = "x"

    with pytest.raises(Refusal, match=f"cell {cell}, far from the list"):
        read(workbook([["姓名", "电话"], ["a", "b"]], arrange=arrange))


def test_empty_cells_with_colours_are_not_far_cells() -> None:
    def arrange(page: Worksheet) -> None:
        page["XFD1"].font = page["A1048576"].font = Font(bold=True)

    assert len(read(workbook([["姓名", "电话"], ["a", "b"]], arrange=arrange)).rows) == 2


def test_too_many_rows_are_refused() -> None:
    content = workbook([["a", row] for row in range(31)])
    with pytest.raises(Refusal, match="more than 30 rows"):
        read(content, limits=Limits(rows=30))
    assert len(read(content, limits=Limits(rows=31)).rows) == 31
    with pytest.raises(Refusal, match="more than 30 rows"):
        read(b"a,b\n" * 31, limits=Limits(rows=30))


def test_too_many_columns_are_refused() -> None:
    for content in (workbook([["a", "b"], ["x"] * 12]), b"a,b\n" + b"x," * 12):
        with pytest.raises(Refusal, match="Row 2 has more than 10 columns"):
            read(content, limits=Limits(columns=10))
        assert len(read(content, limits=Limits(columns=12)).rows) == 2


def test_a_reader_that_takes_too_much_memory_is_ended_with_a_sentence() -> None:
    """Two cells are enough: between them lie forty million."""

    def arrange(page: Worksheet) -> None:
        page["GR199999"] = "x"

    with pytest.raises(Refusal) as refused:
        read(workbook([["姓名", "电话"]], arrange=arrange))
    assert refused.value.sentence is refusal.TOO_MUCH


def test_one_text_repeated_without_end_does_not_reach_us() -> None:
    """A hundred kilobytes of archive can mean a gigabyte of text."""
    content = large([["x" * 30_000] * 150 for _row in range(200)])
    assert len(content) < 150_000
    with pytest.raises(Refusal) as refused:
        read(content)
    assert refused.value.sentence is refusal.TOO_MUCH


def test_a_reader_that_takes_too_long_is_ended_with_a_sentence() -> None:
    with pytest.raises(Refusal) as refused:
        read(large([[row, row] for row in range(60_000)]), limits=Limits(seconds=0))
    assert refused.value.sentence is refusal.TOO_MUCH


def test_the_reader_apart_imports_nothing_of_the_portal_and_may_write_no_file(tmp_path: Path) -> None:
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); import apart, json;"
        f"apart.restrain({ORDINARY.memory}, {ORDINARY.seconds});"
        "print(json.dumps([name for name in sys.modules if name.startswith(('portal', 'flask'))]));"
        "import os; os.write(os.open(sys.argv[2], os.O_CREAT | os.O_WRONLY), b'x')"
    )
    folder = str(Path(child.SCRIPT).parent)
    done = subprocess.run(
        [sys.executable, "-I", "-c", program, folder, str(tmp_path / "x")], capture_output=True, check=False
    )
    assert json.loads(done.stdout) == []
    assert done.returncode != 0
    assert b"File too large" in done.stderr
    assert (tmp_path / "x").stat().st_size == 0


def test_nothing_is_left_running_when_reading_stops_in_the_middle() -> None:
    told = child.tell(large([[row, row] for row in range(60_000)]), "", ORDINARY)
    assert next(told)["sheet"] == "Sheet1"
    told.close()
    assert next(told, None) is None
    assert not subprocess._active  # type: ignore[attr-defined]


@pytest.mark.slow
def test_a_streets_whole_list_is_read() -> None:
    people = (
        [row, f"演示·{row}", f"41172218720304{row % 10_000:04}", "15400000001", *["否"] * 10]
        for row in range(60_000)
    )
    content = large([["序号", "姓名", "身份证号码", "电话", *map(str, range(10))], *people])
    found = read(content, limits=refusal.WHOLE_STREET)
    assert len(found.rows) == 60_001
    assert found.rows[-1].cells[:2] == (59_999, "演示·59999")
    assert found.rows[-1].cells[-1] is found.rows[1].cells[-1], "equal texts are one"


def test_the_memory_of_equal_texts_is_bounded() -> None:
    clean = reading._Cleaner()
    for number in range(reading.MOST_REMEMBERED * 2):
        clean(str(number))
    assert len(clean.known) <= reading.MOST_REMEMBERED + 1
