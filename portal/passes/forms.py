"""The application in one column. The forms of single steps are in forms_steps.py."""

from datetime import date, datetime, time
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from portal.clock import LOCAL, local, now, today
from portal.passes import applying
from portal.passes.applying import Application
from portal.passes.kinds import Kind
from portal.passes.models import Pass
from portal.passes.offers import Offer
from portal.passes.purposes import PURPOSES, Purpose
from portal.passes.quota import ONE_DAY, ONE_MINUTE
from portal.registry.identifiers import DocumentType, WrongNumber, check_document, check_plate
from portal.web.fields import Chips, Choice, Day, ManyChips, TextLine, Tick
from portal.web.formats import minutes
from portal.web.forms import Form

ONLY_FOR = {
    "employer": (Kind.WORK, Kind.STAFF),
    "plate": (Kind.VEHICLE,),
    "no_ordinary_plate": (Kind.VEHICLE,),
    "route": (Kind.VEHICLE,),
}
NAMED = ("name", "document_type", "document")


class ApplicationForm(Form):
    """One pass for one holder. What the kind, the rule or the household doesn't ask for is left out."""

    who = Chips(_l("Who the pass is for"), coerce=int, thing=_l("who the pass is for"))
    name = TextLine(_l("Name"), thing=_l("the name"))
    document_type = Choice(
        _l("Document"),
        choices=[],
        default=DocumentType.ID_CARD.value,
        thing=_l("a document"),
    )
    document = TextLine(_l("Document number"), narrow=True, limit=40, thing=_l("the number of the document"))
    employer = TextLine(
        _l("Employer or unit"), thing=_l("the employer or unit"), hint=_l("The firm, office or team, by name")
    )
    plate = TextLine(_l("Plate"), narrow=True, limit=20, thing=_l("the plate"), hint=_l("Like 豫QD3127"))
    no_ordinary_plate = Tick(_l("No ordinary plate: electric or three-wheeled vehicle, temporary plate"))
    route = TextLine(_l("Route"), thing=_l("the route"), hint=_l("From where, by what road, to where"))
    purpose = Chips(_l("What for"), thing=_l("what the pass is for"))
    purpose_note = TextLine(
        _l("In a few words"), optional=True, hint=_l("Needed where you chose “Something else”")
    )
    first_day = Day(_l("First day"), near=(0, 1), thing=_l("the first day"))
    last_day = Day(_l("Last day"), near=(0,), thing=_l("the last day"))
    hours = ManyChips(_l("Hours"), thing=_l("the hours"), hint=_l("In these hours a trip may begin"))
    longest = Chips(_l("Longest time out"), coerce=int, thing=_l("the longest time out"))
    gates = ManyChips(_l("Gates"), coerce=int, thing=_l("the gates"))

    def __init__(self, offer: Offer, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.offer = offer
        self._leave_out()
        self._offer_people()
        self._offer_limits()

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field by itself, then the whole against the rule and the order."""
        if not super().validate(extra_validators):
            return False
        if self.offer.basis is None:
            return False
        for problem in applying.problems(self.application(), self.offer.basis, now()):
            if problem.field in self:
                self[problem.field].errors = [*self[problem.field].errors, str(problem.sentence)]
            else:
                self.form_errors.append(str(problem.sentence))
        return not self.errors

    def validate_document(self, field: Any) -> None:
        """As its kind of document has it."""
        try:
            field.data = check_document(DocumentType(self.document_type.data), field.data, today())
        except WrongNumber as wrong:
            raise ValidationError(str(wrong.sentence)) from None

    def validate_plate(self, field: Any) -> None:
        """An ordinary plate, or what stands on the vehicle."""
        try:
            field.data = check_plate(field.data, free_text=bool(self.no_ordinary_plate.data))
        except WrongNumber as wrong:
            raise ValidationError(str(wrong.sentence)) from None

    def application(self, replaces: Pass | None = None) -> Application:
        """What is asked for, of a form whose fields are each valid by themselves."""
        resident = next((one for one in self.offer.residents if one.id == self._told("who")), None)
        return Application(
            kind=self.offer.kind,
            unit_id=self.offer.unit_id,
            household_id=self.offer.household.id if self.offer.household else None,
            resident_id=resident.id if resident else None,
            holder_name=resident.name if resident else self._told("name", ""),
            holder_document=None if resident else self._told("document"),
            purpose=Purpose(self.purpose.data),
            purpose_note=self.purpose_note.data or "",
            plate=self._told("plate", ""),
            route=self._told("route", ""),
            employer=self._told("employer", ""),
            valid_from=midnight(self._told("first_day")),
            valid_until=midnight(self._told("last_day") + ONE_DAY),
            hours=tuple(hours_of(value) for value in self._told("hours", ())),
            max_minutes=self._told("longest", self.offer.rule.max_minutes),
            gates=tuple(self._told("gates", ())),
            replaces_id=replaces.id if replaces else None,
        )

    def _told(self, name: str, otherwise: Any = None) -> Any:
        return self[name].data if name in self else otherwise

    def _leave_out(self) -> None:
        offer = self.offer
        unasked = [name for name, kinds in ONLY_FOR.items() if offer.kind not in kinds]
        unasked += NAMED if offer.names_a_resident else ["who"]
        unasked += [] if offer.rule.windows else ["hours"]
        unasked += [] if offer.rule.max_minutes else ["longest"]
        unasked += [] if offer.gates else ["gates"]
        for name in unasked:
            del self[name]

    def _offer_people(self) -> None:
        if "who" in self:
            self.who.choices = [(one.id, one.name) for one in self.offer.residents]
        else:
            self.document_type.choices = [(type_.value, type_.label) for type_ in DocumentType]
        self.purpose.choices = [(purpose.value, purpose.label) for purpose in PURPOSES[self.offer.kind]]

    def _offer_limits(self) -> None:
        offer = self.offer
        self.first_day.earliest, self.first_day.latest = offer.first_day, offer.last_day
        self.last_day.earliest, self.last_day.latest = offer.first_day, offer.last_day
        self.last_day.near = sorted({0, (offer.latest_from(offer.first_day) - today()).days})
        if "hours" in self:
            self.hours.choices = [
                (hours_value(*hours), hours_label(*hours)) for hours in hours_offered(offer)
            ]
        if "longest" in self:
            self.longest.choices = [(length, minutes(length)) for length in offer.lengths()]
        if "gates" in self:
            self.gates.choices = offer.gates


def proposed(offer: Offer) -> dict[str, Any]:
    """What a blank application begins with."""
    only = offer.residents[0].id if len(offer.residents) == 1 else None
    gates = [id_ for id_, _name in offer.gates]
    return {
        "who": only,
        "purpose": PURPOSES[offer.kind][0].value,
        "first_day": offer.first_day,
        "last_day": offer.latest_from(offer.first_day),
        "hours": [hours_value(*hours) for hours in hours_offered(offer)],
        "longest": offer.rule.max_minutes,
        "gates": [id_ for id_ in offer.last_gates if id_ in gates] or gates,
    }


def written(pass_: Pass, offer: Offer) -> dict[str, Any]:
    """What an application begins with that was written before."""
    hours = [(start, end) for start, end in pass_.windows] or hours_offered(offer)
    return {
        "who": pass_.resident_id,
        "name": pass_.holder_name,
        "document": pass_.holder_document,
        "employer": pass_.employer,
        "plate": pass_.plate,
        "route": pass_.route,
        "purpose": pass_.purpose.value,
        "purpose_note": pass_.purpose_note,
        "first_day": local(pass_.valid_from).date(),
        "last_day": local(pass_.valid_until - ONE_MINUTE).date(),
        "hours": [hours_value(start, end) for start, end in hours],
        "longest": pass_.max_minutes or offer.rule.max_minutes,
        "gates": pass_.checkpoint_ids or [id_ for id_, _name in offer.gates],
    }


def hours_offered(offer: Offer) -> list[tuple[int, int]]:
    """The hours of the rule, each once, whatever the day of the week."""
    return sorted({(window.start, window.end) for window in offer.rule.windows})


def hours_value(start: int, end: int) -> str:
    """480-660"""
    return f"{start}-{end}"


def hours_of(value: str) -> tuple[int, int]:
    """(480, 660); ValueError for anything else."""
    start, end = value.split("-")
    return int(start), int(end)


def hours_label(start: int, end: int) -> str:
    """08:00–11:00"""
    return f"{clock_words(start)}–{clock_words(end)}"


def clock_words(minute: int) -> str:
    """08:00; the end of the day is 24:00."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def midnight(day: date) -> datetime:
    """The beginning of a day."""
    return datetime.combine(day, time(0), LOCAL)
