"""The forms of an order, of telling, extending and releasing, and of the care team."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from portal.clock import LOCAL, this_minute, today
from portal.isolations import care, checks, rules, service
from portal.isolations.care import Named
from portal.isolations.kinds import (
    CARER_LABELS,
    ISOLATION_KIND_LABELS,
    SIGNATURE_LABELS,
    CarerRole,
    IsolationKind,
    Signature,
)
from portal.isolations.models import Isolation
from portal.isolations.rules import Rule
from portal.registry.models import Household, Resident
from portal.web.fields import Chips, Choice, Clock, Day, ManyChips, PhoneLine, TextBox, TextLine
from portal.web.formats import mask_name
from portal.web.forms import Form
from portal.workflow.reasons import ReasonForm

WHY_EXTENDED = (
    _l("Fever or symptoms"),
    _l("A test was positive"),
    _l("Contact with a confirmed case in the household"),
)
CHOSEN = (CarerRole.CADRE, CarerRole.GRID_MEMBER)  # among those who serve here
WRITTEN = (CarerRole.MEDIC, CarerRole.POLICE, CarerRole.VOLUNTEER)
NOBODY = ""


class OrderForm(Form):
    """Somebody of a household is isolated, or several, or all."""

    who = ManyChips(_l("Who"), coerce=int, thing=_l("who"))
    kind = Chips(_l("Kind of isolation"), coerce=IsolationKind, thing=_l("the kind of isolation"))
    start_day = Day(_l("Counted from (day)"), near=(0, -1), default=today, thing=_l("the day"))
    start_time = Clock(
        _l("Counted from (time)"),
        default=this_minute,
        thing=_l("the time"),
    )
    reason = TextBox(_l("Reason"), limit=300, thing=_l("the reason"))
    place = TextLine(_l("Where, if not at home"), limit=120, optional=True)

    def __init__(self, household: Household, kinds: dict[IsolationKind, Rule]) -> None:
        self.rules = kinds
        self.people: dict[int, Resident] = {
            one.id: one
            for one in household.residents
            if one.left_at is None and service.open_of(one.id) is None
        }
        only = list(self.people) if len(self.people) == 1 else None
        first = next(iter(kinds)) if len(kinds) == 1 else None
        super().__init__(data={"who": only, "kind": first})
        self.who.choices = [(one.id, mask_name(one.name)) for one in self.people.values()]
        self.kind.choices = [(kind, ISOLATION_KIND_LABELS[kind]) for kind in kinds]

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field by itself; then whether it can begin then."""
        super().validate(extra_validators)
        starts_at, rule = self.starts_at, self.rules.get(self.kind.data)
        if starts_at and rule:
            said = service.problem_of_start(starts_at, rules.end_after(starts_at, rule.days))
            self.start_day.errors = [said] if said else []
        if self.kind.data is IsolationKind.COLLECTIVE and not self.place.data:
            self.place.errors = [_("Enter where the person is isolated")]
        return not self.errors

    @property
    def starts_at(self) -> datetime | None:
        """When the days begin, as far as that was entered in earnest."""
        if self.start_day.errors or not self.start_day.data or not self.start_time.data:
            return None
        return datetime.combine(self.start_day.data, self.start_time.data, LOCAL)

    @property
    def wanted(self) -> dict[str, Any]:
        """What is ordered, of a valid form."""
        return {
            "kind": self.kind.data,
            "starts_at": self.starts_at,
            "reason": self.reason.data,
            "place": self.place.data,
        }

    @property
    def residents(self) -> list[Resident]:
        """Who was chosen in a valid form."""
        return [self.people[one] for one in self.who.data]


class TellForm(Form):
    """Who has signed; ``at_the_door``: nobody is told by telephone a second time."""

    signed = Chips(_lp("isolation", "Signature"), coerce=Signature, thing=_l("who has signed"))

    def __init__(self, *, at_the_door: bool = False) -> None:
        super().__init__()
        self.signed.choices = [
            (one, label)
            for one, label in SIGNATURE_LABELS.items()
            if not (at_the_door and one is Signature.TELEPHONE)
        ]


