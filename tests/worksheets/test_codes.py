"""Codes that are read off paper and typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.worksheets.codes import (
    BASE,
    MOST_ROWS,
    SIGNS,
    read_row_code,
    read_sheet_code,
    row_code,
    sheet_code,
)

SHEETS = st.integers(min_value=1, max_value=10**6)
PLACES = st.integers(min_value=0, max_value=MOST_ROWS - 1)


def test_no_sign_looks_like_another_one() -> None:
    assert len(set(SIGNS)) == BASE == 23, "a prime number of them, or the check is weaker"
    for pair in ("0O", "0Q", "1I", "1L", "2Z", "5S", "8B", "6G"):
        assert not set(pair) <= set(SIGNS)


def test_every_row_of_a_sheet_has_a_code_of_its_own() -> None:
    codes = {row_code(42, place) for place in range(MOST_ROWS)}
    assert len(codes) == MOST_ROWS
    assert {len(code) for code in codes} == {3}
    with pytest.raises(ValueError, match="no row"):
        row_code(42, MOST_ROWS)


@given(SHEETS, PLACES, st.integers(min_value=0, max_value=2), st.sampled_from(SIGNS))
def test_one_wrong_sign_is_noticed(sheet: int, place: int, at: int, sign: str) -> None:
    code = row_code(sheet, place)
    typed = code[:at] + sign + code[at + 1 :]
    assert read_row_code(sheet, typed) == (code if typed == code else None)


@given(SHEETS, PLACES)
def test_two_signs_that_changed_places_are_noticed(sheet: int, place: int) -> None:
    a, b, c = row_code(sheet, place)
    for typed in (b + a + c, a + c + b, c + b + a):
        assert typed == a + b + c or read_row_code(sheet, typed) is None


@given(SHEETS, PLACES)
def test_a_code_of_the_sheet_beside_is_noticed(sheet: int, place: int) -> None:
    assert read_row_code(sheet + 1, row_code(sheet, place)) is None


def test_codes_are_typed_in_many_ways() -> None:
    code = row_code(7, 123)
    for typed in (
        code.lower(),
        f" {code} ",
        "-".join(code),
        "".join(chr(ord(sign) + 0xFEE0) for sign in code),
    ):
        assert read_row_code(7, typed) == code
    for wrong in ("", "A", "1OI", f"{code}A", "张三四"):
        assert read_row_code(7, wrong) is None


@given(SHEETS)
def test_the_number_of_a_sheet_is_checked(number: int) -> None:
    code = sheet_code(number)
    assert read_sheet_code(code.lower()) == number
    assert read_sheet_code(f" {code[:-1]} {code[-1]}") == number
    for place in range(len(code) - 1):
        for digit in "0123456789":
            typed = code[:place] + digit + code[place + 1 :]
            assert typed == code or read_sheet_code(typed) is None
    for place in range(len(code) - 2):
        typed = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        assert typed == code or read_sheet_code(typed) is None


def test_what_is_no_number_of_a_sheet() -> None:
    assert sheet_code(42)[:-1] == "42"
    assert sheet_code(42)[-1].isalpha(), "the number of another sheet is no code"
    for wrong in ("", "42", "A", "42$", "042A", "4" * 30, "四二A"):
        assert read_sheet_code(wrong) is None
