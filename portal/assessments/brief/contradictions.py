"""What cannot be quite true, each with its evidence and its records. Nobody is named in full, nobody is ranked."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import and_, or_, select

from portal.access.acting import Place
from portal.access.scope import lies_in
from portal.assessments.brief import doubts
from portal.assessments.brief.evidence import MOST, Finding, Found, link, where, who
from portal.assessments.brief.kinds import Kind
from portal.assessments.kinds import AssessmentState
from portal.assessments.models import Assessment
from portal.clock import now
from portal.database import db
from portal.isolations.kinds import IsolationKind, IsolationState
from portal.isolations.models import OPEN, Isolation
from portal.passes.kinds import Kind as PassKind
from portal.passes.models import Pass, Trip
from portal.registry.models import ADDRESS, Household, Resident
from portal.screenings.kinds import KeyPersonState, RoundState
from portal.screenings.models import KeyPerson, ScreeningRound, Visit
from portal.screenings.tallies import RoundTally
from portal.units.models import Checkpoint, Unit
from portal.web.formats import moment

DAYS_BACK = timedelta(days=7)
INDOORS = (IsolationKind.COLLECTIVE, IsolationKind.HOME)
ALL_OF = {Kind.DOCUMENT: "document", Kind.HOUSEHOLD: "address"}  # the lists of the registry


def all_of(place: Place, since: datetime) -> list[Found]:
    """Every kind that has something, at most ``MOST`` of each; what happened counts from ``since``."""
    looks: dict[Kind, Callable[[int], Iterator[Finding]]] = {
        Kind.LEFT: lambda most: seen_leaving(place, since, most),
        Kind.ALIKE: lambda most: doubts.alike(place, most),
        Kind.UNDECIDED: lambda most: closed_undecided(place, most),
        Kind.RECHECK: lambda most: rechecked(place, since, most),
        Kind.DOCUMENT: lambda most: doubts.documents(place, most),
        Kind.HOUSEHOLD: lambda most: doubts.addresses(place, most),
    }
    found = ((kind, list(look(MOST + 1))) for kind, look in looks.items())
    return [Found(kind, lines[:MOST], len(lines) > MOST, _all_of(kind)) for kind, lines in found if lines]


def seen_leaving(place: Place, since: datetime, most: int) -> Iterator[Finding]:
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
            lies_in(Isolation, place),
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
    for row in db.session.execute(found.limit(most)):
        words = {"when": moment(row.out_at), "gate": row.gate or "", "start": moment(row.starts_at)}
        evidence = (
            _("left %(when)s, %(gate)s; isolated since %(start)s", **words)
            if row.own
            else _("the household's pass left %(when)s, %(gate)s; isolated since %(start)s", **words)
        )
        yield Finding(who(row.name, row.full_name), evidence, link("isolations.show", isolation_id=row.id))


def closed_undecided(place: Place, most: int) -> Iterator[Finding]:
    """Whose record was closed while the office was still asked: the question fell away with it."""
    found = (
        select(KeyPerson.id, KeyPerson.changed_at, KeyPerson.category, Resident.name, Unit.full_name)
        .join(Assessment, Assessment.key_person_id == KeyPerson.id)
        .join(Resident, Resident.id == KeyPerson.resident_id)
        .join(Unit, Unit.id == KeyPerson.unit_id)
        .where(
            lies_in(Assessment, place),
            Assessment.state == AssessmentState.VOID,
            Assessment.changed_at >= now() - DAYS_BACK,
            Assessment.changed_at >= KeyPerson.changed_at,
            KeyPerson.state == KeyPersonState.CLOSED,
        )
        .order_by(KeyPerson.changed_at.desc(), KeyPerson.id.desc())
    )
    for row in db.session.execute(found.limit(most)):
        evidence = _(
            "%(category)s, closed %(when)s", category=row.category.label, when=moment(row.changed_at)
        )
        yield Finding(who(row.name, row.full_name), evidence, link("keypersons.show", key_person_id=row.id))


def rechecked(place: Place, since: datetime, most: int) -> Iterator[Finding]:
    """Households in which the second visit found something else."""
    lately = select(ScreeningRound.id).where(
        or_(ScreeningRound.state == RoundState.OPEN, ScreeningRound.changed_at >= since)
    )
    rounds = db.session.scalars(lately).all()
    grids = select(RoundTally.unit_id).where(  # few of them, and each has few second visits
        lies_in(RoundTally, place), RoundTally.round_id.in_(rounds), RoundTally.rechecks_differing > 0
    )
    found = (
        select(Visit.household_id, Visit.round_id, Visit.answered_at, Visit.people, Visit.marked, *ADDRESS)
        .add_columns(Unit.full_name)
        .join(Household, Household.id == Visit.household_id)
        .join(Unit, Unit.id == Visit.unit_id)
        .where(
            lies_in(Visit, place),
            Visit.grid_id.in_(grids),
            Visit.round_id.in_(rounds),
            Visit.is_recheck.is_(True),
            Visit.differs.is_(True),
            Visit.answered_at >= since,
        )
        .order_by(Visit.answered_at.desc(), Visit.id.desc())
    )
    for row in db.session.execute(found.limit(most)):
        evidence = _(
            "second visit %(when)s: %(people)s people, %(marked)s of them with something to note",
            when=moment(row.answered_at),
            people=row.people,
            marked=row.marked,
        )
        to = link("visits.household", round_id=row.round_id, household_id=row.household_id)
        yield Finding(where(row), evidence, to or link("registry.show", household_id=row.household_id))


def _all_of(kind: Kind) -> str:
    return link("registry.duplicates", by=ALL_OF[kind]) if kind in ALL_OF else ""
