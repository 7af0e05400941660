"""Visits on paper: printed before a walk where there is no network, keyed afterwards.

Each round has sheets of its own, so that what is keyed goes into the round for which it was written. A row is a
household.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select

from portal.access.acting import Place
from portal.access.policy import May
from portal.clock import now
from portal.database import db
from portal.registry.models import Household
from portal.registry.worksheet import find_household, household_lines
from portal.screenings.kinds import OUTCOME_LABELS, Outcome, RoundState
from portal.screenings.models import ScreeningRound
from portal.screenings.rules import retries
from portal.screenings.visits.listing import Show, ids_of
from portal.screenings.visits.service import Knock, write
from portal.workflow.worksheets import Width, WorksheetColumn, WorksheetKind, one_of, words

OUTCOME_WORDS = {
    Outcome.ANSWERED.value: ("1无变化", "1", "无变化"),
    Outcome.NOBODY_HOME.value: ("2无人", "2", "无人"),
    Outcome.REFUSED.value: ("3拒绝", "3", "拒绝"),
    Outcome.MOVED.value: ("4搬走", "4", "搬走"),
}
LONGEST_NOTE = 200
STILL_KNOWN = timedelta(days=3)  # so long a sheet of a round that is over says why it can no longer be keyed
MOST_ROUNDS = 20


class SheetsOfRounds(Mapping[str, WorksheetKind]):
    """The kinds of sheets there are now: one for each round that the one acting sees."""

    def __getitem__(self, name: str) -> WorksheetKind:
        return self._kinds()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._kinds())

    def __len__(self) -> int:
        return len(self._kinds())

    def _kinds(self) -> dict[str, WorksheetKind]:
        found = select(ScreeningRound).where(
            or_(ScreeningRound.state == RoundState.OPEN, ScreeningRound.changed_at > now() - STILL_KNOWN)
        )
        newest = found.order_by(ScreeningRound.starts_at.desc(), ScreeningRound.id.desc()).limit(MOST_ROUNDS)
        return {f"visits_{one.id}": kind_of(one) for one in db.session.scalars(newest)}


def kind_of(round_: ScreeningRound) -> WorksheetKind:
    """The sheets of one round."""
    return WorksheetKind(
        _l("Visits: %(round)s", round=round_.name),
        "入户排查表",
        May.SCREEN,
        lambda: columns(round_),
        lambda: [(show.value, show.label) for show in (Show.TO_VISIT, Show.ALL)],
        household_ids(round_),
        household_lines,
        find_household,
    )


def household_ids(round_: ScreeningRound) -> Callable[[str, Place, int], Sequence[int]]:
    """The households of a place in a round, as people walk."""

    def ids(choice: str, place: Place, most: int) -> Sequence[int]:
        return ids_of(round_, place, most, with_answered=choice == Show.ALL.value)

    return ids


def columns(round_: ScreeningRound) -> list[WorksheetColumn]:
    """What came of the knock, and what has changed: changes are marked on the household's screen."""
    return [
        WorksheetColumn(
            "outcome",
            "排查结果",
            _l("What came of it"),
            one_of(OUTCOME_WORDS),
            lambda household, text: write_outcome(round_, household, text),
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


def write_outcome(round_: ScreeningRound, household: Household, text: str) -> None:
    """A knock in the round for which the sheet was printed."""
    outcome = Outcome(text)
    retry_at = None if outcome in (Outcome.ANSWERED, Outcome.MOVED) else retries(now())[0]
    write(round_, household, Knock(outcome, retry_at=retry_at))
