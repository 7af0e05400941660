"""What the pages of a day's report show: its lines, what has changed since, who below has reported, the last days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import abort
from flask_babel import gettext as _
from flask_babel import pgettext
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.access import scope
from portal.access.acting import acting, may, own_place
from portal.access.policy import May
from portal.clock import now, today
from portal.database import db
from portal.registry.serving import names_of
from portal.reports import models, service
from portal.reports.below import Below, reports_below, standing_of
from portal.reports.clock import Clock, clock_of, dues
from portal.reports.kinds import ReportState, Standing
from portal.reports.models import DailyReport
from portal.units.models import Unit
from portal.workflow import figures
from portal.workflow.figures import Figure
from portal.workflow.record import Entry, entries_of, in_time
from portal.workflow.states import steps_open

TREND_DAYS = 14
NEAR_DAYS = 3
STEP_LOOKS = {"send_back": "no"}


@dataclass(frozen=True)
class Line:
    """One figure of the report. ``earlier`` is the day before; ``now`` what it is by now, where that has changed."""

    figure: Figure
    number: int
    earlier: int
    now: int | None = None

    @property
    def is_nought(self) -> bool:
        """Whether nothing is to be said but that there was nothing."""
        return not (self.number or self.earlier or self.now)

    @property
    def change(self) -> str:
        """+3, -1; empty where nothing has changed since the day before."""
        return figures.change_words(self.number, self.earlier)


@dataclass(frozen=True)
class Day:
    """A unit's report of a day, whether or not anybody has confirmed it."""

    unit: Unit
    day: date
    clock: Clock | None
    report: DailyReport | None
    standing: Standing
    numbers: dict[str, int]
    earlier: dict[str, int]
    changed: dict[str, tuple[int, int]]
    below: Sequence[Below]

    @property
    def lines(self) -> list[Line]:
        return [
            Line(
                figure,
                self.numbers[code],
                self.earlier.get(code, 0),
                self.changed[code][1] if code in self.changed else None,
            )
            for code, figure in figures.figures().items()
            if code in self.numbers
        ]

    @property
    def groups(self) -> list[tuple[str, list[Line]]]:
        """What is not nought, today or the day before, under its headings."""
        return figures.headed(line for line in self.lines if not line.is_nought)

    @property
    def noughts(self) -> list[tuple[str, list[Line]]]:
        """All the rest, in the same way."""
        return figures.headed(line for line in self.lines if line.is_nought)

    @property
    def missing(self) -> list[Below]:
        return [one for one in self.below if not one.has_reported]

    @property
    def reported(self) -> int:
        return len(self.below) - len(self.missing)

    @property
    def is_confirmed(self) -> bool:
        return self.report is not None and self.report.state is not ReportState.OPEN


def day_of(unit: Unit, day: date) -> Day:
    """All that is known of a unit's day. What is confirmed is told as it was frozen, with what was added."""
    clock, report = clock_of(unit.place, day), service.report_of(unit.id, day)
    confirmed = report is not None and report.state is not ReportState.OPEN
    return Day(
        unit=unit,
        day=day,
        clock=clock,
        report=report,
        standing=standing_of(report, clock.due_at if clock else None),
        numbers=report.told if report and confirmed else figures.sums(unit.place, _span(clock, day)),
        earlier=_earlier(unit, day),
        changed=service.differences(report) if report and confirmed else {},
        below=reports_below(unit, day),
    )


def unit_asked(unit_id: int | None) -> Unit:
    """The unit whose report is looked at: one's own unless another one is named; 404 for one of no place below."""
    unit = db.get_or_404(Unit, own_place().unit_id if unit_id is None else unit_id)
    if not scope.current().covers(unit):
        abort(404)
    return unit


def day_asked(text: str | None) -> date:
    """The day in an address; today where there is none. 404 for what is no day or has not come yet."""
    try:
        day = date.fromisoformat(text) if text else today()
    except ValueError:
        abort(404)
    if day > today():
        abort(404)
    return day


