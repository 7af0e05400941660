"""What is known of households and people: the fields of the ledger, what is missing, and who needs looking after."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.access.bulk import insert_many
from portal.access.scope import everywhere
from portal.audit.models import AuditEntry
from portal.database import db
from portal.registry import service
from portal.registry.identifiers import DocumentType, synthetic_id
from portal.registry.kinds import HouseholdKind, Need, Sex, Stay
from portal.registry.models import Household, Resident, ResidentNeed
from portal.registry.readings import letters, readings
from tests import factories
from tests.people import an, li, qian, sun, wang, wu

pytestmark = pytest.mark.any_database

Visit = Callable[..., Any]
ASKED = {("registry", "vulnerable"): {"needs": ["lives_alone", "dialysis"]}}


def the_resident() -> Resident:
    with everywhere(because="the test looks"):
        db.session.expire_all()
        return db.session.scalars(select(Resident)).one()


# ── households ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_household_says_what_it_is(visit: Visit) -> None:
    page = visit("registry.new", as_=qian).send("Save", room="401", kind="rented", note="门铃坏了，敲门")
    assert page.has("Rented out, 门铃坏了，敲门")
    with everywhere(because="the test looks"):
        home = db.session.scalars(select(Household)).one()
        assert (home.kind, home.note) == (HouseholdKind.RENTED, "门铃坏了，敲门")
    form = visit("registry.edit", as_=qian, household_id=home.id)
    assert form.send("Save", status=422, kind="palace").has("Choose one of those offered")
    form.send("Save", kind=None, note="")
    with everywhere(because="the test looks"):
        db.session.expire_all()
        home = db.session.scalars(select(Household)).one()
        assert (home.kind, home.note, home.room) == (None, "", "401")
        last = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert last is not None
        assert last.details == {"changed": ["kind", "note"]}


# ── people ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_three_common_fields_come_first_and_the_others_wait(visit: Visit) -> None:
    page = visit("registry.add_person", as_=qian, household_id=factories.household().id)
    first = page.tree.xpath("//main//form//input[not(@type='hidden')][not(ancestor::details)]/@name")
    assert first == ["name", "document", "phone"]
    assert not page.tree.xpath("//details[@open]//input[@name='work']")


def test_all_that_is_known_of_a_person(visit: Visit) -> None:
    home = factories.household()
    form = visit("registry.add_person", as_=qian, household_id=home.id)
    typed = {
        "name": "演示·张学敏",
        "is_head": None,
        "relation": "女",
        "sex": "female",
        "born_on": "1990-03-07",
        "stay": "away",
        "work": "县医院护士",
        "registered_address": "驻马店市驿城区",
    }
    form.send("Save", **typed)
    person = the_resident()
    assert (person.sex, person.born_on, person.stay) == (Sex.FEMALE, date(1990, 3, 7), Stay.AWAY)
    page = visit("registry.person", as_=qian, resident_id=person.id)
    for shown in ("女", "Female", "7 Mar 1990", "Away for a time", "县医院护士", "驻马店市驿城区"):
        assert page.has(shown)
    masked = visit("registry.person", as_=an, resident_id=person.id)
    for hidden in ("1990", "县医院", "驿城区", "学敏"):
        assert not masked.has(hidden)
    again = visit("registry.edit_person", as_=qian, resident_id=person.id).send("Save")
    assert again.has("驻马店市驿城区"), "what was known stays"


def test_the_number_tells_sex_and_birth(visit: Visit) -> None:
    home = factories.household()
    form = visit("registry.add_person", as_=qian, household_id=home.id)
    number = synthetic_id("411722", 77)
    form.send(
        "Save", name="演示·张三", document=number, sex="female", born_on="1990-01-01", phone="15400001234"
    )
    person = the_resident()
    assert (person.sex, person.born_on) == (
        Sex.MALE,
        date.fromisoformat(f"{number[6:10]}-{number[10:12]}-{number[12:14]}"),
    )
    assert (person.document_end, person.phone_end) == (number[-4:], "1234")
    form = visit("registry.edit_person", as_=qian, resident_id=person.id)
    assert not form.tree.xpath("//input[@name='sex' or @name='born_on']"), "it isn't asked what is known"
    form.send("Save", forget_document="y", forget_phone="y")
    person = the_resident()
    assert (person.document_end, person.phone_end, person.sex) == (None, None, Sex.MALE)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"born_on": "2026-12-01"}, "Choose a date from"),
        ({"born_on": "1700-01-01"}, "Choose a date from"),
        ({"sex": "both"}, "Choose one of those offered"),
        ({"work": "x" * 61}, "use 60 characters or fewer"),
        ({"registered_address": "x" * 121}, "use 120 characters or fewer"),
        ({"relation": "x" * 21}, "use 20 characters or fewer"),
        ({"stay": "forever"}, "Choose one of those offered"),
    ],
)
def test_what_is_wrong_comes_back_and_is_seen(visit: Visit, typed: dict[str, str], sentence: str) -> None:
    form = visit("registry.add_person", as_=qian, household_id=factories.household().id)
    page = form.send("Save", status=422, **{"name": "演示·张三"} | typed)
    assert page.has(sentence)
    assert page.tree.xpath("//details[@open]//input[@name='work']"), "what is wrong must not be hidden"


def test_what_is_missing_is_said_in_words(visit: Visit) -> None:
    home = factories.household()
    factories.resident(home, document=None, phone=None)
    assert visit("registry.show", as_=qian, household_id=home.id).has(
        "missing: document, phone, date of birth, sex, relation to the head"
    )


# ── found by letters and by the ends of numbers ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "spelt"),
    [
        ("演示·张学敏", [("zhangxuemin", "zxm")]),
        ("单雄信", [("shanxiongxin", "sxx"), ("danxiongxin", "dxx")]),
        ("仇英", [("qiuying", "qy"), ("chouying", "cy")]),
        ("曾国藩", [("zengguofan", "zgf"), ("cengguofan", "cgf")]),
        ("解缙", [("xiejin", "xj"), ("jiejin", "jj")]),
        ("尉迟恭", [("yuchigong", "ycg")]),
        ("万俟卨", [("moqixie", "mqx")]),
        ("欧阳修", [("ouyangxiu", "oyx")]),
        ("单乐", [("shanle", "sl"), ("danle", "dl")]),
        ("吕布", [("lvbu", "lb")]),
        ("阿依古丽·买买提", [("ayigulimaimaiti", "ayglmmt"), ("eyigulimaimaiti", "eyglmmt")]),
        ("𠅤䶮喆堃㛃", [("xiyanzhekunjie", "xyzkj")]),
        ("John Smith", [("johnsmith", "johnsmith")]),
        ("·", []),
        ("", []),
    ],
)
def test_how_names_are_spelt(name: str, spelt: list[tuple[str, str]]) -> None:
    assert readings(name) == spelt


def test_a_spelling_has_an_end() -> None:
    assert all(len(pinyin) <= 160 and len(initials) <= 60 for pinyin, initials in readings("庄" * 300))


@pytest.mark.parametrize(
    ("typed", "kept"), [("Zhang Xue-min", "zhangxuemin"), ("LÜ", "lv"), ("张", ""), ("z'm%_", "zm")]
)
def test_letters_that_are_typed(typed: str, kept: str) -> None:
    assert letters(typed) == kept


def test_the_spelling_follows_the_name(visit: Visit) -> None:
    person = factories.resident(factories.household(), name="演示·张学敏")
    assert (person.pinyin, person.initials, person.initials_too) == ("zhangxuemin", "zxm", None)
    visit("registry.edit_person", as_=qian, resident_id=person.id).send("Save", name="演示·单学敏")
    changed = the_resident()
    spelt = (changed.pinyin, changed.initials, changed.pinyin_too, changed.initials_too)
    assert spelt == ("shanxuemin", "sxm", "danxuemin", "dxm")


def test_many_rows_get_the_same_as_one(app: Flask) -> None:
    """The bulk door and the page write the same row."""
    home, number = factories.household(), synthetic_id("411722", 5)
    person = service.Person("演示·曾国藩", document=number, phone="15400005678", relation="子")
    with everywhere(because="the test writes"):
        keys = {"household_id": home.id, "unit_id": home.unit_id}
        insert_many(Resident, [keys | service.columns_of(person)])
        service.add_resident(db.session.get_one(Household, home.id), person)
        many, one = db.session.scalars(select(Resident).order_by(Resident.id)).all()
        but = {"id", "seal_id", "document_sealed", "phone_sealed", "created_at"}
        for column in set(Resident.__table__.columns.keys()) - but:
            assert getattr(many, column) == getattr(one, column), column
        assert (many.document, many.phone) == (one.document, one.phone) == (number, "15400005678")
        assert (many.initials, many.initials_too, many.phone_end) == ("zgf", "cgf", "5678")


def test_every_kind_of_document_may_lack_a_birth(app: Flask) -> None:
    person = service.Person(
        "演示·John", document_type=DocumentType.PASSPORT, document="E12345678", sex=Sex.MALE
    )
    columns = service.columns_of(person)
    assert (columns["sex"], columns["born_on"], columns["document_end"]) == (Sex.MALE, None, "5678")


# ── who needs looking after ──────────────────────────────────────────────────────────────────────────────────────


def test_without_an_order_nobody_is_asked(visit: Visit) -> None:
    home = factories.household()
    form = visit("registry.add_person", as_=qian, household_id=home.id)
    assert not form.has("Needs looking after")
    form.send("Save", name="演示·张三", needs="dialysis")
    with everywhere(because="the test looks"):
        assert db.session.scalars(select(ResidentNeed)).all() == []
    assert not visit("registry.index", as_=qian).has("Needs looking after")


def test_what_an_order_asks_for_is_written_shown_and_found(visit: Visit) -> None:
    factories.order_in_force(measures=ASKED)
    home, other = factories.household(), factories.household()
    factories.resident(other)
    form = visit("registry.add_person", as_=qian, household_id=home.id)
    offered = form.tree.xpath("//input[@name='needs']/@value")
    assert offered == ["lives_alone", "dialysis"], "and nothing that no order asks for"
    assert form.send("Save", status=422, name="演示·张三", needs="pregnant").has(
        "Choose one of those offered"
    )
    page = form.send("Save", name="演示·张三", needs=["dialysis", "lives_alone"])
    assert page.has("Elderly and alone, On dialysis")
    found = visit("registry.index", as_=wang, show="needs")
    assert found.has(home.address)
    assert not found.has(other.address)
    assert not visit("registry.index", as_=sun, show="needs").has(home.address)
    person = next(one for one in _residents() if one.household_id == home.id)
    assert visit("registry.person", as_=an, resident_id=person.id).has("On dialysis")
    visit("registry.edit_person", as_=qian, resident_id=person.id).send("Save", needs="lives_alone")
    with everywhere(because="the test looks"):
        rows = db.session.scalars(select(ResidentNeed).order_by(ResidentNeed.id)).all()
        assert {row.need: row.until is None for row in rows} == {Need.LIVES_ALONE: True, Need.DIALYSIS: False}


def test_when_the_order_ends_it_is_neither_asked_nor_shown(visit: Visit) -> None:
    order = factories.order_in_force(measures=ASKED)
    home = factories.household()
    form = visit("registry.add_person", as_=qian, household_id=home.id)
    assert form.send("Save", name="演示·张三", needs="dialysis").has("On dialysis")
    with everywhere(because="the test ends the order"):
        from portal.clock import now
        from portal.orders.models import Order

        db.session.get_one(Order, order.id).ended_at = now()
        db.session.commit()
    assert not visit("registry.show", as_=qian, household_id=home.id).has("On dialysis")
    assert not visit("registry.index", as_=qian).has("Needs looking after")
    visit("registry.edit_person", as_=qian, resident_id=_residents()[0].id).send("Save")
    with everywhere(because="the test looks"):
        assert [row.until for row in db.session.scalars(select(ResidentNeed))] == [None]


def test_who_left_needs_no_looking_after(visit: Visit) -> None:
    factories.order_in_force(measures=ASKED)
    home = factories.household()
    visit("registry.add_person", as_=qian, household_id=home.id).send(
        "Save", name="演示·张三", needs="dialysis"
    )
    visit("registry.left", as_=qian, resident_id=_residents()[0].id).send("Record as left", reason="搬走")
    assert not visit("registry.index", as_=wang, show="needs").has(home.address)


def test_the_office_switches_it_on(visit: Visit) -> None:
    order = factories.order_in_force(state="draft")
    form = visit("orders.measure", as_=li, order_id=order.id, area_name="registry", item="vulnerable")
    assert form.send("Add the measure", status=422, needs=None).has("Choose what is asked for")
    page = form.send("Add the measure", needs=["dialysis", "pregnant"])
    assert page.has("Asked of households: Pregnant, On dialysis")
    again = visit("orders.measure", as_=li, order_id=order.id, area_name="registry", item="vulnerable")
    assert again.tree.xpath("//input[@name='needs'][@checked]/@value") == ["pregnant", "dialysis"]


@pytest.mark.parametrize("language", ["en", "zh_Hans"])
def test_the_forms_in_both_languages(visit: Visit, language: str) -> None:
    factories.order_in_force(measures=ASKED)
    home = factories.household()
    person = factories.resident(home)
    visit("registry.add_person", as_=qian, language=language, household_id=home.id)
    visit("registry.edit_person", as_=qian, language=language, resident_id=person.id)
    visit("registry.edit", as_=wang, language=language, household_id=home.id)
    visit("registry.person", as_=wang, language=language, resident_id=person.id)
    visit("registry.index", as_=wang, language=language, show="needs")
    visit("registry.person", as_=wu, language=language, resident_id=person.id, status=404)


def _residents() -> list[Resident]:
    with everywhere(because="the test looks"):
        db.session.expire_all()
        return list(db.session.scalars(select(Resident).order_by(Resident.id)))
