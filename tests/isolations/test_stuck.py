"""No release gets stuck: an order that ended, a grid that was redrawn, a carer who left, a record that was a double."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.access.scope import everywhere
from portal.accounts import service as accounts
from portal.accounts.models import Account, Appointment
from portal.clock import now, rehearsing, today
from portal.database import db
from portal.isolations import care, checks, service, standing
from portal.isolations.kinds import IsolationKind, IsolationState, Slot
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
from tests.people import li, qian, wang, wu, zhao

NEXT_GRID = "豫苑社区三组一格"


@pytest.fixture
def order(app) -> Any:
    return world.order()


def release(app, isolation_id: int, by: Any = wang) -> None:
    with acting_as(app, by):
        isolation = db.session.get_one(Isolation, isolation_id)
        service.release(isolation, medic="演示·齐医生", medic_unit="卫生服务中心")


def end_order(app, order_id: int, at: Any) -> None:
    with rehearsing(at), acting_as(app, li):
        orders.end(db.session.get_one(Order, order_id), "疫情平稳")


# ── an order that ends at noon ───────────────────────────────────────────────────────────────────────────────────


def test_when_the_order_ends_at_noon_it_is_said_and_everybody_can_go(app, order, visit) -> None:
    isolation_id = world.isolated(starts=hour(8, days=-3))
    end_order(app, order.id, hour(12, days=-1))
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
    end_order(app, order.id, hour(12, days=-2))
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
    release(app, isolation_id)
    assert world.restrictions(person.household_id) == [False]


def test_a_carer_who_left_is_named_as_a_gap_and_holds_nobody(app, order, visit) -> None:
    isolation_id = world.ready()
    with acting_as(app, wang):
        give_a_grid_member(isolation_id)
    assert not visit("isolations.show", as_=wang, isolation_id=isolation_id).has("no longer serves here")
    with acting_as(app, wang):
        theirs = select(Appointment).join(Account).where(Account.sign_in_name == "qian")
        accounts.end_appointment(db.session.scalars(theirs).one(), today() - timedelta(days=1), "调离")
    assert visit("isolations.show", as_=wang, isolation_id=isolation_id).has("no longer serves here")
    assert visit("today.index", as_=wang).has("Isolations whose days are complete")
    release(app, isolation_id)


def give_a_grid_member(isolation_id: int) -> None:
    isolation = db.session.get_one(Isolation, isolation_id)
    worker = next(one for one in care.choices(isolation.unit_id, care.CarerRole.GRID_MEMBER))
    care.change(isolation, [care.named_worker(care.CarerRole.GRID_MEMBER, worker)])


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
    release(app, isolation_id)
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
    release(app, isolation_id)


def test_both_doubles_isolated_is_said_and_each_can_be_ended(app, order, visit) -> None:
    kept, other = twins()
    first, second = world.ready(kept), world.isolated(other)
    merge(app, kept, other)
    for isolation_id in (first, second):
        assert visit("isolations.show", as_=wang, isolation_id=isolation_id).has("isolated a second time")
    with acting_as(app, wang):
        service.strike_out(db.session.get_one(Isolation, second), "两条记录为同一人")
    assert not visit("isolations.show", as_=wang, isolation_id=first).has("isolated a second time")
    release(app, first)
    assert world.restrictions(kept.household_id) == [False, False]


def test_who_was_recorded_as_left_is_said_and_can_be_ended(app, order, visit) -> None:
    person = world.somebody()
    isolation_id = world.isolated(person)
    with acting_as(app, wang):
        registry.record_as_left(db.session.get_one(Resident, person.id), "迁出")
    assert visit("isolations.show", as_=wang, isolation_id=isolation_id).has("no longer lives here")
    page = visit("isolations.move_elsewhere", as_=wang, isolation_id=isolation_id)
    assert page.send("Moved elsewhere", common="Moved to another community").has("Moved elsewhere")
    with pytest.raises(Refused, match="no longer lives here"):
        world.isolated(person, starts=hour(9))


# ── what release lacks, and one tap to mend it ───────────────────────────────────────────────────────────────────


def test_each_missing_condition_is_one_tap_from_being_mended(app, order, visit) -> None:
    isolation_id = world.isolated(starts=hour(8, days=-15), told=False)
    world.checked(isolation_id, -15, -3, but=[(-7, Slot.MORNING)])
    world.check(isolation_id, hour(8, days=-2), 380)
    page = visit("isolations.show", as_=wang, isolation_id=isolation_id)
    for said in (
        "Has not been told of the obligations yet",
        "4 checks are missing without a reason, the first: 16 Nov, morning",
        "A fever or symptom waits for somebody",
        "Two temperatures below 37.3 ℃ of yesterday or today are needed",
    ):
        assert page.has(said)
    mends = page.tree.xpath("//ul[@class='plain']//a/@href")
    assert [href.split("?")[0].rsplit("/", 1)[-1] for href in mends] == [
        "tell",
        "gap",
        "seen",
        str(world.row(isolation_id).household_id),
    ]
    for href in mends:
        visit(href, as_=wang)


def test_what_lacks_anything_is_not_released_whatever_is_posted(app, order, post) -> None:
    isolation_id = world.isolated(starts=hour(8, days=-15))
    world.checked(isolation_id, -15, 0, but=[(-7, Slot.MORNING)])
    post(f"/isolations/{isolation_id}/release", as_=wang, data=world.MEDIC, status=409)
    with acting_as(app, qian):
        checks.explain(db.session.get_one(Isolation, isolation_id), (world.day(-7), Slot.MORNING), "住院检查")
    post(f"/isolations/{isolation_id}/release", as_=wang, data=world.MEDIC)
    assert world.row(isolation_id).state is IsolationState.RELEASED


def test_a_day_is_not_complete_before_midnight(app, order, post) -> None:
    isolation_id = world.isolated(starts=hour(8, days=-14))
    world.checked(isolation_id, -14, 0)
    post(f"/isolations/{isolation_id}/release", as_=wang, data=world.MEDIC, status=409)
    with rehearsing(hour(16)), acting_as(app, qian):
        isolation = db.session.get_one(Isolation, isolation_id)
        checks.enter(isolation, checks.Taken(Slot.EVENING, hour(16), 364))
    for at, met in ((hour(23, 59), False), (hour(0, days=1), True)):
        with rehearsing(at), acting_as(app, wang):
            isolation = db.session.get_one(Isolation, isolation_id)
            assert all(one.is_met for one in standing.conditions(isolation, now())) is met


# ── extension ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_extended_with_a_reason_and_an_order_it_asks_for_more_checks(app, order, visit) -> None:
    isolation_id = world.ready()
    assert world.row(isolation_id).next_cut_off is None
    page = visit("isolations.extend", as_=wang, isolation_id=isolation_id)
    page = page.send("Extend", last_day="2026-11-29", common="A test was positive")
    assert page.has("Extended until 29 Nov 24:00")
    row = world.row(isolation_id)
    assert (row.ends_at, row.next_cut_off) == (hour(0, days=7), hour(17))
    visit("isolations.show", as_=wang, isolation_id=isolation_id)


@pytest.mark.parametrize("last_day", ["2026-11-22", "2026-11-01", "2027-12-01", ""])
def test_an_end_that_is_not_later_or_far_too_late_is_refused(app, order, visit, last_day: str) -> None:
    isolation_id = world.ready()
    page = visit("isolations.extend", as_=wang, isolation_id=isolation_id)
    page.send("Extend", status=422, last_day=last_day, common="A test was positive")
    assert world.row(isolation_id).ends_at == hour(0)


def test_two_who_extend_at_once_extend_once(app, order) -> None:
    isolation_id = world.ready()
    for times in (1, 2):
        with acting_as(app, wang):
            isolation = db.session.get_one(Isolation, isolation_id)
            if times == 1:
                service.extend(isolation, hour(0, days=3), "检测阳性")
                continue
            with pytest.raises(Refused, match="already"):
                service.extend(isolation, hour(0, days=3), "检测阳性")


def test_without_an_order_nothing_is_extended(app, visit, post) -> None:
    order = world.order(kinds=[IsolationKind.HOME])
    isolation_id = world.isolated()
    end_order(app, order.id, hour(9))
    page = visit("isolations.extend", as_=wang, isolation_id=isolation_id)
    page.send("Extend", status=409, last_day="2026-12-20", common="A test was positive")


@pytest.mark.parametrize("person", [qian, zhao, wu], ids=str)
def test_who_may_not_order_does_not_extend(app, order, visit, person) -> None:
    isolation_id = world.isolated()
    visit("isolations.extend", as_=person, isolation_id=isolation_id, status=403)


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
    release(app, isolation_id)
    assert world.restrictions(other.id) == [False]


def test_who_is_isolated_does_not_move_to_another_household(app, order) -> None:
    isolation_id, other = world.isolated(), household().id
    with acting_as(app, wang):
        person = db.session.get_one(Resident, world.row(isolation_id).resident_id)
        with pytest.raises(Refused, match="This person is isolated"):
            moving.move(person, db.session.get_one(Household, other), "")
