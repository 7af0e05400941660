"""What the nightly look found and is still so: the records are asked once more, so that what was put right is gone."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import and_, exists, select
from sqlalchemy.orm import aliased

from portal.access.acting import Place
from portal.access.scope import lies_in
from portal.assessments.brief.evidence import Finding, link, who
from portal.assessments.brief.kinds import Kind
from portal.assessments.brief.models import Doubt, DoubtsSought
from portal.database import db
from portal.isolations import contradictions as isolations
from portal.isolations.models import OPEN, HealthCheck, Isolation
from portal.registry.addresses import address_of
from portal.registry.duplicates.models import NotSame
from portal.registry.models import ADDRESS, Household, Resident
from portal.units.models import Unit
from portal.web.formats import mask_name
from portal.web.temperatures import degrees


def sought_at(place: Place) -> datetime | None:
    """When everything was last looked through; None: never, as no worker has run yet."""
    top = place.line[0]
    return db.session.scalar(select(DoubtsSought.at).where(DoubtsSought.unit_id == top))


def alike(place: Place, most: int) -> Iterator[Finding]:
    """Isolated people whose last temperatures are all the same."""
    found = (
        select(Isolation.id, Resident.name, Unit.full_name)
        .join(Doubt, and_(Doubt.record_id == Isolation.id, Doubt.kind == Kind.ALIKE))
        .join(Resident, Resident.id == Isolation.resident_id)
        .join(Unit, Unit.id == Isolation.unit_id)
        .where(lies_in(Doubt, place), Isolation.state.in_(OPEN))
        .order_by(Isolation.id)
    )
    rows = db.session.execute(found.limit(most)).all()
    taken = _checks_of([row.id for row in rows])
    for row in rows:
        checks = taken.get(row.id, [])
        if isolations.is_alike(checks):
            evidence = _("always %(degrees)s ℃", degrees=degrees(checks[-1].temperature))
            to = link("isolations.show", isolation_id=row.id)
            yield Finding(who(row.name, row.full_name), evidence, to)


def documents(place: Place, most: int) -> Iterator[Finding]:
    """Two living records with one document, in two grids, that nobody has told apart."""
    one, other = aliased(Resident), aliased(Resident)
    still = (one.document_index == other.document_index, one.left_at.is_(None), other.left_at.is_(None))
    found = _doubted(Kind.DOCUMENT, place, one, other, [one.name]).where(*still).order_by(one.name, one.id)
    for row in db.session.execute(found.limit(most)):
        yield Finding(mask_name(row.name), _recorded(row), _compare("people", row))


def addresses(place: Place, most: int) -> Iterator[Finding]:
    """Two households of one community at one address, in two grids, that nobody has told apart."""
    one, other = aliased(Household), aliased(Household)
    parts = [getattr(one, column.key) for column in ADDRESS]
    still = (one.address_key == other.address_key, one.community_id == other.community_id)
    found = _doubted(Kind.HOUSEHOLD, place, one, other, parts).where(*still)
    for row in db.session.execute(found.order_by(one.address_key, one.id).limit(most)):
        yield Finding(address_of(row), _recorded(row), _compare("households", row))


def _doubted(kind: Kind, place: Place, one: Any, other: Any, columns: list[Any]) -> Any:
    """Pairs of records with the grids where they stand."""
    first, second = aliased(Unit), aliased(Unit)
    table = "resident" if kind is Kind.DOCUMENT else "household"
    apart = exists().where(NotSame.record == table, NotSame.low_id == one.id, NotSame.high_id == other.id)
    return (
        select(one.id, other.id.label("other_id"), *columns, first.full_name, second.full_name.label("there"))
        .select_from(Doubt)
        .join(one, one.id == Doubt.record_id)
        .join(other, other.id == Doubt.other_id)
        .join(first, first.id == one.unit_id)
        .join(second, second.id == other.unit_id)
        .where(lies_in(Doubt, place), Doubt.kind == kind, one.unit_id != other.unit_id, ~apart)
    )


def _checks_of(isolation_ids: list[int]) -> dict[int, list[HealthCheck]]:
    """The checks that count, in the order they were taken."""
    taken: dict[int, list[HealthCheck]] = {}
    found = select(HealthCheck).where(
        HealthCheck.isolation_id.in_(isolation_ids), HealthCheck.slot_key.is_not(None)
    )
    for check in db.session.scalars(found.order_by(HealthCheck.taken_at, HealthCheck.id)):
        taken.setdefault(check.isolation_id, []).append(check)
    return taken


def _recorded(row: Any) -> str:
    return _("recorded in %(one)s and in %(other)s", one=row.full_name, other=row.there)


def _compare(what: str, row: Any) -> str:
    return link("registry.compare", what=what, one_id=row.id, other_id=row.other_id)