def at_day(unit: Unit, day: date) -> dict[str, Any]:
    """What the page of a unit's day shows."""
    shown = day_of(unit, day)
    report = shown.report
    return about(unit, day) | {
        "shown": shown,
        "report": report,
        "happened": service.happened(shown.numbers),
        "can_confirm": _can_confirm(shown),
        "is_own": own_place().unit_id == unit.id,
        "is_late": shown.clock is not None and now() > shown.clock.due_at,
        "steps": steps_above(report) if report else [],
        "entries": entries(report) if report else [],
        "days": [today() - timedelta(days=back) for back in range(NEAR_DAYS)],
    }


def about(unit: Unit, day: date) -> dict[str, Any]:
    """What all pages about a unit's day need for their links."""
    return {"unit": unit, "day": day, "here": {"unit": unit.id, "day": day.isoformat()}}


def steps_above(report: DailyReport) -> list[Any]:
    """Receive and send back, for those above the unit."""
    place = acting().place
    if place is not None and place.unit_id == report.unit_id:
        return []
    return [step for step in steps_open(report, models.TRANSITIONS) if step is not models.CONFIRM]


def entries(report: DailyReport) -> list[Entry]:
    """经过: the steps so far, with what was added later, in the order of time."""
    labels = {step.name: step.label for step in models.TRANSITIONS}
    names = names_of({one.by_id for one in report.supplements})
    added = [
        Entry(
            state="look",
            label=_("Added after the deadline") if one.is_late else _("Added later"),
            when=one.at,
            person=names.get(one.by_id or 0, ""),
            note=one.reason,
        )
        for one in report.supplements
    ]
    return in_time([*entries_of(report, labels, STEP_LOOKS, with_others=False), *added])


def trend(unit: Unit, day: date, code: str | None) -> dict[str, Any]:
    """One figure over the last days, as it was reported; in words why there is none."""
    known = figures.figures()
    figure = known.get(code or "") or next(iter(known.values()))
    first = day - timedelta(days=TREND_DAYS - 1)
    found = (
        select(DailyReport)
        .where(DailyReport.unit_id == unit.id, DailyReport.day >= first, DailyReport.day <= day)
        .options(selectinload(DailyReport.supplements))
    )
    told = {
        one.day: one.told.get(figure.code)
        for one in db.session.scalars(found)
        if one.state is not ReportState.OPEN
    }
    days = [(one, told.get(one)) for one in (first + timedelta(days=n) for n in range(TREND_DAYS))]
    points = [(one, _silence(unit, one) if number is None else "", number) for one, number in reversed(days)]
    return {"figure": figure, "points": points, "bars": bars(days), "figures": known.values()}


def _silence(unit: Unit, day: date) -> str:
    return Standing.NOT_ASKED.label if dues(day)(unit.place) is None else pgettext("report", "not reported")


def bars(points: Sequence[tuple[date, int | None]]) -> list[tuple[int, int, int]]:
    """Where each bar of the drawing stands, how tall it is of 100, and how far from its top: (x, height, y)."""
    most = max((number or 0 for _day, number in points), default=0) or 1
    heights = [(place, round(100 * (number or 0) / most)) for place, (_day, number) in enumerate(points)]
    return [(place * 20, height, 100 - height) for place, height in heights]


def _can_confirm(shown: Day) -> bool:
    return may(May.CONFIRM_REPORTS) and shown.clock is not None and not shown.is_confirmed


def _span(clock: Clock | None, day: date) -> Any:
    return clock.span if clock else day


def _earlier(unit: Unit, day: date) -> dict[str, int]:
    before = day - timedelta(days=1)
    report = service.report_of(unit.id, before)
    if report is not None and report.state is not ReportState.OPEN:
        return report.told
    return figures.sums(unit.place, _span(clock_of(unit.place, before), before))
