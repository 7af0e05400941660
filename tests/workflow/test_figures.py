"""Figures are kept beside the records: whatever is done, they say what the records say."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import delete, event, func, select, update

from portal.access.acting import Level
from portal.access.bulk import insert_many
from portal.access.scope import OutOfScope, everywhere
from portal.audit.models import AuditEntry
from portal.clock import LOCAL, now, today
from portal.database import db, will_write
from portal.passes import models as steps
from portal.passes.kinds import Kind, PassState
from portal.passes.models import Pass
from portal.passes.purposes import Purpose
from portal.registry import redrawing
from portal.registry import service as registry
from portal.registry.duplicates import service as duplicates
from portal.registry.models import Household, Resident
from portal.units.models import Unit
from portal.web.errors import Refused
from portal.workflow import figures, states
from portal.workflow.figures import Span
from portal.workflow.models import Tally
from portal.workflow.tallying import Uncounted
from tests.factories import household, order_in_force, resident
from tests.findings.world import acting_as
from tests.people import li, qian, unit, wang

FIRST, SECOND = "豫苑社区三组二格", "豫苑社区三组一格"
ISSUING = [f"pass.{step.name}" for step in (steps.ISSUE, steps.ISSUE_AT_ONCE, steps.SUCCEED)]


def place(name: str) -> Any:
    with everywhere(because="tests look"):
        return unit(name).place


def told(name: str, when: date | Span | None = None) -> dict[str, int]:
    with everywhere(because="tests look"):
        return figures.sums(place(name), when or today())


def at(hour: int, minute: int = 0, *, days: int = 0) -> datetime:
    return datetime(2026, 11, 23, hour, minute, tzinfo=LOCAL) + timedelta(days=days)


@contextmanager
def office() -> Iterator[None]:
    with acting_as(li):
        yield


def a_pass(home: Household, order_id: int) -> Pass:
    """A draft, by the steps that the pages take, without what they ask."""
    pass_ = Pass(
        unit_id=home.unit_id,
        kind=Kind.HOUSEHOLD,
        order_id=order_id,
        household_id=home.id,
        holder_name="演示·张三",
        purpose=Purpose.SHOPPING,
        valid_from=now(),
        valid_until=now() + timedelta(days=3),
        expiring_from=now() + timedelta(days=2),
    )
    states.begin(pass_, step="draft")
    return pass_


def give_up_after(exits: int) -> None:
    with db.session.begin_nested():
        figures.add("gate.exits", unit(FIRST).id, exits)
        figures.sums(place(FIRST), today())  # written already
        raise Refused("no")


# ── one by one ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_added_is_told_of_the_unit_and_all_above(app):
    with acting_as(qian):
        figures.add("gate.exits", unit(FIRST).id, 3)
        figures.add("gate.exits", unit(FIRST).id)
        assert figures.sums(place(FIRST), today())["gate.exits"] == 4  # also before it is committed
    for name in (FIRST, "豫苑社区三组", "豫苑社区", "重阳街道", "上蔡县"):
        assert told(name)["gate.exits"] == 4
    for name in (SECOND, "建设路社区"):
        assert told(name)["gate.exits"] == 0


def test_nobody_counts_for_a_unit_beside_his_own(app):
    with acting_as(qian), pytest.raises(OutOfScope):
        figures.add("gate.exits", unit(SECOND).id)


def test_nobody_is_told_the_figures_of_a_unit_beside_his_own(app):
    household(SECOND)
    with acting_as(li):
        figures.add("gate.exits", unit(SECOND).id, 3)
    assert told(SECOND)["gate.exits"] == 3
    beside = place(SECOND)
    with acting_as(qian):
        assert not any(figures.sums(beside, today()).values())
        assert not figures.by_part(beside, today())


def test_a_day_ends_at_midnight_of_the_place(app):
    with acting_as(qian):
        for when in (at(0), at(23, 59), at(0, days=1)):
            figures.add("gate.exits", unit(FIRST).id, at=when)
    assert told(FIRST, date(2026, 11, 23))["gate.exits"] == 2
    assert told(FIRST, date(2026, 11, 24))["gate.exits"] == 1


def test_what_is_rolled_back_was_never_counted(app):
    with acting_as(qian):
        figures.add("gate.exits", unit(FIRST).id)
        with pytest.raises(Refused):
            give_up_after(10)
        with db.session.begin_nested():
            figures.add("gate.exits", unit(FIRST).id, 2)
    assert told(FIRST)["gate.exits"] == 3
    with acting_as(qian):
        figures.add("gate.exits", unit(FIRST).id, 100)
        db.session.rollback()
    assert told(FIRST)["gate.exits"] == 3


def test_a_statement_that_figures_cannot_follow_is_refused(app):
    household(FIRST)
    with office(), pytest.raises(Uncounted):
        db.session.execute(update(Resident).values(left_at=None))


def test_rows_deleted_by_a_statement_are_gone_from_the_figures(app):
    home = household(FIRST)
    people = [resident(home) for _ in range(3)]
    resident(household(SECOND))
    with office():
        gone = delete(Resident).where(Resident.id.in_([one.id for one in people[:2]]))
        db.session.execute(gone.execution_options(synchronize_session=False))
    assert (told(FIRST)["registry.residents"], told(SECOND)["registry.residents"]) == (1, 1)


def test_many_rows_at_once_are_counted_by_their_units(app):
    with office():
        rows = [{"unit_id": unit((FIRST, SECOND)[n % 2]).id, "room": str(n)} for n in range(7)]
        insert_many(Household, rows, chunk=3)
    assert (told(FIRST)["registry.households"], told(SECOND)["registry.households"]) == (4, 3)


def test_households_take_their_share_along_and_yesterday_stays_as_it_was(app):
    before = told(FIRST)["registry.households"]
    homes = [household(FIRST) for _ in range(3)]
    person = resident(homes[0])
    with time_machine.travel(at(9, days=1)), office():
        redrawing.rehome([homes[0].id, homes[1].id], place(SECOND))
    with time_machine.travel(at(10, days=1)):
        assert told(FIRST)["registry.households"] == before + 1
        assert told(FIRST)["registry.residents"] == 0
        assert told(SECOND)["registry.households"] == 2
        assert told(SECOND)["registry.residents"] == 1
        yesterday = date(2026, 11, 23)
        assert told(FIRST, yesterday)["registry.households"] == before + 3
        assert told(FIRST, yesterday)["registry.residents"] == 1
        assert told(SECOND, yesterday)["registry.households"] == 0
        assert told("豫苑社区")["registry.households"] == told("豫苑社区", yesterday)["registry.households"]
    assert person.id


@pytest.fixture
def forgotten(app) -> int:
    """Households of which no tally tells."""
    homes = [household(grid) for grid in (FIRST, FIRST, SECOND)]
    with everywhere(because="the test forgets"):
        for row in db.session.scalars(select(Tally)).all():
            db.session.delete(row)
        db.session.commit()
        assert told(FIRST)["registry.households"] == 0
        db.session.commit()
    return len(homes)


@pytest.fixture
def begun(app) -> Iterator[list[bool]]:
    """Whether each transaction begun in the test may write."""
    noted: list[bool] = []

    def note(_connection: Any) -> None:
        noted.append(will_write())

    event.listen(db.engine, "begin", note)
    yield noted
    event.remove(db.engine, "begin", note)


def test_what_was_there_before_figures_were_counted_is_taken_up(forgotten, monkeypatch):
    monkeypatch.setattr(figures, "MENDED_AT_ONCE", 1)
    with everywhere(because="tests look"):
        assert figures.settle() > 0
        assert told("豫苑社区")["registry.households"] == forgotten
        db.session.commit()
        assert figures.settle() == 0


def test_while_all_rows_are_counted_nobody_waits(forgotten, begun):
    with everywhere(because="tests look"):
        figures.settle()
        assert begun.count(True) == 1, "only what differs is mended by one who writes"
        begun.clear()
        figures.settle()
    assert begun
    assert not any(begun)


def test_several_who_mend_at_once_add_what_is_missing_once(app, forgotten):
    start = threading.Barrier(3)

    def mend() -> None:
        with app.app_context(), everywhere(because="tests look"):
            start.wait()
            figures.settle()
            db.session.remove()

    threads = [threading.Thread(target=mend) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told("豫苑社区")["registry.households"] == forgotten


def test_parts_are_the_units_right_below_and_their_sum_is_the_whole(app):
    household(FIRST), household(SECOND), household("建设路社区一组一格")
    with acting_as(wang):
        figures.add("gate.exits", unit("豫苑社区").id, 5)
    with everywhere(because="tests look"):
        street = figures.by_part(place("重阳街道"), today())
        assert street[unit("豫苑社区").id]["registry.households"] == 2
        assert street[unit("建设路社区").id]["registry.households"] == 1
        community = figures.by_part(place("豫苑社区"), today())
        assert community[None] == {"gate.exits": 5}  # the community's own
        assert community[unit("豫苑社区三组").id]["registry.households"] == 2
        group = figures.by_part(place("豫苑社区三组"), today())
        assert {part: told["registry.households"] for part, told in group.items()} == {
            unit(FIRST).id: 1,
            unit(SECOND).id: 1,
        }
        for code, number in figures.sums(place("重阳街道"), today()).items():
            assert number == sum(told.get(code, 0) for told in street.values())
        county = figures.by_part(place("上蔡县"), today(), unit("豫苑社区").level)
        assert county[unit("豫苑社区").id]["registry.households"] == 2


def test_a_grid_right_below_a_community_is_a_part_of_it(app):
    with everywhere(because="tests make a grid"):
        grid = Unit(
            name="直属格", full_name="豫苑社区直属格", level=Level.GRID, parent_id=unit("豫苑社区").id
        )
        db.session.add(grid)
        db.session.commit()
        household("豫苑社区直属格")
        parts = figures.by_part(place("豫苑社区"), today())
        assert parts[unit("豫苑社区直属格").id]["registry.households"] == 1


# ── whatever is done ─────────────────────────────────────────────────────────────────────────────────────────────

DOINGS = (
    "household",
    "bulk",
    "resident",
    "leave",
    "return",
    "draft",
    "step",
    "step",
    "move",
    "split",
    "merge",
    "undo",
    "refuse",
    "give_up",
    "later",
    "commit",
)


CUT_OFF = 17


def boundaries() -> Iterator[datetime]:
    """Where the days are parted: at the cut-off and at midnight."""
    for days in count():
        yield at(CUT_OFF, days=days)
        yield at(0, days=days + 1)


class World:
    """A street in which anything may happen, with what its records said when each span ended."""

    def __init__(self) -> None:
        cut_off = {"levels": {"grid": {"cut_off": CUT_OFF * 60, "due": CUT_OFF * 60 + 15}}}
        self.order_id = order_in_force(measures={("reports", "daily"): cut_off}).id
        self.names = [FIRST, SECOND]
        self.mergings: list[int] = []
        self.seen: list[tuple[Span, dict[str, dict[str, int]]]] = []
        self.since = now()

    def do(self, what: str, dice: int) -> None:
        getattr(self, f"do_{what}")(dice)

    def grid(self, dice: int) -> Unit:
        return unit(self.names[dice % len(self.names)])

    def some(self, model: Any, dice: int, *conditions: Any) -> Any:
        found = db.session.scalars(select(model).where(*conditions).order_by(model.id)).all()
        return found[dice % len(found)] if found else None

    def do_household(self, dice: int) -> None:
        registry.add_household(self.grid(dice).id, compound="3号院", room=str(dice))

    def do_bulk(self, dice: int) -> None:
        rows = [{"unit_id": self.grid(dice + n).id, "room": str(n)} for n in range(dice % 5)]
        insert_many(Household, rows)

    def do_resident(self, dice: int) -> None:
        if home := self.some(Household, dice):
            db.session.add(Resident(unit_id=home.unit_id, household_id=home.id, name="演示·张三"))

    def do_leave(self, dice: int) -> None:
        if person := self.some(Resident, dice, Resident.left_at.is_(None)):
            registry.record_as_left(person, "搬走")

    def do_return(self, dice: int) -> None:
        if person := self.some(Resident, dice, Resident.left_at.is_not(None)):
            registry.record_as_back(person)

    def do_draft(self, dice: int) -> None:
        if home := self.some(Household, dice):
            a_pass(home, self.order_id)

    def do_step(self, dice: int) -> None:
        if (pass_ := self.some(Pass, dice, Pass.state != PassState.REVOKED)) is None:
            return
        ways = {
            PassState.DRAFT: (steps.APPLY, steps.ISSUE_AT_ONCE),
            PassState.APPLIED: (steps.ENDORSE, steps.RETURN_TO_APPLICANT),
            PassState.ENDORSED: (steps.ISSUE, steps.REJECT),
            PassState.ISSUED: (steps.REVOKE, steps.TAKE_BACK),
        }.get(pass_.state)
        if ways is None:
            return
        states.take(pass_, ways[dice % 2], reason="试")
        if pass_.state is PassState.ISSUED:
            pass_.issued_at = now()
        elif pass_.state in (PassState.REVOKED, PassState.SURRENDERED):
            pass_.ended_at = now()

    def do_move(self, dice: int) -> None:
        home, grid = self.some(Household, dice), self.grid(dice // 3)
        if home and home.unit_id != grid.id:
            redrawing.rehome([home.id], grid.place)

    def do_split(self, dice: int) -> None:
        grid = self.grid(dice)
        homes = db.session.scalars(select(Household.id).where(Household.unit_id == grid.id)).all()
        if len(homes) > 1 and len(self.names) < 6:
            new = redrawing.split(grid, f"{len(self.names) + 7}格{dice}", homes[: len(homes) // 2], "试")
            db.session.flush()
            self.names.append(new.full_name)

    def do_merge(self, dice: int) -> None:
        one, other = self.some(Household, dice), self.some(Household, dice + 1)
        if one is not None and one.id != other.id:
            self.mergings.append(duplicates.merge(one, other).id)

    def do_undo(self, dice: int) -> None:
        if self.mergings:
            merging = db.session.get(duplicates.Merging, self.mergings.pop())
            with suppress(Refused), db.session.begin_nested():
                duplicates.undo(merging)

    def do_refuse(self, dice: int) -> None:
        with suppress(ZeroDivisionError), db.session.begin_nested():
            self.do_household(dice)
            self.do_step(dice)
            assert 1 // 0

    def do_give_up(self, dice: int) -> None:
        db.session.commit()
        self.do_household(dice)
        self.do_step(dice)
        self.do_move(dice)
        db.session.rollback()

    def do_commit(self, _dice: int) -> None:
        db.session.commit()

    def recount(self, name: str, span: Span) -> dict[str, int]:
        """From the records as they are now, and from the trail, which nobody changes."""
        where = place(name)

        def here(model: Any) -> Any:
            return getattr(model, where.level.column) == where.unit_id

        def number(model: Any, *conditions: Any) -> int:
            return db.session.scalar(select(func.count()).select_from(model).where(here(model), *conditions))

        during = (AuditEntry.at >= span.start, AuditEntry.at < span.end)
        ending = [f"pass.{step.name}" for step in (steps.REVOKE, steps.TAKE_BACK)]
        return {
            "registry.households": number(Household, Household.merged_into_id.is_(None)),
            "registry.residents": number(
                Resident, Resident.merged_into_id.is_(None), Resident.left_at.is_(None)
            ),
            "passes.issued": number(AuditEntry, AuditEntry.action.in_(ISSUING), *during),
            "passes.ended": number(AuditEntry, AuditEntry.action.in_(ending), *during),
        }

    def end(self, span: Span) -> None:
        """Nothing more happens in this part of a day."""
        db.session.flush()
        units = (*self.names, "豫苑社区三组", "豫苑社区", "重阳街道")
        self.seen.append((span, {name: self.recount(name, span) for name in units}))

    def check(self) -> None:
        for span, seen in self.seen:
            for name, wanted in seen.items():
                found = figures.sums(place(name), span)
                assert {code: found[code] for code in wanted} == wanted, (name, span)


@given(doings=st.lists(st.tuples(st.sampled_from(DOINGS), st.integers(0, 1000)), min_size=5, max_size=40))
@hypothesis_settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
)
def test_whatever_is_done_figures_are_what_a_recount_finds(app, restore, doings):
    db.session.remove()
    db.engine.dispose()
    restore()
    world, ends = World(), boundaries()
    since, until = at(0), next(ends)
    with time_machine.travel(at(10)) as clock, acting_as(li), everywhere(because="tests see all"):
        for what, dice in doings:
            if what == "later":
                db.session.flush()  # no request lasts for hours
                clock.shift(timedelta(hours=5))
                while now() >= until:
                    world.end(Span(since, until))
                    since, until = until, next(ends)
            else:
                world.do(what, dice)
        world.end(Span(since, until))
        world.check()
        db.session.commit()
        world.check()
        assert figures.settle() == 0


def test_what_is_so_only_now_is_left_out_of_days_that_are_past(app):
    only_now = [code for code, one in figures.figures().items() if one.live and not one.tells_past]
    past = told(FIRST, today() - timedelta(days=1))
    assert set(told(FIRST)) - set(past) == set(only_now)
    assert "passes.in_use" in past
