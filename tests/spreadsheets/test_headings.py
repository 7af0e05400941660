"""Where a list begins, and what its columns mean."""

from collections.abc import Sequence

import pytest

from portal.spreadsheets import headings
from portal.spreadsheets.headings import Column, Heading
from portal.spreadsheets.reading import Merged, Sheet, read
from portal.spreadsheets.refusal import Refusal
from portal.spreadsheets.rows import PassedOver
from tests.spreadsheets.makers import sheet, workbook
from tests.spreadsheets.sheets.heading_rows import HEADING_ROWS
from tests.spreadsheets.words import REGISTRY

PERSON = ["演示·张三", "411722187203040018", "15400000001"]


def found(*rows: Sequence[object]) -> Heading:
    return headings.find(sheet(*rows), REGISTRY)


def fields(heading: Heading) -> list[str | None]:
    return [column.field for column in heading.columns]


def meaning(column: Column) -> str:
    return "-" if column.is_ignored else column.field or "?"


@pytest.mark.parametrize("labels", HEADING_ROWS)
def test_the_wordings_of_communities_are_understood(labels: str) -> None:
    heading = found(labels.split("|"), ["1", *PERSON])
    assert " ".join(map(meaning, heading.columns)) == HEADING_ROWS[labels]


def test_what_is_exact_is_sure_and_what_is_only_within_is_not() -> None:
    heading = found(["姓名（必填）", "联系电话1", "户主电话号码", "婚姻状况"])
    assert [column.is_sure for column in heading.columns] == [True, True, False, False]


def test_two_columns_that_fit_equally_are_left_to_a_person() -> None:
    heading = found(["姓名", "业主电话", "租户电话"])
    assert heading.columns[1:] == (
        Column(1, "业主电话", could_be=("phone",)),
        Column(2, "租户电话", could_be=("phone",)),
    )
    assert heading.unknown == heading.columns[1:]


def test_the_better_of_two_columns_has_the_field() -> None:
    heading = found(["姓名", "业主电话", "电话"])
    assert heading.columns[1].could_be == ("phone",)
    assert heading.columns[2].field == "phone"


def test_a_person_decides_and_it_stays_decided() -> None:
    heading = found(["姓名", "业主电话", "租户电话", "序号"])
    decided = heading.assign({1: "phone", 2: None})
    assert decided.pick(sheet(["演示·张三", "1", "2"]).rows[0]) == {"name": "演示·张三", "phone": "1"}
    assert decided.columns[1].is_sure
    assert decided.columns[2].could_be == ()
    remembered = REGISTRY.with_words({"phone": ["业主电话"]})
    assert headings.find(sheet(["姓名", "业主电话", "租户电话"]), remembered).columns[1].field == "phone"


def test_the_digest_knows_a_sheet_again() -> None:
    assert found(["序号", "姓 名", "电话（必填）"]).digest == found(["姓名", "电话"]).digest
    assert found(["电话", "姓名"]).digest != found(["姓名", "电话"]).digest


def test_columns_are_named_as_excel_names_them() -> None:
    assert [Column(index, "").letter for index in (0, 25, 26, 51, 52, 701, 702)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "BA",
        "ZZ",
        "AAA",
    ]


def test_titles_and_lines_to_fill_in_are_not_headings() -> None:
    heading = found(
        ["姓名电话登记表"],
        ["社区：豫苑", None, "网格员：演示·王"],
        ["姓名", "身份证号", "电话"],
        PERSON,
    )
    assert heading.numbers == (3,)
    assert heading.start == 3


def test_a_person_who_is_head_of_a_household_is_no_heading() -> None:
    heading = found(["名字", "称谓", "电话号码", "身份证"], ["演示·张三", "户主", "男", "无"])
    assert heading.numbers == (1,)


def test_a_list_whose_words_nobody_knows_still_has_headings() -> None:
    heading = found(["附表"], ["甲项", "乙项"], ["x", "y"])
    assert heading.numbers == (2,)
    assert [column.label for column in heading.unknown] == ["甲项", "乙项"]


