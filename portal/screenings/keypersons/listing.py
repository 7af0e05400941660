"""The list of key persons: filters, pages of twenty, the newest first. Columns, not rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from sqlalchemy import ColumnElement, and_, exists, not_, or_, select, true

from portal.database import db
from portal.registry.addresses import address_of
from portal.registry.models import ADDRESS, Household, Resident
from portal.screenings.keypersons import decided
from portal.screenings.kinds import KEY_PERSON_STATE_LABELS, Category, KeyPersonState
from portal.screenings.models import KeyPerson
from portal.units.models import Unit
from portal.workflow import listing

LOOKS = {
    KeyPersonState.NOTED: "nil",
    KeyPersonState.TO_ASSESS: "look",
    KeyPersonState.MANAGED: "ok",
    KeyPersonState.CLOSED: "nil",
    KeyPersonState.VOID: "no",
}


class Show(StrEnum):
    """The filters, what needs action first."""

    WAITING = "waiting"
    TO_CLOSE = "to_close"
    INCOMPLETE = "incomplete"
    NOTED = "noted"
    MANAGED = "managed"
    CLOSED = "closed"
    ALL = "all"

    @property
    def label(self) -> str:
        return str(SHOW_LABELS[self])


SHOW_LABELS = {
    Show.WAITING: KEY_PERSON_STATE_LABELS[KeyPersonState.TO_ASSESS],
    Show.TO_CLOSE: _lp("key person", "To close"),
    Show.INCOMPLETE: _l("To complete"),
    Show.NOTED: KEY_PERSON_STATE_LABELS[KeyPersonState.NOTED],
    Show.MANAGED: KEY_PERSON_STATE_LABELS[KeyPersonState.MANAGED],
    Show.CLOSED: KEY_PERSON_STATE_LABELS[KeyPersonState.CLOSED],
    Show.ALL: _l("All"),
}
COUNTED = (Show.WAITING, Show.TO_CLOSE, Show.INCOMPLETE)  # what somebody has to act on
STATES = {
    Show.WAITING: KeyPersonState.TO_ASSESS,
    Show.NOTED: KeyPersonState.NOTED,
    Show.MANAGED: KeyPersonState.MANAGED,
    Show.CLOSED: KeyPersonState.CLOSED,
}
FINDING_OUT = (KeyPersonState.NOTED, KeyPersonState.TO_ASSESS)
ASKED_FIRST = or_(KeyPerson.origin == "", KeyPerson.arrived_at.is_(None), KeyPerson.transport.is_(None))
LEFT = (
    exists()
    .where(Resident.id == KeyPerson.resident_id, Resident.left_at.is_not(None))
    .correlate(KeyPerson)  # a list joins the resident, too
)


@dataclass(frozen=True)
class Line:
    """One row; the name is shown masked."""

    id: int
    name: str
    address: str
    unit: str
    category: Category
    state: KeyPersonState
    changed_at: datetime
    measure: str

    @property
    def look(self) -> str:
        return LOOKS[self.state]


def chosen(text: str | None) -> Show:
    """The filter asked for, or all."""
    return Show(text) if text in list(Show) else Show.ALL


def holding(show: Show) -> ColumnElement[bool]:
    """The condition of one filter."""
    if show in STATES:
        return KeyPerson.state == STATES[show]
    if show is Show.INCOMPLETE:
        return and_(KeyPerson.state.in_(FINDING_OUT), ASKED_FIRST, not_(LEFT))
    return to_close() if show is Show.TO_CLOSE else true()


def to_close() -> ColumnElement[bool]:
    """待销号: the measure is over and nothing has followed it, or who was only noted no longer lives here."""
    over = and_(KeyPerson.state == KeyPersonState.MANAGED, decided.is_over())
    return or_(over, and_(KeyPerson.state == KeyPersonState.NOTED, LEFT))


def filters(show: Show) -> list[listing.Link]:
    """The filters as links, with how many wait."""
    counts = listing.count_each({one: select(KeyPerson.id).where(holding(one)) for one in COUNTED})
    return listing.filters("keypersons.index", Show, show, counts)


def lines(
    show: Show, before: int | None, *, category: Category | None = None, round_id: int | None = None
) -> tuple[list[Line], int | None]:
    """One page, and the ``before`` of the next one (None: there is none)."""
    found = _persons().where(holding(show))
    found = found.where(KeyPerson.category == category) if category else found
    found = found.where(KeyPerson.round_id == round_id) if round_id else found
    rows, following = listing.page_of(found, (KeyPerson.changed_at, KeyPerson.id), before)
    measures = decided.measures([row.id for row in rows])
    return [_line(row, measures.get(row.id, "")) for row in rows], following


def ids(choice: str, most: int | None = None) -> Sequence[int]:
    """The key persons of a filter, the newest first: for an export."""
    found = select(KeyPerson.id).where(holding(chosen(choice)))
    return db.session.scalars(
        found.order_by(KeyPerson.changed_at.desc(), KeyPerson.id.desc()).limit(most)
    ).all()


def _persons() -> Any:
    columns = (KeyPerson.id, KeyPerson.category, KeyPerson.state, KeyPerson.changed_at, Resident.name)
    return (
        select(*columns, *ADDRESS, Unit.full_name)
        .join(Resident, Resident.id == KeyPerson.resident_id)
        .join(Household, Household.id == KeyPerson.household_id)
        .join(Unit, Unit.id == KeyPerson.unit_id)
    )


def _line(row: Any, measure: str) -> Line:
    return Line(
        id=row.id,
        name=row.name,
        address=address_of(row),
        unit=row.full_name,
        category=row.category,
        state=row.state,
        changed_at=row.changed_at,
        measure=measure,
    )
