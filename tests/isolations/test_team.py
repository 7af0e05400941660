"""五包一: proposed, completed, and never left to somebody who has gone."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.access.scope import everywhere
from portal.accounts import service as accounts
from portal.accounts.models import Account, Appointment
from portal.clock import now, today
from portal.database import db
from portal.isolations import care
from portal.isolations.kinds import CarerRole
from portal.isolations.models import Isolation
from portal.jobs import daily
from portal.registry import duties
from portal.registry.kinds import Duty
from tests.factories import household
from tests.isolations import world
from tests.passes.conftest import acting_as
from tests.people import an, li, qian, sun, wang
from tests.registry.staff import HERE, account, hire

pytestmark = pytest.mark.any_database

GAP = "Care teams without a cadre or grid member"


@pytest.fixture
def order(app) -> Any:
    return world.order()


def grid_member(app, isolation_id: int) -> int | None:
    """The account of the one in the team, None where the place is a gap."""
    with acting_as(app, wang):
        team = {one.role: one.carer for one in care.team_of(db.session.get_one(Isolation, isolation_id))}
        carer = team[CarerRole.GRID_MEMBER]
        return carer.account_id if carer else None


def let_go(app, account_id: int, last_day: date) -> None:
    with acting_as(app, wang):
        theirs = select(Appointment).where(Appointment.account_id == account_id)
        accounts.end_appointment(db.session.scalars(theirs).one(), last_day, "调离")


def test_the_team_is_proposed_and_remembers_who_did_it_last(app, order, visit) -> None:
    first = world.isolated()
    page = visit("isolations.show", as_=wang, isolation_id=first)
    assert "Medicnobody" in page.text
    page = visit("isolations.team", as_=wang, isolation_id=first)
    page = page.send("Save", medic="演示·齐医生", medic_phone="0396-0234567", police="演示·郑警官")
    assert page.has("演示·齐医生")
    assert "Volunteernobody" in page.text
    second = world.isolated(world.somebody("演示·孟小妹"), starts=now())
    with acting_as(app, wang):
        team = {one.role: one.carer for one in care.team_of(db.session.get_one(Isolation, second))}
        assert (team[CarerRole.MEDIC].name, team[CarerRole.MEDIC].phone) == ("演示·齐医生", "0396-0234567")
        assert team[CarerRole.CADRE].name.startswith("演示·")
        assert team[CarerRole.VOLUNTEER] is None


def test_the_responsible_person_is_proposed_as_the_grid_member(app, order) -> None:
    home = household(responsible_id=account("qian"))
    isolation_id = world.isolated(world.somebody(home=home), starts=now())
    assert grid_member(app, isolation_id) == account("qian")


def test_a_wrong_phone_in_the_team_comes_back(order, visit) -> None:
    isolation_id = world.isolated()
    page = visit("isolations.team", as_=wang, isolation_id=isolation_id)
    page.send("Save", status=422, medic="演示·齐医生", medic_phone="12345")


def test_a_carer_who_left_is_followed_by_who_answers_for_the_household(app, order, visit) -> None:
    first, second = hire(HERE), hire(HERE)
    isolation_id = world.ready(world.somebody(home=household(responsible_id=first, deputy_id=second)))
    assert grid_member(app, isolation_id) == first
    assert not visit("today.index", as_=wang).has(GAP)
    let_go(app, first, today() - timedelta(days=1))
    assert grid_member(app, isolation_id) == second
    assert not visit("today.index", as_=wang).has(GAP)
    world.release(isolation_id)


def test_where_nobody_follows_the_commander_is_told_and_nobody_is_held(app, order, visit) -> None:
    isolation_id = world.ready()
    with acting_as(app, wang):
        give_a_grid_member(isolation_id)
    assert not visit("today.index", as_=wang).has(GAP)
    let_go(app, account("qian"), today() - timedelta(days=1))
    assert grid_member(app, isolation_id) is None
    assert visit("today.index", as_=wang).has(GAP)
    assert not visit("today.index", as_=li).has(GAP), "each community sees to its own"
    assert visit("isolations.index", as_=wang, show="team_gaps").has("演示·孟*")
    world.release(isolation_id)
    assert not visit("today.index", as_=wang).has(GAP)


def test_whose_last_day_has_passed_is_named_and_relieved_the_same_night(app, order, visit) -> None:
    isolation_id = world.isolated()
    with acting_as(app, wang):
        give_a_grid_member(isolation_id)
    with everywhere(because="a day has passed"):
        theirs = select(Appointment).join(Account).where(Account.sign_in_name == "qian")
        db.session.scalars(theirs).one().until = today()
        db.session.commit()
    assert visit("isolations.show", as_=wang, isolation_id=isolation_id).has("no longer serves here")
    with app.app_context():
        app.extensions.pop(daily.NEXT, None)
        daily.do_what_is_due()
    assert grid_member(app, isolation_id) is None


def test_who_answers_now_for_a_household_handed_over_is_said(app, order, visit) -> None:
    home, other = household(responsible_id=account("qian")), hire(HERE)
    isolation_id = world.isolated(world.somebody(home=home), starts=now())
    told = "answers for the household now and is not in the team"
    assert not visit("isolations.show", as_=wang, isolation_id=isolation_id).has(told)
    with acting_as(app, wang):
        duties.hand_over([home.id], Duty.RESPONSIBLE, other, "换片")
    assert visit("isolations.show", as_=wang, isolation_id=isolation_id).has(told)
    assert visit("today.index", as_=qian).has("Health checks due today"), "whose grid it is sees it as before"


def test_whoever_sees_the_isolation_sees_the_team_with_masked_phones_and_nobody_else(
    app, order, visit
) -> None:
    isolation_id = world.isolated()
    with acting_as(app, wang):
        named = care.Named(CarerRole.MEDIC, "演示·齐医生", "15400009999")
        care.change(db.session.get_one(Isolation, isolation_id), [named])
    for person in (li, wang, qian, an):
        page = visit("isolations.show", as_=person, isolation_id=isolation_id)
        assert page.has("演示·齐医生")
        assert not page.has("15400009999")
    visit("isolations.show", as_=sun, isolation_id=isolation_id, status=404)
    page = visit("isolations.team", as_=qian, isolation_id=isolation_id, unmasked=True)
    assert page.response.headers["Cache-Control"] == "no-store"


def give_a_grid_member(isolation_id: int) -> None:
    isolation = db.session.get_one(Isolation, isolation_id)
    worker = next(one for one in care.choices(isolation.unit_id, CarerRole.GRID_MEMBER))
    proposed = care.propose(isolation.household)
    care.change(isolation, [*proposed, care.named_worker(CarerRole.GRID_MEMBER, worker)])
