"""What is typed about key persons: first who and what for, then, over rounds, the ten 清."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.clock import local, now, today
from portal.orders.hours import beginning
from portal.registry.forms_people import NameLine
from portal.registry.models import Resident
from portal.registry.names import LONGEST_NAME
from portal.screenings.areas.service import listed
from portal.screenings.keypersons.service import Noted, asks_of
from portal.screenings.kinds import (
    CONTACT_LABELS,
    SYMPTOM_LABELS,
    TRANSPORT_LABELS,
    Category,
    Contact,
    Symptom,
    Transport,
)
from portal.screenings.models import KeyPerson
from portal.screenings.rules import A_MOMENT, NOON, Asks
from portal.screenings.visits import marks
from portal.web.fields import Chips, Choice, Clock, Day, ManyChips, TextBox, TextLine
from portal.web.forms import Form
from portal.web.temperatures import Temperature

AS_THEY_ARE = (
    "origin", "left_on", "transport", "transport_number", "itinerary", "companions", "contact", "contact_note",
    "temperature", "note",
)  # fmt: skip
NOTHING = {"left_on": None, "transport": None, "contact": None, "temperature": None}


class NoteForm(Form):
    """Who, and what for: somebody of the household, or somebody new."""

    resident = Chips(_l("Who"), coerce=int, optional=True)
    name = NameLine(_l("Or the name of somebody new"), limit=LONGEST_NAME, optional=True)
    mark = Choice(_l("Noted for"), thing=_l("what the person is noted for"))
    origin = TextLine(_l("Came from"), limit=120, optional=True)

    def __init__(self, living: list[Resident], asks: Asks) -> None:
        super().__init__()
        self.living, self.areas = living, listed(now())
        self.resident.choices = [(one.id, one.name) for one in living]
        self.mark.choices = [("", _l("Choose")), *marks.choices(asks, self.areas)[1:]]
        self.resident.optional = self.name.optional = False  # one of the two is needed
        if not living:
            del self.resident

    def validate(self, extra_validators: Any = None) -> bool:
        """One of the two."""
        super().validate(extra_validators)
        if self.chosen is None and not self.name.data and not self.name.errors:
            self.name.errors = [_("Choose somebody, or enter a name")]
        return not self.errors

    @property
    def chosen(self) -> Resident | None:
        """Who of the household it is; None: somebody new."""
        wanted = self.resident.data if "resident" in self else None
        return next((one for one in self.living if one.id == wanted), None)

    @property
    def noted(self) -> Noted:
        """What a valid form says."""
        category, area = marks.read(self.mark.data, self.areas)
        origin = self.origin.data or (area.name if area else "")
        return Noted(
            category or Category.OTHER, area.id if area else None, None, {"origin": origin} if origin else {}
        )


class CompleteForm(Form):
    """The ten 清, as far as they are known."""

    category = Choice(_l("Noted for"), coerce=Category, thing=_l("what the person is noted for"))
    origin = TextLine(_l("Came from"), limit=120, optional=True)
    left_on = Day(_l("Left there on"), optional=True)
    arrived_day = Day(_l("Arrived (day)"), near=(0, -1), optional=True)
    arrived_time = Clock(_l("Arrived (time)"), optional=True)
    transport = Chips(
        _l("Transport"), choices=list(TRANSPORT_LABELS.items()), coerce=Transport, optional=True
    )
    transport_number = TextLine(_l("Number of train, flight or car"), limit=60, optional=True)
    itinerary = TextBox(_l("Places on the way"), limit=500, optional=True)
    companions = TextLine(_l("Who came along"), limit=200, optional=True)
    contact = Chips(
        _l("Contact with a case"), choices=list(CONTACT_LABELS.items()), coerce=Contact, optional=True
    )
    contact_note = TextLine(_l("About the contact"), limit=200, optional=True)
    temperature = Temperature(_l("Temperature"), optional=True)
    symptoms = ManyChips(_l("Symptoms"), choices=list(SYMPTOM_LABELS.items()), coerce=Symptom, optional=True)
    note = TextBox(_l("Note"), limit=500, optional=True)

    def __init__(self, person: KeyPerson) -> None:
        super().__init__(data=_as_known(person))
        offered = [*asks_of(person).categories]
        if person.category not in offered:
            offered.append(person.category)
        self.category.choices = [(one.value, one.label) for one in Category if one in offered]
        self.left_on.latest = self.arrived_day.latest = today()

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field by itself; nobody has arrived later than now, or left after arriving."""
        super().validate(extra_validators)
        if self.arrived_day.errors or self.arrived_time.errors or self.left_on.errors:
            return False
        arrived, left = self.arrived_at, self.left_on.data
        if self.arrived_time.data is not None and self.arrived_day.data is None:
            self.arrived_day.errors = [_("Choose the day of arrival")]
        elif arrived is not None and arrived > now() + A_MOMENT:
            self.arrived_time.errors = [_("Enter a time up to now")]
        if arrived is not None and left is not None and left > local(arrived).date():
            self.left_on.errors = [_("This is after the arrival. Choose an earlier day")]
        return not self.errors

    @property
    def arrived_at(self) -> datetime | None:
        """Noon of the day where nobody knows the hour."""
        day = self.arrived_day.data
        if day is None:
            return None
        if self.arrived_time.data is None:
            return min(beginning(day, NOON), now().replace(second=0, microsecond=0))
        return beginning(day, self.arrived_time.data)

    @property
    def told(self) -> dict[str, Any]:
        """What a valid form says, by the columns of a key person."""
        known = {name: self[name].data or NOTHING.get(name, "") for name in AS_THEY_ARE}
        return known | {
            "category": self.category.data,
            "arrived_at": self.arrived_at,
            "symptoms": [one.value for one in self.symptoms.data or ()],
        }


def _as_known(person: KeyPerson) -> dict[str, Any]:
    arrived = local(person.arrived_at) if person.arrived_at else None
    return {name: getattr(person, name) for name in (*AS_THEY_ARE, "category")} | {
        "arrived_day": arrived.date() if arrived else None,
        "arrived_time": arrived.time() if arrived else None,
        "symptoms": [Symptom(one) for one in person.symptoms],
    }
