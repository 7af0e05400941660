"""What the morning brief says: what changed since yesterday, who has not reported, what contradicts itself."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import url_for
from sqlalchemy import select

from portal.access.acting import own_place
from portal.access.guard import can_open, contributed
from portal.assessments.brief import contradictions, doubts, records
from portal.assessments.brief.evidence import Found
from portal.assessments.listing import Show, holding
from portal.assessments.models import Assessment
from portal.clock import now, today
from portal.database import db
from portal.orders.models import Order
from portal.orders.service import orders_in_force
from portal.units.models import Unit
from portal.workflow import figures, listing
from portal.workflow.figures import Figure, day_span

A_DAY = timedelta(days=1)
ASKED = (Show.WAITING, Show.OVERDUE, Show.REPORTED)


@dataclass(frozen=True)
class Change:
    """A figure that changed: the day before yesterday, yesterday, and today so far; ``url`` to its records."""

    figure: Figure
    earlier: int
    yesterday: int
    today: int
    url: str

    @property
    def change(self) -> str:
        """+3, -1; empty where yesterday was as the day before."""
        return figures.change_words(self.yesterday, self.earlier)


@dataclass(frozen=True)
class Missing:
    """A unit that has not reported for yesterday."""

    name: str
    url: str


@dataclass(frozen=True)
class Brief:
    """All of it, at one moment. ``asked`` units report to this one; ``sought_at``: when somebody looked at night."""

    unit: Unit
    at: datetime
    day: date
    orders: list[Order]
    waiting: dict[Show, int]
    changes: list[Change]
    asked: int
    missing: list[Missing]
    findings: list[Found]
    sought_at: datetime | None

    @property
    def headed(self) -> list[tuple[str, list[Change]]]:
        """The changes under their headings."""
        return figures.headed(self.changes)


def brief() -> Brief:
    """The brief of one's own unit, now."""
    place, day = own_place(), today()
    unit = db.session.get_one(Unit, place.unit_id)
    since = day_span(day - A_DAY).start
    asked, missing = not_reported(unit, day - A_DAY)
    waiting = listing.count_each({one: select(Assessment.id).where(holding(one)) for one in ASKED})
    return Brief(
        unit=unit,
        at=now(),
        day=day,
        orders=orders_in_force(now()),
        waiting=waiting,
        changes=changes(unit, day),
        asked=asked,
        missing=missing,
        findings=contradictions.all_of(place, since),
        sought_at=doubts.sought_at(place),
    )


def changes(unit: Unit, day: date) -> list[Change]:
    """The figures that were not the same yesterday as the day before, or are not the same today."""
    earlier, yesterday, so_far = (figures.sums(unit.place, day - back * A_DAY) for back in (2, 1, 0))
    found = []
    for code, figure in figures.figures().items():
        numbers = earlier.get(code, 0), yesterday.get(code, 0), so_far.get(code, 0)
        stands = figure.counting is figures.Counting.AT_ITS_END
        if numbers[1] != numbers[0] or (numbers[2] != numbers[1] if stands else numbers[2]):
            found.append(Change(figure, *numbers, records.of(code)))
    return found


def not_reported(unit: Unit, day: date) -> tuple[int, list[Missing]]:
    """How many units below are asked for a report of that day, and which of them have not given it."""
    for _area, below in contributed("reports_below"):
        asked = below(unit, day)
        missing = [one for one in asked if not one.has_reported]
        return len(asked), [Missing(one.name, _report_of(one.unit_id, day)) for one in missing]
    return 0, []


def _report_of(unit_id: int, day: date) -> str:
    return url_for("reports.index", unit=unit_id, day=day.isoformat()) if can_open("reports.index") else ""