class ExtendForm(ReasonForm):
    """A later last day, and why."""

    last_day = Day(_l("New last day"), thing=_l("the last day"))

    def __init__(self, isolation: Isolation) -> None:
        super().__init__(WHY_EXTENDED)
        last = rules.last_day(isolation.ends_at)
        self.last_day.earliest = last + rules.A_DAY
        self.last_day.latest = last + rules.MOST_DAYS * rules.A_DAY

    @property
    def to_end(self) -> datetime:
        """Midnight after the last day of a valid form."""
        return rules.midnight(self.last_day.data + rules.A_DAY)


class ReleaseForm(Form):
    """What the medical side says, and the name once more, so that nobody else is released."""

    medic = TextLine(_l("Released by (medical side)"), thing=_l("the name of the medical side"))
    medic_unit = TextLine(_l("Their unit"), limit=120, thing=_l("the unit of the medical side"))
    tests = TextLine(_l("Results of the tests"), limit=200, thing=_l("the results of the tests"))
    name = TextLine(
        _l("Name of the person, in full"),
        thing=_l("the name of the person"),
        hint=_l("As on the notice of obligations, so that nobody else is released"),
    )

    def __init__(self, isolation: Isolation) -> None:
        medic = next(
            (one for one in isolation.team if one.role is CarerRole.MEDIC and one.relieved_at is None), None
        )
        unit = service.last_medic_unit(isolation)
        super().__init__(data={"medic": medic.name if medic else "", "medic_unit": unit})
        self.person = isolation.resident.name
        if not checks.rule_of(isolation).needs_tests:
            del self.tests

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field by itself; then whether it is the right person."""
        super().validate(extra_validators)
        if self.name.data and not rules.same_name(self.name.data, self.person):
            self.name.errors = [_("This is another name than that of the person on this page")]
        return not self.errors

    @property
    def results(self) -> str:
        """The tests, where they are asked for."""
        return self.tests.data if "tests" in self else ""


class TeamForm(Form):
    """The five of the care team. Two are chosen among those who serve here, three are written."""

    cadre = Choice(CARER_LABELS[CarerRole.CADRE], coerce=int, optional=True)
    grid_member = Choice(CARER_LABELS[CarerRole.GRID_MEMBER], coerce=int, optional=True)
    medic = TextLine(CARER_LABELS[CarerRole.MEDIC], optional=True)
    medic_phone = PhoneLine(_l("Phone of the medic"), optional=True)
    police = TextLine(CARER_LABELS[CarerRole.POLICE], optional=True)
    police_phone = PhoneLine(_l("Phone of the police officer"), optional=True)
    volunteer = TextLine(CARER_LABELS[CarerRole.VOLUNTEER], optional=True)
    volunteer_phone = PhoneLine(_l("Phone of the volunteer"), optional=True)

    def __init__(self, isolation: Isolation) -> None:
        present = {one.role: one for one in isolation.team if one.relieved_at is None}
        known: dict[str, Any] = {
            role.value: one.account_id for role, one in present.items() if role in CHOSEN
        }
        for role in WRITTEN:
            if role in present:
                known |= {role.value: present[role].name, f"{role.value}_phone": present[role].phone}
        super().__init__(data=known)
        self.workers = {role: care.choices(isolation.unit_id, role) for role in CHOSEN}
        for role, workers in self.workers.items():
            self[role.value].choices = [
                (NOBODY, _l("Nobody")),
                *(
                    (one.account_id, _("%(name)s, %(title)s", name=one.name, title=one.title.label))
                    for one in workers
                ),
            ]

    def team(self) -> list[Named]:
        """The people of a valid form."""
        found = [
            care.named_worker(role, worker)
            for role, workers in self.workers.items()
            for worker in workers
            if worker.account_id == self[role.value].data
        ]
        return found + [
            Named(role, self[role.value].data, self[f"{role.value}_phone"].data or "")
            for role in WRITTEN
            if self[role.value].data
        ]
