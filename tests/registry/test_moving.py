"""A person moves to another household: one record stays one person, and nothing that hangs on it is lost."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, update

from portal.access.scope import everywhere
from portal.audit.models import AuditEntry
from portal.database import db
from portal.registry import moving
from portal.registry.duplicates.models import Merging
from portal.registry.kinds import Need
from portal.registry.models import Household, Resident, ResidentNeed
from portal.rehearsal.acting import acting_as
from portal.web.errors import Refused
from tests import factories
from tests.people import an, gu, li, qian, sun, wang, wu
from tests.registry.staff import BESIDE, ELSEWHERE

Visit = Callable[..., Any]
OLD = {"compound": "3号院", "building": "1", "stairwell": "1", "room": "101"}
NEW = {"compound": "3号院", "building": "3", "stairwell": "2", "room": "401"}


def row(resident: Resident) -> Resident:
    with everywhere(because="the test looks"):
        db.session.expire_all()
        return db.session.get_one(Resident, resident.id)


def trail() -> list[AuditEntry]:
    with everywhere(because="the test looks"):
        return list(db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)))


@pytest.fixture
def zhang(app: Any) -> Resident:
    """Lives with a wife at 3号院1号楼1单元101 and is the head."""
    home = factories.household(**OLD)
    resident = factories.resident(home, name="演示·张三", is_head=True, work="教师")
    factories.resident(home, name="演示·李四", relation="配偶")
    return resident


def found(visit: Visit, resident: Resident, words: str = "3-2-401", *, as_: Any = wang) -> Any:
    return visit("registry.move_person", as_=as_, resident_id=resident.id).send(
        "Find", status=200, where=words
    )


def offered(page: Any) -> list[str]:
    return [" ".join(one.text_content().split()) for one in page.tree.xpath("//div[@class='chips']/label")]


def test_a_person_moves_and_stays_the_same_person(visit: Visit, zhang: Resident) -> None:
    new = factories.household(BESIDE, **NEW)
    factories.resident(new, is_head=True)
    way = visit("registry.person", as_=wang, resident_id=zhang.id)
    assert way.has("Moves to another household…")
    page = found(visit, zhang)
    assert offered(page) == ["3号院3号楼2单元401, 豫苑社区三组一格, 1 person"]
    person = page.send("Move the person there", to=str(new.id), reason="结婚")
    assert person.heading == "演示·张三"
    assert person.has("3号院3号楼2单元401")
    moved = row(zhang)
    assert (moved.household_id, moved.unit_id, moved.grid_id) == (new.id, new.unit_id, new.unit_id)
    assert (moved.is_head, moved.relation, moved.work) == (False, "", "教师")
    assert (moved.document, moved.phone) == (zhang.document, zhang.phone)
    old = visit("registry.show", as_=wang, household_id=zhang.household_id)
    assert not old.has("张三")
    assert old.has("No head of the household")
    assert visit("registry.show", as_=wang, household_id=new.id).has("演示·张三")
    visit("registry.person", as_=qian, resident_id=zhang.id, status=404)


def test_the_trail_names_households_and_nobody(visit: Visit, zhang: Resident) -> None:
    new = factories.household(**NEW)
    found(visit, zhang, as_=qian).send("Move the person there", to=str(new.id), reason="跟祖父母住")
    (entry,) = trail()
    assert (entry.action, entry.subject_id, entry.reason) == ("registry.move_person", zhang.id, "跟祖父母住")
    assert entry.details == {"before": zhang.household_id, "into": new.id}


def test_needs_move_along(visit: Visit, zhang: Resident) -> None:
    with everywhere(because="the test notes a need"):
        place = {"unit_id": zhang.unit_id, "household_id": zhang.household_id}
        db.session.add(ResidentNeed(resident_id=zhang.id, need=Need.DIALYSIS, **place))
        db.session.commit()
    new = factories.household(BESIDE, **NEW)
    found(visit, zhang).send("Move the person there", to=str(new.id))
    with everywhere(because="the test looks"):
        (need,) = db.session.scalars(select(ResidentNeed))
        assert (need.household_id, need.unit_id, need.grid_id) == (new.id, new.unit_id, new.unit_id)


def test_the_last_one_leaves_nobody_and_may_come_back(visit: Visit) -> None:
    old, new = factories.household(**OLD), factories.household(**NEW)
    alone = factories.resident(old, name="演示·张三")
    found(visit, alone, as_=qian).send("Move the person there", to=str(new.id))
    assert visit("registry.show", as_=qian, household_id=old.id).has("Nobody is registered here.")
    found(visit, alone, "3号院1号楼101", as_=qian).send("Move the person there", to=str(old.id))
    assert row(alone).household_id == old.id


def test_a_household_that_has_a_head_or_nobody_says_nothing_about_one(visit: Visit, zhang: Resident) -> None:
    for home in (zhang.household_id, factories.household().id):
        assert not visit("registry.show", as_=qian, household_id=home).has("No head of the household")


# ── what is found ────────────────────────────────────────────────────────────────────────────────────────────────


def test_nothing_is_chosen_without_an_address(visit: Visit, zhang: Resident) -> None:
    page = visit("registry.move_person", as_=qian, resident_id=zhang.id)
    assert page.buttons().count("Move the person there") == 0
    assert page.send("Find", status=422).has("Enter the address")


def test_ones_own_home_and_those_of_other_places_are_not_offered(visit: Visit, zhang: Resident) -> None:
    factories.household(ELSEWHERE, **OLD), factories.household(BESIDE, **OLD)
    page = found(visit, zhang, "1-1-101", as_=qian)
    assert offered(page) == []
    assert page.has("No other household was found here.")
    assert page.has("A new household here…")
    assert offered(found(visit, zhang, "1-1-101")) == ["3号院1号楼1单元101, 豫苑社区三组一格, nobody"]
    assert len(offered(found(visit, zhang, "1-1-101", as_=li))) == 2


def test_one_must_be_chosen(visit: Visit, zhang: Resident) -> None:
    factories.household(**NEW)
    assert found(visit, zhang).send("Move the person there", status=422).has("Choose the household")


def test_many_are_not_all_shown(visit: Visit, zhang: Resident) -> None:
    for room in range(moving.MOST + 1):
        factories.household(compound="长街", building="", stairwell="", room=f"{room}号")
    page = found(visit, zhang, "长街")
    assert len(offered(page)) == moving.MOST
    assert page.has("There are more. Write the address more exactly.")


def test_what_restricts_either_household_is_said(visit: Visit, zhang: Resident) -> None:
    new, free = factories.household(**NEW), factories.household(**NEW)
    page = found(visit, zhang)
    assert not page.has("restricted")
    factories.restriction(new)
    page = found(visit, zhang)
    assert offered(page) == [
        "3号院3号楼2单元401, 豫苑社区三组二格, nobody, restricted: Returnee awaiting assessment",
        "3号院3号楼2单元401, 豫苑社区三组二格, nobody",
    ]
    assert page.has("Whoever moves into a restricted household is restricted with it.")
    assert not page.has("does not move along")
    with everywhere(because="the test reads"):
        old = db.session.get_one(Household, zhang.household_id)
    factories.restriction(old)
    page = found(visit, zhang)
    assert page.has(
        "The household is restricted: Returnee awaiting assessment. That stays with the household"
    )
    page.send("Move the person there", to=str(free.id))
    assert visit("registry.show", as_=wang, household_id=old.id).has("Returnee awaiting assessment")
    assert not visit("registry.show", as_=wang, household_id=free.id).has("Returnee awaiting assessment")


# ── what is refused ──────────────────────────────────────────────────────────────────────────────────────────────


def test_to_the_same_household(post: Visit, zhang: Resident) -> None:
    data = {"where": "1-1-101", "to": str(zhang.household_id), "move": "yes"}
    page = post("registry.move_person", as_=qian, resident_id=zhang.id, data=data, status=409)
    assert page.has("This person lives in that household already.")
    assert row(zhang).is_head
    assert trail() == []


@pytest.mark.parametrize(("person", "where"), [(wang, ELSEWHERE), (qian, BESIDE)], ids=str)
def test_out_of_ones_place(post: Visit, zhang: Resident, person: Any, where: str) -> None:
    stranger = factories.household(where, **NEW)
    data = {"where": "3-2-401", "to": str(stranger.id), "move": "yes"}
    post("registry.move_person", as_=person, resident_id=zhang.id, data=data, status=404)
    assert row(zhang).household_id == zhang.household_id


@pytest.mark.parametrize(("person", "status"), [(sun, 404), (wu, 404), (an, 403), (gu, 403)], ids=str)
def test_who_may_not(visit: Visit, post: Visit, zhang: Resident, person: Any, status: int) -> None:
    new = factories.household(**NEW)
    data = {"where": "3-2-401", "to": str(new.id), "move": "yes"}
    visit("registry.move_person", as_=person, resident_id=zhang.id, status=status)
    post("registry.move_person", as_=person, resident_id=zhang.id, data=data, status=status)
    assert row(zhang).household_id == zhang.household_id


def test_the_office_moves_somebody_to_another_community(visit: Visit, zhang: Resident) -> None:
    new = factories.household(ELSEWHERE, **NEW)
    found(visit, zhang, as_=li).send("Move the person there", to=str(new.id))
    assert visit("registry.person", as_=wu, resident_id=zhang.id).has("3号院3号楼2单元401")
    visit("registry.person", as_=wang, resident_id=zhang.id, status=404)


def test_who_has_left_comes_back_first(visit: Visit, zhang: Resident) -> None:
    visit("registry.left", as_=qian, resident_id=zhang.id).send("Record as left", reason="搬走")
    assert not visit("registry.person", as_=qian, resident_id=zhang.id).has("Moves to another household…")
    page = visit("registry.move_person", as_=qian, resident_id=zhang.id, status=409)
    assert page.has("Record first that they live here again.")


def test_a_household_that_was_merged_meanwhile(app: Any, zhang: Resident) -> None:
    new = factories.household(**NEW)
    with acting_as("qian"):
        resident, household = db.session.get_one(Resident, zhang.id), db.session.get_one(Household, new.id)
        merging = update(Household.__table__).where(Household.__table__.c.id == new.id)
        db.session.connection().execute(merging.values(merged_into_id=zhang.household_id))
        with pytest.raises(Refused) as refused:
            moving.move(resident, household, "")
        assert refused.value.sentence is moving.MERGED_MEANWHILE
        assert resident.household_id == zhang.household_id


def test_sent_twice_moves_once(post: Visit, zhang: Resident) -> None:
    new = factories.household(**NEW)
    data = {"where": "3-2-401", "to": str(new.id), "move": "yes", "once": "m" * 22}
    for _time in range(2):
        page = post("registry.move_person", as_=qian, resident_id=zhang.id, data=data)
        assert page.heading == "演示·张三"
    assert [entry.action for entry in trail()] == ["registry.move_person"]


def test_in_chinese(visit: Visit, zhang: Resident) -> None:
    visit("registry.move_person", as_=qian, resident_id=zhang.id, language="zh_Hans")


def test_a_merging_of_somebody_who_moved_out_of_sight_is_undone_by_who_sees_both(
    visit: Visit, post: Visit, zhang: Resident
) -> None:
    with everywhere(because="the test reads"):
        home = db.session.get_one(Household, zhang.household_id)
    again = factories.resident(home, name="演示·张三", document=None)
    post("registry.merge_two", as_=qian, what="people", one_id=zhang.id, other_id=again.id)
    assert visit("registry.merged", as_=qian).has("Undo")
    with everywhere(because="the test looks"):
        merging_id = db.session.scalars(select(Merging.id)).one()
    new = factories.household(BESIDE, **NEW)
    found(visit, zhang).send("Move the person there", to=str(new.id))
    assert not visit("registry.merged", as_=qian).has("Undo")
    page = post("registry.unmerge", as_=qian, merging_id=merging_id, status=409)
    assert page.has("Ask somebody who works for both to undo it.")
    visit("registry.merged", as_=wang).send("Undo")
    assert row(again).merged_into_id is None
    assert row(zhang).household_id == new.id
