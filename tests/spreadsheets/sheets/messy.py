"""Sheets as communities keep them: name → (how it is made, row number → what its cells mean)."""

from collections.abc import Callable
from datetime import date
from typing import Any

from openpyxl.worksheet.worksheet import Worksheet

from tests.spreadsheets.makers import workbook
from tests.spreadsheets.sheets.hostile import bordered

ZHANG, LI = "演示·张三", "演示·李四"
ZHANG_ID, LI_ID = "411722187203040018", "41172218720304002X"
ZHANG_PHONE, LI_PHONE = "15400000001", "15400000002"
Facts = dict[int, dict[str, Any]]


def titled() -> bytes:
    """A merged title, a line that says who filled it in, a hint below every heading, a total and a foot."""
    return workbook(
        [
            ["豫苑社区居民信息登记表"],
            ["填表单位：豫苑社区", None, None, "填表人：演示·王", None, "2020年2月4日"],
            ["序号", "姓 名\n（必填）", "*身份证号码", "联系电话", "与户主关系", "备注"],
            ["填写说明", "与身份证一致", "18位，文本格式", "11位手机号", "下拉选择", "可不填"],
            ["例", "张某某", "411722********0018", "138****0000", "户主", None],
            [1, ZHANG, ZHANG_ID, 15400000001, "户主", None],
            [2, LI, LI_ID, "154 0000 0002", "配偶", "=1+1"],
            [3, None, None, None, None, None],
            ["合计", 2, None, None, None, None],
            ["注：本表一式两份"],
        ],
        "A1:F1",
        "A2:C2",
    )


TITLED: Facts = {
    6: {"name": ZHANG, "number": ZHANG_ID, "phone": 15400000001, "relation": "户主", "remark": None},
    7: {"name": LI, "number": LI_ID, "phone": "154 0000 0002", "relation": "配偶", "remark": "#?"},
}


def in_two_rows() -> bytes:
    """户主 over two columns, 住址 over three, and what has only one heading merged from top to bottom."""
    return workbook(
        [
            ["网格台账"],
            ["序号", "户主", None, "居住地址", None, None, "是否独居"],
            [None, "姓名", "身份证号", "楼栋", "单元", "房号", None],
            [1, ZHANG, ZHANG_ID, 3, 2, "501", "否"],
        ],
        "A1:G1",
        "A2:A3",
        "B2:C2",
        "D2:F2",
        "G2:G3",
    )


IN_TWO_ROWS: Facts = {
    4: {"head": ZHANG, "head_number": ZHANG_ID, "building": 3, "unit": 2, "room": "501", "alone": "否"}
}


def by_household() -> bytes:
    """One row a person; what the household shares is merged over its people."""
    return workbook(
        [
            ["户号", "户主姓名", "现住址", "成员姓名", "关系", "出生日期"],
            ["0101", ZHANG, "阳光花园1号楼", ZHANG, "户主", date(1990, 2, 4)],
            [None, None, None, LI, "配偶", "1991.3.5"],
            ["0102", LI, "阳光花园2号楼", LI, "户主", 43865],
        ],
        "A2:A3",
        "B2:B3",
        "C2:C3",
    )


BY_HOUSEHOLD: Facts = {
    2: {
        "room": "0101",
        "head": ZHANG,
        "address": "阳光花园1号楼",
        "name": ZHANG,
        "relation": "户主",
        "born": date(1990, 2, 4),
    },
    3: {
        "room": "0101",
        "head": ZHANG,
        "address": "阳光花园1号楼",
        "name": LI,
        "relation": "配偶",
        "born": "1991.3.5",
    },
    4: {
        "room": "0102",
        "head": LI,
        "address": "阳光花园2号楼",
        "name": LI,
        "relation": "户主",
        "born": 43865,
    },
}


def printed() -> bytes:
    """Made to be printed: the headings come again on each page, the columns are numbered, the list stands at C4."""

    def arrange(page: Worksheet) -> None:
        page.insert_cols(1, 2)
        page.insert_rows(1, 3)

    headings = ["姓名", "性别", "手机", "车牌"]
    return workbook(
        [
            headings,
            ["甲", "乙", 1, 2],
            [ZHANG, "男", ZHANG_PHONE, "豫QD3127"],
            headings,
            [LI, "女", '="15400000002"', "/"],
            ["负责人：", None, "日期："],
        ],
        arrange=arrange,
    )


