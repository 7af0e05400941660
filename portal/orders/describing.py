"""An order's measures and steps in words, ready for a page."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from portal.orders.measures import kinds
from portal.orders.models import Measure, Order
from portal.orders.service import measure_name
from portal.workflow.record import Entry, entries_of

STEP_LABELS = {
    "draft": _l("Drafted"),
    "put_in_force": _l("Put in force"),
    "end": _l("Ended"),
}


@dataclass(frozen=True)
class MeasureInWords:
    """One measure of an order. There are no sentences where this version doesn't know it any more."""

    area: str
    item: str
    name: str
    sentences: tuple[str, ...]

    @property
    def in_short(self) -> str:
        """The first sentence, which is the shortest account."""
        return next(iter(self.sentences), "")


def cited(order: Order) -> str:
    """县指挥部《关于实行封闭管理的通告》（重防指〔2026〕3号）, as paper cites it in both languages."""
    return f"{order.issued_by}《{order.title}》（{order.number}）"


def measures_in_words(order: Order) -> list[MeasureInWords]:
    """What the order switches on, in the order in which it was written."""
    return [_measure_in_words(measure) for measure in order.measures]


def _measure_in_words(measure: Measure) -> MeasureInWords:
    kind = kinds().get(measure.area)
    return MeasureInWords(
        area=measure.area,
        item=measure.item,
        name=measure_name(measure.area, measure.item),
        sentences=tuple(kind.describe(measure.parameters)) if kind else (),
    )


def steps_in_words(order: Order) -> list[Entry]:
    """What was done with the order, for ``ui.steps``. Empty for those who work below the unit that issued it."""
    return entries_of(order, STEP_LABELS, {"end": "no"}, with_role=True)
