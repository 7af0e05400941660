"""What is asked for, and whether the rule and the order allow it. Plain data and pure functions."""

from dataclasses import dataclass, replace
from datetime import datetime

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from portal.clock import local
from portal.passes.code import MAX_GATES, MAX_WINDOWS
from portal.passes.kinds import Kind
from portal.passes.purposes import PURPOSES, Purpose
from portal.passes.quota import ONE_DAY, ONE_MINUTE
from portal.passes.rule_data import PassRule, WrongRule
from portal.web.formats import full_day, full_moment, minutes


@dataclass(frozen=True)
class Application:
    """What a pass is to say. The holder is a resident, or is named with a document.

    ``hours`` are (start, end) minutes of the day; none: those of the rule. No ``gates``: every gate.
    ``replaces_id`` is the pass that this one extends. ``unit_id`` is where it belongs when it has no household.
    """

    kind: Kind
    unit_id: int
    household_id: int | None
    resident_id: int | None
    holder_name: str
    purpose: Purpose
    valid_from: datetime
    valid_until: datetime
    holder_document: str | None = None
    purpose_note: str = ""
    plate: str = ""
    route: str = ""
    employer: str = ""
    hours: tuple[tuple[int, int], ...] = ()
    max_minutes: int | None = None
    gates: tuple[int, ...] = ()
    replaces_id: int | None = None


@dataclass(frozen=True)
class Basis:
    """What a pass of one kind rests on here and now: the order, its hours, and its rule for that kind."""

    order_id: int
    order_number: str
    order_from: datetime
    order_until: datetime
    rule: PassRule


@dataclass(frozen=True)
class Problem:
    """What stands against an application: the field to change, and a sentence that says how."""

    field: str
    sentence: LazyString


def problems(wanted: Application, basis: Basis, at: datetime) -> list[Problem]:
    """Everything in an application that the order or its rule does not allow, in the order of the form."""
    found = [
        *_about_the_holder(wanted),
        *_about_the_days(wanted, basis, at),
        *_about_the_hours(wanted, basis.rule),
    ]
    if len(wanted.gates) > MAX_GATES:
        found.append(Problem("gates", _l("Choose %(most)s gates at most", most=MAX_GATES)))
    return found


def within(wanted: Application, basis: Basis) -> Application:
    """The same, not longer than the order: its first and its last day may be part days."""
    return replace(
        wanted,
        valid_from=max(wanted.valid_from, basis.order_from),
        valid_until=min(wanted.valid_until, basis.order_until),
    )


def _about_the_holder(wanted: Application) -> list[Problem]:
    found = []
    if not wanted.holder_name:
        found.append(Problem("who", _l("Choose who the pass is for")))
    if wanted.kind is Kind.VEHICLE and not wanted.plate:
        found.append(Problem("plate", _l("Enter the plate")))
    if wanted.purpose not in PURPOSES[wanted.kind]:
        found.append(Problem("purpose", _l("Choose what the pass is for")))
    if wanted.purpose is Purpose.OTHER and not wanted.purpose_note:
        found.append(Problem("purpose_note", _l("Enter what the pass is for")))
    return found


def _about_the_days(wanted: Application, basis: Basis, at: datetime) -> list[Problem]:
    rule = basis.rule
    if wanted.valid_until <= wanted.valid_from:
        return [Problem("last_day", _l("The last day is before the first: choose a later one"))]
    if wanted.valid_until <= at:
        return [Problem("last_day", _l("These days are over: choose later ones"))]
    if wanted.valid_until <= basis.order_from or wanted.valid_from >= basis.order_until:
        hours = {"start": full_moment(basis.order_from), "end": full_moment(basis.order_until)}
        return [
            Problem(
                "first_day",
                _l("The order is in force from %(start)s to %(end)s: choose days within it", **hours),
            )
        ]
    if wanted.valid_until - wanted.valid_from > rule.longest_days * ONE_DAY:
        latest = full_day(local(wanted.valid_from + rule.longest_days * ONE_DAY - ONE_MINUTE).date())
        return [
            Problem(
                "last_day",
                _l(
                    "A pass of this kind is valid for %(days)s days at most: choose a last day up to %(latest)s",
                    days=rule.longest_days,
                    latest=latest,
                ),
            )
        ]
    return []


def _about_the_hours(wanted: Application, rule: PassRule) -> list[Problem]:
    open_hours = [(window.start, window.end) for window in rule.windows] or [(0, 24 * 60)]
    outside = [
        (start, end)
        for start, end in wanted.hours
        if not any(first <= start < end <= last for first, last in open_hours)
    ]
    if outside:
        return [Problem("hours", _l("Choose hours within those of the rule"))]
    if rule.max_minutes and (wanted.max_minutes or 0) > rule.max_minutes:
        longest = minutes(rule.max_minutes)
        return [Problem("longest", _l("The rule allows %(longest)s at most: choose less", longest=longest))]
    return _about_the_code(wanted, rule)


def _about_the_code(wanted: Application, rule: PassRule) -> list[Problem]:
    try:
        windows = rule.narrowed_to(wanted.hours, wanted.max_minutes).windows
    except WrongRule as problem:
        return [Problem("hours", problem.sentence)]
    if len(windows) > MAX_WINDOWS:
        return [Problem("hours", _l("Choose fewer hours: a code holds %(most)s at most", most=MAX_WINDOWS))]
    return []
