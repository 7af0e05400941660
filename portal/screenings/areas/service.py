"""Affected areas: neighbouring townships with confirmed cases first of all. Who came from one is a key person."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, or_, select

from portal.access import scope
from portal.audit import service as audit
from portal.clock import now
from portal.database import db
from portal.screenings.kinds import Category
from portal.screenings.models import AffectedArea
from portal.web.errors import Refused

MOST_LISTED = 200
OFF_ALREADY = _l("This area has been taken off the list already.")
NOT_OURS = _l("This area was listed above: only there it is taken off.")


@dataclass(frozen=True)
class Listed:
    """An area as it is added."""

    unit_id: int
    name: str
    category: Category
    basis: str
    since: datetime
    until: datetime | None = None
    is_neighbour: bool = False
    pointed_id: int | None = None


def add(listed: Listed) -> AffectedArea:
    """Put an area on the list. Who came from there is of its category."""
    area = AffectedArea(**asdict(listed))
    db.session.add(area)
    db.session.flush()
    audit.record("affected_area.add", area, name=area.name, category=area.category.value)
    return area


def take_off(area: AffectedArea) -> None:
    """From now on nobody who came from there is a key person for it."""
    if not scope.current().covers(area):
        raise Refused(NOT_OURS)
    db.session.refresh(area, with_for_update=True)
    if area.until is not None and area.until <= now():
        raise Refused(OFF_ALREADY)
    area.until = max(now(), area.since + timedelta(seconds=1))
    audit.record("affected_area.take_off", area, name=area.name)


def listed(at: datetime) -> Sequence[AffectedArea]:
    """The areas on the list at that moment, neighbours first, then the latest."""
    on_it = or_(AffectedArea.until.is_(None), AffectedArea.until > at)
    return db.session.scalars(_in_order().where(on_it, AffectedArea.since <= at)).all()


def earlier(at: datetime) -> Sequence[AffectedArea]:
    """Those that were on it, the latest first."""
    return db.session.scalars(_in_order().where(AffectedArea.until <= at).limit(20)).all()


def _in_order() -> Select[AffectedArea]:
    return (
        select(AffectedArea)
        .order_by(AffectedArea.is_neighbour.desc(), AffectedArea.since.desc(), AffectedArea.id.desc())
        .limit(MOST_LISTED)
    )