PRINTED: Facts = {
    6: {"name": ZHANG, "sex": "男", "phone": ZHANG_PHONE, "plate": "豫QD3127"},
    8: {"name": LI, "sex": "女", "phone": "#?", "plate": "/"},
}


def spoiled_by_excel() -> bytes:
    """Identity numbers and phones as numbers, errors of look-ups, spaces of every kind."""

    def arrange(page: Worksheet) -> None:
        page["D2"].data_type = "e"

    return workbook(
        [
            ["\u3000姓名 ", "身份证号", "手机号码", "网格员"],
            ["\u200b演示·张三\u00a0", 411722187203040018, 15400000001.0, "#N/A"],
            [" 演示·李四\n", "4.11722E+17", "'15400000002", "演示·王"],
        ],
        arrange=arrange,
    )


SPOILED: Facts = {
    2: {"name": ZHANG, "number": 4.1172218720304e17, "phone": 15400000001, "grid_member": "#N/A"},
    3: {"name": LI, "number": "4.11722E+17", "phone": LI_PHONE, "grid_member": "演示·王"},
}


def with_borders_below() -> bytes:
    """Ten thousand empty rows with borders below the list; they are not of it."""
    return bordered(10_000, 12)


TEXT = f'姓名,身份证号,联系电话\r\n{ZHANG},\t{ZHANG_ID},="{ZHANG_PHONE}"\r\n{LI},{LI_ID},\'{LI_PHONE}\r\n'
TEXT_FACTS: Facts = {
    2: {"name": ZHANG, "number": ZHANG_ID, "phone": ZHANG_PHONE},
    3: {"name": LI, "number": LI_ID, "phone": LI_PHONE},
}
MIXED_ENDS = (
    f'居民名单\n姓名;住址;电话\r{ZHANG};"阳光花园\n1号楼";{ZHANG_PHONE}\r\n\n{LI};"说是""东头""";{LI_PHONE}'
)
MIXED_ENDS_FACTS: Facts = {
    3: {"name": ZHANG, "address": "阳光花园\n1号楼", "phone": ZHANG_PHONE},
    5: {"name": LI, "address": '说是"东头"', "phone": LI_PHONE},
}
RARE = "姓名,电话\n演示·𠅤䶮,15400000001\n演示·㛃㬎,15400000002\n"
RARE_FACTS: Facts = {
    2: {"name": "演示·𠅤䶮", "phone": ZHANG_PHONE},
    3: {"name": "演示·㛃㬎", "phone": LI_PHONE},
}


def separated(mark: str) -> Callable[[], bytes]:
    """The text with another separator."""
    return lambda: TEXT.replace(",", mark).encode()


MESSY: dict[str, tuple[Callable[[], bytes], Facts]] = {
    "title, hints, example, total and foot": (titled, TITLED),
    "headings in two rows": (in_two_rows, IN_TWO_ROWS),
    "household merged over its people": (by_household, BY_HOUSEHOLD),
    "made to be printed": (printed, PRINTED),
    "borders on empty rows": (with_borders_below, {2: {"name": ZHANG, "phone": ZHANG_PHONE}}),
    "spoiled by Excel": (spoiled_by_excel, SPOILED),
    ".csv in UTF-8": (TEXT.encode, TEXT_FACTS),
    ".csv with a byte order mark": (lambda: TEXT.encode("utf-8-sig"), TEXT_FACTS),
    ".csv in GB18030": (lambda: TEXT.encode("gb18030"), TEXT_FACTS),
    ".csv in UTF-16": (lambda: TEXT.encode("utf-16"), TEXT_FACTS),
    ".csv in UTF-16 without a mark": (lambda: TEXT.encode("utf-16-le"), TEXT_FACTS),
    ".csv with semicolons": (separated(";"), TEXT_FACTS),
    ".csv with tabs": (lambda: TEXT.replace("\t", "").replace(",", "\t").encode(), TEXT_FACTS),
    ".csv with full-width commas": (separated("，"), TEXT_FACTS),
    ".csv that names its separator": (("sep=|\r\n" + TEXT.replace(",", "|")).encode, TEXT_FACTS),
    ".csv with mixed ends of lines": (MIXED_ENDS.encode, MIXED_ENDS_FACTS),
    ".csv with rare characters": (lambda: RARE.encode("gb18030"), RARE_FACTS),
}
