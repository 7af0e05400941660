"""Two records become one: everything that hangs on either stays together, and comes apart again when it is undone."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from portal.access.scope import everywhere
from portal.audit.models import AuditEntry
from portal.database import db
from portal.passes.models import Pass, Trip
from portal.registry import duties
from portal.registry.duplicates import hanging, service
from portal.registry.duplicates.models import Merging, NotSame
from portal.registry.kinds import Sex
from portal.registry.models import Household, Resident
from portal.registry.service import record_as_left
from portal.web.errors import Refused
from portal.workflow.models import StepTaken
from tests import factories
from tests.passes.conftest import acting_as
from tests.people import Person, sun, wang
from tests.registry_duplicates.making import hang_one_of_each, make
from tests.registry_duplicates.worlds import again, hung_on, snapshot

OTHER_GRID = "豫苑社区三组一格"
Restore = Callable[[], None]


@contextmanager
def acts(app: Flask, person: Person = wang) -> Iterator[None]:
    db.session.remove()
    with acting_as(app, person):
        yield


def both(*records: Any) -> list[Any]:
    """The records in the session of who acts now."""
    return [db.session.get_one(type(record), record.id) for record in records]


def merge(app: Flask, kept: Any, other: Any) -> int:
    with acts(app):
        merging = service.merge(*both(kept, other))
        return merging.id


def undo(app: Flask, merging_id: int) -> None:
    with acts(app):
        service.undo(db.session.get_one(Merging, merging_id))


def two_people(grid: str = "豫苑社区三组二格", **values: Any) -> tuple[Resident, Resident]:
    here, there = factories.household(), factories.household(grid)
    return factories.resident(here, name="演示·张三"), factories.resident(there, name="演示·张三", **values)


def two_households(grid: str = "豫苑社区三组二格") -> tuple[Household, Household]:
    made = [factories.household(where, building="2", room="401") for where in ("豫苑社区三组二格", grid)]
    for home in made:
        with everywhere(because="the test's households are answered for"):
            duties.take_up(home.unit_id, [home.id])
            db.session.commit()
        factories.resident(home, is_head=True), factories.resident(home)
    return made[0], made[1]


PAIRS = {"people": two_people, "households": two_households}
each = pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
each_grid = pytest.mark.parametrize("grid", ["豫苑社区三组二格", OTHER_GRID])


# ── everything comes along ───────────────────────────────────────────────────────────────────────────────────────


@each
@each_grid
def test_whatever_names_either_names_the_one_that_is_kept(app: Flask, pair: Any, grid: str) -> None:
    kept, other = pair(grid)
    hang_one_of_each(kept), hang_one_of_each(other)
    before = {name: hung_on(kept)[name] + more for name, more in hung_on(other).items()}
    assert min(before.values()) >= 2, "a row of every kind hangs on both"
    merge(app, kept, other)
    assert hung_on(kept) == before
    assert set(hung_on(other).values()) == {0}


@each
@each_grid
def test_merged_and_undone_is_as_before(app: Flask, pair: Any, grid: str) -> None:
    kept, other = pair(grid)
    hang_one_of_each(kept), hang_one_of_each(other)
    before = snapshot()
    merging = merge(app, kept, other)
    assert snapshot() != before
    undo(app, merging)
    assert snapshot() == before


@settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    facts=st.tuples(*[st.fixed_dictionaries({"work": st.sampled_from(["", "教师", "司机"])})] * 2),
    sexes=st.tuples(*[st.sampled_from([None, Sex.FEMALE, Sex.MALE])] * 2),
    phones=st.tuples(*[st.sampled_from([None, "15400001111", "15400002222"])] * 2),
    heads=st.tuples(st.booleans(), st.booleans()),
    same_home=st.booleans(),
    hung=st.tuples(st.booleans(), st.booleans()),
    turned=st.booleans(),
)
def test_whatever_is_known_of_them_undoing_brings_it_back(app: Flask, **drawn: Any) -> None:
    home = factories.household()
    homes = (home, home if drawn["same_home"] else factories.household(OTHER_GRID))
    people = [
        factories.resident(
            homes[n],
            document=None,
            phone=drawn["phones"][n],
            sex=drawn["sexes"][n],
            is_head=drawn["heads"][n],
            **drawn["facts"][n],
        )
        for n in (0, 1)
    ]
    for person, hangs in zip(people, drawn["hung"], strict=True):
        if hangs:
            hang_one_of_each(person)
    before = snapshot()
    undo(app, merge(app, *(reversed(people) if drawn["turned"] else people)))
    assert snapshot() == before


def test_the_one_that_is_kept_takes_over_what_it_lacks(app: Flask) -> None:
    home = factories.household()
    kept = factories.resident(home, document=None, phone=None, work="教师")
    other = factories.resident(home, sex=Sex.FEMALE, work="司机", is_head=True)
    number, phone = other.document, other.phone
    merge(app, kept, other)
    after = again(kept)
    assert (after.document, after.phone, after.sex, after.work) == (number, phone, Sex.FEMALE, "教师")
    assert after.is_head
    assert again(other).merged_into_id == kept.id


def test_a_household_keeps_its_head_and_its_people_come_together(app: Flask) -> None:
    kept, other = two_households(OTHER_GRID)
    merge(app, kept, other)
    with everywhere(because="the test looks"):
        people = db.session.scalars(select(Resident).where(Resident.household_id == kept.id)).all()
        assert len(people) == 4
        assert {person.unit_id for person in people} == {kept.unit_id}
        assert sum(person.is_head for person in people) == 1


def test_a_pass_follows_its_person_with_its_trips_and_steps(app: Flask) -> None:
    kept, other = two_people(OTHER_GRID)
    home = {"household_id": other.household_id}
    pass_id = make(Pass, other.unit_id, resident_id=other.id, **home)
    make(Trip, other.unit_id, pass_id=pass_id, **home)
    make(StepTaken, other.unit_id, record="pass", record_id=pass_id)
    before = snapshot()
    merging = merge(app, kept, other)
    with everywhere(because="the test looks"):
        held, trip = db.session.get_one(Pass, pass_id), db.session.scalars(select(Trip)).one()
        step = db.session.scalars(select(StepTaken)).one()
        assert (held.household_id, held.unit_id) == (kept.household_id, kept.unit_id)
        assert (trip.household_id, trip.unit_id) == (kept.household_id, kept.unit_id)
        assert step.unit_id == kept.unit_id
    undo(app, merging)
    assert snapshot() == before


def test_nobody_answers_for_a_household_that_is_another_one(app: Flask) -> None:
    kept, other = two_households()
    merging = merge(app, kept, other)
    with everywhere(because="the test looks"):
        assert [held.until is not None for held in duties.history(other.id)] == [True, True]
        assert [held.until for held in duties.history(kept.id)] == [None, None]
    undo(app, merging)
    with everywhere(because="the test looks"):
        assert [held.until for held in duties.history(other.id)] == [None, None]


# ── hidden, audited ──────────────────────────────────────────────────────────────────────────────────────────────


@each
def test_what_was_merged_is_in_no_list_and_the_trail_tells_of_it(app: Flask, pair: Any) -> None:
    kept, other = pair()
    model = type(kept)
    merging = merge(app, kept, other)
    with everywhere(because="the test looks"):
        assert other.id not in db.session.scalars(select(model.id)).all()
        assert db.session.get(model, other.id) is None
    undo(app, merging)
    with everywhere(because="the test looks"):
        assert other.id in db.session.scalars(select(model.id)).all()
        told = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [one.action for one in told][-2:] == ["registry.merge", "registry.unmerge"]
    assert told[-1].details["other"] == other.id


# ── refused ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_record_is_merged_once(app: Flask) -> None:
    kept, other = two_people()
    merge(app, kept, other)
    for first, second in ((kept, other), (other, kept)):
        with acts(app), pytest.raises(Refused, match="Somebody was first"):
            service.merge(
                service.record_of(Merging(record="resident"), first.id),
                service.record_of(Merging(record="resident"), second.id),
            )


def test_who_lives_here_is_kept(app: Flask) -> None:
    gone, living = two_people()
    with acts(app):
        record_as_left(both(gone)[0], "moved")
    with acts(app), pytest.raises(Refused, match="who lives here"):
        service.merge(*both(gone, living))


def test_undone_once(app: Flask) -> None:
    merging = merge(app, *two_people())
    undo(app, merging)
    with pytest.raises(Refused, match="undone already"):
        undo(app, merging)


@each
def test_not_undone_once_something_new_depends_on_it(app: Flask, pair: Any) -> None:
    kept, other = pair()
    merging = merge(app, kept, other)
    model, key = next(iter(hanging.pointers_to(kept.__tablename__)))
    make(model, kept.unit_id, **{key: kept.id})
    with pytest.raises(Refused, match="Something new"):
        undo(app, merging)
    assert again(other).merged_into_id == kept.id


def test_the_later_one_of_two_is_undone_first(app: Flask) -> None:
    home = factories.household()
    first, second, third = (factories.resident(home) for _ in range(3))
    before = snapshot()
    early = merge(app, second, first)
    late = merge(app, third, second)
    with pytest.raises(Refused, match="Undo that first"):
        undo(app, early)
    undo(app, late)
    undo(app, early)
    assert snapshot() == before


# ── not the same ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_not_the_same_is_remembered_once_and_for_who_it_turns_out_to_be(app: Flask) -> None:
    home = factories.household()
    first, second, third = (factories.resident(home) for _ in range(3))
    with acts(app):
        service.not_same(*both(third, first))
        service.not_same(*both(first, third))
    merging = merge(app, second, first)
    assert told_apart() == {(first.id, third.id), (second.id, third.id)}
    undo(app, merging)
    assert told_apart() == {(first.id, third.id)}


def told_apart() -> set[tuple[int, int]]:
    with everywhere(because="the test looks"):
        return {(pair.low_id, pair.high_id) for pair in db.session.scalars(select(NotSame))}


def test_a_stranger_neither_sees_nor_merges(app: Flask, visit: Any, post: Any) -> None:
    one, other = two_people()
    for what, pair in (("people", (one, other)), ("households", (one.household_id, other.household_id))):
        ids = [getattr(record, "id", record) for record in pair]
        values = {"what": what, "one_id": ids[0], "other_id": ids[1]}
        visit("registry.compare", as_=sun, status=404, **values)
        for endpoint in ("registry.merge_two", "registry.tell_apart"):
            post(endpoint, as_=sun, status=404, **values)
    merging = merge(app, one, other)
    post("registry.unmerge", as_=sun, merging_id=merging, status=404)
    assert visit("registry.merged", as_=sun).has("Nothing has been merged yet.")
