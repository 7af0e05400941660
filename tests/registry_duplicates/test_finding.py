"""Probable duplicates are found by rules, page by page, within one's own place; a person decides."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.access.scope import everywhere
from portal.clock import now
from portal.database import db
from portal.registry.duplicates.finding import By
from portal.registry.duplicates.models import NotSame
from portal.registry.identifiers import synthetic_id
from portal.registry.models import Household, Resident
from tests import factories
from tests.people import an, gu, li, qian, sun, wang, wu, zhao

Visit = Callable[..., Any]
NUMBER = synthetic_id("411722", 91_001)
ROWS = "//ul[@class='rows']//a/@href"
OTHER_GRID = "豫苑社区三组一格"


def twice(by: By, grid: str = OTHER_GRID, **values: Any) -> tuple[Any, Any]:
    """Two records that a rule finds, in two grids where the rule allows it."""
    if by is By.ADDRESS:
        address = {"compound": "3号院", "building": "2", "stairwell": "1", "room": "401"}
        return factories.household(**address), factories.household(grid, **address)
    here = factories.household()
    there = here if by is By.NAME else factories.household(grid)
    has: dict[str, Any] = {"name": "演示·张学敏", "document": None, "phone": None}
    has |= {By.DOCUMENT: {"document": NUMBER}, By.PHONE: {"phone": "15400009999"}}.get(by, {})
    return factories.resident(here, **has), factories.resident(there, **has | values)


def rows(visit: Visit, by: By, as_: Any = wang) -> list[str]:
    return list(visit("registry.duplicates", as_=as_, by=by.value).tree.xpath(ROWS))


each = pytest.mark.parametrize("by", list(By), ids=str)


# ── the list ─────────────────────────────────────────────────────────────────────────────────────────────────────


@each
def test_each_rule_finds_its_pairs_and_no_other(visit: Visit, by: By) -> None:
    one, other = twice(by)
    factories.resident(factories.household(), name="演示·王五")
    what = "households" if by is By.ADDRESS else "people"
    for rule in By:
        expected = [f"/registry/duplicates/{what}/{one.id}/{other.id}?by={by}"] if rule is by else []
        assert rows(visit, rule) == expected


@each
def test_only_pairs_of_which_one_sees_both(visit: Visit, by: By) -> None:
    twice(by)
    assert len(rows(visit, by, li)) == len(rows(visit, by, zhao)) == 1
    assert len(rows(visit, by, qian)) == (1 if by is By.NAME else 0), "the other grid is not hers"
    assert rows(visit, by, sun) == rows(visit, by, wu) == []
    for nobody in (an, gu):
        visit("registry.duplicates", as_=nobody, status=403)


def test_the_same_address_in_another_community_is_another_address(visit: Visit) -> None:
    twice(By.ADDRESS, "建设路社区一组一格")
    assert rows(visit, By.ADDRESS, li) == []


def test_a_name_that_sounds_the_same_with_the_same_phone(visit: Visit) -> None:
    twice(By.PHONE, name="演示·张雪民")
    assert len(rows(visit, By.PHONE)) == 1


def test_who_shares_a_phone_only_is_a_family(visit: Visit) -> None:
    twice(By.PHONE, name="演示·张小宝")
    assert rows(visit, By.PHONE) == []


def test_two_documents_are_two_people_and_who_left_is_no_duplicate(visit: Visit) -> None:
    home = factories.household()
    factories.resident(home, name="演示·张伟"), factories.resident(home, name="演示·张伟")
    twice(By.DOCUMENT, left_at=now())
    for by in By:
        assert rows(visit, by) == []


def test_the_list_goes_on_where_the_page_ends(visit: Visit) -> None:
    for serial in range(25):
        home = factories.household()
        for _twice in range(2):
            factories.resident(home, name=f"演示·王{serial % 3}{serial}", document=None, phone=None)
    page, seen = visit("registry.duplicates", as_=wang, by="name"), []
    while True:
        seen += page.tree.xpath(ROWS)
        following = page.tree.xpath("string(//p[@class='older']/a/@href)")
        if not following:
            break
        page = visit(following, as_=wang)
    assert len(seen) == len(set(seen)) == 25
    for nonsense in ("", "1", "x-y", "9" * 30, "1-2-3", "999-999"):
        visit("registry.duplicates", as_=wang, by="name", after=nonsense)
    visit("registry.duplicates", as_=wang, by="nothing")


# ── the decision ─────────────────────────────────────────────────────────────────────────────────────────────────


@each
@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_side_by_side_in_both_languages_and_masked(visit: Visit, by: By, language: str) -> None:
    twice(by)
    page = visit(rows(visit, by)[0], as_=wang, language=language)
    assert not page.has(NUMBER)


@each
@pytest.mark.parametrize("button", ["The same: keep the first", "The same: keep the second"])
def test_the_same_in_one_tap_and_undone_in_another(visit: Visit, by: By, button: str) -> None:
    one, other = twice(by)
    pair = rows(visit, by)[0]
    page = visit(pair, as_=wang).send(button)
    assert page.heading == "Probable duplicates"
    assert page.has("No pair looks the same here.")
    assert page.has("Merged. It can be undone under What was merged.")
    visit(pair, as_=wang, status=303)
    gone = other if button.endswith("first") else one
    endpoint, key = (
        ("registry.show", "household_id") if by is By.ADDRESS else ("registry.person", "resident_id")
    )
    visit(endpoint, as_=wang, status=404, **{key: gone.id})
    page = visit("registry.merged", as_=wang).send("Undo")
    assert page.has("Undone: both records are as they were.")
    assert rows(visit, by) == [pair]
    visit(endpoint, as_=wang, **{key: gone.id})


@each
def test_not_the_same_is_remembered(visit: Visit, by: By) -> None:
    twice(by)
    page = visit(rows(visit, by)[0], as_=wang).send("Not the same")
    assert page.has("No pair looks the same here.")
    assert page.has("Noted: they will not be shown as a pair again.")
    for somebody in (li, zhao):
        assert rows(visit, by, somebody) == []


def test_a_pair_of_one_or_of_nobody_is_not_there(visit: Visit) -> None:
    person = factories.resident(factories.household())
    for other in (person.id, 99_999):
        visit("registry.compare", as_=wang, what="people", one_id=person.id, other_id=other, status=404)


# ── while typing ─────────────────────────────────────────────────────────────────────────────────────────────────


def count(model: Any) -> int:
    with everywhere(because="the test counts"):
        return len(db.session.scalars(select(model.id)).all())


def add(visit: Visit, home: Household, status: int = 303, **typed: Any) -> Any:
    return visit("registry.add_person", as_=wang, household_id=home.id).send("Save", status=status, **typed)


@pytest.mark.parametrize(
    "typed",
    [
        {"name": "演示·别名", "document": NUMBER},
        {"name": "演示·张雪民", "phone": "15400009999"},
        {"name": "演示·张学敏"},
    ],
    ids=["document", "phone", "name and home"],
)
def test_somebody_like_that_is_asked_about_before_anything_is_written(visit: Visit, typed: Any) -> None:
    home = factories.household()
    there = factories.resident(home, name="演示·张学敏", document=NUMBER, phone="15400009999")
    question = add(visit, home, 422, **typed)
    assert question.heading == "Is this the same person?"
    assert count(Resident) == 1
    assert question.send(str(there.id)).url == f"/registry/people/{there.id}"
    assert count(Resident) == 1
    question = add(visit, home, 422, **typed)
    assert question.send("no").heading == home.address
    assert (count(Resident), count(NotSame)) == (2, 1)
    for by in By:
        assert rows(visit, by) == [], "and it is never asked again"


def test_the_same_person_gets_what_was_missing(visit: Visit) -> None:
    home = factories.household()
    there = factories.resident(home, name="演示·张学敏", document=None, phone=None)
    add(visit, home, 422, name="演示·张学敏", document=NUMBER, phone="154 0000 9999", work="教师").send(
        str(there.id)
    )
    with everywhere(because="the test looks"):
        after = db.session.scalars(select(Resident)).one()
        assert (after.document, after.phone, after.work) == (NUMBER, "15400009999", "教师")
        assert after.born_on is not None


def test_an_answer_that_was_not_offered_is_asked_again(visit: Visit) -> None:
    home = factories.household()
    factories.resident(home, name="演示·张学敏")
    stranger = factories.resident(factories.household("建设路社区一组一格"), name="演示·张学敏")
    page = add(visit, home, 422, name="演示·张学敏", same=str(stranger.id))
    assert page.heading == "Is this the same person?"
    assert str(stranger.id) not in page.tree.xpath("//button[@name='same']/@value")


def test_somebody_elsewhere_is_not_told_of(visit: Visit) -> None:
    stranger = factories.household("建设路社区一组一格")
    factories.resident(stranger, name="演示·张学敏", document=NUMBER, phone="15400009999")
    home = factories.household()
    add(visit, home, name="演示·张学敏", phone="15400009999")
    page = add(visit, home, 422, name="演示·别人", document=NUMBER)
    assert page.has("already registered elsewhere")


def test_a_household_typed_twice(visit: Visit) -> None:
    address = {"compound": "3号院", "building": "2", "stairwell": "1", "room": "401"}
    there = factories.household(OTHER_GRID, **address)
    grid = str(factories.household().unit_id)
    question = visit("registry.new", as_=wang).send("Save", status=422, grid=grid, **address)
    assert question.heading == "Is this the same household?"
    assert question.has(OTHER_GRID)
    assert question.send(str(there.id)).url == f"/registry/{there.id}"
    assert count(Household) == 2
    question = visit("registry.new", as_=wang).send("Save", status=422, grid=grid, **address)
    assert question.send("no").heading == "3号院2号楼1单元401"
    assert (count(Household), count(NotSame)) == (3, 1)
    assert rows(visit, By.ADDRESS) == []


def test_the_question_opens_in_chinese(app: Flask, desk: Any, visit: Visit) -> None:
    home = factories.household()
    factories.resident(home, name="演示·张学敏")
    visit("registry.add_person", as_=wang, household_id=home.id)
    client = desk.client(wang)
    client.set_cookie("language", "zh_Hans")
    data = {"csrf_token": desk.csrf_token(wang), "name": "演示·张学敏"}
    answer = client.post(f"/registry/{home.id}/people/new", data=data)
    assert answer.status_code == 422
