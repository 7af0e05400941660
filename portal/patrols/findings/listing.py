"""The list of findings: what waits for a step first, pages of twenty. Columns, not rows; nobody is named in it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from sqlalchemy import ColumnElement, select, true

from portal.patrols.findings.kinds import FINDING_STATE_LABELS, FindingState
from portal.patrols.findings.models import Finding
from portal.patrols.findings.places import again
from portal.patrols.findings.texts import what_was_found
from portal.workflow import listing
from portal.workflow.listing import Link


class Show(StrEnum):
    """The filters, what needs a step first."""

    REFERRED = "referred"
    NOTICED = "noticed"
    RECORDED = "recorded"
    RECEIVED = "received"
    PERSUADED = "persuaded"
    AGAIN = "again"
    SETTLED = "settled"
    ALL = "all"

    @property
    def label(self) -> str:
        return str(SHOW_LABELS[self])


SHOW_LABELS: dict[Show, Any] = {
    Show.REFERRED: _lp("finding", "Without receipt"),
    Show.NOTICED: FINDING_STATE_LABELS[FindingState.NOTICED],
    Show.RECORDED: FINDING_STATE_LABELS[FindingState.RECORDED],
    Show.RECEIVED: FINDING_STATE_LABELS[FindingState.RECEIVED],
    Show.PERSUADED: FINDING_STATE_LABELS[FindingState.PERSUADED],
    Show.AGAIN: _l("Again at the same place"),
    Show.SETTLED: FINDING_STATE_LABELS[FindingState.SETTLED],
    Show.ALL: _l("All"),
}
COUNTED = (Show.REFERRED, Show.NOTICED, Show.RECORDED, Show.RECEIVED, Show.AGAIN)

STATE_LOOKS = {
    FindingState.PERSUADED: "ok",
    FindingState.RECORDED: "look",
    FindingState.NOTICED: "look",
    FindingState.REFERRED: "no",
    FindingState.RECEIVED: "look",
    FindingState.SETTLED: "nil",
}


@dataclass(frozen=True)
class Line:
    """One row of the list."""

    id: int
    what: str
    place: str
    people: int
    found_at: datetime
    state: FindingState

    @property
    def look(self) -> str:
        return STATE_LOOKS[self.state]


def chosen(text: str | None, numbers: dict[Show, int]) -> Show:
    """The filter asked for, else the first with something in it that waits for a step."""
    if text in list(Show):
        return Show(text)
    waiting = (show for show in COUNTED if show is not Show.AGAIN and numbers[show])
    return next(waiting, Show.ALL)


def counts(at: datetime) -> dict[Show, int]:
    """How many each counted filter holds."""
    return listing.count_each({show: select(Finding.id).where(condition(show, at)) for show in COUNTED})


def filters(show: Show, numbers: dict[Show, int]) -> list[Link]:
    """The filters to choose from."""
    return listing.filters("findings.index", Show, show, numbers)


def condition(show: Show, at: datetime) -> ColumnElement[bool]:
    """What a filter holds."""
    if show is Show.ALL:
        return true()
    return again(at) if show is Show.AGAIN else Finding.state == FindingState(show.value)


def lines(show: Show, before: int | None, at: datetime) -> tuple[list[Line], int | None]:
    """One page, what changed last first, and the ``before`` of the next page (None: there is none)."""
    found = select(
        Finding.id,
        Finding.kind,
        Finding.kind_note,
        Finding.place,
        Finding.people,
        Finding.found_at,
        Finding.state,
    ).where(condition(show, at))
    rows, following = listing.page_of(found, (Finding.changed_at, Finding.id), before)
    shown = [
        Line(row.id, what_was_found(row.kind, row.kind_note), row.place, row.people, row.found_at, row.state)
        for row in rows
    ]
    return shown, following
