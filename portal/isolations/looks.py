"""What the pages about one isolation show: days, readings, the check list of release, the team, and its history."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from sqlalchemy import select

from portal.access.acting import may
from portal.access.policy import May
from portal.clock import local, now
from portal.database import db
from portal.isolations import care, checks, contradictions, listing, models, rules, standing
from portal.isolations.describing import slot_words
from portal.isolations.kinds import Signature, Slot, Symptom
from portal.isolations.models import OPEN, AlarmAnswered, GapExplained, HealthCheck, Isolation
from portal.isolations.rules import SlotOfDay
from portal.isolations.standing import Needs
from portal.orders.hours import until_words
from portal.registry.models import Household
from portal.registry.serving import names_of
from portal.units.models import Unit
from portal.web.formats import moment
from portal.web.page import part
from portal.web.temperatures import degrees
from portal.workflow.record import Entry, entries_of, in_time
from portal.workflow.states import steps_open

IN_A_PANEL = 5
STEP_LABELS = {
    "order": _l("Ordered"),
    "tell": _l("Told and signed for"),
    "release": _l("Released"),
    "move_elsewhere": _l("Ended early"),
    "strike_out": _l("Struck out"),
}
STEP_LOOKS = {"order": "nil", "strike_out": "no", "move_elsewhere": "look"}
MENDS = {
    Needs.TOLD: ("isolations.tell", _l("Record it")),
    Needs.ALARM: ("isolations.seen", _l("Say what was done")),
}


@dataclass(frozen=True)
class Cell:
    """One slot of the table of readings: what was measured, or why nothing was."""

    checks: tuple[HealthCheck, ...]
    is_missing: bool
    why: str


@dataclass(frozen=True)
class DayRow:
    """One day of the table, the morning's cell before the evening's."""

    day: date
    cells: tuple[tuple[Slot, Cell], ...]


def at_isolation(isolation: Isolation) -> dict[str, Any]:
    """All that an isolation's own page shows."""
    at = now()
    lost = standing.has_lost_its_order(isolation, at)
    asked_until = standing.basis_ends_at(isolation) if lost else at
    there = checks.counted(isolation)
    return about(isolation) | {
        "alarms": checks.alarms(isolation) if isolation.state in OPEN else [],
        "gaps": [] if lost else _gaps(isolation, at),
        "lost": lost,
        "basis_ended": asked_until,
        "next_order": standing.order_to_rest_on(isolation, at) if lost else None,
        "conditions": conditions(isolation, at) if isolation.state in OPEN else [],
        "alike": contradictions.is_alike(there),
        "days_table": days_table(isolation, asked_until),
        "team": care.team_of(isolation),
        "steps": steps_open(isolation, models.TRANSITIONS),
        "entries": entries(isolation),
        "another": another_open(isolation),
        "explain_words": explain_words,
        "symptom_words": symptom_words,
        "signature": signature_words(isolation),
        "to_be_signed": isolation.state in OPEN and isolation.signed_by == Signature.TELEPHONE,
        "answers": who_answers(isolation),
        "time_of": time_of,
        "entered_late": entered_late,
    }


def about(isolation: Isolation) -> dict[str, Any]:
    """What every page about one isolation says on top."""
    at = now()
    lost = standing.has_lost_its_order(isolation, at)
    return {
        "isolation": isolation,
        "days": listing.days_words(isolation.starts_at, isolation.ends_at, isolation.ended_at or at),
        "until": until_words(isolation.ends_at),
        "is_open": isolation.state in OPEN,
        "shown": listing.shown_as(
            isolation.state,
            alarm=isolation.alarm_since is not None,
            missed=isolation.next_cut_off is not None and isolation.next_cut_off <= at,
            lost=lost,
            over=isolation.ends_at <= at,
        ),
        "unit": db.session.get_one(Unit, isolation.unit_id).full_name,
        "degrees": degrees,
        "slot_words": slot_words,
    }


def conditions(isolation: Isolation, at: datetime) -> list[tuple[bool, str, str, Any]]:
    """The check list of release: (is it met, the case, where it is mended, the words for that)."""
    return [
        (one.is_met, one.sentence, *(("", "") if one.is_met else _mend(isolation, one.needs, at)))
        for one in standing.conditions(isolation, at)
    ]


def days_table(isolation: Isolation, at: datetime) -> list[DayRow]:
    """Each day with its two cells, the latest first; days of which nothing is known nor missing are left out."""
    told = {(row.day, row.slot): row.why for row in explanations(isolation)}
    missing = set(checks.gaps(isolation, at))
    by_slot: dict[SlotOfDay, list[HealthCheck]] = {}
    for check in isolation.checks:
        by_slot.setdefault((check.day, check.slot), []).append(check)
    days = sorted({one[0] for one in (*by_slot, *told, *missing)}, reverse=True)
    return [
        DayRow(
            which,
            tuple(
                (slot, Cell(tuple(by_slot.get(key, ())), key in missing, told.get(key, "")))
                for slot in Slot
                for key in [(which, slot)]
            ),
        )
        for which in days
    ]


