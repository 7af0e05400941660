"""The form of a round: everything is filled in, so that a round at ten in the evening takes one tap."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.access.acting import Level, own_place
from portal.clock import local, now
from portal.database import db
from portal.orders.hours import beginning
from portal.screenings.kinds import CRITERION_LABELS, Criterion
from portal.screenings.models import AffectedArea
from portal.screenings.rules import Asks, next_morning
from portal.screenings.service import Wanted
from portal.units.models import Unit
from portal.web.fields import Chips, Choice, Clock, Day, ManyChips, TextLine
from portal.web.formats import full_day
from portal.web.forms import Form

MOST_UNITS = 200
RECHECKS_OFFERED = (0, 2, 3, 5, 10)


class RoundForm(Form):
    """At most eight inputs, none of which must be touched."""

    name = TextLine(_l("Name of the round"), thing=_l("the name of the round"))
    criterion = Chips(
        _l("Who is looked for"),
        choices=list(CRITERION_LABELS.items()),
        coerce=Criterion,
        thing=_l("who is looked for"),
        hint=_l("Every household is asked in any case"),
    )
    areas = ManyChips(_l("Which areas"), coerce=int, optional=True)
    looked_for = TextLine(_l("In a few words"), limit=200, optional=True)
    unit_id = Choice(_l("Where the round goes"), coerce=int, thing=_l("the unit"))
    deadline_day = Day(_l("Answered by (day)"), near=(0, 1), thing=_l("the day"))
    deadline_time = Clock(_l("Answered by (time)"), thing=_l("the time"))
    rechecks = Chips(
        _l("Households of a grid visited a second time"), coerce=int, thing=_l("the number of households")
    )

    def __init__(
        self, asks: Asks | None, areas: Sequence[AffectedArea], area: AffectedArea | None = None
    ) -> None:
        self.on_list = {one.id: one for one in areas}
        deadline = local(next_morning(now()))
        super().__init__(
            data={
                "name": _name(area),
                "criterion": Criterion.FROM_AREAS if area else Criterion.EVERYONE,
                "areas": [area.id] if area else [],
                "unit_id": own_place().unit_id,
                "deadline_day": deadline.date(),
                "deadline_time": deadline.time(),
                "rechecks": asks.rechecks if asks else 0,
            }
        )
        self.areas.choices = [(one.id, one.name) for one in areas]
        self.unit_id.choices = _units()
        offered = sorted({*RECHECKS_OFFERED, asks.rechecks if asks else 0})
        self.rechecks.choices = [(one, str(one)) for one in offered]
        if not areas:
            del self.areas

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field by itself; the deadline is to come, and there are areas or words where they are needed."""
        super().validate(extra_validators)
        if not (self.deadline_day.errors or self.deadline_time.errors) and self.deadline <= now():
            self.deadline_time.errors = [_("This deadline has passed. Choose a later one.")]
        if self.criterion.data is Criterion.FROM_AREAS and not self.chosen_areas:
            field = self.areas if "areas" in self else self.criterion
            field.errors = [*field.errors, _("Choose an area, or add one to the list first")]
        if self.criterion.data is Criterion.OTHER and not self.looked_for.data:
            self.looked_for.errors = [_("Enter who is looked for")]
        return not self.errors

    @property
    def chosen_areas(self) -> list[int]:
        return list(self.areas.data or ()) if "areas" in self else []

    @property
    def deadline(self) -> datetime:
        return beginning(self.deadline_day.data, self.deadline_time.data)

    @property
    def wanted(self) -> Wanted:
        """What a valid form says."""
        return Wanted(
            unit_id=self.unit_id.data,
            name=self.name.data,
            criterion=self.criterion.data,
            deadline=self.deadline,
            area_ids=tuple(self.chosen_areas),
            looked_for=self.looked_for.data or "",
            rechecks=self.rechecks.data,
        )


def _name(area: AffectedArea | None) -> str:
    if area is not None:
        return _("Who came from %(area)s", area=area.name)[:60]
    return _("All households, %(day)s", day=full_day(local(now()).date()))


def _units() -> list[tuple[int, str]]:
    """One's own unit, and those right below it."""
    place = own_place()
    below = select(Unit.id, Unit.full_name).where(Unit.parent_id == place.unit_id, Unit.closed_at.is_(None))
    rows = db.session.execute(
        below.where(Unit.level != Level.GRID).order_by(Unit.code, Unit.id).limit(MOST_UNITS)
    )
    own = db.session.get_one(Unit, place.unit_id)
    return [(own.id, own.full_name), *((row.id, row.full_name) for row in rows)]
