"""What screening brings to the daily report: households to screen and screened, key persons by category."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, func, select

from portal.access.acting import Level, Place
from portal.clock import now
from portal.database import db
from portal.screenings.kinds import CATEGORY_LABELS, Category, KeyPersonState, Outcome
from portal.screenings.models import KeyPerson, Visit, VisitTry
from portal.screenings.service import open_rounds
from portal.screenings.tallies import RoundTally
from portal.workflow.figures import Counting, Figure, part_of

ROUNDS, NEW, TOTAL = _l("Screening"), _l("Key persons, new"), _l("Key persons, in all")
COUNT = tuple(state for state in KeyPersonState if state is not KeyPersonState.VOID)
IN_VAIN = (Outcome.NOBODY_HOME, Outcome.REFUSED, Outcome.MOVED)
ORDER, ORDER_NEW, ORDER_TOTAL = 100, 120, 140


def to_screen() -> ColumnElement[int]:
    """应排查: the households of every round under way, each round by itself."""
    return func.coalesce(func.sum(RoundTally.households), 0)


def not_screened() -> ColumnElement[int]:
    """未排查: those of them that have not answered."""
    return func.coalesce(func.sum(RoundTally.households - RoundTally.answered), 0)


def _under_way(code: str, label: object, number: ColumnElement[int], order: int) -> Figure:
    """A number of the rounds under way, from their tallies: as fast for a million households as for a grid's."""

    def found(place: Place) -> list[ColumnElement[bool]]:
        ids = [one.id for one in open_rounds(now())]
        here = getattr(RoundTally, place.level.column) == place.unit_id
        return [here, RoundTally.round_id.in_(ids)]

    def live(place: Place, _at: datetime) -> int:
        return int(db.session.scalar(select(number).where(*found(place))) or 0)

    def live_by_part(place: Place, _at: datetime, level: Level | None) -> dict[int | None, int]:
        part = part_of(RoundTally, place, level)
        if part is None:
            return {None: live(place, _at)}
        rows = db.session.execute(select(part, number).where(*found(place)).group_by(part))
        return {row[0]: int(row[1]) for row in rows}

    return Figure(
        code, label, ROUNDS, Counting.AT_ITS_END, live=live, live_by_part=live_by_part, unit="户", order=order
    )


FIGURES = (
    _under_way("screenings.to_screen", _l("Households to screen"), to_screen(), ORDER),
    Figure(
        "screenings.answered",
        _l("Households screened"),
        ROUNDS,
        model=Visit,
        where={"outcome": (Outcome.ANSWERED,), "is_recheck": (False,)},
        dated_by=("answered_at",),
        unit="户",
        order=ORDER + 1,
    ),
    _under_way("screenings.not_screened", _l("Households not screened yet"), not_screened(), ORDER + 2),
    Figure(
        "screenings.in_vain",
        _l("Knocked in vain"),
        ROUNDS,
        model=VisitTry,
        where={"outcome": IN_VAIN},
        dated_by=("at",),
        order=ORDER + 3,
    ),
    *(
        Figure(
            f"screenings.new.{category.value}",
            label,
            NEW,
            model=KeyPerson,
            where={"category": (category,), "state": COUNT},
            dated_by=("created_at",),
            unit="人",
            order=ORDER_NEW + place,
        )
        for place, (category, label) in enumerate(CATEGORY_LABELS.items())
    ),
    *(
        Figure(
            f"screenings.total.{category.value}",
            label,
            TOTAL,
            Counting.AT_ITS_END,
            model=KeyPerson,
            where={"category": (category,), "state": COUNT},
            unit="人",
            order=ORDER_TOTAL + place,
        )
        for place, (category, label) in enumerate(CATEGORY_LABELS.items())
    ),
    Figure(
        "screenings.waiting",
        _l("Waiting for a decision"),
        TOTAL,
        Counting.AT_ITS_END,
        model=KeyPerson,
        states=(KeyPersonState.TO_ASSESS,),
        unit="人",
        order=ORDER_TOTAL + len(Category),
    ),
)
