"""The list of passes: filters by the state that people see, pages of twenty, the search. Columns, not rows."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Row, Select, and_, not_, or_, select, true

from portal.access.acting import acting, may
from portal.access.policy import May, Role
from portal.clock import now
from portal.database import db
from portal.passes import finding
from portal.passes.kinds import SHOWN_LABELS, Kind, PassState, Shown
from portal.passes.models import Pass
from portal.passes.purposes import words_for
from portal.passes.rules import EXPIRING
from portal.passes.standing import LIGHT, in_time, shown_states, suspended
from portal.passes.wording import end_of
from portal.registry.addresses import address_of
from portal.registry.models import ADDRESS, Household
from portal.registry.searching.finding import Hit
from portal.web.formats import mask_name, moment
from portal.workflow import listing
from portal.workflow.listing import Link

MOST_BY_NUMBER = 5


class Show(StrEnum):
    """The filters, what needs action first."""

    RETURNED = "returned"
    DRAFT = "draft"
    APPLIED = "applied"
    ENDORSED = "endorsed"
    EXPIRING = "expiring"
    SUSPENDED = "suspended"
    VALID = "valid"
    REVOKED = "revoked"
    ALL = "all"

    @property
    def label(self) -> str:
        return str(SHOW_LABELS[self])


SHOW_LABELS = {
    Show.RETURNED: _l("Returned"),
    Show.DRAFT: SHOWN_LABELS[Shown.DRAFT],
    Show.APPLIED: SHOWN_LABELS[Shown.APPLIED],
    Show.ENDORSED: SHOWN_LABELS[Shown.ENDORSED],
    Show.EXPIRING: SHOWN_LABELS[Shown.EXPIRING],
    Show.SUSPENDED: SHOWN_LABELS[Shown.SUSPENDED],
    Show.VALID: SHOWN_LABELS[Shown.VALID],
    Show.REVOKED: SHOWN_LABELS[Shown.REVOKED],
    Show.ALL: _l("All"),
}

# What somebody has to act on; how many the other filters hold helps nobody.
COUNTED = (Show.RETURNED, Show.DRAFT, Show.APPLIED, Show.ENDORSED, Show.EXPIRING, Show.SUSPENDED)
FIRST_TO_END = (Show.EXPIRING, Show.SUSPENDED, Show.VALID)
MAY_BE_RETURNED = (PassState.DRAFT, PassState.APPLIED)
FIRST_LOOKED_AT = {
    Role.GRID_MEMBER: Show.DRAFT,
    Role.SHOCK_TEAM: Show.APPLIED,
    Role.COMMANDER: Show.ENDORSED,
    Role.OFFICE: Show.ENDORSED,
}

# What can be done with several at once.
TOGETHER = {
    Show.ENDORSED: (May.ISSUE_PASSES,),
    Show.VALID: (May.PRINT_PASSES, May.REVOKE_PASSES),
    Show.EXPIRING: (May.PRINT_PASSES, May.REVOKE_PASSES),
    Show.SUSPENDED: (May.REVOKE_PASSES,),
}


@dataclass(frozen=True)
class Line:
    """One row of the list. The holder's name is shown masked."""

    id: int
    holder: str
    where: str
    kind: Kind
    purpose: str
    look: str
    state: str
    when_label: Any
    when: datetime
    when_words: str


def chosen(text: str | None) -> Show:
    """The filter asked for, or what the one acting now has to do first."""
    if text in list(Show):
        return Show(text)
    return FIRST_LOOKED_AT.get(acting().role, Show.ALL)


def filters(show: Show, holding: "Filters") -> list[Link]:
    """The filters to choose from. One that waits for somebody is left out while it is empty."""
    return listing.filters("passes.index", Show, show, counts(holding))


def together(show: Show) -> list[May]:
    """What the one acting now may do with several passes of this filter at once."""
    return [need for need in TOGETHER.get(show, ()) if may(need)]


def lines(show: Show, before: int | None, holding: "Filters") -> tuple[list[Line], int | None]:
    """One page in the filter's order, and the ``before`` of the next page (None: there is none)."""
    found = _passes().where(holding.of(show))
    rows, following = listing.page_of(found, _order(show), before, upwards=show in FIRST_TO_END)
    return _lines(rows), following