def explanations(isolation: Isolation) -> list[GapExplained]:
    """Why checks are missing, the oldest first."""
    theirs = select(GapExplained).where(GapExplained.isolation_id == isolation.id)
    return list(db.session.scalars(theirs.order_by(GapExplained.day, GapExplained.id)))


def entries(isolation: Isolation) -> list[Entry]:
    """经过: the steps, extensions and what was done about alarms, in the order of time."""
    found = entries_of(isolation, STEP_LABELS, STEP_LOOKS)
    answered = db.session.scalars(
        select(AlarmAnswered).where(AlarmAnswered.isolation_id == isolation.id).order_by(AlarmAnswered.id)
    ).all()
    names = names_of({one.by_id for one in answered} | {one.by_id for one in isolation.extensions})
    for extension in isolation.extensions:
        label = _("Extended until %(end)s", end=until_words(extension.to_end))
        found.append(_entry(extension, "look", label, extension.reason, names))
    found += [_entry(one, "ok", _("Acted on a fever or symptom"), one.done, names) for one in answered]
    return in_time(found)


def explain_words(gap: SlotOfDay) -> str:
    """Explain yesterday, morning: one link among several has to say what it leads to."""
    return _("Explain %(slot)s", slot=slot_words(gap))


def symptom_words(check: HealthCheck) -> str:
    """Dry cough, fatigue"""
    return _(", ").join(Symptom(one).label for one in check.symptoms)


def signature_words(isolation: Isolation) -> str:
    """Signed by the person; empty until the person was told."""
    return Signature(isolation.signed_by).label if isolation.signed_by else ""


def who_answers(isolation: Isolation) -> str:
    """Who answers for the household now, where that is somebody else than the grid member of the team."""
    responsible_id = isolation.household.responsible_id
    team = {one.account_id for one in isolation.team if one.relieved_at is None}
    if isolation.state not in OPEN or responsible_id is None or responsible_id in team:
        return ""
    return names_of({responsible_id})[responsible_id]


def another_open(isolation: Isolation) -> Isolation | None:
    """Another open isolation of the same person: two records of one person were merged."""
    if isolation.state not in OPEN:
        return None
    others = select(Isolation).where(
        Isolation.resident_id == isolation.resident_id,
        Isolation.id != isolation.id,
        Isolation.state.in_(OPEN),
    )
    return db.session.scalars(others.order_by(Isolation.id).limit(1)).first()


def in_household(household_id: int) -> list[Isolation]:
    """The open isolations of a household, the oldest first."""
    theirs = select(Isolation).where(Isolation.household_id == household_id, Isolation.state.in_(OPEN))
    return list(db.session.scalars(theirs.order_by(Isolation.id)))


def household_steps(household: Household) -> list[tuple[str, str]]:
    """What can be begun on a household's page: (url, label)."""
    if not may(May.ORDER_ISOLATION):
        return []
    return [(url_for("isolations.new", household_id=household.id), _("Order isolation"))]


def household_panel(household: Household) -> Markup | None:
    """The isolations of a household, on its own page; nothing where there never was one."""
    if not may(May.SEE_ISOLATIONS):
        return None
    lines = listing.lines_of_household(household.id, IN_A_PANEL)
    if not lines:
        return None
    is_open = bool(in_household(household.id))
    return part("isolations/panel.html", household=household, lines=lines, is_open=is_open)


def _gaps(isolation: Isolation, at: datetime) -> list[SlotOfDay]:
    return checks.gaps(isolation, at) if isolation.state in OPEN else []


def _mend(isolation: Isolation, needs: Needs, at: datetime) -> tuple[str, Any]:
    """Where one condition is mended, and the words for it; empty where only time helps."""
    if needs is Needs.GAPS:
        day, slot = checks.gaps(isolation, at)[0]
        url = url_for("isolations.gap", isolation_id=isolation.id, day=day.isoformat(), slot=slot.value)
        return url, explain_words((day, slot))
    if needs is Needs.READINGS:
        return url_for("isolations.check", household_id=isolation.household_id), _l("Enter a check")
    if needs in MENDS:
        endpoint, label = MENDS[needs]
        return url_for(endpoint, isolation_id=isolation.id), label
    return "", ""


def _entry(row: Any, state: str, label: str, note: str, names: dict[int, str]) -> Entry:
    return Entry(state, label, row.at, names.get(row.by_id or 0, ""), note=note)


def entered_late(check: HealthCheck, isolation: Isolation) -> str:
    """Entered today 11:20, where that was after the cut-off; empty for what was entered in time."""
    due = rules.cut_off(checks.rule_of(isolation), check.day, check.slot)
    late = check.at >= due and (check.at - check.taken_at) > rules.FEW_MINUTES
    return _("entered %(when)s", when=moment(check.at)) if late else ""


def time_of(check: HealthCheck) -> str:
    """08:10"""
    return f"{local(check.taken_at):%H:%M}"
