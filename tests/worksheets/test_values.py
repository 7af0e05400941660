"""What can be typed for a value, and what is kept of it."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from flask import Flask
from flask_babel import force_locale

from portal.workflow.worksheets import WrongValue, number, one_of, words, yes_no

pytestmark = pytest.mark.any_database


@pytest.fixture(autouse=True)
def in_english(app: Flask) -> Iterator[None]:
    with force_locale("en"):
        yield


@pytest.mark.parametrize("typed", ["是", " 有 ", "1", "１", "Y", "yes", "√"])
def test_yes(typed: str) -> None:
    assert yes_no(typed) == "yes"


@pytest.mark.parametrize("typed", ["否", "不在", "0", "n", "×"])
def test_no(typed: str) -> None:
    assert yes_no(typed) == "no"


def test_neither() -> None:
    with pytest.raises(WrongValue) as refused:
        yes_no("也许")
    assert str(refused.value.sentence) == "Enter one of these: 是、否."


def test_one_of_a_few() -> None:
    read = one_of({"rented": ("2出租", "2"), "empty": ("3空置", "3")})
    assert [read(typed) for typed in ("2", " 2 出租", "３")] == ["rented", "rented", "empty"]
    with pytest.raises(WrongValue):
        read("4")


def test_a_temperature() -> None:
    read = number(Decimal(34), Decimal(43), places=1)
    assert [read(typed) for typed in ("36.5", "３６．５", "37", " 36.50 ")] == [
        "36.5",
        "36.5",
        "37.0",
        "36.5",
    ]
    for typed, sentence in (
        ("热", "figures"),
        ("365", "from 34 to 43"),
        ("36.55", "at most 1 decimals"),
        ("NaN", "from 34 to 43"),
        ("Infinity", "from 34 to 43"),
    ):
        with pytest.raises(WrongValue) as refused:
            read(typed)
        assert sentence in str(refused.value.sentence)


def test_words() -> None:
    read = words(5)
    assert read("  狗  凶 ") == "狗 凶"
    for wrong in ("一二三四五六", "a\x00b", "a\u202eb"):
        with pytest.raises(WrongValue):
            read(wrong)
