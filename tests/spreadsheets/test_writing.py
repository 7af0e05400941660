"""Workbooks that people open."""

import html
import re
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import IO, Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from portal.spreadsheets import writing
from portal.spreadsheets.guard import Kind as FileKind
from portal.spreadsheets.guard import check
from portal.spreadsheets.reading import read, tidy
from portal.spreadsheets.workbooks import LONGEST_TEXT, Paper, safe
from portal.spreadsheets.writing import Column, Kind, write

NAME, NUMBER, PHONE = Column("姓名"), Column("身份证号"), Column("联系电话")


def opened(file: IO[bytes]) -> Worksheet:
    with file:
        page = openpyxl.load_workbook(BytesIO(file.read())).active
    assert isinstance(page, Worksheet)
    return page


def values(page: Worksheet) -> list[tuple[Any, ...]]:
    return list(page.iter_rows(values_only=True))


def parts(file: IO[bytes]) -> str:
    """All XML of the workbook in one text."""
    with file, zipfile.ZipFile(file) as archive:
        return "\n".join(archive.read(name).decode() for name in archive.namelist())


def margins(file: IO[bytes]) -> list[str]:
    """Header and footer as Excel reads them."""
    found = re.search("<oddHeader>(.*?)</oddHeader><oddFooter>(.*?)</oddFooter>", parts(file))
    assert found
    return [html.unescape(said) for said in found.groups()]


def test_identity_numbers_and_phones_stay_texts() -> None:
    page = opened(write([NAME, NUMBER, PHONE], [("演示·张三", "411722187203040018", 15400000001)]))
    assert values(page) == [
        ("姓名", "身份证号", "联系电话"),
        ("演示·张三", "411722187203040018", "15400000001"),
    ]
    assert {cell.number_format for cell in page[2]} == {"@"}
    assert {page.column_dimensions["B"].number_format} == {"@"}, "what is entered below stays a text, too"


