"""How times read, and that a mask never shows what it hides."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from portal.web import formats

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=formats.clock.LOCAL)


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


def at(month, day, hour, minute, year=2026):
    return datetime(year, month, day, hour, minute, tzinfo=formats.clock.LOCAL)


MOMENTS = [
    (at(11, 23, 8, 10), "今天 08:10", "today 08:10"),
    (at(11, 22, 19, 32), "昨天 19:32", "yesterday 19:32"),
    (at(11, 24, 6, 0), "明天 06:00", "tomorrow 06:00"),
    (at(11, 9, 8, 10), "11月9日 08:10", "9 Nov 08:10"),
    (at(12, 31, 23, 59, year=2025), "2025年12月31日 23:59", "31 Dec 2025 23:59"),
    (datetime(2026, 11, 22, 16, 30, tzinfo=UTC), "今天 00:30", "today 00:30"),
]


@pytest.mark.parametrize(("when", "chinese", "english"), MOMENTS)
def test_a_moment_reads_as_people_say_it(app, when, chinese, english):
    with app.test_request_context():
        assert formats.moment(when) == chinese
    with app.test_request_context(headers={"Cookie": "language=en"}):
        assert formats.moment(when) == english


def test_the_full_moment_always_has_its_year(english):
    assert formats.full_moment(at(11, 23, 8, 10)) == "23 Nov 2026 08:10"


def test_a_moment_on_a_page_carries_its_exact_time(english):
    html = english.jinja_env.from_string("{{ ui.time(when) }}").render(when=at(11, 23, 8, 10))
    assert 'datetime="2026-11-23T08:10:00+08:00" title="23 Nov 2026 08:10">today 08:10</time>' in html


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        (time(8), time(11), "08:00–11:00"),
        (date(2026, 11, 23), date(2026, 11, 29), "today to 29 Nov"),
        (at(11, 23, 8, 0), at(11, 23, 11, 0), "today 08:00–11:00"),
        (at(11, 22, 8, 0), at(11, 23, 11, 0), "yesterday 08:00 to today 11:00"),
    ],
)
def test_a_period_reads_from_to(english, start, end, text):
    assert formats.period(start, end) == text


def test_a_period_of_a_date_and_a_time_is_an_error(english):
    with pytest.raises(TypeError):
        formats.period(date(2026, 11, 23), time(8))


@pytest.mark.parametrize(
    ("length", "chinese", "english"),
    [
        (0, "0 分钟", "0 minutes"),
        (1, "1 分钟", "1 minute"),
        (60, "1 小时", "1 hour"),
        (90, "90 分钟", "90 minutes"),
        (120, "2 小时", "2 hours"),
        (timedelta(minutes=150), "2 小时 30 分钟", "2 hours 30 minutes"),
    ],
)
def test_a_length_of_time_reads_in_whole_units(app, length, chinese, english):
    with app.test_request_context():
        assert formats.minutes(length) == chinese
    with app.test_request_context(headers={"Cookie": "language=en"}):
        assert formats.minutes(length) == english


@pytest.mark.parametrize(
    ("name", "masked"),
    [("张学敏", "张*"), ("演示·张某", "演示·张*"), ("张", "*"), ("演示·张", "演示·*"), ("", ""), (None, "")],
)
def test_a_name_shows_its_first_character(name, masked):
    assert formats.mask_name(name) == masked


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13800005678", "138****5678"),
        ("138 0000 5678", "138****5678"),
        ("0396-6921234", "0396-****234"),
        ("03966921234", "0396-****234"),
        ("+85261234567", "****67"),
        ("6921", "****"),
        (None, ""),
    ],
)
def test_a_phone_number_shows_its_two_ends(phone, masked):
    assert formats.mask_phone(phone) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("411722199003070018", "411722********0018"),
        ("41172219900307001X", "411722********001X"),
        ("H12345678", "H****78"),
        ("12345", "****"),
        ("", ""),
    ],
)
def test_a_document_shows_its_two_ends(number, masked):
    assert formats.mask_document(number) == masked


@pytest.mark.parametrize(
    ("plate", "masked"),
    [
        ("豫Q·D31Q27", "豫Q·D31**7"),
        ("豫QD31Q27", "豫Q·D31**7"),
        ("豫QA1235", "豫Q·A1**5"),
        ("电动车0471", "电**1"),
        ("临47", "**"),
        (None, ""),
    ],
)
def test_a_plate_hides_its_middle(plate, masked):
    assert formats.mask_plate(plate) == masked


LETTERS = st.characters(categories=["Lo", "Lu", "Ll"])


@given(st.text(LETTERS, min_size=3))
def test_a_masked_name_never_shows_the_rest_of_it(name):
    masked = formats.mask_name(name)
    assert len(masked) == 2
    assert name[1:] not in masked


@given(st.from_regex(r"1[3-9]\d{9}|0\d{3}\d{7}|\d{7,9}", fullmatch=True))
def test_a_masked_phone_never_shows_four_figures_of_the_middle(phone):
    shown = formats.mask_phone(phone).partition("****")
    assert len(shown[0].strip("-")) + len(shown[2]) <= len(phone) - 4


@given(st.text(st.sampled_from("0123456789ABCDX"), min_size=1, max_size=25))
def test_a_masked_document_always_hides_three_characters_or_more(number):
    shown = formats.mask_document(number).replace("*", "")
    assert len(shown) <= max(0, len(number) - 3)
    if len(number) != 18:
        assert len(shown) <= 3


@given(
    st.from_regex(r"[豫京沪][A-Z][A-Z0-9]{5,6}", fullmatch=True),
    st.from_regex(r"[A-Z0-9]{2}", fullmatch=True),
)
def test_two_plates_that_differ_in_the_hidden_part_look_alike(plate, other):
    assert formats.mask_plate(plate) == formats.mask_plate(plate[:-3] + other + plate[-1])


@given(st.text(max_size=30))
def test_no_mask_fails_on_any_text(text):
    for mask in (formats.mask_name, formats.mask_phone, formats.mask_document, formats.mask_plate):
        assert isinstance(mask(text), str)
