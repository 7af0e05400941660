"""The pass rules of an order: the form that asks for them, their words, presets, and what a new rule would mean."""

from datetime import time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import select

from portal.access.scope import lies_in, place_of
from portal.database import db
from portal.orders.measures import MeasureKind, Parameters
from portal.orders.measures import Preset as OrderPreset
from portal.orders.models import Order
from portal.passes import describing, presets
from portal.passes.code import MAX_WINDOWS
from portal.passes.kinds import (
    COUNTS_FOR_LABELS,
    KIND_LABELS,
    ON_OVERTIME_LABELS,
    PERIOD_LABELS,
    CountsFor,
    Kind,
    OnOvertime,
    PassState,
    Period,
)
from portal.passes.models import Pass
from portal.passes.quota import ONE_DAY
from portal.passes.rule_data import ALL_DAY, DAY_MINUTES, EVERY_DAY, LIMITS, PassRule, Window, WrongRule
from portal.passes.standing import own_rule
from portal.registry.restrictions import RESTRICTION_LABELS, RestrictionKind
from portal.web.fields import Chips, ManyChips, Number, TextBox, TimeWindows
from portal.web.formats import lines_of
from portal.web.forms import Form

MOST_PREVIEWED = 10_000
LAST_MINUTE = time(23, 59)
MINUTES = _l("minutes")


def _limits(name: str) -> dict[str, Any]:
    low, high = LIMITS[name]
    return {"low": low, "high": high}


