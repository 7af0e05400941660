"""What an order asks of the daily report: for each level until when figures count, and when they are due."""

import re
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField

from portal.access.acting import Level
from portal.orders.measures import MeasureKind, Parameters, Preset
from portal.orders.models import Order
from portal.reports.clock import DAILY, DAY_MINUTES
from portal.reports.presets import LEVELS, PRESETS
from portal.units.models import LEVEL_LABELS
from portal.web.asked import Asked
from portal.web.forms import Form
from portal.web.validators import tidy

TIME = re.compile(r"(\d{1,2})(?:[:：.](\d{2}))?[时点]?")


class HourOfDay(Asked, StringField):
    """A time up to 24:00 in one line: 17:00, 17时. ``data`` is minutes of the day, None for none."""

    data: Any
    attributes = {"autocomplete": "off", "maxlength": 6, "inputmode": "numeric", "placeholder": "17:00"}

    def process_formdata(self, valuelist: list[Any]) -> None:
        typed = tidy(str(valuelist[0]), narrow=True) if valuelist else ""
        found, self.data = TIME.fullmatch(typed), None
        if found and int(found[2] or 0) < 60 and int(found[1]) * 60 + int(found[2] or 0) <= DAY_MINUTES:
            self.data = int(found[1]) * 60 + int(found[2] or 0)
        elif typed:
            raise ValueError(_("Enter a time like 18:00 or 24:00"))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else clock_words(self.data)


def clock_words(minutes: int) -> str:
    """17:00, 24:00; what lies on the next day is told by its hour."""
    here = minutes if minutes <= DAY_MINUTES else minutes - DAY_MINUTES
    return f"{here // 60:02d}:{here % 60:02d}"


def _fields() -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for level in LEVELS:
        what = {"level": LEVEL_LABELS[level]}
        fields[f"cut_off_{level}"] = HourOfDay(_l("%(level)s: figures until", **what), optional=True)
        fields[f"due_{level}"] = HourOfDay(_l("%(level)s: report by", **what), optional=True)
    return fields


class _ClockForm(Form):
    """Each level that reports has both hours; one that has none does not report."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Both hours or neither, one level at least, and each level after those below it."""
        if not super().validate(extra_validators):
            return False
        asked = parameters_of(self)["levels"]
        for level in LEVELS:
            first, second = self[f"cut_off_{level}"], self[f"due_{level}"]
            if (first.data is None) != (second.data is None):
                empty = first if first.data is None else second
                empty.errors = [_("Enter both hours, or leave both empty")]
        if not asked and not self.errors:
            self[f"cut_off_{LEVELS[0]}"].errors = [_("Enter the hours of one level at least")]
        self._refuse_haste(asked)
        return not self.errors

    def _refuse_haste(self, asked: dict[str, dict[str, int]]) -> None:
        latest = {"cut_off": 0, "due": 0}
        for level in (level for level in LEVELS if level.value in asked):
            for what, before in latest.items():
                if asked[level][what] < before and not self[f"{what}_{level}"].errors:
                    self[f"{what}_{level}"].errors = [_("A level comes after those below it")]
                latest[what] = max(before, asked[level][what])


ClockForm = type("ClockForm", (_ClockForm,), _fields())


def parameters_of(form: Any) -> Parameters:
    """Plain values of a form: minutes from the day's midnight. A deadline before the cut-off is on the next day."""
    levels = {}
    for level in LEVELS:
        cut_off, due = form[f"cut_off_{level}"].data, form[f"due_{level}"].data
        if cut_off is not None and due is not None:
            levels[level.value] = {
                "cut_off": cut_off,
                "due": due + DAY_MINUTES if due < cut_off else due,
            }
    return {"levels": levels}


def fill(form: Any, parameters: Parameters) -> None:
    """Show the parameters in the form."""
    for level in LEVELS:
        hours = parameters["levels"].get(level.value)
        form[f"cut_off_{level}"].data = hours and hours["cut_off"]
        due = hours and hours["due"]
        form[f"due_{level}"].data = due - DAY_MINUTES if due and due > DAY_MINUTES else due


def describe(parameters: Parameters) -> Sequence[str]:
    """A sentence for each level."""
    return [
        (_next_day if hours["due"] > DAY_MINUTES else _same_day)(
            LEVEL_LABELS[Level(level)], clock_words(hours["cut_off"]), clock_words(hours["due"])
        )
        for level, hours in parameters["levels"].items()
    ]


def _same_day(level: Any, cut_off: str, due: str) -> str:
    return _("%(level)s: figures until %(cut_off)s, report by %(due)s", level=level, cut_off=cut_off, due=due)


def _next_day(level: Any, cut_off: str, due: str) -> str:
    return _(
        "%(level)s: figures until %(cut_off)s, report by %(due)s of the next day",
        level=level,
        cut_off=cut_off,
        due=due,
    )


def preview(order: Order, item: str, parameters: Parameters) -> str:
    """Nothing is changed by asking for reports."""
    return ""


def offered(item: str) -> list[Preset]:
    """Clocks really used, to start from."""
    return list(PRESETS)


MEASURE = MeasureKind(
    label=_l("Reports"),
    items={DAILY: _l("Daily report")},
    say_all=True,
    form=ClockForm,
    parameters=parameters_of,
    fill=fill,
    describe=describe,
    presets=offered,
    preview=preview,
)
