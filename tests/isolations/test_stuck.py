"""No release gets stuck: an order that ended, a grid that was redrawn, a carer who left, a record that was a double."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.access.scope import everywhere
from portal.clock import now, rehearsing
from portal.database import db
from portal.isolations import service, standing
from portal.isolations.kinds import IsolationState, Slot
from portal.isolations.models import HANGING, GapExplained, Isolation
from portal.orders import service as orders
from portal.orders.models import Order
from portal.registry import moving, redrawing
from portal.registry import service as registry
from portal.registry.duplicates import service as duplicates
from portal.registry.duplicates.models import Merging
from portal.registry.models import Household, HouseholdRestriction, Resident
from portal.units.models import Unit
from portal.web.errors import Refused
from portal.workflow.models import StepTaken
from tests.factories import household
from tests.isolations import world
from tests.isolations.world import hour
from tests.passes.conftest import acting_as
from tests.people import li, qian, wang

NEXT_GRID = "豫苑社区三组一格"


@pytest.fixture
def order(app) -> Any:
    return world.order()


# ── an order that ends at noon ───────────────────────────────────────────────────────────────────────────────────


def test_when_the_order_ends_at_noon_it_is_said_and_everybody_can_go(app, order, visit) -> None:
    isolation_id = world.isolated(starts=hour(8, days=-3))
    world.end_order(order.id, hour(12, days=-1))
    for person in (wang, li):
        assert visit("today.index", as_=person).has("Isolations without an order in force")
    page = visit("isolations.show", as_=wang, isolation_id=isolation_id)
    assert page.has("This isolation is no longer based on an order in force.")
    assert page.has("yesterday 12:00")
    assert not page.has("checks missed")
    asked = page.tree.xpath("//table//a[contains(@href, '/gap')]/@href")
    assert len(asked) == 5, "what nothing orders any more is not asked for"
    assert not visit("today.index", as_=qian).has("Health checks missed")
    assert visit("isolations.index", as_=wang, show="no_order").has("演示·孟*")
    visit("isolations.release", as_=wang, isolation_id=isolation_id).send("Release", **world.MEDIC)
    assert world.row(isolation_id).state is IsolationState.RELEASED


def test_a_minute_before_noon_nothing_has_changed_and_at_noon_it_has(app, order) -> None:
    isolation_id = world.isolated()
    with rehearsing(hour(9)), acting_as(app, li):
        db.session.get_one(Order, order.id).ended_at = hour(12)
    for at, lost in ((hour(12) - timedelta(minutes=1), False), (hour(12), True)):
        with rehearsing(at), acting_as(app, wang):
            isolation = db.session.get_one(Isolation, isolation_id)
            assert standing.has_lost_its_order(isolation, now()) is lost
            found = select(Isolation.id).where(standing.lost_their_order(now()))
            assert db.session.scalars(found).all() == ([isolation_id] if lost else [])


def test_placed_under_a_new_order_it_goes_on_and_the_time_between_is_explained(app, order, visit) -> None:
    isolation_id = world.isolated(starts=hour(8, days=-4))
    world.checked(isolation_id, -4, -3)
    world.end_order(order.id, hour(12, days=-2))
    world.check(isolation_id, hour(8, days=-2), entered=hour(9, days=-1))
    page = visit("isolations.show", as_=wang, isolation_id=isolation_id)
    assert "Place under" not in " ".join(page.buttons()), "no order switches it on now"
    new = world.order(effective_from=hour(9), number="重阳防指〔2026〕99号")
    page = visit("isolations.show", as_=wang, isolation_id=isolation_id).send(
        "Place under 重阳防指〔2026〕99号"
    )
    assert not page.has("no longer based on")
    row = world.row(isolation_id)
    assert row.order_id == new.id
    with everywhere(because="the test looks"):
        told = db.session.scalars(select(GapExplained).order_by(GapExplained.day, GapExplained.id)).all()
        assert [(one.day, one.slot, one.why) for one in told] == [
            (world.day(-2), Slot.EVENING, service.NO_ORDER_BETWEEN),
            (world.day(-1), Slot.MORNING, service.NO_ORDER_BETWEEN),
            (world.day(-1), Slot.EVENING, service.NO_ORDER_BETWEEN),
            (world.day(0), Slot.MORNING, service.NO_ORDER_BETWEEN),
        ]


def test_an_order_replaced_without_a_gap_carries_on(app, order) -> None:
    isolation_id = world.isolated()
    with acting_as(app, li):
        old = db.session.get_one(Order, order.id)
        new = orders.extend(old, "重阳防指〔2026〕100号", old.until + timedelta(days=7))
        new.effective_from = now() + timedelta(hours=1)
        orders.put_in_force(new)
    with rehearsing(hour(12)), acting_as(app, wang):
        assert not standing.has_lost_its_order(db.session.get_one(Isolation, isolation_id), now())


def test_a_later_order_changes_nothing_under_way(app, order) -> None:
    isolation_id = world.isolated()
    before = world.row(isolation_id)
    world.order(parameters={"days": 3, "morning": 480, "threshold": 370}, effective_from=hour(9))
    world.check(isolation_id, hour(9, 30), 371)
    row = world.row(isolation_id)
    assert (row.ends_at, row.parameters, row.alarm_since) == (before.ends_at, before.parameters, None)


# ── another grid, another carer, another record ──────────────────────────────────────────────────────────────────


def test_it_follows_its_household_to_another_grid_and_is_released_there(app, order, visit) -> None:
    person = world.somebody()
    isolation_id = world.ready(person)
    with acting_as(app, wang):
        there = db.session.scalars(select(Unit).where(Unit.full_name == NEXT_GRID)).one()
        redrawing.move([person.household_id], there, "划格")
        there_id = there.id
    with everywhere(because="the test looks"):
        for model in (Isolation, *HANGING, HouseholdRestriction, StepTaken):
            assert set(db.session.scalars(select(model.unit_id))) <= {there_id}, model.__name__
    visit("isolations.show", as_=qian, isolation_id=isolation_id, status=404)
    world.release(isolation_id)
    assert world.restrictions(person.household_id) == [False]


def twins() -> tuple[Resident, Resident]:
    return world.somebody("演示·孟晓燕"), world.somebody("演示·孟晓艳", household())


def merge(app, kept: Resident, other: Resident) -> int:
    with acting_as(app, wang):
        return duplicates.merge(
            db.session.get_one(Resident, kept.id), db.session.get_one(Resident, other.id)
        ).id


def test_a_person_merged_as_a_double_is_released_where_they_live(app, order) -> None:
    kept, other = twins()
    isolation_id = world.ready(other)
    merge(app, kept, other)
    row = world.row(isolation_id)
    assert (row.resident_id, row.household_id) == (kept.id, kept.household_id)
    assert world.restrictions(kept.household_id) == [True], "the household where they live is restricted"
    assert world.restrictions(other.household_id) == []
    with pytest.raises(Refused, match="isolated already"):
        world.isolated(kept, starts=hour(9))
    world.release(isolation_id)
    assert world.restrictions(kept.household_id) == [False]


def test_a_merging_that_is_undone_puts_everything_back(app, order) -> None:
    kept, other = twins()
    isolation_id = world.ready(other)
    merging_id = merge(app, kept, other)
    with acting_as(app, wang):
        duplicates.undo(db.session.get_one(Merging, merging_id))
    row = world.row(isolation_id)
    assert (row.resident_id, row.household_id) == (other.id, other.household_id)
    assert (world.restrictions(kept.household_id), world.restrictions(other.household_id)) == ([], [True])
    world.release(isolation_id)


def test_both_doubles_isolated_is_said_and_each_can_be_ended(app, order, visit) -> None:
    kept, other = twins()
    first, second = world.ready(kept), world.isolated(other)
    merge(app, kept, other)
    for isolation_id in (first, second):
        assert visit("isolations.show", as_=wang, isolation_id=isolation_id).has("isolated a second time")
    with acting_as(app, wang):
        service.strike_out(db.session.get_one(Isolation, second), "两条记录为同一人")
    assert not visit("isolations.show", as_=wang, isolation_id=first).has("isolated a second time")
    world.release(first)
    assert world.restrictions(kept.household_id) == [False, False]


def test_who_was_recorded_as_left_is_said_and_can_be_ended(app, order, visit) -> None:
    person = world.somebody()
    isolation_id = world.isolated(person)
    with acting_as(app, wang):
        registry.record_as_left(db.session.get_one(Resident, person.id), "迁出")
    assert visit("isolations.show", as_=wang, isolation_id=isolation_id).has("no longer lives here")
    page = visit("isolations.move_elsewhere", as_=wang, isolation_id=isolation_id)
    assert page.send("End early", common="Moved to another community").has("Ended early")
    with pytest.raises(Refused, match="no longer lives here"):
        world.isolated(person, starts=hour(9))


def test_a_household_merged_as_a_double_takes_the_isolation_and_its_restriction_along(app, order) -> None:
    kept, other = household(), household()
    isolation_id = world.ready(world.somebody(home=other))
    with acting_as(app, wang):
        both = (db.session.get_one(Household, one.id) for one in (kept, other))
        merging_id = duplicates.merge(*both).id
    assert world.row(isolation_id).household_id == kept.id
    assert (world.restrictions(kept.id), world.restrictions(other.id)) == ([True], [])
    with acting_as(app, wang):
        duplicates.undo(db.session.get_one(Merging, merging_id))
    assert (world.restrictions(kept.id), world.restrictions(other.id)) == ([], [True])
    world.release(isolation_id)
    assert world.restrictions(other.id) == [False]


def test_who_is_isolated_does_not_move_to_another_household(app, order) -> None:
    isolation_id, other = world.isolated(), household().id
    with acting_as(app, wang):
        person = db.session.get_one(Resident, world.row(isolation_id).resident_id)
        with pytest.raises(Refused, match="This person is isolated"):
            moving.move(person, db.session.get_one(Household, other), "")
