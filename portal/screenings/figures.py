"""What screening brings to the daily report: households to screen and screened, key persons by category."""

from collections import Counter
from collections.abc import Callable

from flask_babel import lazy_gettext as _l

from portal.access.acting import Place
from portal.clock import now
from portal.screenings import tallies
from portal.screenings.kinds import CATEGORY_LABELS, KeyPersonState, Outcome
from portal.screenings.models import KeyPerson, Visit, VisitTry
from portal.screenings.service import open_rounds
from portal.workflow.figures import By, Counting, Figure, Span

ROUNDS, NEW, TOTAL = _l("Screening"), _l("Key persons, new"), _l("Key persons, in all")
COUNT = tuple(state for state in KeyPersonState if state is not KeyPersonState.VOID)
IN_VAIN = (Outcome.NOBODY_HOME, Outcome.REFUSED, Outcome.MOVED)
ORDER, ORDER_NEW, ORDER_TOTAL = 100, 120, 140


def to_screen(place: Place, by: By) -> Counter[int | None]:
    """应排查: the households of every round under way, each round by itself."""
    return tallies.households(open_rounds(now()), place, by)


def not_screened(place: Place, by: By) -> Counter[int | None]:
    """未排查: those of them that have not answered."""
    rounds = open_rounds(now())
    found = tallies.households(rounds, place, by)
    found.subtract(tallies.answered(rounds, place, by))
    return found


def _under_way(
    code: str, label: object, count: Callable[[Place, By], Counter[int | None]], order: int
) -> Figure:
    """A number of the rounds under way: as fast for a million households as for a grid's."""

    def live(place: Place, _span: Span, by: By) -> Counter[int | None]:
        return count(place, by)

    return Figure(code, label, ROUNDS, Counting.AT_ITS_END, live=live, unit="户", order=order)


FIGURES = (
    _under_way("screenings.to_screen", _l("Households to screen"), to_screen, ORDER),
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
    _under_way("screenings.not_screened", _l("Households not screened yet"), not_screened, ORDER + 2),
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
)
