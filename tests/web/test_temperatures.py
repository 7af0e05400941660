"""Temperatures as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.web.temperatures import degrees, tenths

TYPED = {
    "37.3": 373,
    "373": 373,
    "３７．３": 373,
    "37。3": 373,
    "37,3": 373,
    " 36.5 ℃": 365,
    "36.5°C": 365,
    "36.5度": 365,
    "37": 370,
}
NO_TEMPERATURE = (
    "",
    "3.73",
    "36.55",
    "36.5.1",
    "3730",
    "33.9",
    "43.1",
    "98.6",
    "-37",
    "nan",
    "1e2",
    "²⁶",
    "三十七",
)


@pytest.mark.parametrize("typed", TYPED)
def test_is_read_with_and_without_its_point(typed: str) -> None:
    assert tenths(typed) == TYPED[typed]


@pytest.mark.parametrize("typed", NO_TEMPERATURE)
def test_what_cannot_be_one_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"36\.5"):
        tenths(typed)


@given(st.integers(340, 430))
def test_is_read_as_it_is_written(measured: int) -> None:
    assert tenths(degrees(measured)) == tenths(str(measured)) == measured
