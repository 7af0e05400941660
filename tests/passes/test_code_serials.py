"""Serial numbers and short codes: no slip of a finger goes unnoticed."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.passes.serials import (
    SERIAL_LETTERS,
    SHORT_CODE_CHARACTERS,
    new_short_code,
    serial,
    serial_ok,
    short_code_ok,
    tidy_short_code,
)


def swaps(text: str) -> set[str]:
    """The text with two neighbours exchanged, at each place."""
    swapped = {text[:i] + text[i + 1] + text[i] + text[i + 2 :] for i in range(len(text) - 1)}
    return swapped - {text}


def single_errors(text: str, alphabet: str) -> set[str]:
    """The text with one character replaced, at each place."""
    wrong = {text[:i] + c + text[i + 1 :] for i, c in itertools.product(range(len(text)), alphabet)}
    return wrong - {text}


def test_short_codes_have_eight_characters_that_nobody_mixes_up() -> None:
    codes = [new_short_code() for _ in range(500)]
    assert len(set(codes)) == 500
    assert all(len(code) == 8 and short_code_ok(code) for code in codes)
    assert not set("".join(codes)) & set("0O1ILUZ")


def test_a_slip_in_a_short_code_is_noticed() -> None:
    for _ in range(50):
        code = new_short_code()
        for wrong in swaps(code) | single_errors(code, SHORT_CODE_CHARACTERS):
            assert not short_code_ok(wrong)


@pytest.mark.parametrize("text", ["", "2345", "23456789A", "234 5678", "O0IL1111", "２３４５６７８９"])
def test_other_texts_are_no_short_codes(text: str) -> None:
    assert not short_code_ok(text)


def test_a_short_code_may_be_typed_in_many_ways() -> None:
    code = new_short_code()
    wide = "".join(chr(ord(c) + 0xFEE0) for c in code)
    for typed in (
        code.lower(),
        f" {code[:4]}-{code[4:]} ",
        f"{code[:4]}　{code[4:]}",
        wide,
        f"{wide[:4]}－{wide[4:]}\n",
    ):
        assert tidy_short_code(typed) == code
    assert tidy_short_code("zu") == "2V"


def test_a_serial_number_reads_as_on_the_card() -> None:
    text = serial(3, 123)
    assert text.startswith("003-000123-")
    assert serial_ok(text)
    assert serial(411722003 % 10**6, 1).startswith("722003-000001-")


@given(st.integers(1, 999_999), st.integers(1, 999_999))
def test_a_slip_in_a_serial_number_is_noticed(community_no: int, number: int) -> None:
    text = serial(community_no, number)
    assert serial_ok(text)
    for wrong in swaps(text) | single_errors(text, "0123456789" + SERIAL_LETTERS):
        assert not serial_ok(wrong)


@pytest.mark.parametrize(
    "text", ["", "003", "003-000123", "3-123-K", "003-000123-", "003-000123-K-", "００３-000123-K", "---"]
)
def test_other_texts_are_no_serial_numbers(text: str) -> None:
    assert not serial_ok(text)


@pytest.mark.parametrize(
    ("community_no", "number"), [(0, 1), (1_000_000, 1), (1, 0), (1, 1_000_000), (-1, 5)]
)
def test_numbers_that_do_not_fit_are_refused(community_no: int, number: int) -> None:
    with pytest.raises(ValueError, match="no serial number"):
        serial(community_no, number)