def search(text: str) -> tuple[list[Line], bool]:
    """Passes found by the holder's name, the address, the plate or the serial number.

    The second value is True where more were found than are shown.
    """
    found = finding.ids(text)
    newest_first = _passes().where(Pass.id.in_(found)).order_by(Pass.changed_at.desc(), Pass.id.desc())
    return _lines(db.session.execute(newest_first.limit(finding.MOST)).all()), len(found) > finding.MOST


def by_number(words: str) -> list[Hit]:
    """The registry's search finds passes, too: by the serial number, the short code or the plate."""
    if not may(May.SEE_PASSES):
        return []
    hits = []
    for why, condition in finding.by_numbers(words):
        fitting = select(Pass.id, Pass.serial, Pass.holder_name, Pass.kind).where(condition)
        hits += [
            Hit(
                url=url_for("passes.show", pass_id=row.id),
                what=row.serial or row.kind.label,
                under=mask_name(row.holder_name),
                why=why,
            )
            for row in db.session.execute(fitting.order_by(Pass.id.desc()).limit(MOST_BY_NUMBER))
        ]
    return hits


def counts(holding: "Filters") -> dict[Show, int]:
    """How many wait for somebody."""
    return listing.count_each({show: select(Pass.id).where(holding.of(show)) for show in COUNTED})


class Filters:
    """What each filter holds at a moment. Orders and restrictions are looked up once, when they are needed."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def of(self, show: Show) -> ColumnElement[bool]:
        """The condition of one filter."""
        if show is Show.ALL:
            return true()
        if show is Show.RETURNED:
            return and_(Pass.returned_because != "", _to_mend())
        if show in (Show.DRAFT, Show.APPLIED, Show.ENDORSED, Show.REVOKED):
            return Pass.state == PassState(show.value)
        if show is Show.SUSPENDED:
            return and_(self._in_time, self._suspended)
        valid = and_(self._in_time, not_(self._suspended))
        return and_(valid, self._near_its_end) if show is Show.EXPIRING else valid

    @property
    def _near_its_end(self) -> ColumnElement[bool]:
        return or_(Pass.expiring_from <= self._at, Pass.series_ends_at <= self._at + EXPIRING)

    @cached_property
    def _in_time(self) -> ColumnElement[bool]:
        return in_time(self._at)

    @cached_property
    def _suspended(self) -> ColumnElement[bool]:
        return suspended(self._at)


def _to_mend() -> ColumnElement[bool]:
    """Among those returned, those that wait for the one acting now; for who may not apply, all of them.

    A draft waits for whoever applied and for the grid member of the household, an application for the shock team.
    """
    either = Pass.state.in_(MAY_BE_RETURNED)
    if not may(May.APPLY_FOR_PASSES):
        return either
    mine = true() if acting().role is Role.GRID_MEMBER else Pass.created_by_id == acting().account_id
    drafts = and_(Pass.state == PassState.DRAFT, mine)
    if not may(May.ENDORSE_PASSES):
        return drafts
    return and_(either, or_(drafts, Pass.state == PassState.APPLIED))  # SQLite finds no index for an OR alone


def _passes() -> Select[Any]:
    return select(
        *LIGHT,
        Pass.holder_name,
        Pass.returned_because,
        Pass.purpose,
        Pass.purpose_note,
        Pass.employer,
        Pass.plate,
        Pass.changed_at,
        *ADDRESS,
    ).outerjoin(Household, Household.id == Pass.household_id)


def _order(show: Show) -> tuple[Any, ...]:
    """What a filter's list is ordered by: what ends first, else what changed last. Each has its index."""
    if show in FIRST_TO_END:
        return Pass.valid_until, Pass.id
    return (Pass.state, Pass.changed_at, Pass.id) if show is Show.RETURNED else (Pass.changed_at, Pass.id)


def _lines(rows: Any) -> list[Line]:
    return [_line(row, shown) for row, shown in zip(rows, shown_states(rows, now()), strict=True)]


def _line(row: Row[Any], shown: Shown) -> Line:
    returned = row.returned_because and row.state in MAY_BE_RETURNED
    expires = shown in (Shown.VALID, Shown.EXPIRING, Shown.SUSPENDED, Shown.EXPIRED)
    return Line(
        id=row.id,
        holder=row.holder_name,
        where=address_of(row) or row.employer,
        kind=row.kind,
        purpose=words_for(row.purpose, row.purpose_note),
        look="look" if returned else shown.look,
        state=Show.RETURNED.label if returned else shown.label,
        when_label=_l("Until") if expires else "",
        when=row.valid_until if expires else row.changed_at,
        when_words=end_of(row.valid_until) if expires else moment(row.changed_at),
    )
