"""Numbers of people, phones and vehicles: what is right passes, what is wrong is told how to be put right."""

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.registry.identifiers import (
    CHECK_CHARACTERS,
    MOST_SYNTHETIC,
    DocumentType,
    WrongNumber,
    birth_date,
    check_character,
    check_document,
    check_phone,
    check_plate,
    looks_synthetic,
    synthetic_id,
)

TODAY = date(2026, 11, 25)
serials = st.integers(0, MOST_SYNTHETIC - 1)


def complete(first_seventeen: str) -> str:
    return first_seventeen + check_character(first_seventeen)


@pytest.mark.parametrize("number", ["11010519491231002X", "440524188001010014", "411722199003070018"])
def test_the_examples_of_the_standard_pass(number: str) -> None:
    assert check_document(DocumentType.ID_CARD, number, TODAY) == number


@pytest.mark.parametrize(
    "typed",
    [
        "11010519491231002x",
        " 110105 19491231 002X ",
        "１１０１０５１９４９１２３１００２Ｘ",
        "11010519491231002ｘ",
    ],
)
def test_full_width_lower_case_and_spaces_are_made_plain(typed: str) -> None:
    assert check_document(DocumentType.ID_CARD, typed, TODAY) == "11010519491231002X"


@pytest.mark.parametrize(
    ("number", "told"),
    [
        ("", "Enter the number"),
        ("   ", "Enter the number"),
        ("110105491231002", "old number of 15 digits"),
        ("1101051949123100", "now there are 16"),
        ("11010519491231002XX", "now there are 19"),
        ("1101051949123100A2", "17 digits and a last digit or X"),
        ("X10105194912310021", "17 digits and a last digit or X"),
        ("١١٠١٠٥١٩٤٩١٢٣١٠٠٢X", "17 digits and a last digit or X"),
        ("110105194912310021", "compare the number with the card"),
        ("4.1172219900307E+17", "spreadsheet has cut"),
        (complete("11010519490231002"), "not a date of birth"),
        (complete("11010520261126002"), "not a date of birth"),
        (complete("11010500001231002"), "not a date of birth"),
    ],
)
def test_a_wrong_identity_number_is_told_how_to_be_right(number: str, told: str) -> None:
    with pytest.raises(WrongNumber) as wrong:
        check_document(DocumentType.ID_CARD, number, TODAY)
    assert told in str(wrong.value.sentence)


def test_a_child_born_today_has_a_number() -> None:
    number = complete("41172220261125001")
    assert check_document(DocumentType.ID_CARD, number, TODAY) == number


def test_a_county_that_no_longer_exists_is_no_mistake() -> None:
    number = complete("99999919900307001")
    assert check_document(DocumentType.ID_CARD, number, TODAY) == number


@given(serials, st.integers(0, 17), st.sampled_from("0123456789X"))
def test_one_wrong_character_is_always_found(serial: int, place: int, other: str) -> None:
    number = synthetic_id("411722", serial)
    changed = number[:place] + other + number[place + 1 :]
    if changed == number:
        assert check_document(DocumentType.ID_CARD, changed, TODAY) == number
        return
    with pytest.raises(WrongNumber):
        check_document(DocumentType.ID_CARD, changed, TODAY)


@given(serials, st.integers(0, 15))
def test_two_swapped_neighbours_are_always_found(serial: int, place: int) -> None:
    number = synthetic_id("411722", serial)
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if swapped != number:
        with pytest.raises(WrongNumber):
            check_document(DocumentType.ID_CARD, swapped, TODAY)


@given(st.sampled_from(DocumentType), st.text(max_size=30))
@example(DocumentType.OTHER, "U¯")
def test_what_was_stored_once_is_stored_again_as_it_is(type_: DocumentType, text: str) -> None:
    try:
        number = check_document(type_, text, TODAY)
    except WrongNumber:
        return
    assert check_document(type_, number, TODAY) == number


@pytest.mark.parametrize(
    ("type_", "typed", "stored"),
    [
        (DocumentType.RESIDENCE_PERMIT, complete("81000019900307001"), complete("81000019900307001")),
        (DocumentType.RESIDENCE_PERMIT, complete("83000019900307001"), complete("83000019900307001")),
        (DocumentType.TRAVEL_PERMIT, "h12345678", "H12345678"),
        (DocumentType.TRAVEL_PERMIT, "M1234567801", "M1234567801"),
        (DocumentType.TRAVEL_PERMIT, "12345678", "12345678"),
        (DocumentType.PASSPORT, "e 12345678", "E12345678"),
        (DocumentType.FOREIGNER_CARD, "usa110105123456", "USA110105123456"),
        (DocumentType.FOREIGNER_CARD, complete("91184019900307001"), complete("91184019900307001")),
        (DocumentType.OTHER, "军字第0012345号", "军字第0012345号"),
    ],
)
def test_other_documents(type_: DocumentType, typed: str, stored: str) -> None:
    assert check_document(type_, typed, TODAY) == stored


