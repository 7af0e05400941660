"""The list of isolations: filters, what needs action first, and pages of twenty. Columns, not rows."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from sqlalchemy import ColumnElement, and_, not_, select, true

from portal.access.acting import acting
from portal.access.guard import can_open
from portal.clock import now, today
from portal.database import db
from portal.isolations import care, rules, standing
from portal.isolations.kinds import IsolationKind, IsolationState, Signature
from portal.isolations.models import OPEN, Isolation
from portal.registry.addresses import address_of
from portal.registry.models import ADDRESS, Household, Resident
from portal.units.models import Unit
from portal.workflow import listing

A_DAY = timedelta(days=1)


class Show(StrEnum):
    """The filters, what needs action first."""

    FEVER = "fever"
    MISSED = "missed"
    NO_ORDER = "no_order"
    OVER = "over"
    TO_TELL = "to_tell"
    TO_SIGN = "to_sign"
    TEAM_GAPS = "team_gaps"
    DUE = "due"
    ENDING = "ending"
    OPEN = "open"
    ALL = "all"

    @property
    def label(self) -> str:
        return str(SHOW_LABELS[self])


SHOW_LABELS: dict[Show, Any] = {
    Show.FEVER: _l("Fever or symptoms"),
    Show.MISSED: _l("Checks missed"),
    Show.NO_ORDER: _l("No order in force"),
    Show.OVER: _l("Days complete"),
    Show.TO_TELL: _l("To be told"),
    Show.TO_SIGN: _l("To be signed for"),
    Show.TEAM_GAPS: _l("Care team incomplete"),
    Show.DUE: _l("Checks due today"),
    Show.ENDING: _l("Ending today"),
    Show.OPEN: _lp("isolation", "Open"),
    Show.ALL: _l("All"),
}
# Each community sees to its own: to find them takes a look at every row.
OF_A_COMMUNITY = (Show.TO_SIGN, Show.TEAM_GAPS)


# In which order a filter's rows stand, what has waited longest first; the others by their end; all by their last step.
SINCE: dict[Show, Any] = {
    Show.FEVER: Isolation.alarm_since,
    Show.MISSED: Isolation.next_cut_off,
    Show.DUE: Isolation.next_cut_off,
    Show.ALL: Isolation.changed_at,
}


class Shown(StrEnum):
    """What people see as the state of one isolation: the most pressing thing."""

    FEVER = "fever"
    MISSED = "missed"
    NO_ORDER = "no_order"
    OVER = "over"
    ORDERED = "ordered"
    RUNNING = "running"
    RELEASED = "released"
    MOVED = "moved"
    VOID = "void"

    @property
    def label(self) -> str:
        if self.value in [show.value for show in Show]:
            return Show(self.value).label
        return IsolationState(self.value).label

    @property
    def look(self) -> str:
        return LOOKS[self]


LOOKS = {
    Shown.FEVER: "no",
    Shown.MISSED: "no",
    Shown.NO_ORDER: "look",
    Shown.OVER: "look",
    Shown.ORDERED: "look",
    Shown.RUNNING: "ok",
    Shown.RELEASED: "nil",
    Shown.MOVED: "nil",
    Shown.VOID: "nil",
}


@dataclass(frozen=True)
class Line:
    """One row of the list."""

    id: int
    url: str
    name: str
    address: str
    unit: str
    kind: IsolationKind
    days: str
    ends_at: datetime
    shown: Shown


class Filters:
    """The conditions of the filters at one moment: what has lost its order is asked for once."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.lost = standing.lost_their_order(at)
        self._tomorrow = rules.midnight(today() + A_DAY)

    def of(self, show: Show) -> ColumnElement[bool]:
        """The condition of one filter."""
        is_open, based = Isolation.state.in_(OPEN), not_(self.lost)
        conditions: dict[Show, ColumnElement[bool]] = {
            Show.FEVER: Isolation.alarm_since.is_not(None),
            Show.MISSED: and_(Isolation.next_cut_off <= self.at, based),
            Show.NO_ORDER: self.lost,
            Show.OVER: and_(is_open, Isolation.ends_at <= self.at),
            Show.TO_TELL: Isolation.state == IsolationState.ORDERED,
            Show.TO_SIGN: and_(is_open, Isolation.signed_by == Signature.TELEPHONE.value),
            Show.TEAM_GAPS: and_(is_open, care.has_a_gap()),
            Show.DUE: and_(Isolation.next_cut_off < self._tomorrow, based),
            Show.ENDING: and_(is_open, Isolation.ends_at > self.at, Isolation.ends_at <= self._tomorrow),
            Show.OPEN: is_open,
            Show.ALL: true(),
        }
        return conditions[show]


