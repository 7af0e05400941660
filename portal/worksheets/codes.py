"""Codes of sheets and rows, made to be read off paper by tired eyes and typed. Pure.

No sign looks like another one, and the last one checks the others: one wrong sign or two that changed places are always
noticed (weights modulo the prime number of signs). The code of a row is checked with the number of its sheet, so that
one typed on the sheet beside is noticed, too. Nothing of it tells anything about a household or a person.
"""

import re
import unicodedata

SIGNS = "34679ACDEFHJKMNPRTUVWXY"  # without 0 O Q, 1 I L, 2 Z, 5 S, 8 B and 6's G
BASE = len(SIGNS)
LETTERS = "ACDEFHJKMNPRTUVWX"  # a prime number of them, and no figures: the sheets are numbered by figures
MOST_ROWS = 500  # of 529, the square of BASE
WEIGHTS = (1, 2, 3)  # of the two signs of a row and of its check sign


def row_code(sheet: int, place: int) -> str:
    """The code of the row at ``place`` (from 0) of the sheet with this number: three signs."""
    signs = divmod(place, BASE)
    if not 0 <= place < MOST_ROWS:
        raise ValueError(f"a sheet has no row {place}")
    check = next(last for last in range(BASE) if not _sum(sheet, (*signs, last)))
    return "".join(SIGNS[sign] for sign in (*signs, check))


def read_row_code(sheet: int, typed: str) -> str | None:
    """What was typed, as codes are written; None where it cannot be a code of this sheet."""
    code = _plain(typed)
    if len(code) != len(WEIGHTS) or set(code) - set(SIGNS):
        return None
    return code if not _sum(sheet, tuple(SIGNS.index(sign) for sign in code)) else None


def sheet_code(number: int) -> str:
    """What stands on the sheet with this number: 42 → 42 and a letter that checks it."""
    return f"{number}{LETTERS[_sheet_sum(str(number))]}"


def read_sheet_code(typed: str) -> int | None:
    """The number of the sheet; None where what was typed cannot be one."""
    found = re.fullmatch(r"([0-9]{1,9})([A-Z])", _plain(typed))
    if not found or found[1].startswith("0") or LETTERS[_sheet_sum(found[1])] != found[2]:
        return None
    return int(found[1])


def _sum(sheet: int, signs: tuple[int, ...]) -> int:
    return (sheet + sum(sign * weight for sign, weight in zip(signs, WEIGHTS, strict=True))) % BASE


def _sheet_sum(digits: str) -> int:
    return sum(int(digit) * weight for weight, digit in enumerate(digits, start=2)) % len(LETTERS)


def _plain(typed: str) -> str:
    return re.sub(r"[\s._/—–-]", "", unicodedata.normalize("NFKC", typed)).upper()