@pytest.mark.parametrize(
    ("type_", "typed", "told"),
    [
        (DocumentType.RESIDENCE_PERMIT, "411722199003070018", "begins with 81, 82 or 83"),
        (DocumentType.RESIDENCE_PERMIT, "810000199003070019", "compare the number"),
        (DocumentType.TRAVEL_PERMIT, "H1234567", "8 or 10 digits"),
        (DocumentType.TRAVEL_PERMIT, "A12345678", "8 or 10 digits"),
        (DocumentType.PASSPORT, "护照12345", "letters and digits"),
        (DocumentType.PASSPORT, "PASSPORT", "letters and digits"),
        (DocumentType.FOREIGNER_CARD, "411722199003070018", "begin with 9"),
        (DocumentType.OTHER, "1", "at most 40 characters"),
        (DocumentType.OTHER, "1" * 41, "at most 40 characters"),
    ],
)
def test_other_documents_that_cannot_be_right(type_: DocumentType, typed: str, told: str) -> None:
    with pytest.raises(WrongNumber) as wrong:
        check_document(type_, typed, TODAY)
    assert told in str(wrong.value.sentence)


def test_the_day_of_birth_is_read_from_the_number() -> None:
    assert birth_date("411722199003070018") == date(1990, 3, 7)
    assert birth_date("411722199003070019") is None
    assert birth_date(complete("41172219900231001")) is None
    assert birth_date("E12345678") is None


@given(serials)
def test_a_synthetic_number_is_right_and_belongs_to_nobody_alive(serial: int) -> None:
    number = synthetic_id("411722", serial)
    assert check_document(DocumentType.ID_CARD, number, TODAY) == number
    assert number.startswith("41172218")
    assert looks_synthetic(number)
    assert int(number[16]) % 2 == serial % 2


def test_synthetic_numbers_differ() -> None:
    assert len({synthetic_id("411722", serial) for serial in range(100_000)}) == 100_000
    ends = [0, 1, MOST_SYNTHETIC - 2, MOST_SYNTHETIC - 1]
    assert len({synthetic_id("411722", serial) for serial in ends}) == len(ends)


@pytest.mark.parametrize(
    ("region", "serial"), [("41172", 0), ("41172x", 0), ("411722", -1), ("411722", MOST_SYNTHETIC)]
)
def test_no_synthetic_number_beyond_the_range(region: str, serial: int) -> None:
    with pytest.raises(ValueError, match="no synthetic number"):
        synthetic_id(region, serial)


@pytest.mark.parametrize(
    "number", ["411722199003070018", "11010519491231002X", "440524188001010019", "E123", ""]
)
def test_other_numbers_do_not_look_synthetic(number: str) -> None:
    assert not looks_synthetic(number)


def test_the_check_characters_are_those_of_the_standard() -> None:
    assert sorted(CHECK_CHARACTERS) == sorted("0123456789X")
    with pytest.raises(ValueError, match="zip"):
        check_character("123")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("13800138000", "13800138000"),
        ("138 0013 8000", "13800138000"),
        ("138-0013-8000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("+86 13800138000", "13800138000"),
        ("0086-13800138000", "13800138000"),
        ("8613800138000", "13800138000"),
        ("0396-6921234", "0396-6921234"),
        ("03966921234", "0396-6921234"),
        ("(0396) 6921234", "0396-6921234"),
        ("+86 010 62345678", "010-62345678"),
        ("02162345678", "021-62345678"),
    ],
)
def test_phones_are_made_uniform(typed: str, stored: str) -> None:
    assert check_phone(typed) == stored
    assert check_phone(stored) == stored


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "mobile number of 11 digits"),
        ("1380013800", "mobile number of 11 digits"),
        ("138001380000", "mobile number of 11 digits"),
        ("12800138000", "mobile number of 11 digits"),
        ("0396692123", "mobile number of 11 digits"),
        ("6921234", "area code"),
        ("1.38E+10", "mobile number of 11 digits"),
        ("没有", "mobile number of 11 digits"),
    ],
)
def test_a_wrong_phone_is_told_how_to_be_right(typed: str, told: str) -> None:
    with pytest.raises(WrongNumber) as wrong:
        check_phone(typed)
    assert told in str(wrong.value.sentence)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("豫QD3127", "豫QD3127"),
        ("豫q·d3127", "豫QD3127"),
        ("豫Q D3127", "豫QD3127"),
        ("豫Ｑ－Ｄ３１２７", "豫QD3127"),
        ("豫QD12345", "豫QD12345"),
        ("豫QDF2345", "豫QDF2345"),
        ("豫QK12345", "豫QK12345"),
        ("豫Q12345F", "豫Q12345F"),
        ("豫Q1234挂", "豫Q1234挂"),
        ("豫Q1234学", "豫Q1234学"),
        ("粤Z1234港", "粤Z1234港"),
    ],
)
def test_plates_are_made_uniform(typed: str, stored: str) -> None:
    assert check_plate(typed) == stored


@pytest.mark.parametrize(
    "typed", ["豫QI3127", "豫QD312", "豫QD312756", "QD3127", "豫I12345", "三轮车", "豫Q12O45"]
)
def test_a_wrong_plate_is_told_how_to_be_right(typed: str) -> None:
    with pytest.raises(WrongNumber) as wrong:
        check_plate(typed)
    assert "no ordinary plate" in str(wrong.value.sentence)


def test_a_vehicle_without_an_ordinary_plate_is_described() -> None:
    assert check_plate("电动三轮车 红色", free_text=True) == "电动三轮车红色"
    assert check_plate("临豫Q12345", free_text=True) == "临豫Q12345"
    for text, told in (("", "Enter the plate"), ("车" * 21, "20 characters")):
        with pytest.raises(WrongNumber) as wrong:
            check_plate(text, free_text=True)
        assert told in str(wrong.value.sentence)
