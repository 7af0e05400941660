"""Two areas on the list, a round that is closed, one since last evening that is due, and whom they found."""

from datetime import timedelta

from sqlalchemy import select

from portal.access.scope import lies_in
from portal.clock import now
from portal.database import db
from portal.registry.models import Household, Resident
from portal.rehearsal.calendar import Calendar
from portal.rehearsal.staff import COMMUNITY, GRID, STREET, unit_named
from portal.screenings import service
from portal.screenings.areas import service as areas
from portal.screenings.areas.service import Listed
from portal.screenings.keypersons import service as keypersons
from portal.screenings.kinds import Category, Contact, Criterion, Outcome, Transport
from portal.screenings.models import KeyPerson, ScreeningRound, Visit
from portal.screenings.rules import next_morning, retries
from portal.screenings.service import Wanted
from portal.screenings.visits import service as visits
from portal.screenings.visits.service import Incomer, Knock, Marked

FIRST, LATEST = "初次全员排查", "邵店镇来人排查"


def tell(on: Calendar) -> None:
    """What happened since the order took force."""
    area_id = _tell_areas(on)
    with on.scene("wang", -3, 14):
        first_id = service.set_up(
            Wanted(unit_named(COMMUNITY).id, FIRST, Criterion.EVERYONE, on.hour(-2, 20), rechecks=2)
        ).id
    with on.scene("wang", -3, 14, 10):
        here = _homes(GRID)
        elsewhere = [home_id for home_id in _homes(COMMUNITY) if home_id not in here]
    _walk(on, first_id, "qian", here, 15)
    _walk(on, first_id, "wang", elsewhere, 16)
    _look_again(on, first_id)
    with on.scene("wang", -2, 20, 30):
        service.close(db.session.get_one(ScreeningRound, first_id))
    with on.scene("li", -1, 22):
        latest_id = service.set_up(
            Wanted(
                unit_named(STREET).id,
                LATEST,
                Criterion.FROM_AREAS,
                next_morning(max(on.hour(0, 8), now())),
                (area_id,),
                rechecks=3,
            )
        ).id
    _tell_what_was_found(on, latest_id, area_id)


def _tell_areas(on: Calendar) -> int:
    with on.scene("li", -1, 21, 50):
        street = unit_named(STREET).id
        added = areas.add(
            Listed(street, "邵店镇", Category.FROM_NEIGHBOUR, "县指挥部通报第7号", on.hour(-8, 0), None, True)
        )
        areas.add(Listed(street, "郑州市二七区", Category.FROM_RISK_AREA, "省级风险区公告", on.hour(-6, 0)))
        return added.id


def _walk(on: Calendar, round_id: int, walker: str, homes: list[int], hour: int) -> None:
    """Everybody is asked; a few doors stay closed at first."""
    for number, home_id in enumerate(homes):
        with on.scene(walker, -3, hour, 4 * number % 60):
            closed = number % 7 == 5
            _knock(round_id, home_id, Outcome.NOBODY_HOME if closed else Outcome.ANSWERED)
    for home_id in homes[5::7]:
        with on.scene(walker, -2, 19, 10):
            _knock(round_id, home_id, Outcome.ANSWERED)


def _look_again(on: Calendar, round_id: int) -> None:
    """The households that were drawn in the group are visited a second time, by somebody else."""
    with on.scene("zhao", -2, 19, 30):
        drawn = select(Visit.household_id).where(Visit.round_id == round_id, Visit.is_recheck)
        for home_id in db.session.scalars(drawn.order_by(Visit.id)).all():
            _knock(round_id, home_id, Outcome.ANSWERED, is_recheck=True)


def _tell_what_was_found(on: Calendar, round_id: int, area_id: int) -> None:
    """This morning: somebody from the neighbouring township, somebody back from elsewhere, a door that stays closed."""
    with on.scene("qian", 0, 6, 40):
        first, second, third, fourth = _homes(GRID)[:4]
        came = Marked(came_from="邵店镇", category=Category.FROM_NEIGHBOUR, area_id=area_id)
        _knock(round_id, first, Outcome.ANSWERED, incomers=(Incomer("演示·周来客", came),))
    with on.scene("qian", 0, 6, 50):
        _knock(round_id, second, Outcome.ANSWERED)
        _knock(round_id, third, Outcome.NOBODY_HOME)
    with on.scene("qian", 0, 7, 5):
        back = Marked(came_from="广东省东莞市", category=Category.RETURNED, temperature=366)
        _knock(round_id, fourth, Outcome.ANSWERED, marked={_people(fourth)[0]: back})
    with on.scene("qian", 0, 7, 20):
        person = db.session.scalars(
            select(KeyPerson)
            .where(KeyPerson.category == Category.RETURNED)
            .order_by(KeyPerson.id.desc())
            .limit(1)
        ).one()
        keypersons.complete(
            person,
            arrived_at=now() - timedelta(hours=11),
            transport=Transport.TRAIN,
            transport_number="K1234",
            contact=Contact.NONE,
        )


def _knock(
    round_id: int,
    home_id: int,
    outcome: Outcome,
    *,
    marked: dict[int, Marked] | None = None,
    incomers: tuple[Incomer, ...] = (),
    is_recheck: bool = False,
) -> None:
    round_, home = db.session.get_one(ScreeningRound, round_id), db.session.get_one(Household, home_id)
    retry_at = None if outcome is Outcome.ANSWERED else retries(now())[0]
    knock = Knock(outcome, retry_at=retry_at, marked=marked or {}, incomers=incomers)
    visits.write(round_, home, knock, is_recheck=is_recheck)


def _homes(name: str) -> list[int]:
    """The households of a unit as people walk."""
    unit = unit_named(name)
    theirs = select(Household.id).where(lies_in(Household, unit.place))
    return list(db.session.scalars(theirs.order_by(Household.address_key, Household.id)))


def _people(home_id: int) -> list[int]:
    living = select(Resident.id).where(Resident.household_id == home_id, Resident.left_at.is_(None))
    return list(db.session.scalars(living.order_by(Resident.is_head.desc(), Resident.id)))
