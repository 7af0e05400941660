"""研判结论 of key persons, for their ledger: what was decided last, what is done, and whether that is over."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import aliased

from portal.assessments.models import Assessment
from portal.database import db
from portal.isolations.models import OPEN, Isolation
from portal.screenings.keypersons.decided import Decided, Deciding
from portal.screenings.models import KeyPerson


def told(ids: Sequence[int]) -> dict[int, Decided]:
    """What was decided last of each of these key persons."""
    last = (
        select(func.max(Assessment.id))
        .where(Assessment.key_person_id.in_(ids), Assessment.decision.is_not(None))
        .group_by(Assessment.key_person_id)
    )
    found = (
        select(Assessment.key_person_id, Assessment.decision, Assessment.reason)
        .add_columns(Isolation.kind, Isolation.state, Isolation.starts_at)
        .add_columns(Isolation.ends_at, Isolation.ended_at)
        .outerjoin(Isolation, Isolation.id == Assessment.isolation_id)
        .where(Assessment.id.in_(last))
    )
    return {row.key_person_id: _told(row) for row in db.session.execute(found)}


def is_over() -> ColumnElement[bool]:
    """The condition that the isolation which was decided last has ended, and the person is in no other one."""
    later, other = aliased(Assessment), aliased(Isolation)
    decided_since = exists().where(
        later.key_person_id == Assessment.key_person_id, later.id > Assessment.id, later.decision.is_not(None)
    )
    ended = exists().where(
        Assessment.key_person_id == KeyPerson.id,
        Assessment.isolation_id == Isolation.id,
        Isolation.state.not_in(OPEN),
        ~decided_since,
    )
    goes_on = exists().where(other.resident_id == KeyPerson.resident_id, other.state.in_(OPEN))
    return and_(ended, ~goes_on)


def _told(row: Any) -> Decided:
    if row.kind is None:
        return Decided(row.decision.label, row.reason)
    return Decided(
        row.decision.label,
        row.reason,
        measure=row.kind.label,
        since=row.starts_at,
        until=row.ended_at or row.ends_at,
        is_over=row.state not in OPEN,
    )


DECIDING = Deciding(told, is_over)
