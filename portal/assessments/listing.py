"""The list of assessments: filters, the nearest deadline first, pages of twenty. Columns, not rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from sqlalchemy import ColumnElement, and_, select, true

from portal.access.acting import acting
from portal.assessments import executors
from portal.assessments.kinds import ASSESSMENT_STATE_LABELS, OPEN, AssessmentState, Decision
from portal.assessments.models import Assessment
from portal.clock import now
from portal.database import db
from portal.registry.addresses import address_of
from portal.registry.models import ADDRESS, Household, Resident
from portal.screenings.kinds import Category
from portal.screenings.models import KeyPerson
from portal.units.models import Unit
from portal.workflow import listing

LOOKS = {
    AssessmentState.WAITING: "look",
    AssessmentState.DECIDED: "look",
    AssessmentState.REPORTED: "ok",
    AssessmentState.CLOSED: "nil",
    AssessmentState.VOID: "no",
}


class Show(StrEnum):
    """The filters, what needs action first."""

    WAITING = "waiting"
    MINE = "mine"
    OVERDUE = "overdue"
    LEFT = "left"
    DECIDED = "decided"
    REPORTED = "reported"
    CLOSED = "closed"
    ALL = "all"

    @property
    def label(self) -> str:
        return str(SHOW_LABELS[self])


SHOW_LABELS: dict[Show, Any] = {
    Show.WAITING: ASSESSMENT_STATE_LABELS[AssessmentState.WAITING],
    Show.MINE: _l("For me to carry out"),
    Show.OVERDUE: _lp("assessment", "Overdue"),
    Show.LEFT: _l("The executor has left"),
    Show.DECIDED: ASSESSMENT_STATE_LABELS[AssessmentState.DECIDED],
    Show.REPORTED: ASSESSMENT_STATE_LABELS[AssessmentState.REPORTED],
    Show.CLOSED: ASSESSMENT_STATE_LABELS[AssessmentState.CLOSED],
    Show.ALL: _l("All"),
}
COUNTED = (Show.WAITING, Show.MINE, Show.OVERDUE, Show.LEFT, Show.DECIDED, Show.REPORTED)
STATES = {
    Show.WAITING: AssessmentState.WAITING,
    Show.DECIDED: AssessmentState.DECIDED,
    Show.REPORTED: AssessmentState.REPORTED,
    Show.CLOSED: AssessmentState.CLOSED,
}
BY_LAST_STEP = (Show.CLOSED, Show.ALL)


@dataclass(frozen=True)
class Line:
    """One row; the name is shown masked. ``decision`` None: nobody has decided yet."""

    id: int
    name: str
    category: Category
    address: str
    unit: str
    decision: Decision | None
    executor: str
    due_at: datetime
    state: AssessmentState
    is_late: bool

    @property
    def look(self) -> str:
        return "no" if self.is_late else LOOKS[self.state]


def chosen(text: str | None) -> Show:
    """The filter asked for, or what waits."""
    return Show(text) if text in list(Show) else Show.WAITING


def holding(show: Show) -> ColumnElement[bool]:
    """The condition of one filter."""
    if show in STATES:
        return Assessment.state == STATES[show]
    if show is Show.MINE:
        mine = Assessment.executor_id == acting().account_id
        return and_(mine, Assessment.state == AssessmentState.DECIDED)
    if show is Show.OVERDUE:
        return and_(Assessment.state == AssessmentState.DECIDED, Assessment.due_at < now())
    return executors.has_left() if show is Show.LEFT else true()


def filters(show: Show) -> list[listing.Link]:
    """The filters as links, with how many wait."""
    counts = listing.count_each({one: select(Assessment.id).where(holding(one)) for one in COUNTED})
    return listing.filters("assessments.index", Show, show, counts)


def lines(show: Show, after: int | None) -> tuple[list[Line], int | None]:
    """One page, the nearest deadline first, and the ``after`` of the next one (None: there is none)."""
    by_last_step = show in BY_LAST_STEP
    order = (Assessment.changed_at if by_last_step else Assessment.due_at, Assessment.id)
    rows, following = listing.page_of(
        _assessments().where(holding(show)), order, after, upwards=not by_last_step
    )
    return [_line(row) for row in rows], following


def lines_of_household(household_id: int, most: int) -> Sequence[Line]:
    """The latest of a household, the newest first."""
    theirs = _assessments().where(Assessment.household_id == household_id)
    rows = db.session.execute(theirs.order_by(Assessment.id.desc()).limit(most))
    return [_line(row) for row in rows]


def _assessments() -> Any:
    columns = (
        Assessment.id,
        Assessment.state,
        Assessment.decision,
        Assessment.executor_name,
        Assessment.due_at,
        KeyPerson.category,
        Resident.name,
    )
    return (
        select(*columns, *ADDRESS, Unit.full_name)
        .join(KeyPerson, KeyPerson.id == Assessment.key_person_id)
        .join(Resident, Resident.id == KeyPerson.resident_id)
        .join(Household, Household.id == Assessment.household_id)
        .join(Unit, Unit.id == Assessment.unit_id)
    )


def _line(row: Any) -> Line:
    return Line(
        id=row.id,
        name=row.name,
        category=row.category,
        address=address_of(row),
        unit=row.full_name,
        decision=row.decision,
        executor=row.executor_name,
        due_at=row.due_at,
        state=row.state,
        is_late=row.state in OPEN and row.due_at < now(),
    )
