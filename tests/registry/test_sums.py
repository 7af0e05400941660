"""Random lives of a community: at every moment every household has one of each, unless the alarm names it.

Hand-overs, moves, splits, merges, people who come and go, in any order; and the history answers every past moment.
"""

import random
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, or_, select

from portal.access.acting import Level
from portal.access.policy import Role
from portal.access.scope import everywhere, place_of
from portal.accounts import service as accounts
from portal.accounts.models import Appointment, Title
from portal.accounts.service import Appointed
from portal.clock import now, rehearsing, today
from portal.database import db
from portal.registry import coverage, duties, redrawing, service
from portal.registry.kinds import Duty
from portal.registry.models import UNCOVERED, Household, Resident, Responsibility
from portal.registry.serving import serving
from portal.rehearsal.acting import acting_as
from portal.units.models import Unit
from tests import people
from tests.registry.staff import BESIDE, HERE, hire, new_grid

STEPS = 45
Answers = dict[int, tuple[int | None, int | None]]


class Life:
    """One community, and somebody who does things there at random."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.names = 0
        self.steps: list[tuple[int, Callable[[], None]]] = [
            (6, self.take_up),
            (5, self.hand_over),
            (3, self.move),
            (1, self.split),
            (1, self.merge),
            (3, self.leave),
            (3, self.come),
            (1, self.relieve),
        ]

    def step(self) -> None:
        weights, steps = zip(*self.steps, strict=True)
        self.chance.choices(steps, weights)[0]()

    def grids(self) -> list[Unit]:
        open_ = select(Unit).where(
            Unit.level == Level.GRID, Unit.closed_at.is_(None), Unit.community_id == here()
        )
        return list(db.session.scalars(open_.order_by(Unit.id)))

    def households(self, grid: Unit) -> list[int]:
        return list(
            db.session.scalars(
                select(Household.id).where(Household.unit_id == grid.id).order_by(Household.id)
            )
        )

    def some(self, ids: list[int]) -> list[int]:
        return self.chance.sample(ids, self.chance.randint(1, len(ids))) if ids else []

    def take_up(self) -> None:
        grid = self.chance.choice(self.grids())
        for _number in range(self.chance.randint(1, 4)):
            self.names += 1
            home = service.add_household(grid.id, room=str(self.names))
            service.add_resident(home, service.Person(f"演示·{self.names}"))

    def hand_over(self) -> None:
        grid = self.chance.choice(self.grids())
        workers = serving(grid.place)
        if (ids := self.some(self.households(grid))) and workers:
            to = self.chance.choice(workers).account_id
            duties.hand_over(ids, self.chance.choice(list(Duty)), to, "换人")

    def move(self) -> None:
        old, new = self.chance.choice(self.grids()), self.chance.choice(self.grids())
        if ids := self.some(self.households(old)):
            if self.chance.random() < 0.5 or old is new:
                redrawing.move(ids, new)
            else:
                redrawing.transfer(old, new, ids, "重新划格")

    def split(self) -> None:
        grid = self.chance.choice(self.grids())
        ids = self.households(grid)
        if len(ids) > 1:
            self.names += 1
            redrawing.split(grid, f"新{self.names}格", self.chance.sample(ids, len(ids) // 2), "太大")

    def merge(self) -> None:
        grids = self.grids()
        if len(grids) > 2:
            old, new = self.chance.sample(grids, 2)
            redrawing.merge(old, new, "太小")

    def leave(self) -> None:
        working = select(Appointment).where(
            Appointment.role.in_((Role.GRID_MEMBER, Role.SHOCK_TEAM)), Appointment.until.is_(None)
        )
        if found := db.session.scalars(working.order_by(Appointment.id)).all():
            last_day = today() + timedelta(days=self.chance.choice((-1, 0, 0, 1)))
            accounts.end_appointment(self.chance.choice(found), last_day, "不再担任")

    def come(self) -> None:
        grid = self.chance.choice(self.grids())
        self.names += 1
        until = self.chance.choice((None, None, today() + timedelta(days=1)))
        post = accounts.Post(grid.place, Role.GRID_MEMBER)
        first = Appointed(post, Title.VOLUNTEER, None, today(), until)
        accounts.open_account(f"演示·来{self.names}", f"came{self.names}", "", first)

    def relieve(self) -> None:
        coverage.relieve_lapsed()


def here() -> int:
    return people.unit("豫苑社区").id


def answers() -> Answers:
    """Who answers for each household now, from the open rows. Two open ones of a duty would not fit."""
    found: Answers = dict.fromkeys(db.session.scalars(select(Household.id)), (None, None))
    open_ = select(Responsibility.household_id, Responsibility.duty, Responsibility.account_id)
    for row in db.session.execute(open_.where(Responsibility.until.is_(None))):
        place = list(Duty).index(row.duty)
        had = found[row.household_id]
        assert had[place] is None, "two at once"
        found[row.household_id] = (row.account_id, had[1]) if place == 0 else (had[0], row.account_id)
    return found


def look(before: Answers) -> Answers:
    """Everything that must be true at any moment."""
    found = answers()
    assert before.keys() <= found.keys()
    repeated = db.session.execute(select(Household.id, Household.responsible_id, Household.deputy_id))
    assert {row.id: (row.responsible_id, row.deputy_id) for row in repeated} == found
    alarm = set(db.session.scalars(select(Household.id).where(UNCOVERED)))
    assert alarm == {id_ for id_, pair in found.items() if None in pair}, "a hole without an alarm"
    gone = {one.account_id for one in coverage.lapsed()}
    grids = {row.id: row.unit_id for row in db.session.execute(select(Household.id, Household.unit_id))}
    serve = {grid: {one.account_id for one in serving(place_of(grid))} for grid in set(grids.values())}
    for household_id, pair in found.items():
        assert pair[0] is None or pair[0] != pair[1], "one person has both duties"
        for account_id in pair:
            known = account_id is None or account_id in serve[grids[household_id]] | gone
            assert known, "somebody answers who no longer serves, and nobody is told"
    coverage_ = coverage.of(db.session.get_one(Unit, here()))
    assert coverage_ == coverage.Coverage(
        len(found),
        sum(pair[0] is not None for pair in found.values()),
        sum(pair[1] is not None for pair in found.values()),
    )
    return found


@pytest.mark.parametrize("seed", range(6))
def test_nothing_ever_falls_to_nobody(app: Flask, seed: int) -> None:
    for grid in (HERE, BESIDE, new_grid("三格")):
        for _number in range(2):
            hire(grid)
    life, past = Life(seed), list[tuple[object, Answers]]()
    begin, found = now(), Answers()
    with acting_as("wang"):
        for hour in range(STEPS):
            with rehearsing(begin + timedelta(hours=2 * hour)):
                life.step()
                found = look(found)
                past.append((now(), found))
        with rehearsing(begin + timedelta(hours=2 * STEPS)):
            for at, then in past:
                assert as_remembered(at) == {id_: pair for id_, pair in then.items() if pair != (None, None)}
        _everything_is_where_its_household_is()


def as_remembered(at: object) -> Answers:
    """Who answered for each household at a past moment, from the history; also as it is asked for one of them."""
    found: Answers = {}
    rows = select(Responsibility.household_id, Responsibility.duty, Responsibility.account_id).where(
        Responsibility.since <= at, or_(Responsibility.until.is_(None), Responsibility.until > at)
    )
    for row in db.session.execute(rows):
        had = found.get(row.household_id, (None, None))
        pair = (row.account_id, had[1]) if row.duty is Duty.RESPONSIBLE else (had[0], row.account_id)
        found[row.household_id] = pair
    for household_id in list(found)[:2]:
        assert duties.who_was_responsible(household_id, at) == found[household_id][0]  # type: ignore[arg-type]
    return found


def _everything_is_where_its_household_is() -> None:
    for model in (Resident, Responsibility):
        astray = (
            select(func.count(model.id))
            .join(Household, Household.id == model.household_id)
            .where(or_(model.unit_id != Household.unit_id, model.grid_id != Household.grid_id))
        )
        assert db.session.scalar(astray) == 0
    with everywhere(because="the test counts"):
        assert db.session.scalar(select(func.count(Household.id))) == db.session.scalar(
            select(func.count(Household.id)).where(Household.community_id == here())
        )
