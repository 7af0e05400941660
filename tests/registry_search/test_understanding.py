"""What people type into the one search box, and what is understood by it."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.registry.searching.keys import RESTS, Door, door_key, plain_part, read_door, rests_of_name
from portal.registry.searching.understanding import Meant, understood


@pytest.mark.parametrize(
    ("typed", "door"),
    [
        ("3-2-401", Door("401", "3", "2")),
        ("3号楼2单元401", Door("401", "3", "2")),
        ("３号楼２单元４０１室", Door("401", "3", "2")),
        ("3号院 3 2 401", Door("401", "3", "2", "3")),
        ("3号院3号楼2单元0401", Door("401", "3", "2", "3")),
        ("豫苑小区3号楼2单元401", Door("401", "3", "2", "豫苑小区")),
        ("3#2-401", Door("401", "3", "2")),
        ("3/2/401", Door("401", "3", "2")),
        ("3号 2单元 401", Door("401", "3", "2")),
        ("3-401", Door("401", "3")),
        ("3栋A101", Door("a101", "3")),
        ("A座东单元1203", Door("1203", "a", "东")),
        ("401", Door("401")),
        ("401室", Door("401")),
        ("3号楼", None),
        ("村东头第三户", None),
        ("-", None),
        ("", None),
    ],
)
def test_doors_in_the_ways_people_type_them(typed: str, door: Door | None) -> None:
    assert read_door(typed) == door


@given(
    building=st.integers(1, 99),
    stairwell=st.integers(1, 9),
    room=st.integers(101, 3999),
    compound=st.sampled_from(["", "3号院", "豫苑小区"]),
)
def test_a_stored_door_is_what_is_read_from_its_written_address(
    building: int, stairwell: int, room: int, compound: str
) -> None:
    stored = door_key(compound, f"{building}号楼", str(stairwell), str(room), "")
    for typed in (
        f"{compound}{building}号楼{stairwell}单元{room}",
        f"{compound} {building}-{stairwell}-{room}",
    ):
        read = read_door(typed)
        assert read is not None
        assert read.key == stored


def test_an_address_in_one_line_has_its_door_too() -> None:
    assert door_key("", "", "", "", "3号院2号楼1单元401") == "401/2/1/3/"
    assert door_key("", "", "", "", "村东头第三户") is None
    assert plain_part("0401室") == "401"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("zxm", Meant(spelt="zxm")),
        ("Zhang Xue-min", Meant(spelt="zhangxuemin")),
        ("lü", Meant(spelt="lv")),
        ("张 学敏", Meant(name="张学敏", address="张 学敏")),
        ("６０２１", Meant(last_four="6021", door=Door("6021"))),
        ("602x", Meant(last_four="602X", door=Door("602x"))),
        ("", Meant()),
        ("   ", Meant()),
    ],
)
def test_what_is_understood(typed: str, meant: Meant) -> None:
    assert understood(typed) == meant


def test_whole_numbers_in_the_ways_people_type_them() -> None:
    assert "13800138000" in understood("138 0013-8000").phones
    assert "0396-6921234" in understood("(0396) 6921234").phones
    assert "0396-0012345" in understood("0396-0012345").phones, "an invented landline, kept as it was written"
    assert "H12345678" in understood("h12345678").documents
    assert "41172218990307001X" in understood("411722 18990307 001x").documents
    assert not understood("张学敏").documents


@given(st.text(max_size=80))
def test_whatever_is_typed_is_understood_somehow(text: str) -> None:
    meant = understood(text)
    assert meant.spelt == "" or set(meant.spelt) <= set(string.ascii_lowercase)


@pytest.mark.parametrize(
    ("name", "rests"),
    [
        ("张学敏", ("学敏", "敏", None)),
        ("演示·张学敏", ("张学敏", "学敏", "敏")),
        ("欧阳娜娜", ("阳娜娜", "娜娜", "娜")),
        ("阿依古丽·买买提", ("买买提", "依古丽·买买提", "古丽·买买提")),
        ("John Smith", ("Smith", None, None)),
        ("李", (None, None, None)),
    ],
)
def test_a_name_is_found_by_its_parts(name: str, rests: tuple[str | None, ...]) -> None:
    assert rests_of_name(name) == rests


@given(st.text(max_size=60))
def test_rests_are_always_as_many_and_of_the_name(name: str) -> None:
    rests = rests_of_name(name)
    assert len(rests) == RESTS
    assert all(rest is None or (rest and name.endswith(rest)) for rest in rests)
