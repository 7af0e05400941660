"""Visits on paper: printed before a walk where there is no network, keyed afterwards.

A row is a household. What is keyed goes into the round under way that it has not answered, the one with the nearest
deadline first.
"""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.access.acting import Place
from portal.access.policy import May
from portal.access.scope import place_of
from portal.clock import now
from portal.database import db
from portal.registry.models import Household
from portal.registry.worksheet import find_household, household_lines
from portal.screenings import listing, service
from portal.screenings.kinds import OUTCOME_LABELS, Outcome
from portal.screenings.models import ScreeningRound
from portal.screenings.rules import retries
from portal.screenings.visits import listing as visits
from portal.screenings.visits.service import Knock, visit_of, write
from portal.web.errors import Refused
from portal.workflow.worksheets import Width, WorksheetColumn, WorksheetKind, one_of, words

OUTCOME_WORDS = {
    Outcome.ANSWERED.value: ("1无变化", "1", "无变化"),
    Outcome.NOBODY_HOME.value: ("2无人", "2", "无人"),
    Outcome.REFUSED.value: ("3拒绝", "3", "拒绝"),
    Outcome.MOVED.value: ("4搬走", "4", "搬走"),
}
NONE_OPEN = _l("No round under way asks for this household any more.")
LONGEST_NOTE = 200


def choices() -> list[tuple[str, Any]]:
    """The rounds under way."""
    return listing.names_of(service.open_rounds(now())) or [("0", _l("No round under way"))]


def household_ids(choice: str, place: Place, most: int) -> Sequence[int]:
    """The households of a place that have not answered in a round, as people walk."""
    round_ = db.session.get(ScreeningRound, int(choice))
    return [] if round_ is None else visits.ids_to_visit(round_, place, most)


def columns() -> list[WorksheetColumn]:
    """What came of the knock, and what has changed: changes are marked on the household's screen."""
    return [
        WorksheetColumn(
            "outcome",
            "排查结果",
            _l("What came of it"),
            one_of(OUTCOME_WORDS),
            write_outcome,
            lambda text: OUTCOME_LABELS[Outcome(text)],
            hint="1无变化 2无人 3拒绝 4搬走",
            width=Width.NARROW,
        ),
        WorksheetColumn(
            "changes",
            "变化情况（体温、症状、来源地）",
            _l("What has changed"),
            words(LONGEST_NOTE),
            hint="有变化的回来后逐户补录",
            width=Width.WIDE,
        ),
    ]


def write_outcome(household: Household, text: str) -> None:
    """A knock in the round that asks for the household."""
    outcome = Outcome(text)
    retry_at = None if outcome in (Outcome.ANSWERED, Outcome.MOVED) else retries(now())[0]
    write(round_for(household), household, Knock(outcome, retry_at=retry_at))


def round_for(household: Household) -> ScreeningRound:
    """The round under way that the household has not answered; ``Refused`` where there is none."""
    for one in service.open_rounds(now(), place_of(household.unit_id)):
        visit = visit_of(one.id, household.id)
        if visit is None or visit.outcome is not Outcome.ANSWERED:
            return one
    raise Refused(NONE_OPEN)


WORKSHEETS = {
    "visits": WorksheetKind(
        _l("Visits of a round"),
        "入户排查表",
        May.SCREEN,
        columns,
        choices,
        household_ids,
        household_lines,
        find_household,
    )
}
