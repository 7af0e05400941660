"""An order that switches screening and isolation on, and assessments in any state. It is ten on 23 November 2026."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from portal.access.scope import everywhere
from portal.assessments import service
from portal.assessments.deadlines import Deadlines
from portal.assessments.kinds import AssessmentState, Decision
from portal.assessments.models import Assessment, Transfer
from portal.assessments.service import Decided
from portal.clock import now
from portal.database import db
from portal.isolations.kinds import IsolationKind
from portal.orders import service as orders
from portal.orders.models import Order
from portal.registry import redrawing
from portal.registry.duplicates import service as duplicates
from portal.registry.models import Household, Resident
from portal.screenings.kinds import Category, KeyPersonState
from portal.screenings.models import KeyPerson
from portal.units.models import Unit
from tests.factories import order_in_force
from tests.isolations.world import FOURTEEN
from tests.passes.conftest import acting, measures
from tests.people import Person, li, qian, unit, wang
from tests.screenings import world as screenings
from tests.screenings.world import acting_as, every, hour

__all__ = ["acting_as", "every", "hour"]

DEADLINES = Deadlines(Category.CONTACT, urgent=1, others=2, again=2, close=24, answer=3)
MEASURES = (
    {("assessments", "deadlines"): DEADLINES.to_json()}
    | screenings.MEASURES
    | {("isolations", kind.value): FOURTEEN for kind in IsolationKind}
    | measures()
)
HOME = {"decision": "home", "words": "外地返回", "by": "two_hours"}
REASON = "邻近乡镇返回"


def order(**values: Any) -> Order:
    """An order of the street since thirty days ago: screening, isolation and passes."""
    return order_in_force(**({"measures": MEASURES, "effective_from": hour(0, days=-30)} | values))


def asked(home: Household | None = None, by: Person = qian) -> int:
    """Somebody whom qian has noted and the office has to decide on; the assessment's id."""
    person_id = screenings.key_person(KeyPersonState.TO_ASSESS, by, home)
    return latest(person_id)


def decided(decision: Decision = Decision.HOME, assessment_id: int | None = None, **values: Any) -> int:
    """The office has decided, and qian carries it out within two hours."""
    assessment_id = assessment_id or asked()
    given: dict[str, Any] = {
        "decision": decision,
        "reason": REASON,
        "due_at": now() + timedelta(hours=2),
        "executor_id": acting(qian).account_id,
        "place": "演示·某地",
    }
    with acting_as(li):
        service.decide(the(assessment_id), Decided(**(given | values)))
        db.session.commit()
    return assessment_id


def reported(decision: Decision = Decision.HOME) -> int:
    """It was carried out, and qian has said so."""
    assessment_id = decided(decision)
    with acting_as(qian):
        service.report_back(the(assessment_id), "已入户落实", now())
        db.session.commit()
    return assessment_id


def in_state(state: AssessmentState) -> int:
    """An assessment in a state, as the pages would have it."""
    if state is AssessmentState.WAITING:
        return asked()
    if state is AssessmentState.DECIDED:
        return decided()
    if state is AssessmentState.REPORTED:
        return reported()
    assessment_id = reported() if state is AssessmentState.CLOSED else asked()
    with acting_as(li):
        if state is AssessmentState.CLOSED:
            service.close(the(assessment_id))
        else:
            service.strike_out(the(assessment_id), "登记错误")
        db.session.commit()
    return assessment_id


def the(assessment_id: int) -> Assessment:
    """The row, as the one acting now sees it."""
    return db.session.get_one(Assessment, assessment_id)


def row(assessment_id: int) -> Assessment:
    """The row as it stands."""
    with everywhere(because="the test looks"):
        db.session.rollback()
        return db.session.get_one(Assessment, assessment_id, populate_existing=True)


def person_of(assessment_id: int) -> KeyPerson:
    """The key person as it stands."""
    with everywhere(because="the test looks"):
        key = row(assessment_id).key_person_id
        return db.session.get_one(KeyPerson, key, populate_existing=True)


def latest(person_id: int) -> int:
    """The newest assessment of a key person."""
    with everywhere(because="the test looks"):
        theirs = select(Assessment.id).where(Assessment.key_person_id == person_id)
        return db.session.scalars(theirs.order_by(Assessment.id.desc()).limit(1)).one()


def both_sides(transfer_id: int) -> list[Transfer]:
    """The rows of both sides, the giver's first."""
    with everywhere(because="the test looks"):
        db.session.rollback()
        pair = db.session.get_one(Transfer, transfer_id).pair
        rows = select(Transfer).where(Transfer.pair == pair).order_by(Transfer.id)
        return list(db.session.scalars(rows.execution_options(populate_existing=True)))


def end(order_: Order) -> None:
    """The order ends now."""
    with acting_as(li):
        orders.end(db.session.get_one(Order, order_.id), "疫情解除")
        db.session.commit()


def move_household(household_id: int, grid: str) -> None:
    """The household goes to another grid."""
    with acting_as(wang):
        redrawing.move([household_id], db.session.get_one(Unit, unit(grid).id))
        db.session.commit()


def merge_people(kept_id: int, other_id: int) -> None:
    """Two records of one person become one."""
    with acting_as(wang):
        duplicates.merge(db.session.get_one(Resident, kept_id), db.session.get_one(Resident, other_id))
        db.session.commit()
