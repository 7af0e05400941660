"""What an order switches on for screening: who is looked for, from where the office decides, what counts as fever."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import func, select

from portal.access.acting import Place
from portal.access.scope import lies_in, place_of
from portal.clock import now
from portal.database import db
from portal.orders.measures import MeasureKind, Parameters, Preset
from portal.orders.models import Order
from portal.orders.service import measure_in_force, measure_lasts_until, why_not
from portal.screenings import presets
from portal.screenings.describing import describe
from portal.screenings.kinds import CATEGORY_LABELS, Category, RoundState
from portal.screenings.models import ScreeningRound
from portal.screenings.rules import Asks
from portal.web.errors import Refused
from portal.web.fields import Choice, ManyChips, Number, Tick
from portal.web.forms import Form
from portal.web.temperatures import Temperature

AREA, ITEM = "screenings", "rounds"
MOST_RECHECKS = 20


class ScreeningMeasureForm(Form):
    """Who is looked for, and what follows."""

    categories = ManyChips(
        _l("Who is looked for"),
        choices=list(CATEGORY_LABELS.items()),
        coerce=Category,
        thing=_l("who is looked for"),
        hint=_l("“Something else” can always be recorded"),
    )
    threshold = Choice(
        _l("From this category up the office decides"),
        choices=list(CATEGORY_LABELS.items()),
        coerce=Category,
        default=Category.FROM_NEIGHBOUR,
        hint=_l("The list goes from the gravest down"),
    )
    fever = Temperature(_l("Fever from"), default=presets.FEVER, thing=_l("the temperature"))
    rechecks = Number(
        _l("Households of a grid visited a second time"),
        default=presets.RECHECKS,
        low=0,
        high=MOST_RECHECKS,
        unit=_l("households"),
        thing=_l("the number of households"),
    )
    restricts = Tick(_l("Suspend the passes of the household until it is decided"))


def asks_of(form: Any) -> Asks:
    """What a valid form says. Something else can always be found."""
    chosen = {*(form.categories.data or ()), Category.OTHER}
    return Asks(
        tuple(category for category in Category if category in chosen),
        form.threshold.data,
        form.fever.data,
        form.rechecks.data,
        bool(form.restricts.data),
    )


def fill(form: Any, parameters: Parameters) -> None:
    """Show the parameters in the form."""
    asks = Asks.of(parameters)
    form.categories.data, form.threshold.data = list(asks.categories), asks.threshold
    form.fever.data, form.rechecks.data = asks.fever, asks.rechecks
    form.restricts.data = asks.restricts


def preview(order: Order, item: str, parameters: Parameters) -> str:
    """Rounds under way go on as they were set up."""
    place = place_of(order.unit_id)
    going_on = select(func.count(ScreeningRound.id)).where(
        lies_in(ScreeningRound, place), ScreeningRound.state == RoundState.OPEN
    )
    count = db.session.scalar(going_on) or 0
    if not count:
        return ""
    return ngettext(
        "%(num)s round under way goes on as it was set up.",
        "%(num)s rounds under way go on as they were set up.",
        count,
    )


def in_force(place: Place, at: datetime) -> tuple[Order, Asks] | None:
    """The order that switches screening on at a place, and what it asks; None where none does."""
    found = measure_in_force(AREA, ITEM, place, at)
    return None if found is None else (found[0], Asks.of(found[1]))


def needed(place: Place) -> tuple[Order, Asks]:
    """The same now; ``Refused`` says that there is none."""
    found = in_force(place, now())
    if found is None:
        raise Refused(why_not(AREA, ITEM))
    return found


def lasts_until(order: Order) -> datetime:
    """When screening ends that rests on this order."""
    return measure_lasts_until(order, AREA, ITEM)


def offered(_item: str) -> list[Preset]:
    """Categories really asked for, to start from."""
    return list(presets.PRESETS)


MEASURE = MeasureKind(
    label=_l("Screening"),
    items={ITEM: _l("Screening rounds and key persons")},
    say_all=True,
    form=ScreeningMeasureForm,
    parameters=lambda form: asks_of(form).to_json(),
    fill=fill,
    describe=describe,
    presets=offered,
    preview=preview,
)
