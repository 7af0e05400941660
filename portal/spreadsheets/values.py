"""Cells to plain facts. Every function takes a cell, gives None (or "") for an empty one, and raises ``WrongCell``
with a sentence that tells whoever keeps the sheet what to change in it.
"""

import re
import unicodedata
from datetime import date, datetime

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from portal.spreadsheets.reading import EXACT, Cell

# What people write into a cell that doesn't apply.
NOTHING = frozenset(
    ("", "/", "\\", "-", "--", "—", "——", "―", "－", "无", "没有", "暂无", "不详", "未知", "空")
)
ERROR_SIGNS = frozenset(
    ("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!")
)
UNCALCULATED = "#?"
SHORTENED = re.compile(r"\d(?:\.\d+)?E\+?\d{1,2}", re.IGNORECASE)
ENDS_IN_ZEROS = re.compile(r"\d{15}000")
WHOLE = re.compile(r"(-?\d+)(?:\.0+)?\s*(?:个|名|口人|口|人|岁|周岁|户|间|层|楼|天|次|元)?")
YES = frozenset(
    ("是", "有", "对", "真", "已", "√", "✓", "✔", "☑", "☑️", "v", "1", "y", "yes", "t", "true", "是的", "属于")
)
NO = frozenset(
    (
        "否",
        "无",
        "没",
        "没有",
        "不",
        "不是",
        "假",
        "未",
        "×",
        "✗",
        "✘",
        "❌",
        "x",
        "0",
        "n",
        "no",
        "f",
        "false",
        "非",
    )
)
SEXES = {
    **dict.fromkeys(("男", "男性", "男士", "1", "m", "male", "男孩", "1男", "1-男"), "male"),
    **dict.fromkeys(("女", "女性", "女士", "2", "f", "female", "女孩", "2女", "2-女"), "female"),
}
PHONE_GAPS = re.compile(r"[\s()\-－—–·.]+")
BETWEEN_PHONES = re.compile(r"[、,，;；/|\n]+|或者?|\s{2,}|(?<=\d{11})\s+(?=1\d{10})")
SUBSTITUTES_FOR_X = str.maketrans("×хХΧχⅩ✕", "XXXXXXX")


class WrongCell(Exception):
    """The cell says nothing that can be used. ``sentence`` (lazy) says what to change in the sheet."""

    def __init__(self, sentence: LazyString) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Lost(WrongCell):
    """Excel has thrown figures away; nothing brings them back but the paper or the original list."""


LOST_IDENTITY = _l(
    "Excel has lost the last figures of this number. Select the whole column, choose Format Cells → Text, and then"
    " enter the numbers again or copy them from the original list; changing the format alone does not bring them back."
)
LOST_FIGURES = _l(
    "This number was shortened by Excel. Select the column, choose Format Cells → Text, and enter the number again."
)
NOT_CALCULATED = _l(
    "The formula in this cell has no result. Open the workbook in Excel or WPS, save it and upload it again; or enter"
    " the value itself."
)
BECAME_DATE = _l(
    "Excel has turned this into a date. Select the column, choose Format Cells → Text, and enter it again, like 3-2."
)


def plain_text(cell: Cell) -> str:
    """What stands in the cell, in one line: 101 for 101.0, 2020-02-04 for a date; "" for an empty one."""
    if isinstance(cell, str):
        _refuse_signs(cell)
        return " ".join(unicodedata.normalize("NFC", cell).split())
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and (abs(cell) >= EXACT or cell != cell):
        raise Lost(LOST_FIGURES)
    return str(int(cell)) if float(cell).is_integer() else f"{cell:.15g}"  # as exact as Excel is


def label(cell: Cell) -> str:
    """A building, unit or room: like ``plain_text``, but 3-2 that became the second of March is refused."""
    if isinstance(cell, date):
        raise WrongCell(BECAME_DATE)
    return plain_text(cell)


