"""What an order switches on for isolation: how long, the cut-offs of the checks, the threshold, what release needs."""

from datetime import datetime, time
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import exists, select

from portal.access.acting import Place
from portal.access.scope import lies_in, place_of
from portal.database import db
from portal.isolations import presets
from portal.isolations.describing import describe
from portal.isolations.kinds import ISOLATION_KIND_LABELS, IsolationKind
from portal.isolations.models import OPEN, Isolation
from portal.isolations.rules import MOST_DAYS, Rule
from portal.orders.measures import MeasureKind, Parameters, Preset
from portal.orders.models import Order
from portal.orders.service import measure_in_force
from portal.web.fields import Clock, DecimalNumber, Number, Tick
from portal.web.forms import Form

AREA = "isolations"
LOWEST, HIGHEST = Decimal("36.5"), Decimal(39)


class IsolationMeasureForm(Form):
    """One kind of isolation."""

    days = Number(
        _l("Whole days"),
        low=1,
        high=MOST_DAYS,
        unit=_l("days"),
        thing=_l("the days"),
        hint=_l("Counted from midnight to midnight; the day of the start is day 0"),
    )
    morning = Clock(_l("Morning check by"), default=time(10), thing=_l("the time"))
    evening = Clock(_l("Evening check by"), default=time(17), thing=_l("the time"))
    threshold = DecimalNumber(
        _l("Fever from"),
        default=Decimal(presets.THRESHOLD) / 10,
        low=LOWEST,
        high=HIGHEST,
        unit="℃",
        thing=_l("the temperature"),
    )
    needs_tests = Tick(_l("Release needs the results of the tests"))
    suspends_passes = Tick(_l("The household is restricted meanwhile"), default=True)

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field by itself; then whether the morning comes first."""
        if super().validate(extra_validators) and self.morning.data >= self.evening.data:
            self.evening.errors = [_("Choose a time after that of the morning check")]
        return not self.errors


def parameters_of(form: Any) -> Parameters:
    """Plain values of a valid form."""
    return {
        "days": form.days.data,
        "morning": _minute(form.morning.data),
        "evening": _minute(form.evening.data),
        "threshold": int(form.threshold.data * 10),
        "needs_tests": form.needs_tests.data,
        "suspends_passes": form.suspends_passes.data,
    }


def fill(form: Any, parameters: Parameters) -> None:
    """Show the parameters in the form."""
    form.days.data = parameters["days"]
    form.morning.data = _time(parameters["morning"])
    form.evening.data = _time(parameters["evening"])
    form.threshold.data = Decimal(parameters["threshold"]) / 10
    form.needs_tests.data = parameters["needs_tests"]
    form.suspends_passes.data = parameters["suspends_passes"]


def preview(order: Order, item: str, _parameters: Parameters) -> str:
    """Says that those under way keep what they began with."""
    place = place_of(order.unit_id)
    under_way = exists().where(
        lies_in(Isolation, place),
        Isolation.kind == IsolationKind(item),
        Isolation.state.in_(OPEN),
    )
    if not db.session.scalar(select(under_way)):
        return ""
    return _(
        "%(kind)s: who is isolated now keeps the days and hours of the order that it began with.",
        kind=IsolationKind(item).label,
    )


def offered(item: str) -> list[Preset]:
    """Periods really ordered, to start from."""
    return list(presets.PRESETS[IsolationKind(item)])


def in_force(kind: IsolationKind, place: Place, at: datetime) -> tuple[Order, Parameters] | None:
    """The order that switches this kind on at a place, and what it asks; None where none does."""
    return measure_in_force(AREA, kind.value, place, at)


def kinds_in_force(place: Place, at: datetime) -> dict[IsolationKind, Rule]:
    """The kinds that can be ordered at a place, each with its rule."""
    return {
        kind: Rule.of(found[1]) for kind in IsolationKind if (found := in_force(kind, place, at)) is not None
    }


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def _time(minute: int) -> time:
    return time(*divmod(minute, 60))


MEASURE = MeasureKind(
    label=_l("Isolation"),
    items={kind.value: label for kind, label in ISOLATION_KIND_LABELS.items()},
    say_all=True,
    form=IsolationMeasureForm,
    parameters=parameters_of,
    fill=fill,
    describe=describe,
    presets=offered,
    preview=preview,
)
