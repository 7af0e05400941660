"""What an order switches on for patrols: the rounds, how late they may begin, and what is looked for."""

import re
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from sqlalchemy import exists, select
from wtforms import StringField

from portal.access.acting import Place
from portal.access.scope import lies_in, place_of
from portal.database import db
from portal.orders.measures import MeasureKind, Parameters, Preset
from portal.orders.models import Order
from portal.orders.service import measure_in_force
from portal.patrols import presets
from portal.patrols.describing import describe, hours_words
from portal.patrols.findings.kinds import FINDING_KIND_LABELS, FindingKind
from portal.patrols.kinds import PatrolKind
from portal.patrols.models import PatrolRoute
from portal.units.models import Unit
from portal.web.asked import Asked
from portal.web.fields import ManyChips, Number
from portal.web.forms import Form
from portal.web.validators import tidy

AREA = "patrols"
MOST_ROUNDS = 24
LEAST_GRACE, MOST_GRACE = 10, 180
HOUR = re.compile(r"(\d{1,2})(?:[:：.](\d{2}))?[时点]?")
BETWEEN = re.compile(r"[\s,，、;；]+")


class RoundHours(Asked, StringField):
    """Hours of the day in one line, 09:00, 12:00. ``data`` is [minutes of the day], in order, each once."""

    data: Any
    attributes = {"autocomplete": "off", "maxlength": 200}

    def process_formdata(self, valuelist: list[Any]) -> None:
        typed = tidy(str(valuelist[0]), narrow=True) if valuelist else ""
        try:
            self.data = sorted({_minute(word) for word in BETWEEN.split(typed) if word})
        except ValueError:
            self.data = []
            raise ValueError(_("Write the hours like 09:00, 12:00, 15:00")) from None
        if len(self.data) > MOST_ROUNDS:
            raise ValueError(_("Use %(limit)s rounds a day or fewer", limit=MOST_ROUNDS))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return hours_words(self.data or [])


class PatrolMeasureForm(Form):
    """The rounds of one kind of patrol."""

    rounds = RoundHours(
        _l("Rounds begin at"), thing=_l("the hours of the rounds"), hint=_l("Like 09:00, 12:00, 15:00")
    )
    grace_minutes = Number(
        _l("A round may begin late by"),
        default=presets.GRACE,
        low=LEAST_GRACE,
        high=MOST_GRACE,
        unit=_l("minutes"),
        thing=_l("the minutes"),
    )
    kinds = ManyChips(
        _l("What is looked for"),
        choices=[
            (kind, label) for kind, label in FINDING_KIND_LABELS.items() if kind is not FindingKind.OTHER
        ],
        coerce=FindingKind,
        optional=True,
        hint=_l("“Something else” can always be recorded"),
    )


def parameters_of(form: Any) -> Parameters:
    """Plain values of a valid form. Something else can always be found."""
    found = [*(form.kinds.data or ()), FindingKind.OTHER]
    return {
        "rounds": form.rounds.data,
        "grace_minutes": form.grace_minutes.data,
        "kinds": [kind.value for kind in found],
    }


def fill(form: Any, parameters: Parameters) -> None:
    """Show the parameters in the form."""
    form.rounds.data = parameters["rounds"]
    form.grace_minutes.data = parameters["grace_minutes"]
    form.kinds.data = [kind for kind in kinds_looked_for(parameters) if kind is not FindingKind.OTHER]


def preview(order: Order, item: str, parameters: Parameters) -> str:
    """Says when there is no route yet: without one there are no rounds."""
    place = place_of(order.unit_id)
    laid_down = exists().where(
        lies_in(PatrolRoute, place),
        PatrolRoute.kind == PatrolKind(item),
        PatrolRoute.closed_at.is_(None),
    )
    if db.session.scalar(select(laid_down)):
        return ""
    unit = db.session.get_one(Unit, order.unit_id).full_name
    return _(
        "%(kind)s: %(unit)s has no route yet. Rounds are planned as soon as there is one.",
        kind=PatrolKind(item).label,
        unit=unit,
    )


def offered(item: str) -> list[Preset]:
    """Rounds really walked, to start from."""
    return list(presets.PRESETS[PatrolKind(item)])


def parameters_in_force(kind: PatrolKind, place: Place, at: datetime) -> tuple[Order, Parameters] | None:
    """The order that switches patrols of this kind on at a place, and what it asks; None where none does."""
    return measure_in_force(AREA, kind.value, place, at)


def kinds_looked_for(parameters: Parameters) -> list[FindingKind]:
    """The kinds of findings that the parameters of an order name, in our order."""
    return [kind for kind in FindingKind if kind is FindingKind.OTHER or kind.value in parameters["kinds"]]


def _minute(word: str) -> int:
    """09:00, 9.00, 9时 or 9 as minutes of the day; ValueError for anything else."""
    match = HOUR.fullmatch(word)
    if not match:
        raise ValueError(word)
    hour, minute = int(match[1]), int(match[2] or 0)
    if hour > 23 or minute > 59:
        raise ValueError(word)
    return hour * 60 + minute


MEASURE = MeasureKind(
    label=_l("Patrols"),
    items={
        PatrolKind.COMMUNITY.value: _lp("patrols", "Community"),
        PatrolKind.BOUNDARY.value: _lp("patrols", "Boundary"),
    },
    form=PatrolMeasureForm,
    parameters=parameters_of,
    fill=fill,
    describe=describe,
    presets=offered,
    preview=preview,
)