def identity(cell: Cell) -> str:
    """The number of a document: half-width, in capitals, without gaps. "" where there's none.

    ``Lost`` where the cell is a number of more than 15 figures or shows 4.11722E+17. Whether the number is right
    isn't looked at.
    """
    if isinstance(cell, float) and not cell.is_integer():
        raise Lost(LOST_IDENTITY)
    if isinstance(cell, float | int) and abs(cell) >= EXACT:
        raise Lost(LOST_IDENTITY)
    number = _flat(label(cell)).translate(SUBSTITUTES_FOR_X).upper().replace(" ", "")
    if SHORTENED.fullmatch(number):
        raise Lost(LOST_IDENTITY)
    return "" if number in NOTHING else number


def ends_in_zeros(number: str) -> bool:
    """Whether 18 figures end in 000, as Excel leaves them: if the check figure is wrong too, they are ``Lost``."""
    return ENDS_IN_ZEROS.fullmatch(number) is not None


def phones(cell: Cell) -> list[str]:
    """Every number in the cell, figures alone, without +86. ``Lost`` where it shows 1.38E+10."""
    if isinstance(cell, float) and not cell.is_integer():
        raise Lost(LOST_FIGURES)
    written = unicodedata.normalize("NFKC", label(cell) if not isinstance(cell, str) else _checked(cell))
    found = []
    for part in BETWEEN_PHONES.split(written):
        number = PHONE_GAPS.sub("", part).removeprefix("+")
        if SHORTENED.fullmatch(part.strip()):
            raise Lost(LOST_FIGURES)
        if re.fullmatch(r"(00)?86(1\d{10}|0\d{9,11})", number):
            number = number.removeprefix("00").removeprefix("86")
        if number and number not in NOTHING:
            found.append(number)
    return found


def phone(cell: Cell) -> str:
    """The first number in the cell; "" where there is none."""
    return next(iter(phones(cell)), "")


def yes_no(cell: Cell) -> bool | None:
    """是 有 √ 1 … → True; 否 无 × 0 … → False; an empty cell or a mere stroke → None."""
    word = _flat(plain_text(cell)).casefold()
    if word in YES:
        return True
    if word in NO:
        return False
    if word in NOTHING:
        return None
    raise WrongCell(_l("Enter 是 or 否 here; “%(word)s” is not understood.", word=word[:20]))


def sex(cell: Cell) -> str | None:
    """``"male"`` or ``"female"``; also 1 and 2, after GB/T 2261.1."""
    word = _flat(plain_text(cell)).casefold().replace(" ", "")
    if word in NOTHING:
        return None
    if word not in SEXES:
        raise WrongCell(_l("Enter 男 or 女 here; “%(word)s” is not understood.", word=word[:20]))
    return SEXES[word]


def whole(cell: Cell, at_least: int = 0, at_most: int = 1_000_000) -> int | None:
    """A whole number; 3人 and 3.0 are 3, too."""
    written = _flat(plain_text(cell)).replace(",", "")
    if written in NOTHING:
        return None
    match = WHOLE.fullmatch(written)
    if match is None or len(match[1]) > 15:
        raise WrongCell(_l("Enter a whole number here, like 3; “%(word)s” is none.", word=written[:20]))
    number = int(match[1])
    if not at_least <= number <= at_most:
        raise WrongCell(
            _l("Enter a number from %(least)s to %(most)s here.", least=at_least, most=at_most),
        )
    return number


def _flat(written: str) -> str:
    return unicodedata.normalize("NFKC", written).strip()


def _checked(cell: str) -> str:
    _refuse_signs(cell)
    return cell


def _refuse_signs(cell: str) -> None:
    if cell == UNCALCULATED:
        raise WrongCell(NOT_CALCULATED)
    if cell.upper() in ERROR_SIGNS:
        raise WrongCell(
            _l(
                "The cell shows an error (%(sign)s). Enter the value itself instead of the formula.",
                sign=cell,
            )
        )
