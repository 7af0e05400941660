"""The form of one household: everybody in it, and only what has changed is marked."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field

from portal.clock import now, today
from portal.orders.hours import beginning
from portal.registry.forms_people import NameLine
from portal.registry.models import Resident
from portal.registry.names import LONGEST_NAME
from portal.screenings.kinds import SYMPTOM_LABELS, Outcome, Symptom
from portal.screenings.models import AffectedArea, ScreeningRound
from portal.screenings.rules import A_MOMENT, Asks, retries, who
from portal.screenings.visits import marks
from portal.screenings.visits.service import Incomer, Knock, Marked
from portal.web.fields import Chips, Choice, Clock, Day, HiddenLine, ManyChips, TextLine, Tick
from portal.web.formats import full_moment, moment
from portal.web.forms import Form, new_once
from portal.web.temperatures import Temperature

LONGEST_PLACE, LONGEST_NOTE = 120, 200
NOT_AGAIN = ""
STILL_SHOWN = timedelta(hours=12)  # a page that was opened so long ago may still be sent


class VisitForm(Form):
    """What is asked beside the people. ``do`` is the button that was pressed: an outcome."""

    seen = HiddenLine("", limit=10, optional=True)
    people = HiddenLine("", limit=20, optional=True)
    retry = Chips(_l("Try again"), optional=True)
    when_day = Day(_l("Day"), near=(0, -1), optional=True)
    when_time = Clock(_l("Time"), optional=True)
    note = TextLine(_l("Note"), limit=LONGEST_NOTE, optional=True)
    new_name = NameLine(_l("Name"), limit=LONGEST_NAME, optional=True)
    new_mark = Choice(_l("Noted for"), optional=True)
    new_from = TextLine(_l("Came from"), limit=LONGEST_PLACE, optional=True)

    round_: ScreeningRound
    areas: Sequence[AffectedArea]
    living: Sequence[Resident]

    def prepare(
        self, round_: ScreeningRound, living: Sequence[Resident], areas: Sequence[AffectedArea]
    ) -> None:
        """What is offered."""
        self.round_, self.areas, self.living = round_, areas, living
        asks = Asks.of(round_.parameters)
        offered = marks.choices(asks, areas)
        for field in (self.new_mark, *(self[f"mark{one.id}"] for one in living)):
            field.choices = offered
        hours = retries(now())
        shown = {*hours, *retries(now() - STILL_SHOWN)} if self.is_submitted() else hours
        self.retry.choices = [
            *((one.isoformat(), moment(one)) for one in sorted(shown)),
            (NOT_AGAIN, _l("Not again")),
        ]
        for field in self:
            if getattr(field, "optional", False):
                field.optional = False  # nothing of it is needed, and their headings say so
        if not self.is_submitted():
            self.retry.data = hours[0].isoformat()

    @property
    def outcome(self) -> Outcome:
        """The button that was pressed; the first one where none is named."""
        pressed = request.form.get("do", Outcome.ANSWERED.value)
        return Outcome(pressed) if pressed in list(Outcome) else Outcome.ANSWERED

    def fields_of(self, resident: Resident) -> list[Field]:
        """What can be marked of one person, in the order of the page."""
        return [self[f"{name}{resident.id}"] for name in PERSON]

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field by itself; then the time of the visit, that an incomer has a name, and that all are the same."""
        super().validate(extra_validators)
        if self.outcome is Outcome.ANSWERED:
            self.retry.errors = []  # a page that waited for days offers hours that nobody needs
        if not (self.when_day.errors or self.when_time.errors):
            self._check_when()
        if not self.new_name.data and (self.new_mark.data or self.new_from.data):
            self.new_name.errors = [_("Enter the name")]
        if self.new_name.data and self.outcome is not Outcome.ANSWERED:
            self.new_name.errors = [_("Somebody answered: press “%(button)s”", button=Outcome.ANSWERED.label)]
        if self.people.data and self.people.data != who(one.id for one in self.living):
            self._tell_who_changed()
        return not self.errors

    def _tell_who_changed(self) -> None:
        self.show_again(self.as_of)
        self.form_errors.append(
            _(
                "Who is registered here has changed since the page was opened. Look through it, then send it again."
            )
        )
        if lost := typed(self.round_, {one.id for one in self.living}, self.areas):
            words = _(", ").join(lost)
            self.form_errors.append(
                _("Entered for somebody who is no longer registered here: %(what)s", what=words)
            )

    def _check_when(self) -> None:
        if self.when_day.data and self.when_time.data is None:
            self.when_time.errors = [_("Enter the time of the visit")]
        at = self.claimed_at
        start = self.round_.starts_at.replace(second=0, microsecond=0)
        if at is not None and not start <= at <= now() + A_MOMENT:
            words = {"start": full_moment(start), "end": full_moment(now())}
            self.when_time.errors = [_("Enter a time from %(start)s to %(end)s", **words)]

    @property
    def claimed_at(self) -> datetime | None:
        """When it was, where that was entered; a time alone is of today."""
        if self.when_time.data is None:
            return None
        return beginning(self.when_day.data or today(), self.when_time.data)

    @property
    def as_of(self) -> int:
        """How many tries the page knew of."""
        return int(self.seen.data) if (self.seen.data or "").isdecimal() else 0

    def show_again(self, seen: int) -> None:
        """Something has changed meanwhile: what is sent next is another act, and knows it."""
        self.once.data, self.seen.data = new_once(), str(seen)
        self.people.data = who(one.id for one in self.living)

    def is_marked(self, resident: Resident) -> bool:
        """Whether something of a person comes back to be looked at again."""
        return self.is_submitted() and any(field.errors or field.data for field in self.fields_of(resident))

    @property
    def knock(self) -> Knock:
        """What a valid form says."""
        answered = self.outcome is Outcome.ANSWERED
        return Knock(
            outcome=self.outcome,
            retry_at=None if answered or not self.retry.data else datetime.fromisoformat(self.retry.data),
            claimed_at=self.claimed_at,
            note=self.note.data or "",
            marked={one.id: self._marked(*self.fields_of(one)) for one in self.living} if answered else {},
            incomers=self._incomers() if answered else (),
        )

    def _marked(
        self, away: Field, temperature: Field, symptoms: Field, mark: Field, came: Field, note: Field
    ) -> Marked:
        category, area = marks.read(mark.data, self.areas)
        return Marked(
            temperature=temperature.data,
            symptoms=tuple(symptom.value for symptom in symptoms.data or ()),
            is_away=bool(away.data),
            came_from=came.data or (area.name if area else ""),
            note=note.data or "",
            category=category,
            area_id=area.id if area else None,
        )

    def _incomers(self) -> tuple[Incomer, ...]:
        if not self.new_name.data:
            return ()
        category, area = marks.read(self.new_mark.data, self.areas)
        came = self.new_from.data or (area.name if area else "")
        return (
            Incomer(
                self.new_name.data,
                Marked(came_from=came, category=category, area_id=area.id if area else None),
            ),
        )


