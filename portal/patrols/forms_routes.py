"""The form of a route: what is walked, when, and at a boundary next to whom."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select

from portal.access.acting import Level, acting, own_place
from portal.access.scope import everywhere
from portal.clock import now
from portal.database import db
from portal.patrols.describing import hour_words, hours_words
from portal.patrols.forms import Lines
from portal.patrols.kinds import PATROL_KIND_LABELS, PatrolKind
from portal.patrols.measure import parameters_in_force
from portal.patrols.models import PatrolRoute
from portal.patrols.routes import Wanted
from portal.units.models import Unit
from portal.web.fields import Chips, Choice, ManyChips, TextLine
from portal.web.forms import Form

BETWEEN = (Level.STREET, Level.COMMUNITY)  # who hands over at boundaries


class RouteForm(Form):
    """A route of one's own unit, or of one directly below it."""

    kind = Chips(
        _l("Kind of patrol"),
        choices=list(PATROL_KIND_LABELS.items()),
        coerce=PatrolKind,
        default=PatrolKind.COMMUNITY,
        thing=_l("the kind of patrol"),
    )
    unit_id = Choice(_l("Walked by"), coerce=int, thing=_l("the unit that walks it"))
    name = TextLine(
        _l("Name of the route"), thing=_l("the name of the route"), hint=_l("Like 北线 or 三组片区")
    )
    points = Lines(
        _l("Points on the way"),
        limit=2000,
        optional=True,
        hint=_l(
            "Gates, households to look after, public places, crossings: one on each line, in the order of the way"
        ),
    )
    hours = ManyChips(
        _l("Rounds"), coerce=int, optional=True, hint=_l("None chosen: every round of the order")
    )
    neighbour_id = Choice(_l("Neighbour (boundary)"), coerce=int, optional=True)
    neighbour = TextLine(_l("Or another neighbour, by name"), optional=True)

    def __init__(self, route: PatrolRoute | None = None) -> None:
        super().__init__(data=_as_it_is(route))
        self.route = route
        self.rounds = {kind: _rounds(kind) for kind in PatrolKind}
        present = route.hours if route else []
        offered = {hour for hours in (present, *self.rounds.values()) for hour in hours}
        self.hours.choices = [(one, hour_words(one)) for one in sorted(offered)]
        self.unit_id.choices = _units_to_walk_it()
        if not self.hours.choices:
            del self.hours
        if route is not None:
            del self.kind
            del self.unit_id
        if route is not None and route.kind is not PatrolKind.BOUNDARY:
            del self.neighbour_id
            del self.neighbour
        else:
            self.neighbour_id.choices = [("", _l("None")), *units_beside()]

    @property
    def walked_as(self) -> PatrolKind:
        """A route keeps its kind."""
        return self.route.kind if self.route else self.kind.data or PatrolKind.COMMUNITY

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field by itself; then the hours against the order, and whom the boundary lies next to."""
        super().validate(extra_validators)
        rounds = self.rounds[self.walked_as]
        chosen = self.hours.data or [] if "hours" in self else []
        if rounds and chosen and not self.hours.errors and not set(chosen) & set(rounds):
            self.hours.errors = [
                _("The order has rounds at %(hours)s: choose among these", hours=hours_words(rounds))
            ]
        at_boundary = self.walked_as is PatrolKind.BOUNDARY
        if (
            at_boundary
            and not self.neighbour_id.data
            and not self.neighbour.data
            and not self.neighbour.errors
        ):
            self.neighbour.errors = [_("Choose the neighbour, or write its name")]
        return not self.errors

    def wanted(self) -> Wanted:
        """What the route is to be, of a valid form."""
        neighbour_id, neighbour = self._beside()
        return Wanted(
            unit_id=self.route.unit_id if self.route else self.unit_id.data,
            kind=self.walked_as,
            name=self.name.data or "",
            points=self.points.lines,
            hours=sorted(self.hours.data or [])
            if "hours" in self
            else list(self.route.hours if self.route else []),
            neighbour=neighbour,
            neighbour_id=neighbour_id,
        )

    def _beside(self) -> tuple[int | None, str]:
        if "neighbour_id" not in self:
            return None, ""
        if self.neighbour_id.data:
            names = {choice.value: str(choice.label) for choice in self.neighbour_id.choices}
            return self.neighbour_id.data, names[self.neighbour_id.data]
        name = self.neighbour.data or ""
        return the_only_unit_called(name), name


def units_beside() -> list[tuple[int, str]]:
    """The streets and townships of the county, and the communities of one's own street, without one's own."""
    place = acting().place
    if place is None:
        return []
    around = [Unit.level == Level.STREET]
    if place.street_id:
        around.append((Unit.level == Level.COMMUNITY) & (Unit.street_id == place.street_id))
    wanted = select(Unit.id, Unit.full_name).where(
        or_(*around), Unit.county_id == place.county_id, Unit.id.not_in(place.line)
    )
    with everywhere(because="a boundary route names the unit on the other side; names of units are public"):
        rows = db.session.execute(wanted.order_by(Unit.level.desc(), Unit.code, Unit.id)).all()
    return [(row.id, row.full_name) for row in rows]


def the_only_unit_called(name: str) -> int | None:
    """The street or community of that name, where there is exactly one."""
    if not name:
        return None
    called = select(Unit.id).where(Unit.full_name == name, Unit.level.in_(BETWEEN)).limit(2)
    with everywhere(because="a neighbour written by name is known as a unit; names of units are public"):
        found = list(db.session.scalars(called))
    return found[0] if len(found) == 1 else None


def _units_to_walk_it() -> list[tuple[int, str]]:
    place = acting().place
    if place is None:
        return []
    units = select(Unit.id, Unit.full_name).where(
        or_(Unit.id == place.unit_id, Unit.parent_id == place.unit_id)
    )
    rows = db.session.execute(units.order_by(Unit.level == place.level, Unit.id)).all()
    own_first = sorted(rows, key=lambda row: row.id != place.unit_id)
    return [(row.id, row.full_name) for row in own_first]


def _rounds(kind: PatrolKind) -> list[int]:
    found = parameters_in_force(kind, own_place(), now())
    return list(found[1]["rounds"]) if found else []


def _as_it_is(route: PatrolRoute | None) -> dict[str, Any]:
    if route is None:
        place = acting().place
        return {"unit_id": place.unit_id if place else None}
    return {
        "name": route.name,
        "points": "\n".join(route.points),
        "hours": route.hours,
        "neighbour_id": route.neighbour_id,
        "neighbour": "" if route.neighbour_id else route.neighbour,
    }
