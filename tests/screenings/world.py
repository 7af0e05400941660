"""An order that asks for screening, households, rounds and key persons. It is ten o'clock on 23 November 2026."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import select

from portal.access.acting import own_place
from portal.access.scope import everywhere, place_of
from portal.clock import LOCAL, now
from portal.database import db
from portal.orders.models import Order
from portal.registry.models import Household, Resident
from portal.screenings import coverage, service
from portal.screenings.coverage import Covered
from portal.screenings.keypersons import service as keypersons
from portal.screenings.keypersons.service import Noted
from portal.screenings.kinds import Category, Criterion, KeyPersonState, Outcome, RoundState
from portal.screenings.models import AffectedArea, KeyPerson, ScreeningRound, Visit
from portal.screenings.presets import PRESETS
from portal.screenings.service import Wanted
from portal.screenings.visits import service as visits
from portal.screenings.visits.service import Knock, Marked
from tests.factories import household, order_in_force, resident
from tests.passes import conftest as passes
from tests.people import Person, li, qian, unit, wang

PARAMETERS = PRESETS[0].parameters
MEASURES = {("screenings", "rounds"): PARAMETERS}
GRID, BESIDE = "豫苑社区三组二格", "豫苑社区三组一格"


@contextmanager
def acting_as(by: Person) -> Iterator[None]:
    """Inside a request of this person; what is done is committed at the end."""
    with passes.acting_as(current_app, by):  # type: ignore[arg-type]
        yield


def hour(hours: int, minutes: int = 0, *, days: int = 0) -> datetime:
    """An hour of the tests' day, or of the days around it."""
    return datetime(2026, 11, 23, hours, minutes, tzinfo=LOCAL) + timedelta(days=days)


def order(**values: Any) -> Order:
    """An order of the street that asks for screening."""
    return order_in_force(**({"measures": MEASURES} | values))


def family(people: int = 5, grid: str = GRID, **values: Any) -> Household:
    """A household with so many people in it, all as before."""
    home = household(grid, **values)
    for number in range(people):
        resident(home, is_head=number == 0)
    return home


def living(home: Household) -> list[Resident]:
    with everywhere(because="the test looks who lives there"):
        theirs = select(Resident).where(Resident.household_id == home.id).order_by(Resident.id)
        return list(db.session.scalars(theirs))


def screening(by: Person = wang, **values: Any) -> ScreeningRound:
    """A round of everybody, until tomorrow at eight."""
    with acting_as(by):
        given: dict[str, Any] = {
            "unit_id": own_place().unit_id,
            "name": "全员排查",
            "criterion": Criterion.EVERYONE,
            "deadline": hour(8, days=1),
            "rechecks": 0,
        }
        made = service.set_up(Wanted(**(given | values)))
        return _let_go(made)


def knock(
    round_: ScreeningRound, home: Household, by: Person = qian, *, again: bool = False, **values: Any
) -> Visit:
    """Somebody knocks; answered and all as before unless something else is said."""
    with acting_as(by):
        here = db.session.get_one(ScreeningRound, round_.id)
        at_home = db.session.get_one(Household, home.id)
        written = visits.write(
            here, at_home, Knock(**({"outcome": Outcome.ANSWERED} | values)), is_recheck=again
        )
        return _let_go(written)


def marked(home: Household, **values: Any) -> dict[int, Marked]:
    """The first of the household with something to note."""
    return {living(home)[0].id: Marked(**values)}


def key_person(
    state: KeyPersonState = KeyPersonState.NOTED, by: Person = qian, home: Household | None = None
) -> int:
    """A key person of two of the grid's household, in any state."""
    home = home or family(2)
    category = Category.RETURNED if state is KeyPersonState.NOTED else Category.FROM_NEIGHBOUR
    with acting_as(by):
        person = keypersons.note(db.session.get_one(Resident, living(home)[0].id), Noted(category))
        person_id = person.id
        db.session.commit()
    with acting_as(li):
        person = db.session.get_one(KeyPerson, person_id)
        if state is KeyPersonState.MANAGED:
            keypersons.manage(person)
        elif state is KeyPersonState.CLOSED:
            keypersons.close(person, "无异常")
        elif state is KeyPersonState.VOID:
            keypersons.strike_out(person, "登记错误")
        db.session.commit()
    return person_id


def round_in(state: RoundState) -> int:
    """A round of the community in any state."""
    made = screening()
    with acting_as(wang):
        round_ = db.session.get_one(ScreeningRound, made.id)
        if state is RoundState.CLOSED:
            service.close(round_)
        elif state is RoundState.CALLED_OFF:
            service.call_off(round_, "重复发起")
        db.session.commit()
    return made.id


def area(**values: Any) -> AffectedArea:
    """A neighbouring township with cases, since yesterday."""
    given = {
        "unit_id": unit("重阳街道").id,
        "name": "邵店镇",
        "is_neighbour": True,
        "category": Category.FROM_NEIGHBOUR,
        "basis": "上防指〔2026〕7号",
        "since": now() - timedelta(days=1),
    }
    with everywhere(because="tests make rows of every unit"):
        row = AffectedArea(**(given | values))
        db.session.add(row)
        return _let_go(row)


def only(model: Any, *conditions: Any) -> Any:
    """The one row of a model, whatever the scope."""
    with everywhere(because="the test looks"):
        return db.session.scalars(select(model).where(*conditions)).one()


def every(model: Any, *conditions: Any) -> list[Any]:
    """All rows of a model, whatever the scope."""
    with everywhere(because="the test looks"):
        return list(db.session.scalars(select(model).where(*conditions).order_by(model.id)))


def covered(round_: ScreeningRound, by: Person = wang, grid: str | None = None) -> Covered:
    """How far a round is, for somebody at their unit or in a grid below it."""
    with acting_as(by):
        place = place_of(unit(grid).id) if grid else own_place()
        return coverage.of(db.session.get_one(ScreeningRound, round_.id), place)


def _let_go(row: Any) -> Any:
    db.session.commit()
    with everywhere(because="tests keep what they made"):
        db.session.refresh(row)
        db.session.expunge(row)
    return row