def chosen(text: str | None) -> Show:
    """The filter asked for, or those that are open."""
    return Show(text) if text in list(Show) else Show.OPEN


def offered() -> list[Show]:
    """The filters for whoever acts now."""
    place = acting().place
    in_a_community = place is not None and place.community_id is not None
    return [show for show in Show if in_a_community or show not in OF_A_COMMUNITY]


def links(show: Show) -> list[listing.Link]:
    """The filters to choose from, with how many each holds. What is empty is left out."""
    filters = Filters(now())
    shows = offered()
    counted = (one for one in shows if one is not Show.ALL)
    numbers = listing.count_each({one: select(Isolation.id).where(filters.of(one)) for one in counted})
    return listing.filters("isolations.index", shows, show, numbers)


def lines(show: Show, after: int | None) -> tuple[list[Line], int | None]:
    """One page, and the ``after`` of the next page (None: there is none)."""
    filters = Filters(now())
    found = _isolations(filters).where(filters.of(show))
    column = SINCE.get(show, Isolation.ends_at)
    rows, following = listing.page_of(
        found, (column, Isolation.id), after, upwards=column is not Isolation.changed_at
    )
    return [_line(row, show, filters.at) for row in rows], following


def lines_of_household(household_id: int, most: int) -> list[Line]:
    """The latest isolations in a household, the newest first."""
    filters = Filters(now())
    theirs = _isolations(filters).where(Isolation.household_id == household_id)
    rows = db.session.execute(theirs.order_by(Isolation.id.desc()).limit(most)).all()
    return [_line(row, Show.ALL, filters.at) for row in rows]


def shown_as(state: IsolationState, *, alarm: bool, missed: bool, lost: bool, over: bool) -> Shown:
    """The most pressing thing about an isolation."""
    if state not in OPEN:
        return Shown(state.value)
    if alarm:
        return Shown.FEVER
    if lost:
        return Shown.NO_ORDER
    if missed:
        return Shown.MISSED
    return Shown.OVER if over else Shown(state.value)


def days_words(starts_at: datetime, ends_at: datetime, at: datetime) -> str:
    """day 3 of 14"""
    return _(
        "day %(number)s of %(all)s",
        number=rules.day_number(starts_at, ends_at, at),
        all=rules.days_in_all(starts_at, ends_at),
    )


def _isolations(filters: Filters) -> Any:
    return (
        select(
            Isolation.id,
            Isolation.state,
            Isolation.kind,
            Isolation.household_id,
            Isolation.starts_at,
            Isolation.ends_at,
            Isolation.next_cut_off,
            Isolation.alarm_since,
            filters.lost.label("lost"),
            Resident.name,
            *ADDRESS,
            Unit.full_name,
        )
        .join(Resident, Resident.id == Isolation.resident_id)
        .join(Household, Household.id == Isolation.household_id)
        .join(Unit, Unit.id == Isolation.unit_id)
    )


def _line(row: Any, show: Show, at: datetime) -> Line:
    return Line(
        id=row.id,
        url=_where_to(row, show),
        name=row.name,
        address=address_of(row),
        unit=row.full_name,
        kind=row.kind,
        days=days_words(row.starts_at, row.ends_at, at),
        ends_at=row.ends_at,
        shown=shown_as(
            row.state,
            alarm=row.alarm_since is not None,
            missed=row.next_cut_off is not None and row.next_cut_off <= at,
            lost=bool(row.lost),
            over=row.ends_at <= at,
        ),
    )


def _where_to(row: Any, show: Show) -> str:
    if show is Show.DUE and can_open("isolations.check"):
        return url_for("isolations.check", household_id=row.household_id)
    return url_for("isolations.show", isolation_id=row.id)
