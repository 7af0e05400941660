"""The wrong rows come back as the same sheet, with what to do, and can be uploaded again."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import openpyxl
from flask_babel import lazy_gettext as _l
from openpyxl.worksheet.worksheet import Worksheet

from portal.spreadsheets import headings
from portal.spreadsheets.headings import PROBLEMS, Heading
from portal.spreadsheets.reading import Sheet, read
from portal.spreadsheets.workbooks import Paper
from portal.spreadsheets.writing import with_problems
from tests.spreadsheets.makers import repacked, workbook
from tests.spreadsheets.sheets.messy import MIXED_ENDS, in_two_rows, printed, spoiled_by_excel, titled
from tests.spreadsheets.words import REGISTRY


def returned(content: bytes, problems: Mapping[int, Any]) -> tuple[bytes, Sheet, Heading]:
    """What comes back, and what the portal reads when it is uploaded again."""
    sheet = read(content)
    with with_problems(sheet, headings.find(sheet, REGISTRY), problems, Paper(footer="第1份")) as file:
        back = file.read()
    again = read(back)
    return back, again, headings.find(again, REGISTRY)


def page_of(content: bytes) -> Worksheet:
    page = openpyxl.load_workbook(BytesIO(content)).active
    assert isinstance(page, Worksheet)
    return page


def test_titles_headings_and_order_stay_and_one_column_more_says_what_to_do() -> None:
    back, _sheet, _heading = returned(titled(), {7: _l("Enter all 11 figures")})
    page = page_of(back)
    assert [[cell.value for cell in row] for row in page.iter_rows()] == [
        ["豫苑社区居民信息登记表", *[None] * 6],
        ["填表单位：豫苑社区", None, None, "填表人：演示·王", None, "2020年2月4日", None],
        ["序号", "姓 名\n（必填）", "*身份证号码", "联系电话", "与户主关系", "备注", PROBLEMS],
        ["2", "演示·李四", "41172218720304002X", "154 0000 0002", "配偶", "#?", "Enter all 11 figures"],
    ]
    assert {str(area) for area in page.merged_cells.ranges} == {"A1:F1", "A2:C2"}
    assert page.freeze_panes == "A4"


def test_whatever_is_entered_stays_a_text() -> None:
    back, _sheet, _heading = returned(spoiled_by_excel(), {2: "x", 3: "y"})
    page = page_of(back)
    assert {cell.number_format for row in page["A1:D3"] for cell in row} == {"@"}
    assert page["B2"].value == "4.11722E+17"
    assert {columns.number_format for columns in page.column_dimensions.values()} == {"@"}


def test_what_comes_back_is_understood_as_before() -> None:
    for make, numbers in ((titled, [6, 7]), (in_two_rows, [4]), (printed, [6, 8])):
        sheet = read(make())
        heading = headings.find(sheet, REGISTRY)
        _back, again, same = returned(make(), dict.fromkeys(numbers, "改"))
        assert same.digest == heading.digest
        before = [heading.pick(row) for row in heading.data(sheet) if row.number in numbers]
        after = [same.pick(row) for row in same.data(again)]
        assert [{f: str(c or "") for f, c in facts.items()} for facts in after] == [
            {f: str(c or "") for f, c in facts.items()} for facts in before
        ]


def test_a_second_time_there_is_still_one_column_of_problems() -> None:
    back, again, heading = returned(in_two_rows(), {4: "第一次"})
    assert heading.columns[-1].is_ignored
    twice, _sheet, _heading = returned(back, {again.rows[-1].number: "第二次"})
    values = [[cell.value for cell in row] for row in page_of(twice).iter_rows()]
    assert values[2][-1] == PROBLEMS
    assert values[3][-1] == "第二次"
    assert sum(row.count(PROBLEMS) for row in values) == 1
    assert len(values[3]) == len(page_of(in_two_rows())[4]) + 1


def test_two_rows_of_headings_without_merged_cells_come_back() -> None:
    text = "序号,姓名,住址,,电话\n,,楼栋,单元,\n1,演示·张三,3,2,1\n".encode()
    _back, _again, heading = returned(text, {3: "改"})
    assert [column.field for column in heading.columns if column.field] == [
        "name",
        "building",
        "unit",
        "phone",
    ]


def test_a_text_table_comes_back_as_a_workbook() -> None:
    _back, again, heading = returned(MIXED_ENDS.encode(), {5: "电话少了几位"})
    assert [heading.pick(row) for row in heading.data(again)] == [
        {"name": "演示·李四", "address": '说是"东头"', "phone": "15400000002"}
    ]


def test_a_row_stays_whole_when_its_household_was_merged() -> None:
    content = workbook(
        [["户主姓名", "成员姓名", "电话"], ["演示·张三", "演示·张三", "1"], [None, "演示·李四", "2"]], "A2:A3"
    )
    _back, again, heading = returned(content, {3: "改"})
    assert heading.pick(again.rows[-1]) == {"head": "演示·张三", "name": "演示·李四", "phone": "2"}


def test_cells_merged_twice_over_do_not_make_a_damaged_file() -> None:
    twice = repacked(
        workbook([["名单", None, None], ["姓名", "电话", "备注"], ["a", "1", "x"]], "A1:C1"),
        change={"xl/worksheets/sheet1.xml": ("</mergeCells>", '<mergeCell ref="B1:C2"/></mergeCells>')},
    )
    back, _again, _heading = returned(twice, {3: "改"})
    assert [str(area) for area in page_of(back).merged_cells.ranges] == ["A1:C1"]


def test_no_cell_that_comes_back_is_a_formula() -> None:
    back, _again, _heading = returned("姓名,电话\n=1+1,@SUM(1)\n".encode(), {2: "=1+1"})
    page = page_of(back)
    assert [cell.data_type for cell in page[2]] == ["s", "s", "s"]
    assert [cell.quotePrefix for cell in page[2]][:2] == [True, True]
