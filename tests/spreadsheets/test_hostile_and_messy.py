"""The folder of sheets: what must be refused, and what must come out of the rest."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.spreadsheets import headings
from portal.spreadsheets.guard import Kind, check
from portal.spreadsheets.reading import read
from portal.spreadsheets.refusal import MEBIBYTE, Limits, Refusal
from tests.spreadsheets.sheets.hostile import HOSTILE, HOSTILE_WHEN_READ, LIST
from tests.spreadsheets.sheets.messy import MESSY
from tests.spreadsheets.words import REGISTRY


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_harmless_list_is_refused_before_a_parser_sees_it(name: str) -> None:
    make, sentence = HOSTILE[name]
    with pytest.raises(Refusal) as refused:
        check(make())
    assert refused.value.sentence is sentence


@pytest.mark.parametrize("name", HOSTILE_WHEN_READ)
def test_what_only_reading_shows_is_refused(name: str) -> None:
    make, sentence = HOSTILE_WHEN_READ[name]
    with pytest.raises(Refusal) as refused:
        read(make())
    assert refused.value.sentence is sentence


@pytest.mark.parametrize("name", MESSY)
def test_what_people_keep_is_understood(name: str) -> None:
    make, facts = MESSY[name]
    found = read(make())
    heading = headings.find(found, REGISTRY)
    assert {row.number: heading.pick(row) for row in heading.data(found)} == facts


def test_a_list_is_known_by_its_bytes() -> None:
    assert check(LIST) == Kind.WORKBOOK
    assert check("姓名,电话\n".encode()) == Kind.TEXT
    assert check(b"BM,GIF8\n") == Kind.TEXT


def test_an_upload_of_more_than_five_megabytes_is_refused() -> None:
    with pytest.raises(Refusal, match="larger than 5 MB"):
        check(b"a,b\n" * (5 * MEBIBYTE // 4) + b"a")
    assert check(b"a,b\n" * (5 * MEBIBYTE // 4)) == Kind.TEXT


def test_all_members_together_unpack_within_the_limit() -> None:
    with pytest.raises(Refusal, match="too much in this workbook"):
        check(LIST, Limits(unpacked=4000))


@given(st.binary(max_size=300))
def test_whatever_bytes_come_they_are_read_or_refused(content: bytes) -> None:
    with suppress(Refusal):
        assert read(content).rows


@given(st.lists(st.tuples(st.integers(0, len(LIST) - 1), st.integers(0, 255)), min_size=1, max_size=5))
def test_a_workbook_with_changed_bytes_passes_the_guard_or_is_refused(changes: list[tuple[int, int]]) -> None:
    content = bytearray(LIST)
    for place, byte in changes:
        content[place] = byte
    with suppress(Refusal):
        assert check(bytes(content)) in Kind