def test_one_column_is_a_list_as_well() -> None:
    assert fields(found(["姓名"], ["演示·张三"])) == ["name"]


@pytest.mark.parametrize("rows", [[[1, 2], [3, 4]], [["演示·张三", "411722187203040018"]], [["只有一句话"]]])
def test_a_list_without_headings_is_refused_with_advice(rows: list[list[object]]) -> None:
    with pytest.raises(Refusal, match="No row of headings was found") as refused:
        found(*rows)
    assert refused.value.sentence is headings.NOT_FOUND


def test_headings_in_two_rows_of_a_text_are_joined() -> None:
    heading = found(
        ["序号", "户主", None, "成员", None, "备注"],
        [None, "姓名", "身份证号", "姓名", "电话", None],
        ["1", "a", "b", "c", "d", "e"],
    )
    assert heading.numbers == (1, 2)
    assert [column.label for column in heading.columns] == [
        "序号",
        "户主姓名",
        "户主身份证号",
        "成员姓名",
        "电话",
        "备注",
    ]
    assert fields(heading) == [None, "head", "head_number", "name", "phone", "remark"]


def test_the_same_word_under_two_headings_is_told_apart() -> None:
    heading = found(
        ["序号", "业主", None, "租户", None], [None, "姓名", "电话", "姓名", "电话"], ["1", *"abcd"]
    )
    assert [column.label for column in heading.columns] == [
        "序号",
        "业主姓名",
        "业主电话",
        "租户姓名",
        "租户电话",
    ]
    assert [column.could_be for column in heading.unknown] == [("name",), ("phone",), ("name",), ("phone",)]


def test_a_hint_below_is_not_taken_for_a_second_row_of_headings() -> None:
    heading = found(["姓名", "身份证号", "电话"], ["必填", "18位", "11位"], PERSON)
    assert heading.numbers == (1,)


def test_cells_merged_across_in_every_row_are_no_second_row_of_headings() -> None:
    merged = (Merged(1, 1, 1, 2), Merged(2, 1, 2, 2))
    rows = sheet(["序号", "姓名", None, "电话"], ["甲", "演示·张三", None, "无"]).rows
    heading = headings.find(Sheet("", (), rows, merged), REGISTRY)
    assert heading.numbers == (1,)


def test_what_is_passed_over_is_told() -> None:
    kept = sheet(
        ["序号", "姓名", "电话"],
        [None, "例：张三", "138********"],
        ["（1）", "（2）", "（3）"],
        ["1", "演示·张三", "15400000001"],
        ["2"],
        ["序号", "姓名", "电话"],
        ["3", "演示·李四", "15400000002"],
        ["小计", 2],
        ["填表人：演示·王", None, "审核人："],
    )
    heading = headings.find(kept, REGISTRY)
    assert [(each.row.number, each.passed_over) for each in heading.listed(kept)] == [
        (2, PassedOver.HINT),
        (3, PassedOver.HINT),
        (4, None),
        (5, PassedOver.BLANK),
        (6, PassedOver.HEADING),
        (7, None),
        (8, PassedOver.TOTAL),
        (9, PassedOver.FOOT),
    ]
    assert [row.number for row in heading.data(kept)] == [4, 7]


def test_people_with_odd_names_and_places_are_not_passed_over() -> None:
    kept = sheet(
        ["姓名", "住址", "电话"],
        ["演示·例", "示范路", "15400000001"],
        ["合计", "阳光花园1号楼", "15400000002"],
        ["演示·张三", "说明", "无"],
        ["注", "必填路", "15400000003"],
    )
    assert len(list(headings.find(kept, REGISTRY).data(kept))) == 4


def test_the_column_that_said_what_was_wrong_is_passed_over() -> None:
    content = workbook([["姓名", "电话", "请这样改"], ["演示·张三", "1", "电话少了几位"]])
    heading = headings.find(read(content), REGISTRY)
    assert heading.columns[2].is_ignored
    assert heading.unknown == ()
