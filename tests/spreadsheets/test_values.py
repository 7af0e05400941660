"""Cells to plain facts."""

from datetime import date, datetime

import pytest

from portal.spreadsheets import values
from portal.spreadsheets.reading import Cell
from portal.spreadsheets.values import Lost, WrongCell


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        (None, ""),
        (101, "101"),
        (101.0, "101"),
        (0.1 + 0.2, "0.3"),
        (-3, "-3"),
        ("a \n b", "a b"),
        (date(2020, 2, 4), "2020-02-04"),
        (datetime(2020, 2, 4, 10, 30), "2020-02-04 10:30"),
    ],
)
def test_text(cell: Cell, meant: str) -> None:
    assert values.plain_text(cell) == meant


@pytest.mark.parametrize("cell", [4.11722187203040e17, float("inf"), float("nan")])
def test_a_number_that_excel_shortened_is_no_text(cell: float) -> None:
    with pytest.raises(Lost, match="shortened by Excel"):
        values.plain_text(cell)


@pytest.mark.parametrize("sign", ["#N/A", "#REF!", "#value!"])
def test_an_error_of_excel_is_no_text(sign: str) -> None:
    with pytest.raises(WrongCell, match=f"shows an error \\({sign}\\)"):
        values.plain_text(sign)
    with pytest.raises(WrongCell, match="shows an error"):
        values.phones(sign)


def test_a_formula_without_a_result_says_how_to_get_one() -> None:
    with pytest.raises(WrongCell, match="has no result"):
        values.plain_text("#?")


def test_a_room_that_became_a_date_is_noticed() -> None:
    assert values.label("3-2") == "3-2"
    assert values.label(501) == "501"
    with pytest.raises(WrongCell, match="into a date"):
        values.label(date(2026, 3, 2))


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        ("411722187203040018", "411722187203040018"),
        ("41172218720304002x", "41172218720304002X"),
        ("４１１７２２１８７２０３０４００２Ｘ", "41172218720304002X"),
        ("411722 18720304 002×", "41172218720304002X"),
        ("H12345678", "H12345678"),
        (12345678, "12345678"),
        (411722720304002, "411722720304002"),
        ("无", ""),
        ("/", ""),
        (None, ""),
    ],
)
def test_the_number_of_a_document(cell: Cell, meant: str) -> None:
    assert values.identity(cell) == meant


@pytest.mark.parametrize("cell", [4.11722187203040e17, "4.11722E+17", "4.11722187203e+17", "4E17", 411722.5])
def test_a_number_that_lost_its_figures_says_how_to_get_them_back(cell: Cell) -> None:
    with pytest.raises(Lost) as lost:
        values.identity(cell)
    assert lost.value.sentence is values.LOST_IDENTITY


def test_eighteen_figures_that_end_in_zeros_are_suspicious() -> None:
    assert values.ends_in_zeros("411722187203040000")
    assert not values.ends_in_zeros("411722187203040018")


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        (15400000001, ["15400000001"]),
        (15400000001.0, ["15400000001"]),
        ("154 0000 0001", ["15400000001"]),
        ("154-0000-0001", ["15400000001"]),
        ("+86 15400000001", ["15400000001"]),
        ("0086-15400000001", ["15400000001"]),
        ("86-0396-0000001", ["03960000001"]),
        ("0396-0000001", ["03960000001"]),
        ("（0396）0000001", ["03960000001"]),
        ("１５４０００００００１", ["15400000001"]),
        ("15400000001/15400000002", ["15400000001", "15400000002"]),
        ("15400000001 15400000002", ["15400000001", "15400000002"]),
        ("15400000001、15400000002\n0396-0000001", ["15400000001", "15400000002", "03960000001"]),
        ("15400000001或0396-0000001", ["15400000001", "03960000001"]),
        ("无", []),
        (None, []),
    ],
)
def test_phones(cell: Cell, meant: list[str]) -> None:
    assert values.phones(cell) == meant
    assert values.phone(cell) == (meant[0] if meant else "")


@pytest.mark.parametrize("cell", ["1.54E+10", "1.54e10", 1.5, 1.54e18])
def test_a_phone_that_lost_its_figures(cell: Cell) -> None:
    with pytest.raises(Lost):
        values.phones(cell)


@pytest.mark.parametrize("cell", ["是", "√", "1", 1, "有", " Y ", "TRUE", "✓"])
def test_yes(cell: Cell) -> None:
    assert values.yes_no(cell) is True


@pytest.mark.parametrize("cell", ["否", "×", "0", 0, "无", "没有", "FALSE", "N"])
def test_no(cell: Cell) -> None:
    assert values.yes_no(cell) is False


@pytest.mark.parametrize("cell", [None, "/", "—", "－"])
def test_neither_yes_nor_no(cell: Cell) -> None:
    assert values.yes_no(cell) is None


@pytest.mark.parametrize("cell", ["也许", 2, date(2020, 2, 4)])
def test_what_is_not_understood_as_yes_or_no_is_said(cell: Cell) -> None:
    with pytest.raises(WrongCell, match="Enter 是 or 否 here"):
        values.yes_no(cell)


def test_sex() -> None:
    assert [values.sex(cell) for cell in ("男", "女性", 1, "2", "M", None, "/")] == [
        "male",
        "female",
        "male",
        "female",
        "male",
        None,
        None,
    ]
    with pytest.raises(WrongCell, match="“户主” is not understood"):
        values.sex("户主")


def test_whole_numbers() -> None:
    assert [values.whole(cell) for cell in (3, 3.0, "3", "3.0", "３人", "5 口", "1,200", None, "/")] == [
        3,
        3,
        3,
        3,
        3,
        5,
        1200,
        None,
        None,
    ]
    for cell in ("三四个", 3.5, "3-4", "9" * 30):
        with pytest.raises(WrongCell, match="whole number"):
            values.whole(cell)
    with pytest.raises(WrongCell, match="from 0 to 20"):
        values.whole(21, at_most=20)
    with pytest.raises(WrongCell, match="from 1 to"):
        values.whole(0, at_least=1)
