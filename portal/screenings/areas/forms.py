"""The form of an affected area."""

from datetime import datetime, time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.access.acting import Level, own_place
from portal.clock import now, today
from portal.database import db
from portal.orders.hours import END_OF_DAY, beginning, ending
from portal.screenings.areas.service import Listed
from portal.screenings.kinds import CATEGORY_LABELS, Category
from portal.units.models import Unit
from portal.web.fields import Choice, Clock, Day, TextLine, Tick
from portal.web.forms import Form

COME_FROM = (
    Category.FROM_NEIGHBOUR,
    Category.FROM_RISK_AREA,
    Category.FROM_AFFECTED_COUNTY,
    Category.FROM_ABROAD,
)


class AreaForm(Form):
    """Where, since when, on what basis. Nothing else is needed for a round."""

    is_neighbour = Tick(_l("A neighbouring township or street"), default=True)
    name = TextLine(_l("Name of the area"), limit=120, thing=_l("the name of the area"))
    category = Choice(
        _l("Who came from there is"),
        choices=[(category, CATEGORY_LABELS[category]) for category in COME_FROM],
        coerce=Category,
        default=Category.FROM_NEIGHBOUR,
    )
    basis = TextLine(
        _l("Basis"), limit=300, thing=_l("the basis"), hint=_l("The notice that names it, with its number")
    )
    since_day = Day(_l("Since (day)"), near=(0, -1), default=today, thing=_l("the day"))
    since_time = Clock(_l("Since (time)"), default=time(0), thing=_l("the time"))
    until_day = Day(_l("Until (day, 24:00)"), optional=True, hint=_l("Empty: until it is taken off the list"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field by itself; it begins before now, and ends after it begins."""
        super().validate(extra_validators)
        if self.since_day.errors or self.since_time.errors or self.until_day.errors:
            return False
        if self.since > now():
            self.since_time.errors = [_("Enter a time up to now")]
        elif self.until is not None and self.until <= self.since:
            self.until_day.errors = [_("The end comes before the beginning. Choose a later day")]
        elif self.until is not None and self.until <= now():
            self.until_day.errors = [_("This day has passed. Choose a later one, or leave it empty")]
        return not self.errors

    @property
    def since(self) -> datetime:
        return beginning(self.since_day.data, self.since_time.data)

    @property
    def until(self) -> datetime | None:
        """Midnight after the day."""
        day = self.until_day.data
        return None if day is None else ending(day, END_OF_DAY)

    @property
    def listed(self) -> Listed:
        """What a valid form says."""
        return Listed(
            unit_id=own_place().unit_id,
            name=self.name.data,
            category=self.category.data,
            basis=self.basis.data,
            since=self.since,
            until=self.until,
            is_neighbour=bool(self.is_neighbour.data),
            pointed_id=_pointed(self.name.data),
        )


def _pointed(name: str) -> int | None:
    """The unit of that name, where there is one in one's own tree."""
    found = select(Unit.id).where(Unit.full_name == name, Unit.level != Level.GRID).limit(2)
    ids = db.session.scalars(found).all()
    return ids[0] if len(ids) == 1 else None
