"""包保到户: who answers for a household, at every moment, and what happens when people leave."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.exc import IntegrityError

from portal.access.policy import Role
from portal.access.scope import everywhere
from portal.accounts import service as accounts
from portal.accounts.models import Account, Appointment, Title
from portal.clock import now, rehearsing, today
from portal.database import db
from portal.registry import coverage, duties, redrawing, rules, service
from portal.registry.kinds import Duty
from portal.registry.models import Household, Resident, Responsibility
from portal.registry.rules import Pair
from portal.rehearsal.acting import acting_as
from portal.units.models import Unit
from portal.web.errors import Refused
from portal.workflow.todo import Todo
from tests import factories, people
from tests.registry.staff import BESIDE, ELSEWHERE, HERE, account, hire, new_grid

Visit = Callable[..., Any]
YESTERDAY = timedelta(days=1)


def take_up(grid: str = HERE, **address: str) -> int:
    household = service.add_household(people.unit(grid).id, **{"room": "101"} | address)
    return household.id


def pair(household_id: int) -> Pair:
    """Who answers now, read from the open rows and from the household: both must say the same."""
    with everywhere(because="the test looks"):
        db.session.flush()
        rows = db.session.execute(
            select(Responsibility.duty, Responsibility.account_id).where(
                Responsibility.household_id == household_id, Responsibility.until.is_(None)
            )
        ).all()
        household = db.session.execute(
            select(Household.responsible_id, Household.deputy_id).where(Household.id == household_id)
        ).one()
    open_: dict[Duty, int] = {row.duty: row.account_id for row in rows}
    assert len(open_) == len(rows), "two open rows of one duty"
    found = Pair(open_.get(Duty.RESPONSIBLE), open_.get(Duty.DEPUTY))
    assert found == Pair(*household)
    return found


def leave(account_id: int, last_day: date | None = None) -> None:
    theirs = select(Appointment).where(Appointment.account_id == account_id)
    for appointment in db.session.scalars(theirs).all():
        accounts.end_appointment(appointment, last_day or today() - YESTERDAY, "不再担任")


def alarm(app: Flask) -> list[Todo]:
    """What Today says."""
    with app.test_request_context():
        return coverage.todo()


# ── the rules ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("standing", "first"), [([], Pair()), ([1], Pair(1)), ([1, 2], Pair(1, 2)), ([1, 2, 3], Pair(1, 2))]
)
def test_a_new_household_gets_the_first_two(standing: list[int], first: Pair) -> None:
    assert rules.first_pair(standing) == first


@pytest.mark.parametrize(
    ("before", "duty", "to", "after"),
    [
        (Pair(1, 2), Duty.RESPONSIBLE, 3, Pair(3, 2)),
        (Pair(1, 2), Duty.DEPUTY, 3, Pair(1, 3)),
        (Pair(1, 2), Duty.RESPONSIBLE, 2, Pair(2, 1)),
        (Pair(9, 2), Duty.RESPONSIBLE, 2, Pair(2, None)),
        (Pair(None, 2), Duty.RESPONSIBLE, 2, Pair(2, None)),
        (Pair(None, None), Duty.DEPUTY, 1, Pair(None, 1)),
        (Pair(1, 2), Duty.RESPONSIBLE, 1, Pair(1, 2)),
    ],
)
def test_handing_over(before: Pair, duty: Duty, to: int, after: Pair) -> None:
    assert rules.handed_over(before, duty, to, serving={1, 2, 3}) == after


@pytest.mark.parametrize(
    ("before", "serving", "standing", "after"),
    [
        (Pair(9, 2), {2, 3}, [2, 3], Pair(2, None)),
        (Pair(1, 9), {1, 2}, [1, 2], Pair(1, None)),
        (Pair(9, None), {2, 3}, [3, 2], Pair(3, None)),
        (Pair(9, 8), {2}, [2], Pair(2, None)),
        (Pair(9, 8), set(), [], Pair(None, None)),
    ],
)
def test_succeeding(before: Pair, serving: set[int], standing: list[int], after: Pair) -> None:
    assert rules.succeeded(before, serving, standing) == after


@pytest.mark.parametrize(
    ("before", "serving", "standing", "after"),
    [
        (Pair(1, 2), {1, 2}, [3, 4], Pair(1, 2)),
        (Pair(9, 2), {2, 3}, [3, 2], Pair(3, 2)),
        (Pair(9, 2), {2}, [2], Pair(2, None)),
        (Pair(9, 8), {2, 3}, [2, 3], Pair(2, 3)),
        (Pair(1, 9), {1, 2}, [1, 2], Pair(1, 2)),
        (Pair(9, 8), {2}, [2], Pair(2, None)),
        (Pair(9, 8), set(), [], Pair(None, None)),
    ],
)
def test_settling_in(before: Pair, serving: set[int], standing: list[int], after: Pair) -> None:
    assert rules.settled(before, serving, standing) == after


# ── taken up ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_new_household_has_its_grids_people(app: Flask) -> None:
    second = hire(HERE)
    with acting_as("qian"):
        assert pair(take_up()) == Pair(account("qian"), second)


def test_the_group_leader_stands_in_where_there_is_one_grid_member(app: Flask) -> None:
    with acting_as("qian"):
        assert pair(take_up()) == Pair(account("qian"), account("zhao"))
    with acting_as("wang"):
        assert pair(take_up(BESIDE)) == Pair(account("zhao"), None)


def test_who_leaves_today_or_begins_later_is_given_nothing(app: Flask) -> None:
    hire(BESIDE, until=today())
    hire(BESIDE, since=today() + YESTERDAY)
    stays = hire(BESIDE, until=today() + YESTERDAY)
    with acting_as("wang"):
        assert pair(take_up(BESIDE)) == Pair(stays, account("zhao"))


def test_nobody_can_write_two_open_rows(app: Flask) -> None:
    with acting_as("qian"):
        household_id = take_up()
        row = Responsibility(
            household_id=household_id,
            unit_id=people.unit(HERE).id,
            account_id=account("zhao"),
            duty=Duty.RESPONSIBLE,
            since=now(),
        )
        db.session.add(row)
        with pytest.raises(IntegrityError):
            db.session.flush()
        db.session.rollback()


# ── handed over ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_who_was_responsible_at_an_hour(app: Flask) -> None:
    other, deputy = hire(HERE), account("zhao")
    begin = now() - timedelta(days=30)
    with acting_as("wang"):
        with rehearsing(begin):
            household_id = take_up()
        with rehearsing(begin + timedelta(days=10)):
            duties.hand_over([household_id], Duty.RESPONSIBLE, deputy, "换人")
    asked = {
        begin - timedelta(seconds=1): None,
        begin: account("qian"),
        begin + timedelta(days=10, seconds=-1): account("qian"),
        begin + timedelta(days=10): deputy,
        now(): deputy,
    }
    with acting_as("qian"):
        for at, who in asked.items():
            assert duties.who_was_responsible(household_id, at) == who
        assert duties.who_was(household_id, Duty.DEPUTY, begin) == other
        first = duties.history(household_id)[0]
        assert (first.account_id, first.reason, first.by_id) == (deputy, "换人", account("wang"))


def test_only_who_serves_there_can_take_over(app: Flask) -> None:
    with acting_as("wang"):
        household_id = take_up()
        for stranger in ("wu", "li", "gu", "an"):
            with pytest.raises(Refused):
                duties.hand_over([household_id], Duty.RESPONSIBLE, account(stranger), "换人")
        for fellow in ("zhao", "wang"):
            assert duties.hand_over([household_id], Duty.RESPONSIBLE, account(fellow), "换人") == 1
        assert duties.hand_over([household_id], Duty.RESPONSIBLE, account("wang"), "再一次") == 0


# ── people leave ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_when_the_responsible_person_leaves_the_deputy_takes_over_at_once(app: Flask) -> None:
    with acting_as("wang"):
        household_id = take_up()
        leave(account("qian"))
        assert pair(household_id) == Pair(account("zhao"), None)
        assert [(line.count, line.urgent) for line in alarm(app)] == [(1, True)]
        assert duties.history(household_id)[0].reason == "任职结束"


def test_when_both_leave_the_next_in_order_takes_over(app: Flask) -> None:
    first, second = hire(BESIDE), hire(BESIDE)
    with acting_as("wang"):
        household_id = take_up(BESIDE)
        assert pair(household_id) == Pair(first, second)
        leave(first)
        leave(second)
        assert pair(household_id) == Pair(account("zhao"), None)
        leave(account("zhao"))
        assert pair(household_id) == Pair(None, None)
        assert alarm(app)[0].note == "其中 1 户无责任人"


def test_who_has_another_appointment_there_keeps_the_households(app: Flask) -> None:
    with acting_as("wang"):
        household_id = take_up()
        also = accounts.Appointed(
            accounts.Post(people.unit("豫苑社区三组").place, Role.SHOCK_TEAM),
            Title.PARTY_MEMBER,
            None,
            today(),
            None,
        )
        accounts.appoint(account("qian"), also)
        first = select(Appointment).where(Appointment.account_id == account("qian"))
        appointment = db.session.scalars(first.order_by(Appointment.id)).first()
        assert appointment is not None
        accounts.end_appointment(appointment, today() - YESTERDAY, "换岗")
        assert pair(household_id) == Pair(account("qian"), account("zhao"))


def test_an_appointment_that_runs_out_is_named_until_somebody_takes_over(app: Flask) -> None:
    leaving = hire(BESIDE, until=today() + YESTERDAY)
    with acting_as("wang"):
        household_id = take_up(BESIDE)
        assert coverage.lapsed() == []
        with rehearsing(now() + timedelta(days=2)):
            assert [(one.account_id, one.households) for one in coverage.lapsed()] == [(leaving, 1)]
            assert [str(line.label) for line in alarm(app)] == ["已离任、名下仍有包保户的人员"]
            assert coverage.relieve_lapsed() == 1
            assert coverage.lapsed() == []
            assert pair(household_id) == Pair(account("zhao"), None)


def test_a_disabled_account_is_named(app: Flask) -> None:
    with acting_as("wang"):
        take_up()
    with everywhere(because="the test disables"):
        db.session.get_one(Account, account("qian")).disabled_at = now()
        db.session.flush()
    with acting_as("zhao"):
        assert [one.account_id for one in coverage.lapsed()] == [account("qian")]
    with acting_as("sun"):
        assert coverage.lapsed() == []


# ── grids redrawn ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_household_moves_with_its_history_and_gets_people_who_see_it(app: Flask) -> None:
    there = hire(BESIDE)
    with acting_as("wang"):
        household_id = take_up()
        resident = service.add_resident(
            db.session.get_one(Household, household_id), service.Person("演示·张三")
        )
        redrawing.move([household_id], people.unit(BESIDE), "重新划格")
        place = people.unit(BESIDE).place
        for model in (Household, Resident, Responsibility):
            for row in db.session.scalars(select(model)):
                assert (row.unit_id, row.grid_id) == (place.unit_id, place.unit_id)
        assert pair(household_id) == Pair(there, account("zhao")), "the deputy serves there, too"
        assert len(duties.history(household_id)) == 3
        assert resident.unit_id == place.unit_id


def test_a_grid_is_split_and_its_people_work_in_both(app: Flask) -> None:
    with acting_as("wang"):
        ids = [take_up(room=str(room)) for room in range(6)]
        old = people.unit(HERE)
        new = redrawing.split(db.session.get_one(Unit, old.id), "三格", ids[:2], "户数太多")
        assert new.full_name == "豫苑社区三组三格"
        assert {pair(household_id) for household_id in ids} == {Pair(account("qian"), account("zhao"))}
        places = {row.id: row.grid_id for row in db.session.execute(select(Household.id, Household.grid_id))}
        assert places == {id_: new.id if id_ in ids[:2] else old.id for id_ in ids}
        assert coverage.lapsed() == []


def test_households_move_to_a_grid_with_people_of_its_own(app: Flask) -> None:
    there = hire(BESIDE)
    with acting_as("wang"):
        ids = [take_up(room=str(room)) for room in range(4)]
        grid, into = (db.session.get_one(Unit, people.unit(name).id) for name in (HERE, BESIDE))
        assert redrawing.who_helps_out(ids[:3], grid, into) == []
        redrawing.transfer(grid, into, ids[:3], "重新划格")
        assert [pair(id_) for id_ in ids] == [Pair(there, account("zhao"))] * 3 + [
            Pair(account("qian"), account("zhao"))
        ]
        assert {row.grid_id for row in db.session.execute(select(Resident.grid_id))} <= {into.id}
        assert duties.who_was_responsible(ids[0], now()) == there
        assert duties.history(ids[0])[0].reason == "重新划格"
        assert coverage.lapsed() == []


def test_who_answers_comes_along_to_a_grid_without_enough_people(app: Flask) -> None:
    with acting_as("wang"):
        ids = [take_up(room=str(room)) for room in range(3)]
        grid, into = (db.session.get_one(Unit, people.unit(name).id) for name in (HERE, BESIDE))
        assert [one.account_id for one in redrawing.who_helps_out(ids[:2], grid, into)] == [account("qian")]
        redrawing.transfer(grid, into, ids[:2], "重新划格")
        assert {pair(id_) for id_ in ids} == {Pair(account("qian"), account("zhao"))}
        assert coverage.lapsed() == []


def test_who_answers_for_a_single_household_comes_along_with_it(app: Flask) -> None:
    empty = new_grid("三格")
    with acting_as("wang"):
        ids = [take_up(room=str(room)) for room in range(2)]
        service.change_household(db.session.get_one(Household, ids[0]), people.unit(empty).id, room="0")
        assert [pair(id_) for id_ in ids] == [Pair(account("qian"), account("zhao"))] * 2
        assert coverage.lapsed() == []
        assert alarm(app) == []


def test_who_may_not_appoint_moves_a_household_without_taking_anybody_along(app: Flask) -> None:
    empty = new_grid("三格")
    with acting_as("wang"):
        id_ = take_up()
    with acting_as("zhao"):
        service.change_household(db.session.get_one(Household, id_), people.unit(empty).id, room="0")
        assert pair(id_) == Pair(account("zhao"), None)


@pytest.mark.parametrize(
    ("target", "which"), [(HERE, "some"), (ELSEWHERE, "some"), (BESIDE, "none"), (BESIDE, "strangers")]
)
def test_what_cannot_move_stays(app: Flask, target: str, which: str) -> None:
    with acting_as("li"):
        ids = {"some": [take_up()], "none": [], "strangers": [take_up(BESIDE)]}[which]
        grid, into = (db.session.get_one(Unit, people.unit(name).id) for name in (HERE, target))
        with pytest.raises(Refused):
            redrawing.transfer(grid, into, ids, "重新划格")


@pytest.mark.parametrize("how_many", [0, 3])
def test_a_split_leaves_something_on_both_sides(app: Flask, how_many: int) -> None:
    with acting_as("wang"):
        ids = [take_up(room=str(room)) for room in range(3)]
        with pytest.raises(Refused):
            redrawing.split(
                db.session.get_one(Unit, people.unit(HERE).id), "三格", ids[:how_many], "户数太多"
            )


def test_households_of_another_grid_cannot_be_split_off(app: Flask) -> None:
    with acting_as("wang"):
        take_up()
        ids = [take_up(BESIDE), take_up(BESIDE, room="102")]
        with pytest.raises(Refused):
            redrawing.split(db.session.get_one(Unit, people.unit(HERE).id), "三格", ids[:1], "户数太多")


def test_two_grids_are_merged_with_their_people_and_one_is_closed(app: Flask) -> None:
    there = hire(BESIDE)
    with acting_as("wang"):
        ids = [take_up(room=str(room)) for room in range(3)]
        into = db.session.get_one(Unit, people.unit(BESIDE).id)
        grid = db.session.get_one(Unit, people.unit(HERE).id)
        assert redrawing.merge(grid, into, "户数太少") == 3
        assert {pair(id_) for id_ in ids} == {Pair(account("qian"), account("zhao"))}
        assert coverage.lapsed() == []
        assert grid.closed_at is not None
        for refused in (lambda: redrawing.merge(grid, into, "再一次"), lambda: redrawing.move(ids, grid)):
            with pytest.raises(Refused):
                refused()
        assert pair(take_up(BESIDE, room="9")) == Pair(there, account("qian")), "who came last is behind"


def test_grids_of_two_communities_are_not_merged(app: Flask) -> None:
    with acting_as("li"):
        here, far = (people.unit(name).id for name in (HERE, "建设路社区一组一格"))
        with pytest.raises(Refused):
            redrawing.merge(db.session.get_one(Unit, here), db.session.get_one(Unit, far), "合并")


def test_a_grid_with_an_open_gate_is_not_closed(app: Flask) -> None:
    with acting_as("wang"):
        grid = db.session.get_one(Unit, people.unit(HERE).id)
        redrawing.units.create_checkpoint(grid, "小门")
        with pytest.raises(Refused, match="未关闭的卡点"):
            redrawing.merge(grid, db.session.get_one(Unit, people.unit(BESIDE).id), "合并")


def test_a_closed_grid_is_offered_nowhere(visit: Visit) -> None:
    closed = new_grid("九格")
    with everywhere(because="the test closes a grid"):
        people.unit(closed).closed_at = now()
        db.session.commit()
    assert not visit("registry.new", as_=people.wang).has("九格")
    assert not visit("units.show", as_=people.wang, unit_id=people.unit("豫苑社区三组").id).has("九格")
    assert visit("units.show", as_=people.wang, unit_id=people.unit(closed).id).has("Closed")
    household = factories.household()
    assert not visit("registry.edit", as_=people.wang, household_id=household.id).has("九格")
    visit("registry.split", as_=people.wang, unit_id=people.unit(closed).id, status=404)
    visit(
        "accounts.open_account",
        as_=people.wang,
        unit_id=people.unit(closed).id,
        role="grid_member",
        status=404,
    )


# ── many at once ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_many_households_take_no_more_statements_than_few(app: Flask) -> None:
    other = hire(HERE)
    with acting_as("wang"):
        few = [take_up(room=str(room)) for room in range(3)]
        many = [take_up(room=str(room)) for room in range(10, 70)]
        for verb in (
            lambda ids: duties.hand_over(ids, Duty.RESPONSIBLE, other, "换人"),
            lambda ids: redrawing.move(ids, people.unit(BESIDE)),
            lambda ids: duties.take_up(people.unit(BESIDE).id, ids),
        ):
            assert statements(lambda: verb(few)) == statements(lambda: verb(many))  # noqa: B023 (called at once)
        assert {pair(id_) for id_ in few} == {pair(id_) for id_ in many}


def statements(verb: Callable[[], object]) -> int:
    """How many statements something sends to the database."""
    sent = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE")):
            sent.append(statement)

    db.session.flush()
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        verb()
        db.session.flush()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(sent)
