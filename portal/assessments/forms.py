"""What is typed about assessments: the decision, what came of it, and why a step is taken."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from portal.access.acting import Place
from portal.access.scope import place_of
from portal.assessments import executors, rules, service
from portal.assessments.kinds import BY_LABELS, DECISION_LABELS, By, Decision
from portal.assessments.models import Assessment
from portal.assessments.service import Decided
from portal.clock import now, this_minute, today
from portal.isolations.service import problem_of_start
from portal.orders.hours import beginning
from portal.registry.serving import Worker
from portal.web.fields import Chips, Choice, Clock, Day, TextBox, TextLine
from portal.web.forms import Form
from portal.workflow.reasons import ReasonForm

NEEDS_PLACE = {
    Decision.COLLECTIVE: _l("Enter where the person is isolated"),
    Decision.HOSPITAL: _l("Enter the hospital"),
    Decision.TRANSFER: _l("Enter where to"),
}
NOW, ARRIVAL = "now", "arrival"
COUNTED_FROM = {NOW: _l("From now on"), ARRIVAL: _l("From the arrival")}


class DecideForm(Form):
    """The decision. All but the reason can be left as proposed; no measure needs nothing else."""

    decision = Chips(_l("Decision"), coerce=Decision, thing=_l("the decision"))
    words = TextBox(_l("Reason"), limit=500, thing=_l("the reason"))
    executor = Choice(_l("Carried out by"), coerce=int, optional=True)
    by = Chips(_l("By when"), choices=list(BY_LABELS.items()), coerce=By, default=By.TWO_HOURS, optional=True)
    other_day = Day(_lp("deadline", "Another time (day)"), optional=True)
    other_time = Clock(_lp("deadline", "Another time (time)"), optional=True)
    counted = Chips(_l("Days of isolation"), choices=list(COUNTED_FROM.items()), default=NOW, optional=True)
    place = TextLine(_l("Where, or where to"), limit=120, optional=True)

    def __init__(self, assessment: Assessment) -> None:
        workers = executors.executors(assessment)
        person, household = assessment.key_person, assessment.key_person.household
        known = {one.account_id for one in workers}
        proposed = household.responsible_id if household.responsible_id in known else None
        super().__init__(data={"executor": proposed or (workers[0].account_id if workers else None)})
        self.assessment, self.arrived_at = assessment, person.arrived_at
        self.decision.choices = [(one.value, DECISION_LABELS[one]) for one in possible(assessment)]
        self.executor.choices = choices_of(workers)
        self.executor.optional = self.by.optional = False  # proposed, so neither says so
        if self.arrived_at is None:
            del self.counted

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field by itself; then who, until when and where, as far as the decision needs it."""
        super().validate(extra_validators)
        decision = self.decision.data
        if decision is None or decision is Decision.NOTHING:
            return not self.errors
        if self.executor.data is None and not self.executor.errors:
            self.executor.errors = [_("Choose who carries it out")]
        elif decision is Decision.TRANSFER:
            self._check_who_hands_over()
        if not self.other_day.errors and not self.other_time.errors:
            self._check_deadline()
        if decision in NEEDS_PLACE and not self.place.data:
            self.place.errors = [str(NEEDS_PLACE[decision])]
        if self.starts_at is not None and decision.isolates and self.starts_at > now() + rules.A_MOMENT:
            self.counted.errors = [problem_of_start(self.starts_at, self.starts_at)]
        return not self.errors

    @property
    def due_at(self) -> datetime | None:
        """The deadline, as far as it is known. A day and a time that are typed win."""
        if self.other_day.data is not None and self.other_time.data is not None:
            return beginning(self.other_day.data, self.other_time.data)
        return rules.deadline(self.by.data, now()) if self.by.data else None

    @property
    def starts_at(self) -> datetime | None:
        """From when isolation is counted; None: from now."""
        return self.arrived_at if "counted" in self and self.counted.data == ARRIVAL else None

    @property
    def decided(self) -> Decided:
        """What a valid form says."""
        return Decided(
            self.decision.data,
            self.words.data,
            self.due_at,
            self.executor.data,
            self.starts_at,
            self.place.data,
        )

    def _check_who_hands_over(self) -> None:
        able = {one.account_id for one in executors.executors(self.assessment, Decision.TRANSFER)}
        if self.executor.data not in able and not self.executor.errors:
            self.executor.errors = [str(executors.CANNOT_HAND_OVER)]

    def _check_deadline(self) -> None:
        half = (self.other_day.data is None) != (self.other_time.data is None)
        if half or self.due_at is None:
            empty = self.other_time if self.other_day.data is not None else self.other_day
            empty.errors = [_("Enter day and time, or choose a deadline above")]
        elif self.due_at <= now():
            self.other_time.errors = [str(service.PASSED)]
        elif self.due_at > now() + rules.LONGEST:
            self.other_day.errors = [_("Choose a day within two weeks")]


class ReassignForm(ReasonForm):
    """Who carries it out from now on, and why somebody else."""

    executor = Choice(_l("Carried out by"), coerce=int)

    def __init__(self, assessment: Assessment, common: tuple[Any, ...]) -> None:
        others = [
            one
            for one in executors.executors(assessment, assessment.decision)
            if one.account_id != assessment.executor_id
        ]
        super().__init__(common, data={"executor": others[0].account_id if others else None})
        self.executor.choices = choices_of(others)


class HappenedForm(Form):
    """When something happened: not before ``since``, in the words of ``too_early``, and not later than now."""

    day: Any
    time: Any
    too_early: Any

    def __init__(self, since: datetime | None) -> None:
        super().__init__()
        self.day.latest = today()
        self.since = since

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field by itself; then the moment."""
        if not super().validate(extra_validators):
            return False
        if self.at > now() + rules.A_MOMENT:
            self.time.errors = [_("Enter a time up to now")]
        elif self.since is not None and self.at < self.since - rules.A_MOMENT:
            self.time.errors = [str(self.too_early)]
        return not self.errors

    @property
    def at(self) -> datetime:
        """The moment, of a form with day and time."""
        return beginning(self.day.data, self.time.data)


class ReportForm(HappenedForm):
    """What came of it."""

    done = TextBox(_lp("assessment", "What was done"), limit=500, thing=_l("what was done"))
    day = Day(_l("Done (day)"), near=(0, -1), default=today, thing=_l("the day"))
    time = Clock(_l("Done (time)"), default=this_minute, thing=_l("the time"))
    too_early = service.BEFORE

    def __init__(self, assessment: Assessment) -> None:
        super().__init__(assessment.decided_at)


def choices_of(workers: Sequence[Worker]) -> list[tuple[int, str]]:
    """Who can be chosen, each with the unit."""
    return [(one.account_id, _("%(name)s, %(title)s", name=one.name, title=one.unit_name)) for one in workers]


def possible(assessment: Assessment) -> list[Decision]:
    """What can be decided now: what rests on an order in force, and that nothing is needed."""
    place: Place = place_of(assessment.unit_id)
    return [
        one for one in Decision if one is Decision.NOTHING or service.order_for(one, place, now()) is not None
    ]
