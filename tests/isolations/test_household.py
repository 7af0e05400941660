"""What an isolated person means for the household: its passes stop at once, and work again with the last release."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from portal.clock import now
from portal.database import db
from portal.isolations import service
from portal.isolations.kinds import IsolationState
from portal.isolations.models import Isolation
from portal.passes import service as passes
from portal.passes.kinds import Shown
from portal.passes.models import Pass
from portal.passes.standing import shown_state
from portal.registry import service as registry
from tests.gate.world import scan, verdict
from tests.isolations import world
from tests.passes.conftest import acting_as, asked
from tests.people import gu, qian, wang, zhao


@pytest.fixture
def home(app) -> Any:
    """A household of two with an issued pass."""
    world.order()
    zhang = world.somebody("演示·张三")
    street = SimpleNamespace(home=SimpleNamespace(id=zhang.household_id, unit_id=zhang.unit_id), zhang=zhang)
    with acting_as(app, qian):
        pass_ = passes.draft(asked(street))
        passes.apply(pass_)
        pass_id = pass_.id
    for person, step in ((zhao, passes.endorse), (wang, passes.issue)):
        with acting_as(app, person):
            step(db.session.get_one(Pass, pass_id))
    return SimpleNamespace(zhang=zhang, wife=world.beside(zhang, "演示·李四"), pass_id=pass_id)


def shown(app, home: Any) -> Shown:
    with acting_as(app, wang):
        return shown_state(db.session.get_one(Pass, home.pass_id), now() + timedelta(minutes=1))


def test_the_passes_stop_and_work_again_at_once(app, home) -> None:
    assert shown(app, home) is Shown.VALID
    first = world.isolated(home.zhang, starts=now() - timedelta(minutes=5))
    second = world.isolated(home.wife, starts=now() - timedelta(minutes=5))
    assert shown(app, home) is Shown.SUSPENDED
    for isolation_id, then in ((first, Shown.SUSPENDED), (second, Shown.VALID)):
        with acting_as(app, wang):
            service.strike_out(db.session.get_one(Isolation, isolation_id), "登记错误")
        assert shown(app, home) is then


def test_an_order_may_leave_the_passes_alone(app) -> None:
    world.order(parameters={"suspends_passes": False})
    person = world.somebody()
    world.isolated(person)
    assert world.restrictions(person.household_id) == []


def test_a_restriction_lifted_by_hand_keeps_nobody_from_release(app, home) -> None:
    isolation_id = world.ready(home.zhang)
    with acting_as(app, wang):
        registry.lift(db.session.get_one(Isolation, isolation_id).restriction, "家中有人需就医")
    with acting_as(app, wang):
        service.release(
            db.session.get_one(Isolation, isolation_id), medic="演示·齐医生", medic_unit="卫生服务中心"
        )
    assert world.row(isolation_id).state is IsolationState.RELEASED


def test_the_household_shows_who_is_isolated_and_leads_to_the_checks(app, home, visit) -> None:
    page = visit("registry.show", as_=wang, household_id=home.zhang.household_id)
    assert page.has("Order isolation")
    assert not page.has("Enter health checks")
    world.isolated(home.zhang)
    page = visit("registry.show", as_=qian, household_id=home.zhang.household_id)
    assert page.has("Home isolation")
    assert page.has("Enter health checks")
    assert not page.has("Order isolation")


def test_two_with_different_ends_are_released_each_by_themselves(app, home) -> None:
    first = world.ready(home.zhang)
    second = world.isolated(home.wife)
    world.release(first)
    assert shown(app, home) is Shown.SUSPENDED, "the other one's fourteen days are not over"
    assert world.restrictions(home.zhang.household_id) == [False, True]
    with acting_as(app, wang):
        service.move_elsewhere(db.session.get_one(Isolation, second), "死亡")
    assert shown(app, home) is Shown.VALID, "nobody who has died holds up those who are left"
    assert world.row(second).next_cut_off is None


def test_a_whole_household_is_isolated_with_one_form(app, home, visit) -> None:
    page = visit("isolations.new", as_=wang, household_id=home.zhang.household_id)
    typed = {"kind": "home", "start_time": "09:30", "reason": "与确诊病例同住"}
    assert page.send("Order isolation", status=422, **typed).has("Choose who")
    page = page.send("Order isolation", who=[str(home.zhang.id), str(home.wife.id)], **typed)
    assert page.has("2 isolations ordered")
    assert len(world.restrictions(home.zhang.household_id)) == 2
    assert visit("today.index", as_=qian).has("Isolated people to be told")


def test_the_gate_and_the_page_of_the_pass_say_it_at_once(app, home, desk, visit) -> None:
    with acting_as(app, wang):
        code = db.session.get_one(Pass, home.pass_id).code
    assert verdict(scan(desk, gu, code)) == "ok"
    isolation_id = world.isolated(home.zhang, starts=now())
    page = scan(desk, gu, code)
    assert verdict(page) == "no"
    assert page.has("This household's passes are suspended for now.")
    assert not page.has("solation"), "why is nobody's business at a gate"
    assert "exit" not in page.buttons()
    assert visit("passes.show", as_=qian, pass_id=home.pass_id).has("Suspended")
    with acting_as(app, wang):
        service.strike_out(db.session.get_one(Isolation, isolation_id), "登记错误")
    assert verdict(scan(desk, gu, code)) == "ok"
    assert not visit("passes.show", as_=qian, pass_id=home.pass_id).has("Suspended")
