"""What an order says of the office's own deadlines: who is decided about first, and how fast everybody acts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from flask_babel import ngettext
from sqlalchemy import func, select

from portal.access.acting import Place
from portal.access.scope import lies_in, place_of
from portal.assessments.deadlines import HOURS, UNLESS_ORDERED, Deadlines
from portal.assessments.kinds import AssessmentState
from portal.assessments.models import Assessment
from portal.assessments.presets import PRESETS
from portal.database import db
from portal.orders.measures import MeasureKind, Parameters, Preset
from portal.orders.models import Order
from portal.orders.service import measure_in_force
from portal.screenings.kinds import CATEGORY_LABELS, Category
from portal.web.fields import Choice, Number
from portal.web.forms import Form

AREA, ITEM = "assessments", "deadlines"
MOST_HOURS = 168


def _hours(label: Any, name: str) -> Number:
    return Number(
        label,
        default=getattr(UNLESS_ORDERED, name),
        low=1,
        high=MOST_HOURS,
        unit=_l("hours"),
        thing=_l("the hours"),
    )


class DeadlinesForm(Form):
    """By when whom."""

    urgent_from = Choice(
        _l("Urgent from this category up"),
        choices=list(CATEGORY_LABELS.items()),
        coerce=Category,
        default=UNLESS_ORDERED.urgent_from,
        hint=_l("The list goes from the gravest down"),
    )
    urgent = _hours(_l("The office decides what is urgent within"), "urgent")
    others = _hours(_l("The office decides everything else within"), "others")
    again = _hours(_l("What was sent back is done within"), "again")
    close = _hours(_l("The office closes what was reported back within"), "close")
    answer = _hours(_l("The other side answers a transfer within"), "answer")

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field by itself; then whether what is urgent comes first."""
        if super().validate(extra_validators) and self.urgent.data > self.others.data:
            self.urgent.errors = [_("What is urgent is decided no later than the rest")]
        return not self.errors


def parameters_of(form: Any) -> Parameters:
    """Plain values of a valid form."""
    return Deadlines(form.urgent_from.data, **{name: form[name].data for name in HOURS}).to_json()


def fill(form: Any, parameters: Parameters) -> None:
    """Show the parameters in the form."""
    deadlines = Deadlines.of(parameters)
    for name in ("urgent_from", *HOURS):
        form[name].data = getattr(deadlines, name)


def describe(parameters: Parameters) -> Sequence[str]:
    """One plain sentence each, the shortest account first."""
    said = Deadlines.of(parameters)
    return [
        _(
            "From “%(category)s” up the office decides within %(urgent)s, about everybody else within %(others)s.",
            category=said.urgent_from.label,
            urgent=hours_words(said.urgent),
            others=hours_words(said.others),
        ),
        _("What was sent back is done within %(hours)s.", hours=hours_words(said.again)),
        _("What was reported back is closed within %(hours)s.", hours=hours_words(said.close)),
        _("A transfer is answered within %(hours)s.", hours=hours_words(said.answer)),
    ]


def hours_words(hours: int) -> str:
    """4 hours"""
    return ngettext("%(num)s hour", "%(num)s hours", hours)


def preview(order: Order, item: str, _parameters: Parameters) -> str:
    """Says that what is asked already keeps the deadlines that it began with."""
    place = place_of(order.unit_id)
    waiting = select(func.count(Assessment.id)).where(
        lies_in(Assessment, place), Assessment.state == AssessmentState.WAITING
    )
    count = db.session.scalar(waiting) or 0
    if not count:
        return ""
    return ngettext(
        "%(num)s question to the office keeps the deadlines that it began with.",
        "%(num)s questions to the office keep the deadlines that they began with.",
        count,
    )


def parameters_for(place: Place, at: datetime) -> Parameters:
    """What is copied onto an assessment that begins at a place: what an order says, else what holds without one."""
    found = measure_in_force(AREA, ITEM, place, at)
    return found[1] if found else UNLESS_ORDERED.to_json()


def offered(_item: str) -> list[Preset]:
    """Deadlines to start from."""
    return list(PRESETS)


MEASURE = MeasureKind(
    label=_lp("order", "Deadlines"),
    items={ITEM: _l("Assessment")},
    form=DeadlinesForm,
    parameters=parameters_of,
    fill=fill,
    describe=describe,
    presets=offered,
    preview=preview,
)
