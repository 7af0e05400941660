"""The forms of the two checks a day: a household on one screen, one check again, and what was done."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from portal.clock import LOCAL, local, now, this_minute, today
from portal.isolations import checks, rules
from portal.isolations.checks import Taken
from portal.isolations.kinds import METHOD_LABELS, SLOT_LABELS, SYMPTOM_LABELS, Method, Slot, Symptom
from portal.isolations.models import OPEN, HealthCheck, Isolation
from portal.web.fields import Chips, Clock, Day, ManyChips, TextLine
from portal.web.formats import mask_name, moment
from portal.web.forms import Form
from portal.web.temperatures import Temperature, degrees
from portal.workflow.reasons import ReasonForm

WHY_MISSING = (
    _l("Nobody opened or answered; visited again later"),
    _l("Asleep; asked afterwards, no complaint"),
    _l("At a test or in hospital"),
    _l("The thermometer was broken; replaced"),
    _l("Taken, but the paper was lost"),
)
WHAT_WAS_DONE = (
    _l("Measured again"),
    _l("The medic has seen the person"),
    _l("Called 120: taken to hospital"),
    _l("Told the community and the office"),
)

TEMPERATURE = "t"  # the fields of a form for several people: t and who


def method_field() -> Chips:
    """How the temperatures were taken: for most at the door."""
    return Chips(
        _l("How"),
        choices=list(METHOD_LABELS.items()),
        coerce=Method,
        default=Method.DOOR,
        thing=_l("how it was taken"),
    )


class When(Form):
    """When a check is said to have been taken, and how."""

    day = Day(_l("Day"), near=(0, -1), default=today, thing=_l("the day"))
    slot = Chips(_l("Which check"), choices=list(SLOT_LABELS.items()), coerce=Slot, thing=_l("which check"))
    time = Clock(
        _l("Taken at"),
        default=this_minute,
        thing=_l("the time"),
    )
    method = method_field()

    @property
    def taken_at(self) -> datetime | None:
        """The moment that was entered, as far as it was in earnest."""
        if self.day.errors or not self.day.data or not self.time.data:
            return None
        return datetime.combine(self.day.data, self.time.data, LOCAL)

    def taken(self, temperature: int, symptoms: Any, note: str = "") -> Taken:
        """What was measured, of a form whose fields are each valid."""
        chosen = tuple(one.value for one in symptoms or ())
        return Taken(self.slot.data, self.taken_at or now(), temperature, chosen, self.method.data, note)


def symptoms_field() -> ManyChips:
    """The symptoms that the notice names, none of them for most."""
    return ManyChips(_l("Symptoms"), choices=list(SYMPTOM_LABELS.items()), coerce=Symptom, optional=True)


def asked_of(sent: Iterable[str]) -> list[int]:
    """The isolations for which a form that was sent has a field for the temperature, by the names of its fields."""
    return [int(id_) for name in sent if (id_ := name.removeprefix(TEMPERATURE)) != name and id_.isdecimal()]


class ManyForm(Form):
    """The temperatures of several people: whoever wasn't met is left empty."""

    people: list[Isolation]
    time: Any
    taken_at: datetime | None
    of: Callable[[Isolation], Taken]  # what was entered for somebody who was met

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field by itself; then somebody has to be filled in, and each check must be possible."""
        super().validate(extra_validators)
        if self.errors:
            return False
        if not self.readings():
            self[self.field_of(self.people[0])].errors = [_("Enter at least one temperature")]
        for isolation, taken in self.readings():
            self._look_at(isolation, taken)
        return not self.errors

    def readings(self) -> list[tuple[Isolation, Taken]]:
        """What was entered, one a person."""
        return [(one, self.of(one)) for one in self.people if self[self.field_of(one)].data is not None]

    def field_of(self, isolation: Isolation) -> str:
        """The name of a person's field."""
        return f"{TEMPERATURE}{isolation.id}"

    def _look_at(self, isolation: Isolation, taken: Taken) -> None:
        rule, field = checks.rule_of(isolation), self[self.field_of(isolation)]
        if isolation.state not in OPEN:
            field.errors = [checks.CLOSED]
        elif said := rules.problem(rule, taken.slot, taken.taken_at, taken.taken_at, now()):
            self.time.errors = [said]
        elif said := rules.problem(rule, taken.slot, taken.taken_at, isolation.starts_at, now()):
            field.errors = [said]
        elif (first := checks.in_slot(isolation, taken.day, taken.slot)) is not None:
            field.errors = [checks.was_entered(first)]


class RoundForm(ManyForm, When):
    """All isolated people of a household, with their symptoms."""

    def of(self, isolation: Isolation) -> Taken:
        """What was entered for somebody who was met."""
        return self.taken(self[self.field_of(isolation)].data, self[f"s{isolation.id}"].data)


def round_form(people: list[Isolation], day: Any, slot: Slot | None) -> RoundForm:
    """The form for these people, with the last value of each."""
    fields: dict[str, Any] = {"people": people}
    for one in people:
        fields[f"{TEMPERATURE}{one.id}"] = Temperature(
            _("%(name)s, temperature ℃", name=mask_name(one.resident.name)),
            optional=True,
            hint=last_words(one),
        )
        fields[f"s{one.id}"] = symptoms_field()
    rule = checks.rule_of(people[0])
    data = {"slot": slot or rules.slot_now(rule, now())} | ({"day": day} if day else {})
    form: RoundForm = type("RoundOfHousehold", (RoundForm,), fields)(data=data)
    return form


def last_words(isolation: Isolation) -> str:
    """Last: 36.5 ℃, today 08:10"""
    there = checks.counted(isolation)
    if not there:
        return _("No check so far")
    last = there[-1]
    return _("Last: %(degrees)s ℃, %(when)s", degrees=degrees(last.temperature), when=moment(last.taken_at))


class CorrectForm(When):
    """What a check should have said."""

    temperature = Temperature(_l("Temperature ℃"), thing=_l("the temperature"))
    symptoms = symptoms_field()
    note = TextLine(_l("What was wrong"), limit=200, thing=_l("what was wrong"))

    def __init__(self, check: HealthCheck) -> None:
        super().__init__(
            data={
                "day": check.day,
                "slot": check.slot,
                "time": local(check.taken_at).time(),
                "method": check.method,
                "temperature": check.temperature,
                "symptoms": [Symptom(one) for one in check.symptoms],
            }
        )
        self.rule, self.starts_at = checks.rule_of(check.isolation), check.isolation.starts_at

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field by itself; then whether it can have been taken then."""
        if super().validate(extra_validators):
            said = rules.problem(self.rule, self.slot.data, self.corrected.taken_at, self.starts_at, now())
            self.time.errors = [said] if said else []
        return not self.errors

    @property
    def corrected(self) -> Taken:
        """The check as it should have been."""
        return self.taken(self.temperature.data, self.symptoms.data, self.note.data)


class AnswerForm(ReasonForm):
    """What was done about a fever or a symptom, with a second temperature where one was taken."""

    common = Chips(_lp("alarm", "What was done"), optional=True)
    second = Temperature(
        _l("Second temperature ℃"),
        optional=True,
        hint=_l("Taken now, after a rest and with another thermometer"),
    )

    def __init__(self) -> None:
        super().__init__(WHAT_WAS_DONE)
