"""A list exported in full and imported again changes nothing: what leaves through one door fits the other."""

from datetime import date
from typing import Any

import pytest
from flask import Flask

from portal.registry.identifiers import DocumentType, birth_date, is_mans, synthetic_id
from portal.registry.kinds import HouseholdKind, Sex, Stay
from portal.registry.models import Household
from tests import factories
from tests.exports.workbooks import table
from tests.page import Browser
from tests.people import wang
from tests.registry_import.sheets import send

BESIDE = "豫苑社区三组一格"
AWKWARD = ("=1+1", "+86阿飞", "@甲", "-乙", "阿依古丽·买买提", "0123")


@pytest.fixture
def all_sorts(app: Flask) -> int:
    """Homes and people of every sort. Returns how many people there are."""
    flat = factories.household(
        compound="3号院", building="2", stairwell="1", room="401", kind=HouseholdKind.RENTED, note="=门铃坏了"
    )
    named = factories.household(
        BESIDE, compound="建业", building="3栋", stairwell="东单元", room="0102", kind=HouseholdKind.DORMITORY
    )
    dated = factories.household(compound="3号院", building="3", stairwell="2", room="3-4")
    village = factories.household(
        BESIDE, compound="", building="", stairwell="", room="", address_note="村东头磨坊旁第二家"
    )
    somebody(flat, "演示·张学敏", is_head=True, phone="0396-6921234")
    factories.resident(
        flat,
        name="演示·李小妹",
        relation="配偶",
        document=None,
        phone=None,
        sex=Sex.FEMALE,
        born_on=date(1950, 2, 4),
        phone_of="儿子",
        stay=Stay.AWAY,
        work="鞋厂",
        registered_address="邵店镇",
    )
    factories.resident(
        named, name="演示·护照", is_head=True, document="E12345678", document_type=DocumentType.PASSPORT
    )
    factories.resident(
        named, name="演示·别的", document="户-0001/甲", document_type=DocumentType.OTHER, stay=Stay.FLOATING
    )
    somebody(dated, "Anna Müller", is_head=True, place="810000", document_type=DocumentType.RESIDENCE_PERMIT)
    for name in AWKWARD:
        somebody(village, name, is_head=name == AWKWARD[0])
    return 5 + len(AWKWARD)


def somebody(home: Household, name: str, *, place: str = "411722", **values: Any) -> None:
    """A person with a number, from which sex and day of birth are known."""
    number = synthetic_id(place, next(factories.SERIALS))
    told = {"born_on": birth_date(number), "sex": Sex.MALE if is_mans(number) else Sex.FEMALE}
    factories.resident(home, name=name, document=number, **told, **values)


def in_full(desk: Browser, name: str) -> bytes:
    form: Any = desk.visit("exports.make", as_=wang, name=name)
    content: bytes = form.send("Export as Excel", status=200, content="full", why="ledger").data
    return content


def test_people_are_the_same(desk: Browser, all_sorts: int) -> None:
    content = in_full(desk, "residents")
    assert len(table(content)) == all_sorts
    page = send(desk, wang, content)
    assert not page.has("To be mended")
    assert page.has(f"Same {all_sorts}"), page.text
    assert page.has("This sheet changes nothing.")


def test_households_are_the_same(desk: Browser, all_sorts: int) -> None:
    page = send(desk, wang, in_full(desk, "households"))
    assert not page.has("To be mended")
    assert page.has(f"Same {all_sorts}"), page.text
    assert page.has("This sheet changes nothing.")


def test_a_masked_list_is_no_list_to_import(desk: Browser, all_sorts: int) -> None:
    form: Any = desk.visit("exports.make", as_=wang, name="residents")
    page = send(desk, wang, form.send("Export as Excel", status=200).data)
    assert "Confirm the import" not in page.buttons() or not page.has("Changed")
    assert not page.has("****"), "stars are never taken for a number"
