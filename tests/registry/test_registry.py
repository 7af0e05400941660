"""Households and people: taken up, found, restricted; numbers in full only for a reason."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.access.acting import Level
from portal.access.scope import everywhere
from portal.audit.models import AuditEntry
from portal.clock import now, today
from portal.database import db
from portal.registry import grids, service
from portal.registry.identifiers import synthetic_id
from portal.registry.models import Household, HouseholdRestriction, Resident
from portal.units.models import Unit
from tests import factories
from tests.people import an, gu, li, qian, sun, unit, wang, wu, zhao

Visit = Callable[..., Any]
SIXTY = "阿" * 29 + "·" + "买" * 30


def everything(model: Any) -> list[Any]:
    with everywhere(because="the test looks"):
        db.session.expire_all()
        return list(db.session.scalars(select(model).order_by(model.id)))


def person_of(household: Household, **values: Any) -> Resident:
    return factories.resident(household, **values)


# ── households ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_grid_member_takes_up_a_household_and_its_people(visit: Visit) -> None:
    form = visit("registry.new", as_=qian)
    assert not form.tree.xpath("//select"), "the grid is known, so it isn't asked"
    page = form.send("Save", compound="3号院", building="2", stairwell="1", room="401")
    assert page.heading == "3号院2号楼1单元401"
    person = visit("registry.add_person", as_=qian, household_id=everything(Household)[0].id)
    assert person.tree.xpath("//input[@name='is_head']/@checked"), "the first one is the head"
    page = person.send("Save", name="演示·张学敏")
    assert page.has("演示·张学敏")
    assert page.has("Head")
    assert page.has("missing: document, phone, date of birth, sex")
    with everywhere(because="the test looks"):
        actions = list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))
    assert actions == ["registry.add_household", "registry.add_resident"]


def test_a_commander_chooses_the_grid(visit: Visit) -> None:
    form = visit("registry.new", as_=wang)
    offered = [
        option.text for option in form.tree.xpath("//select[@name='grid']/option") if option.get("value")
    ]
    assert offered == ["豫苑社区三组一格", "豫苑社区三组二格"], "and none of another community"
    assert form.send("Save", status=422, room="1").has("Choose the grid")
    stranger = str(unit("建设路社区一组一格").id)
    assert form.send("Save", status=422, room="1", grid=stranger).has("Choose one of those offered")
    form.send("Save", room="1", grid=str(unit("豫苑社区三组一格").id))
    assert [one.unit_id for one in everything(Household)] == [unit("豫苑社区三组一格").id]


def test_a_household_needs_some_address(visit: Visit) -> None:
    form = visit("registry.new", as_=qian)
    assert form.send("Save", status=422).has("Enter the address: the compound and room, or in words")
    assert form.send("Save", address_note="村东头第三户，红色大门").has("村东头第三户，红色大门")


def test_sent_twice_writes_one_household(post: Visit) -> None:
    data = {"room": "401", "once": "b" * 22}
    post("registry.new", as_=qian, data=data)
    post("registry.new", as_=qian, data=data)
    assert len(everything(Household)) == 1


def test_a_household_moves_with_everything_in_it(visit: Visit) -> None:
    household = factories.household("豫苑社区三组一格")
    person_of(household), factories.restriction(household)
    form = visit("registry.edit", as_=wang, household_id=household.id)
    form.send("Save", grid=str(unit("豫苑社区三组二格").id))
    here = unit("豫苑社区三组二格").id
    for model in (Household, Resident, HouseholdRestriction):
        assert [(row.unit_id, row.grid_id) for row in everything(model)] == [(here, here)]
    visit("registry.show", as_=qian, household_id=household.id)


@pytest.mark.parametrize("person", [sun, wu], ids=str)
def test_a_household_of_another_community_is_not_there(visit: Visit, post: Visit, person: Any) -> None:
    household = factories.household()
    resident, restriction = person_of(household), factories.restriction(household)
    for endpoint in ("registry.show", "registry.edit", "registry.add_person"):
        visit(endpoint, as_=person, household_id=household.id, status=404)
    for endpoint in ("registry.person", "registry.edit_person", "registry.left"):
        visit(endpoint, as_=person, resident_id=resident.id, status=404)
    visit("registry.reveal", as_=person, resident_id=resident.id, field="phone", status=404)
    if person is sun:
        visit("registry.restrict", as_=sun, household_id=household.id, status=404)
        post("registry.lift", as_=sun, restriction_id=restriction.id, data={"reason": "x"}, status=404)
    assert visit("registry.index", as_=person).has("Households will appear here.")


def test_who_sees_the_registry(visit: Visit) -> None:
    household = factories.household()
    person = person_of(household, name="演示·张学敏")
    for somebody in (li, wang, zhao, qian):
        assert visit("registry.show", as_=somebody, household_id=household.id).has("演示·张学敏")
    page = visit("registry.show", as_=an, household_id=household.id)
    assert page.has("演示·张*")
    assert not page.has("张学敏")
    assert not page.has("Add a person")
    assert not visit("registry.person", as_=an, resident_id=person.id).has("Show in full")
    visit("registry.index", as_=gu, status=403)


# ── the list ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_list_walks_from_door_to_door(visit: Visit) -> None:
    for building in ("10", "2", "1"):
        for room in ("201", "101"):
            factories.household(building=building, stairwell="1", room=room)
    page = visit("registry.index", as_=wang)
    rows = [row.text_content() for row in page.tree.xpath("//ul[@class='rows']//b")]
    assert rows == [f"3号院{building}号楼1单元{room}" for building in (1, 2, 10) for room in (101, 201)]


def test_the_list_goes_on_where_the_page_ends(visit: Visit) -> None:
    for room in range(25):
        household = factories.household(building="1", room=str(room))
        person_of(household)
    seen = []
    page = visit("registry.index", as_=qian)
    while True:
        seen += page.tree.xpath("//ul[@class='rows']//b/text()")
        following = page.tree.xpath("string(//p[@class='older']/a/@href)")
        if not following:
            break
        page = visit(following, as_=qian)
    assert seen == [f"3号院1号楼1单元{room}" for room in range(25)]


def test_the_list_shows_masked_names_and_restrictions(visit: Visit) -> None:
    restricted, free = factories.household(), factories.household()
    person_of(restricted, name="演示·张学敏", is_head=True)
    factories.restriction(restricted)
    page = visit("registry.index", as_=wang)
    assert page.has("演示·张*")
    assert not page.has("张学敏")
    assert page.has("Restricted")
    only = visit("registry.index", as_=wang, show="restricted")
    assert only.has(restricted.address)
    assert not only.has(free.address)


# ── people ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": ""}, "Enter the name"),
        ({"name": "张" * 61}, "use 60 characters or fewer"),
        ({"document": "411722199003070019"}, "A digit is wrong or two are swapped"),
        ({"document": "41172219900307"}, "Enter all 18 characters"),
        ({"phone": "1380013800"}, "Enter a mobile number of 11 digits"),
        ({"phone": "6921234"}, "Put the area code before the number"),
        ({"document_type": "library_card"}, "Choose one of those offered"),
    ],
)
def test_what_is_wrong_with_a_person_comes_back(visit: Visit, typed: dict[str, str], sentence: str) -> None:
    household = factories.household()
    form = visit("registry.add_person", as_=qian, household_id=household.id)
    page = form.send("Save", status=422, **{"name": "演示·张三"} | typed)
    assert page.has(sentence)
    assert page.has("1 thing to mend")
    assert everything(Resident) == []


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (SIXTY, SIXTY),
        ("𠅤䶮喆堃㛃", "𠅤䶮喆堃㛃"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("阿依古丽.买买提", "阿依古丽·买买提"),
        ("阿依古丽 ・ 买买提", "阿依古丽·买买提"),
        ("张　三", "张三"),
        ("Ｊｏｈｎ  Ｓｍｉｔｈ", "John Smith"),
    ],
)
def test_names_of_all_kinds(visit: Visit, typed: str, stored: str) -> None:
    household = factories.household()
    page = visit("registry.add_person", as_=qian, household_id=household.id).send("Save", name=typed)
    assert page.has(stored)
    assert not page.tree.xpath("//main//script")
    assert [person.name for person in everything(Resident)] == [stored]


def test_html_in_every_field_stays_text(visit: Visit) -> None:
    odd = "<b>x</b>"
    parts = ("compound", "building", "stairwell", "room", "address_note")
    page = visit("registry.new", as_=qian).send("Save", **dict.fromkeys(parts, odd))
    assert page.heading == f"{odd}{odd}{odd}{odd}"
    form = visit("registry.add_person", as_=qian, household_id=everything(Household)[0].id)
    form.send("Save", name=odd, phone="0396-6921234", phone_of=odd, document_type="other", document=odd)
    page = visit("registry.person", as_=qian, resident_id=everything(Resident)[0].id)
    assert page.heading == odd
    assert page.has(odd)
    assert not page.tree.xpath("//main//dd/b")


def test_numbers_are_stored_sealed_in_one_form(visit: Visit) -> None:
    household, number = factories.household(), synthetic_id("411722", 77)
    form = visit("registry.add_person", as_=qian, household_id=household.id)
    page = form.send(
        "Save", name="演示·张三", document=f" {number.lower()} ", phone="+86 154 0000 0007", phone_of="儿子"
    )
    assert page.has("154****0007")
    person = everything(Resident)[0]
    assert (person.document, person.phone, person.phone_of) == (number, "15400000007", "儿子")
    assert number.encode() not in person.document_sealed
    assert b"15400000007" not in person.phone_sealed


def test_a_document_registered_in_my_scope_is_pointed_out(visit: Visit) -> None:
    first = person_of(factories.household(building="1", room="101"))
    form = visit("registry.add_person", as_=qian, household_id=factories.household().id)
    page = form.send("Save", status=422, name="演示·张三", document=first.document)
    assert page.heading == "Is this the same person?"
    assert page.has("3号院1号楼1单元101")
    assert len(everything(Resident)) == 1
    page.send("no")
    assert len(everything(Resident)) == 2


def test_a_document_registered_elsewhere_is_not_told_where(visit: Visit) -> None:
    elsewhere = factories.household("建设路社区一组一格", compound="东街小区")
    first = person_of(elsewhere, name="演示·孙小美")
    form = visit("registry.add_person", as_=qian, household_id=factories.household().id)
    page = form.send("Save", status=422, name="演示·张三", document=first.document)
    assert page.has("This document is already registered elsewhere: ask your community.")
    assert not page.has("东街小区")
    assert not page.has("孙小美")
    assert not page.has("建设路")
    assert not page.tree.xpath(f"//a[contains(@href, 'people/{first.id}')]")


def test_a_change_keeps_the_numbers_that_are_not_typed_again(visit: Visit) -> None:
    household = factories.household()
    person = person_of(household)
    form = visit("registry.edit_person", as_=qian, resident_id=person.id)
    assert person.document not in form.source
    assert person.phone not in form.source
    form.send("Save", name="演示·李四")
    kept = everything(Resident)[0]
    assert (kept.name, kept.document, kept.phone) == ("演示·李四", person.document, person.phone)
    form = visit("registry.edit_person", as_=qian, resident_id=person.id)
    form.send("Save", name="演示·李四", forget_phone="y", document=synthetic_id("411722", 500))
    changed = everything(Resident)[0]
    assert (changed.document, changed.phone, changed.phone_index) == (synthetic_id("411722", 500), None, None)
    with everywhere(because="the test looks"):
        last = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert last is not None
    assert (
        {"document", "phone", "born_on"}
        <= set(last.details["changed"])
        <= {"document", "phone", "sex", "born_on"}
    )


def test_a_household_has_one_head(visit: Visit) -> None:
    household = factories.household()
    person_of(household, is_head=True)
    form = visit("registry.add_person", as_=qian, household_id=household.id)
    form.send("Save", name="演示·李四", is_head="y")
    assert [person.is_head for person in everything(Resident)] == [False, True]


def test_who_has_left_is_hidden_and_may_come_back(visit: Visit) -> None:
    household = factories.household()
    person = person_of(household, name="演示·张学敏", is_head=True)
    left = visit("registry.left", as_=qian, resident_id=person.id)
    assert left.send("Record as left", status=422).has("Enter the reason")
    page = left.send("Record as left", reason="搬走")
    assert not page.has("张学敏")
    assert page.has("1 person has left")
    assert visit("registry.show", as_=qian, household_id=household.id, left=1).has("张学敏")
    again = visit("registry.person", as_=qian, resident_id=person.id).send("Lives here again")
    assert again.has("张学敏")


# ── numbers in full ──────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_wrong_opens_the_part_of_the_form_where_it_stands(visit: Visit) -> None:
    form = visit("registry.add_person", as_=qian, household_id=factories.household().id)
    assert not form.tree.xpath("//main//details/@open")
    assert not form.send("Save", status=422, name="").tree.xpath("//main//details/@open")
    assert form.send("Save", status=422, name="演示·张", work="x" * 99).tree.xpath("//main//details/@open")


def test_a_number_is_shown_in_full_for_a_reason(desk: Any, visit: Visit) -> None:
    person = person_of(factories.household())
    page = visit("registry.person", as_=qian, resident_id=person.id)
    assert page.has("411722********")
    assert page.has("154****")
    assert page.has("Nobody has had a number shown in full.")
    form = visit("registry.reveal", as_=qian, resident_id=person.id, field="document")
    assert form.send("Show in full", status=422).has("Choose why you need it")
    assert form.send("Show in full", status=422, why="other").has("Enter the reason")
    assert everything(AuditEntry) == []
    shown = form.send("Show in full", status=200, why="other", other="送药")
    assert shown.has(person.document)
    assert not shown.has(person.phone)
    assert shown.response.headers["Cache-Control"] == "no-store"
    entry = everything(AuditEntry)[0]
    assert (entry.action, entry.reason, entry.details) == ("registry.reveal", "送药", {"field": "document"})
    assert visit("registry.person", as_=wang, resident_id=person.id).has("演示·qian（豫苑社区三组二格）")


def test_only_two_fields_can_be_shown_in_full(visit: Visit) -> None:
    person = person_of(factories.household(), phone=None)
    visit("registry.reveal", as_=qian, resident_id=person.id, field="seal_id", status=404)
    visit("registry.reveal", as_=qian, resident_id=person.id, field="phone", status=404)
    visit("registry.reveal", as_=an, resident_id=person.id, field="document", status=403)


# ── restrictions ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_household_is_restricted_and_the_restriction_lifted(visit: Visit) -> None:
    household = factories.household()
    page = visit("registry.restrict", as_=wang, household_id=household.id).send(
        "Restrict a household", kind="returnee", source="2月13日排查，从武汉返回"
    )
    assert page.has("Returnee awaiting assessment")
    assert page.has("从武汉返回")
    assert page.has("until it is lifted")
    restriction = everything(HouseholdRestriction)[0]
    with everywhere(because="the test looks"):
        assert service.restrictions_in_force(household.id, now())[0].source == "2月13日排查，从武汉返回"
    lift = visit("registry.lift", as_=wang, restriction_id=restriction.id)
    assert lift.send("Lift the restriction", status=422).has("Enter the reason")
    assert lift.send("Lift the restriction", reason="研判解除").has("Lifted: 研判解除")
    with everywhere(because="the test looks"):
        assert service.restrictions_in_force(household.id, now()) == []
        assert len(service.restrictions_in_force(household.id, restriction.since)) == 1


def test_a_restriction_is_lifted_once(post: Visit) -> None:
    restriction = factories.restriction(factories.household())
    post("registry.lift", as_=wang, restriction_id=restriction.id, data={"reason": "x"})
    page = post("registry.lift", as_=wang, restriction_id=restriction.id, data={"reason": "y"}, status=409)
    assert page.has("This restriction has been lifted already.")


def test_a_restriction_ends_after_it_begins(visit: Visit) -> None:
    form = visit("registry.restrict", as_=wang, household_id=factories.household().id)
    wrong = {"kind": "other", "source": "x", "until_day": (today() - timedelta(days=1)).isoformat()}
    assert form.send("Restrict a household", status=422, **wrong).has(
        "The last day must not be before the first"
    )
    assert everything(HouseholdRestriction) == []


def test_a_restriction_to_a_day_lasts_to_its_end(visit: Visit) -> None:
    form = visit("registry.restrict", as_=wang, household_id=factories.household().id)
    page = form.send("Restrict a household", kind="isolation", source="x", until_day=today().isoformat())
    assert page.has("today 24:00")


def test_those_below_do_not_restrict(visit: Visit) -> None:
    household = factories.household()
    assert not visit("registry.show", as_=qian, household_id=household.id).has("Restrict…")
    visit("registry.restrict", as_=qian, household_id=household.id, status=403)


def test_chinese_pages(visit: Visit) -> None:
    household = factories.household()
    person = person_of(household)
    restriction = factories.restriction(household)
    for endpoint in ("registry.index", "registry.new"):
        visit(endpoint, as_=wang, language="zh_Hans")
    for endpoint in ("registry.show", "registry.edit", "registry.add_person", "registry.restrict"):
        visit(endpoint, as_=wang, language="zh_Hans", household_id=household.id)
    for endpoint in ("registry.person", "registry.edit_person", "registry.left"):
        visit(endpoint, as_=wang, language="zh_Hans", resident_id=person.id)
    visit("registry.reveal", as_=wang, language="zh_Hans", resident_id=person.id, field="phone")
    visit("registry.lift", as_=wang, language="zh_Hans", restriction_id=restriction.id)


def test_where_there_are_many_grids_the_way_leads_down_the_tree(visit: Visit) -> None:
    group = unit("豫苑社区三组").id
    with everywhere(because="the test makes grids"):
        for number in range(grids.MOST_TO_CHOOSE_FROM):
            db.session.add(
                Unit(name=f"{number}格", full_name=f"{number}格", level=Level.GRID, parent_id=group)
            )
        db.session.commit()
    page = visit("registry.new", as_=li)
    assert not page.tree.xpath("//select")
    assert page.tree.xpath("//ul[@class='rows']//b/text()") == ["豫苑社区", "建设路社区"]
    form = visit("registry.new", as_=li, under=unit("建设路社区").id)
    assert form.has("建设路社区一组一格")
    assert not visit("registry.new", as_=wang, under=unit("建设路社区").id).has("建设路")