class RuleForm(Form):
    """One kind's rule. Every day of the week has the same hours."""

    counts_for = Chips(
        _l("Trips are counted for"),
        choices=list(COUNTS_FOR_LABELS.items()),
        coerce=CountsFor,
        thing=_l("what is counted"),
    )
    period = Chips(
        _l("How trips are counted"),
        choices=list(PERIOD_LABELS.items()),
        coerce=Period,
        thing=_l("how trips are counted"),
    )
    period_days = Number(
        _l("Days in a period"),
        default=1,
        thing=_l("the days"),
        hint=_l("2: every second day"),
        **_limits("period_days"),
    )
    trips = Number(_l("Trips in a period"), default=1, thing=_l("the trips"), **_limits("trips"))
    persons = Number(_l("People at a time"), default=1, thing=_l("the people"), **_limits("persons"))
    weekdays = ManyChips(
        _l("Days of the week"),
        choices=list(enumerate(describing.WEEKDAYS)),
        coerce=int,
        default=list(range(7)),
        thing=_l("the days of the week"),
    )
    windows = TimeWindows(
        _l("Hours in which a trip may begin"),
        optional=True,
        hint=_l("Like 08:00-11:00, 14:00-18:00; empty: any hour"),
    )
    max_minutes = Number(
        _l("Longest time out"),
        optional=True,
        unit=MINUTES,
        hint=_l("Empty: no limit"),
        **_limits("max_minutes"),
    )
    grace_minutes = Number(
        _l("Late without consequence"),
        default=15,
        unit=MINUTES,
        thing=_l("the minutes"),
        **_limits("grace_minutes"),
    )
    on_overtime = Chips(
        _l("When somebody comes back later"),
        choices=list(ON_OVERTIME_LABELS.items()),
        coerce=OnOvertime,
        default=OnOvertime.NOTHING,
        thing=_l("what follows"),
    )
    tolerance_minutes = Number(
        _l("Tolerance at the edges of the hours"),
        default=5,
        unit=MINUTES,
        thing=_l("the minutes"),
        **_limits("tolerance_minutes"),
    )
    longest_days = Number(
        _l("One pass is valid for at most"),
        default=14,
        unit=_l("days"),
        thing=_l("the days"),
        **_limits("longest_days"),
    )
    suspended_by = ManyChips(
        _l("Suspended while the household is restricted by"),
        choices=list(RESTRICTION_LABELS.items()),
        coerce=RestrictionKind,
        optional=True,
    )
    exempt = TextBox(_l("Not bound by this rule"), optional=True, limit=500)
    extra_proofs = TextBox(_l("To show as well"), optional=True, limit=500, hint=_l("One on each line"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field by itself, then the rule as a whole."""
        if not super().validate(extra_validators):
            return False
        try:
            windows = rule_of(self).windows
        except WrongRule as wrong:
            self[wrong.field].errors = [str(wrong.sentence)]
            return False
        if len(windows) > MAX_WINDOWS:
            self.windows.errors = [_("Use %(limit)s windows or fewer", limit=MAX_WINDOWS)]
        return not self.errors


def rule_of(form: Any) -> PassRule:
    """The rule that a form of valid fields describes; ``WrongRule`` where it contradicts itself."""
    days = sum(1 << day for day in form.weekdays.data)
    hours = [(_minute(start), _minute(end)) for start, end in form.windows.data or []]
    if not hours and days != EVERY_DAY:
        hours = [(0, DAY_MINUTES)]
    return PassRule(
        counts_for=form.counts_for.data,
        period=form.period.data,
        period_days=form.period_days.data,
        trips=form.trips.data,
        persons=form.persons.data,
        windows=tuple(Window(days, start, end) for start, end in hours),
        max_minutes=form.max_minutes.data,
        grace_minutes=form.grace_minutes.data,
        on_overtime=form.on_overtime.data,
        tolerance_minutes=form.tolerance_minutes.data,
        longest_days=form.longest_days.data,
        suspended_by=tuple(form.suspended_by.data or ()),
        exempt=form.exempt.data or "",
        extra_proofs=lines_of(form.extra_proofs.data or ""),
    )


def fill(form: Any, parameters: Parameters) -> None:
    """Show a rule in the form."""
    rule = PassRule.from_json(parameters)
    for name in ("counts_for", "period", "on_overtime", "exempt", *LIMITS):
        form[name].data = getattr(rule, name)
    mask = rule.windows[0].weekdays if rule.windows else EVERY_DAY
    form.weekdays.data = [day for day in range(7) if mask >> day & 1]
    form.windows.data = [
        (_time(window.start), _time(window.end))
        for window in rule.windows
        if (window.start, window.end) != (0, DAY_MINUTES)
    ]
    form.suspended_by.data = list(rule.suspended_by)
    form.extra_proofs.data = "\n".join(rule.extra_proofs)


def offered(item: str) -> list[OrderPreset]:
    """Rules really used, to start from."""
    return [
        OrderPreset(one.code, one.name, one.source, one.rule.to_json(), one.ours)
        for one in presets.presets_for(Kind(item))
    ]


def preview(order: Order, item: str, parameters: Parameters) -> str:
    """How many passes valid at the order's beginning allow more than its rule would."""
    rule = PassRule.from_json(parameters)
    place = place_of(order.unit_id)
    rows = db.session.execute(
        select(Pass.rule, Pass.windows, Pass.max_minutes, Pass.valid_from, Pass.valid_until)
        .where(
            lies_in(Pass, place),
            Pass.kind == Kind(item),
            Pass.state == PassState.ISSUED,
            Pass.valid_until > order.effective_from,
        )
        .limit(MOST_PREVIEWED)
    )
    beyond = sum(
        row.valid_until - row.valid_from > rule.longest_days * ONE_DAY or _allows_more(own_rule(row), rule)
        for row in rows
    )
    if not beyond:
        return ""
    sentence = ngettext(
        "%(num)s pass of the kind “%(kind)s” allows more than this rule.",
        "%(num)s passes of the kind “%(kind)s” allow more than this rule.",
        beyond,
        kind=Kind(item).label,
    )
    return _(
        "%(sentence)s Passes keep what they say until they expire; a new series ends them at an hour.",
        sentence=sentence,
    )


def _allows_more(own: PassRule, rule: PassRule) -> bool:
    """Whether a pass's own rule lets out longer, or at other hours, than another rule."""
    if rule.max_minutes and (own.max_minutes is None or own.max_minutes > rule.max_minutes):
        return True
    allowed = rule.windows or (ALL_DAY,)
    return not all(
        any(open_.start <= one.start and one.end <= open_.end for open_ in allowed)
        for one in own.windows or (ALL_DAY,)
    )


def _minute(at: time) -> int:
    return DAY_MINUTES if at == LAST_MINUTE else at.hour * 60 + at.minute


def _time(minute: int) -> time:
    return LAST_MINUTE if minute == DAY_MINUTES else time(minute // 60, minute % 60)


MEASURE = MeasureKind(
    label=_l("Passes"),
    items={kind.value: label for kind, label in KIND_LABELS.items()},
    form=RuleForm,
    parameters=lambda form: rule_of(form).to_json(),
    fill=fill,
    describe=lambda parameters: describing.describe(PassRule.from_json(parameters)),
    presets=offered,
    preview=preview,
)