@pytest.mark.parametrize("beginning", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'="])
def test_no_cell_is_ever_a_formula(beginning: str) -> None:
    text = beginning + 'cmd|" /C calc"!A0'
    for rows in ([(text,)], [("x",)] * 500 + [(text,)]):
        page = opened(write([Column(text)], rows, title=text, notes=[text]))
        assert {cell.data_type for row in page.iter_rows() for cell in row} == {"s"}
        assert page.cell(page.max_row, 1).quotePrefix == (beginning != "'=")
    assert "<f>" not in parts(write([Column(text)], [(text,)], title=text))


@pytest.mark.parametrize(
    "address", ["http://example.org", "mailto:a@b.c", "internal:x!A1", "{=1+1}", "https://x"]
)
def test_no_text_becomes_a_link(address: str) -> None:
    assert values(opened(write([NAME], [(address,)])))[1] == (address,)
    assert "hyperlink" not in parts(write([NAME], [(address,)]))


@settings(max_examples=30)  # each starts a process
@given(st.lists(st.tuples(st.text(min_size=1), st.text(min_size=1)), min_size=1, max_size=5))
def test_every_text_can_be_read_again(rows: list[tuple[str, str]]) -> None:
    with write([Column("甲"), Column("乙")], rows) as file:
        found = read(file.read())
    written = [tuple(tidy(safe(text)) for text in row) for row in rows]
    assert [(*row.cells, None, None)[:2] for row in found.rows[1:]] == [row for row in written if any(row)]


def test_numbers_and_dates_only_where_the_column_is_of_them() -> None:
    columns = [
        Column("人数", Kind.WHOLE),
        Column("体温", Kind.NUMBER),
        Column("日期", Kind.DAY),
        Column("时间", Kind.MOMENT),
        Column("文字"),
    ]
    moment = datetime(2020, 2, 4, 2, 30, tzinfo=UTC)
    page = opened(
        write(columns, [(3, 36.5, date(2020, 2, 4), moment, 7), (10**17, "无", date(1872, 3, 4), None, "")])
    )
    assert values(page)[1:] == [
        (3, 36.5, datetime(2020, 2, 4), datetime(2020, 2, 4, 10, 30), "7"),
        ("100000000000000000", "无", "1872-03-04", None, None),
    ]
    assert page["C2"].number_format == "yyyy-mm-dd"


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        write([Column("时间", Kind.MOMENT)], [(datetime(2020, 2, 4),)])


def test_a_row_with_a_cell_too_few_is_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        write([NAME, PHONE], [("演示·张三",)])


def test_titles_and_notes_stand_above_and_the_heading_stays_in_sight() -> None:
    page = opened(write([NAME, PHONE], [("a", "1"), ("b", "2")], title="名单", notes=["一", "二"]))
    assert [row[0] for row in values(page)] == ["名单", "一", "二", "姓名", "a", "b"]
    assert {str(area) for area in page.merged_cells.ranges} == {"A1:B1", "A2:B2", "A3:B3"}
    assert page.freeze_panes == "A5"
    assert page.print_title_rows == "$4:$4"
    assert page.auto_filter.ref == "A4:B6"


def test_every_printed_page_says_who_exported_it() -> None:
    paper = Paper(header="导出人：演示·王 & 李", footer="2026-11-23 10:00 第3份")
    file = write([NAME] * 20, [], paper=paper)
    content = file.read()
    page = opened(BytesIO(content))
    header, footer = margins(BytesIO(content))
    assert header == "&L导出人：演示·王 && 李"
    assert footer == "&L2026-11-23 10:00 第3份&R&P / &N"
    assert (page.page_setup.paperSize, page.page_setup.orientation) == (9, "landscape")
    comments = openpyxl.load_workbook(BytesIO(content)).properties.description
    assert comments == "导出人：演示·王 & 李 2026-11-23 10:00 第3份"
    file.close()


def test_a_long_line_in_the_margin_is_cut_and_not_refused() -> None:
    header, _footer = margins(write([NAME], [], paper=Paper(header="&" * 500)))
    assert len(header) <= 255
    assert re.fullmatch("&L(&&)+", header)


def test_columns_are_as_wide_as_what_is_in_them() -> None:
    page = opened(
        write([NAME, Column("备注"), Column("号", width=30)], [("演示·欧阳张三", "很长" * 200, "")])
    )
    widths = [page.column_dimensions[letter].width for letter in "ABC"]
    assert widths[0] < widths[1]
    assert widths[1] < 50
    assert round(widths[2]) in (30, 31)


@pytest.mark.parametrize(
    ("name", "called"), [("户籍/台账[1]", "户籍台账1"), ("", "Sheet1"), ("长" * 40, "长" * 31)]
)
def test_the_sheet_has_a_name_that_excel_allows(name: str, called: str) -> None:
    assert opened(write([NAME], [], sheet=name)).title == called


def test_what_we_write_we_read() -> None:
    with write([NAME, NUMBER], [("演示·张三", "411722187203040018")], title="名单") as file:
        content = file.read()
    assert check(content) == FileKind.WORKBOOK
    assert read(content).rows[2].cells == ("演示·张三", "411722187203040018")


def test_rows_are_read_once_and_never_held() -> None:
    """The first few hundred are looked at for the widths; the rest goes straight into the file."""
    alive: set[int] = set()
    most = 0

    class Told(list[str]):
        def __del__(self) -> None:
            alive.discard(id(self))

    def rows() -> Any:
        nonlocal most
        for number in range(3000):
            row = Told([str(number)])
            alive.add(id(row))
            most = max(most, len(alive))
            yield row

    with write([NAME], rows()) as file:
        assert len(read(file.read()).rows) == 3001
    assert most < 2 * writing.PEEKED


def test_nothing_is_left_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    write([NAME], [("a",)] * 300).close()
    with pytest.raises(ZeroDivisionError):
        write([NAME], ((str(1 // (299 - number)),) for number in range(300)))
    assert list(tmp_path.iterdir()) == []


def test_no_characters_that_excel_calls_damaged() -> None:
    text = "a\x00\x01\x0b\ud800\ufffe" + "b" * 40_000
    said: Sequence[Any] = values(opened(write([NAME], [(text,)])))[1]
    assert re.fullmatch("ab+", said[0])
    assert len(said[0]) == LONGEST_TEXT