PERSON = ("away", "temperature", "symptoms", "mark", "came", "note_of")
ABOUT_ALL = ("new_name", "new_from", "note")


def visit_form(
    round_: ScreeningRound, living: Sequence[Resident], areas: Sequence[AffectedArea], seen: int
) -> VisitForm:
    """The form with the fields of everybody who lives there."""
    fields = {f"{name}{one.id}": field for one in living for name, field in _person().items()}
    known = {"seen": str(seen), "people": who(one.id for one in living)}
    made: VisitForm = type("VisitForm", (VisitForm,), fields)(data=known)
    made.prepare(round_, living, areas)
    return made


def typed(round_: ScreeningRound, but: Collection[int], areas: Sequence[AffectedArea]) -> list[str]:
    """What the form that was sent says of others than these, in words: for whom it has no place any more."""
    marked = dict(marks.choices(Asks.of(round_.parameters), areas))
    found = []
    for key, value in request.form.items(multi=True):
        name = key.rstrip("0123456789")
        if name in PERSON and value and int(key.removeprefix(name) or 0) not in but:
            told = {"away": _("Not here"), "mark": marked.get(value, value)}
            if name == "symptoms" and value in list(Symptom):
                told[name] = Symptom(value).label
            found.append(told.get(name, value))
    return found


def _person() -> dict[str, Any]:
    """The fields of one person, by the names of PERSON."""
    return {
        "away": Tick(_l("Not here")),
        "temperature": Temperature(_l("Temperature"), optional=True),
        "symptoms": ManyChips(
            _l("Symptoms"), choices=list(SYMPTOM_LABELS.items()), coerce=Symptom, optional=True
        ),
        "mark": Choice(_l("Noted for"), optional=True),
        "came": TextLine(_l("Came from"), limit=LONGEST_PLACE, optional=True),
        "note_of": TextLine(_l("Note"), limit=LONGEST_NOTE, optional=True),
    }
