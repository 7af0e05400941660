"""What cannot be quite true, each with its evidence and its records. Nobody is named in full, nobody is ranked."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import aliased

from portal.access.acting import Place
from portal.access.guard import can_open
from portal.assessments.kinds import AssessmentState
from portal.assessments.models import Assessment
from portal.clock import now
from portal.database import db
from portal.isolations import contradictions as isolations
from portal.isolations.kinds import IsolationKind, IsolationState
from portal.isolations.models import OPEN, Isolation
from portal.isolations.rules import degrees
from portal.passes.kinds import Kind as PassKind
from portal.passes.models import Pass, Trip
from portal.registry.addresses import written_address
from portal.registry.duplicates.models import NotSame
from portal.registry.models import Household, Resident
from portal.screenings.kinds import KeyPersonState
from portal.screenings.models import KeyPerson, Visit
from portal.units.models import Checkpoint, Unit
from portal.web.formats import mask_name, moment

MOST = 10
DAYS_BACK = timedelta(days=7)
INDOORS = (IsolationKind.COLLECTIVE, IsolationKind.HOME)
ADDRESS = (
    Household.compound,
    Household.building,
    Household.stairwell,
    Household.room,
    Household.address_note,
)


class Kind(StrEnum):
    """The contradictions that are looked for, the most pressing first."""

    LEFT = "left"
    ALIKE = "alike"
    UNDECIDED = "undecided"
    RECHECK = "recheck"
    DOCUMENT = "document"
    HOUSEHOLD = "household"

    @property
    def label(self) -> str:
        return str(LABELS[self])


LABELS: dict[Kind, Any] = {
    Kind.LEFT: _l("Isolated, but seen leaving through a gate"),
    Kind.ALIKE: _l("Fourteen identical temperatures"),
    Kind.UNDECIDED: _l("Key person closed without a decision"),
    Kind.RECHECK: _l("The re-check found something else than the visit"),
    Kind.DOCUMENT: _l("One document in two grids"),
    Kind.HOUSEHOLD: _l("One address in two grids"),
}


@dataclass(frozen=True)
class Finding:
    """One contradiction: who or where, masked; what speaks for it; the record to open, empty where one may not."""

    what: str
    evidence: str
    url: str


def all_of(place: Place, since: datetime) -> list[tuple[Kind, list[Finding]]]:
    """Every kind that has something, at most ``MOST`` of each; what happened counts from ``since``."""
    asked: dict[Kind, Callable[[Place, datetime], Iterator[Finding]]] = {
        Kind.LEFT: seen_leaving,
        Kind.ALIKE: alike,
        Kind.UNDECIDED: closed_undecided,
        Kind.RECHECK: rechecked,
        Kind.DOCUMENT: documents_twice,
        Kind.HOUSEHOLD: addresses_twice,
    }
    found = [(kind, list(look(place, since))) for kind, look in asked.items()]
    return [(kind, some) for kind, some in found if some]


def seen_leaving(place: Place, since: datetime) -> Iterator[Finding]:
    """Who is to stay indoors, and left a gate after the isolation had begun and been ordered."""
    theirs = or_(
        Trip.resident_id == Isolation.resident_id,
        and_(
            Trip.household_id == Isolation.household_id,
            or_(Trip.resident_id.is_(None), Pass.kind == PassKind.HOUSEHOLD),
        ),
    )
    found = (
        select(Isolation.id, Isolation.starts_at, Trip.out_at, Resident.name, Unit.full_name)
        .add_columns(Checkpoint.name.label("gate"), (Trip.resident_id == Isolation.resident_id).label("own"))
        .join(Trip, Trip.household_id == Isolation.household_id)
        .outerjoin(Pass, Pass.id == Trip.pass_id)
        .outerjoin(Checkpoint, Checkpoint.id == Trip.out_checkpoint_id)
        .join(Resident, Resident.id == Isolation.resident_id)
        .join(Unit, Unit.id == Isolation.unit_id)
        .where(
            theirs,
            _in(Isolation, place),
            Isolation.kind.in_(INDOORS),
            Isolation.state != IsolationState.VOID,
            or_(Isolation.state.in_(OPEN), Isolation.changed_at >= since),
            Trip.out_at >= since,
            Trip.out_at > Isolation.starts_at,
            Trip.out_at > Isolation.created_at,
            or_(Isolation.ended_at.is_(None), Trip.out_at < Isolation.ended_at),
        )
        .order_by(Trip.out_at.desc())
    )
    for row in db.session.execute(found.limit(MOST)):
        words = {"when": moment(row.out_at), "gate": row.gate or "", "start": moment(row.starts_at)}
        evidence = (
            _("left %(when)s, %(gate)s; isolated since %(start)s", **words)
            if row.own
            else _("the household's pass left %(when)s, %(gate)s; isolated since %(start)s", **words)
        )
        yield Finding(_who(row.name, row.full_name), evidence, _link("isolations.show", isolation_id=row.id))


def alike(place: Place, _since: datetime) -> Iterator[Finding]:
    """Isolated people whose last temperatures are all the same."""
    found = isolations.all_alike(place)[:MOST]
    named = (
        select(Isolation.id, Resident.name, Unit.full_name)
        .join(Resident, Resident.id == Isolation.resident_id)
        .join(Unit, Unit.id == Isolation.unit_id)
        .where(Isolation.id.in_([one.isolation_id for one in found]))
    )
    names = {row.id: row for row in db.session.execute(named)} if found else {}
    for one in found:
        row = names[one.isolation_id]
        evidence = _("always %(degrees)s ℃", degrees=degrees(one.temperature))
        yield Finding(
            _who(row.name, row.full_name), evidence, _link("isolations.show", isolation_id=one.isolation_id)
        )


def closed_undecided(place: Place, _since: datetime) -> Iterator[Finding]:
    """Whose record was closed while the office was still asked: the question fell away with it."""
    found = (
        select(KeyPerson.id, KeyPerson.changed_at, KeyPerson.category, Resident.name, Unit.full_name)
        .join(Assessment, Assessment.key_person_id == KeyPerson.id)
        .join(Resident, Resident.id == KeyPerson.resident_id)
        .join(Unit, Unit.id == KeyPerson.unit_id)
        .where(
            _in(Assessment, place),
            Assessment.state == AssessmentState.VOID,
            Assessment.changed_at >= now() - DAYS_BACK,
            Assessment.changed_at >= KeyPerson.changed_at,
            KeyPerson.state == KeyPersonState.CLOSED,
        )
        .order_by(KeyPerson.changed_at.desc(), KeyPerson.id.desc())
    )
    for row in db.session.execute(found.limit(MOST)):
        evidence = _(
            "%(category)s, closed %(when)s", category=row.category.label, when=moment(row.changed_at)
        )
        yield Finding(_who(row.name, row.full_name), evidence, _link("keypersons.show", key_person_id=row.id))


def rechecked(place: Place, since: datetime) -> Iterator[Finding]:
    """Households in which the second visit found something else."""
    found = (
        select(Visit.household_id, Visit.round_id, Visit.answered_at, Visit.people, Visit.marked, *ADDRESS)
        .add_columns(Unit.full_name)
        .join(Household, Household.id == Visit.household_id)
        .join(Unit, Unit.id == Visit.unit_id)
        .where(
            _in(Visit, place), Visit.is_recheck.is_(True), Visit.differs.is_(True), Visit.answered_at >= since
        )
        .order_by(Visit.answered_at.desc(), Visit.id.desc())
    )
    for row in db.session.execute(found.limit(MOST)):
        evidence = _(
            "second visit %(when)s: %(people)s people, %(marked)s of them with something to note",
            when=moment(row.answered_at),
            people=row.people,
            marked=row.marked,
        )
        to = _link("visits.household", round_id=row.round_id, household_id=row.household_id)
        yield Finding(_where(row), evidence, to or _link("registry.show", household_id=row.household_id))


def documents_twice(place: Place, _since: datetime) -> Iterator[Finding]:
    """Two living records with one document, in two grids, that nobody has told apart."""
    one, other, first, second = aliased(Resident), aliased(Resident), aliased(Unit), aliased(Unit)
    found = (
        select(one.id, other.id.label("other_id"), one.name, first.full_name, second.full_name.label("there"))
        .join(other, and_(one.document_index == other.document_index, one.id < other.id))
        .join(first, first.id == one.unit_id)
        .join(second, second.id == other.unit_id)
        .where(
            _in(one, place),
            _in(other, place),
            one.unit_id != other.unit_id,
            one.left_at.is_(None),
            other.left_at.is_(None),
            ~_told_apart("resident", one, other),
        )
        .order_by(one.name, one.id)
    )
    for row in db.session.execute(found.limit(MOST)):
        evidence = _("recorded in %(one)s and in %(other)s", one=row.full_name, other=row.there)
        yield Finding(mask_name(row.name), evidence, _compare("people", row))


def addresses_twice(place: Place, _since: datetime) -> Iterator[Finding]:
    """Two households of one community at one address, in two grids, that nobody has told apart."""
    one, other, first, second = aliased(Household), aliased(Household), aliased(Unit), aliased(Unit)
    parts = [getattr(one, column.key) for column in ADDRESS]
    same = and_(
        one.address_key == other.address_key, one.community_id == other.community_id, one.id < other.id
    )
    found = (
        select(one.id, other.id.label("other_id"), *parts, first.full_name, second.full_name.label("there"))
        .join(other, same)
        .join(first, first.id == one.unit_id)
        .join(second, second.id == other.unit_id)
        .where(
            _in(one, place),
            _in(other, place),
            one.address_key != "",
            one.unit_id != other.unit_id,
            ~_told_apart("household", one, other),
        )
        .order_by(one.address_key, one.id)
    )
    for row in db.session.execute(found.limit(MOST)):
        evidence = _("recorded in %(one)s and in %(other)s", one=row.full_name, other=row.there)
        yield Finding(_address(row), evidence, _compare("households", row))


def how_many(found: Sequence[tuple[Kind, list[Finding]]]) -> int:
    """All of them."""
    return sum(len(some) for _kind, some in found)


def _in(model: Any, place: Place) -> Any:
    return getattr(model, place.level.column) == place.unit_id


def _told_apart(table: str, one: Any, other: Any) -> Any:
    return exists().where(NotSame.record == table, NotSame.low_id == one.id, NotSame.high_id == other.id)


def _who(name: str, unit: str) -> str:
    return _("%(name)s, %(title)s", name=mask_name(name), title=unit)


def _where(row: Any) -> str:
    return _("%(name)s, %(title)s", name=_address(row), title=row.full_name)


def _address(row: Any) -> str:
    return written_address(row.compound, row.building, row.stairwell, row.room, row.address_note)


def _link(endpoint: str, **values: Any) -> str:
    return url_for(endpoint, **values) if can_open(endpoint) else ""


def _compare(what: str, row: Any) -> str:
    return _link("registry.compare", what=what, one_id=row.id, other_id=row.other_id)
