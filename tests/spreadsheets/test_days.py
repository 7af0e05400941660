"""Dates in the ways in which people and Excel write them."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.spreadsheets.days import SERIAL_ZERO, day
from portal.spreadsheets.reading import Cell
from portal.spreadsheets.values import WrongCell

THE_DAY = date(2020, 2, 4)


@pytest.mark.parametrize(
    "cell",
    [
        THE_DAY,
        datetime(2020, 2, 4, 23, 59),
        "2020-02-04",
        "2020-2-4",
        "2020/2/4",
        "2020.2.4",
        "2020.02.04",
        "20200204",
        20200204,
        20200204.0,
        "2020年2月4日",
        "2020 年 02 月 04 日",
        "2020年2月4号",
        "２０２０－２－４",
        "2020—2—4",
        43865,
        43865.0,
        "43865",
        43865.5,
        "2020-02-04 10:30",
        "2020/2/4 10:30:00",
        "2020-02-04T10:30:00",
        "2020年2月4日 星期二",
        "2020年2月4日10时30分",
    ],
)
def test_the_same_day_in_many_ways(cell: Cell) -> None:
    assert day(cell) == THE_DAY


@given(st.dates(date(1930, 1, 1), date(2099, 12, 31)))
def test_every_day_comes_back_from_each_way(some: date) -> None:
    ways: list[Cell] = [
        some,
        some.isoformat(),
        f"{some.year}/{some.month}/{some.day}",
        f"{some.year}.{some.month}.{some.day}",
        f"{some:%Y%m%d}",
        f"{some.year}年{some.month}月{some.day}日",
        (some - SERIAL_ZERO).days,
    ]
    assert {day(way) for way in ways} == {some}


@pytest.mark.parametrize(
    ("cell", "advice"),
    [
        ("2月4日", "the year as well"),
        ("2-4", "the year as well"),
        (2.14, "the year as well"),
        (1990, "the month and the day"),
        ("1990年", "the month and the day"),
        ("2020年2月", "the day as well"),
        (2020.2, "the day as well"),
        ("202002", "the day as well"),
        ("90.2.4", "four figures"),
        ("20/2/4", "four figures"),
        ("4/2/2020", "the year first"),
        ("2020-02-30", "no such day"),
        ("20201301", "no such day"),
        (date(1700, 1, 1), "year 1700 cannot be right"),
        ("3020-02-04", "year 3020 cannot be right"),
        ("正月初一", "Enter a date here"),
        (123456789, "Enter a date here"),
        (99999, "Enter a date here"),
        (-1, "Enter a date here"),
    ],
)
def test_what_is_unclear_is_said(cell: Cell, advice: str) -> None:
    with pytest.raises(WrongCell, match=advice):
        day(cell)


@pytest.mark.parametrize("cell", [None, "/", "无", "－"])
def test_no_day(cell: Cell) -> None:
    assert day(cell) is None


def test_made_up_people_were_born_before_1900() -> None:
    assert day("1872-03-04") == date(1872, 3, 4)
