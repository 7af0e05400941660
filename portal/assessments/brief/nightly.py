"""The nightly look through all records for what cannot be quite true: a county's people are not read while somebody
waits for a page. It reads without holding up who writes, then writes what is new and takes away what is gone.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice
from typing import Any

from sqlalchemy import delete, func, select

from portal.access import bulk
from portal.access.acting import Level
from portal.access.scope import PLACE_COLUMNS, place_of
from portal.assessments.brief.kinds import Kind
from portal.assessments.brief.models import Doubt, DoubtsSought
from portal.clock import now
from portal.database import db, expect_writing
from portal.isolations import contradictions as isolations
from portal.registry.duplicates.hidden import WITH_MERGED
from portal.registry.duplicates.models import NotSame
from portal.registry.models import Household, Resident
from portal.units.models import Unit

AT_ONCE = 500
TOPS = select(Unit.id).where(Unit.parent_id.is_(None)).order_by(Unit.id)
Found = tuple[Kind, int, int, int]  # kind, record, other record or 0, the unit that holds both


def look() -> None:
    """Within a scope that sees everything; harmless twice, and beside another worker."""
    expect_writing(False)
    try:
        found = {*documents(), *addresses(), *temperatures()}
    finally:
        db.session.rollback()
        expect_writing(None)
    _keep(found)


def documents() -> Iterator[Found]:
    """People with one document in two grids."""
    twice = (
        select(Resident.document_index)
        .where(Resident.document_index.is_not(None))
        .group_by(Resident.document_index)
        .having(func.count() > 1)
    )
    indexes = db.session.scalars(twice.execution_options(**WITH_MERGED)).all()
    for some in _parts(indexes):
        living = select(Resident.document_index.label("key"), *_placed(Resident)).where(
            Resident.document_index.in_(some), Resident.left_at.is_(None)
        )
        yield from _pairs(Kind.DOCUMENT, "resident", living)


def addresses() -> Iterator[Found]:
    """Households of one community with one address in two grids."""
    twice = (
        select(Household.community_id, Household.address_key)
        .where(Household.community_id.is_not(None), Household.address_key != "")
        .group_by(Household.community_id, Household.address_key)
        .having(func.count() > 1)
        .order_by(Household.community_id)
    )
    keys = db.session.execute(twice.execution_options(**WITH_MERGED)).all()
    for community_id, of_one in groupby(keys, key=lambda row: row.community_id):
        for some in _parts(row.address_key for row in of_one):
            there = select(Household.address_key.label("key"), *_placed(Household)).where(
                Household.community_id == community_id, Household.address_key.in_(some)
            )
            yield from _pairs(Kind.HOUSEHOLD, "household", there)


def temperatures() -> Iterator[Found]:
    """Isolated people whose last temperatures are all the same."""
    for unit_id in db.session.scalars(TOPS).all():
        for one in isolations.all_alike(place_of(unit_id)):
            yield Kind.ALIKE, one.isolation_id, 0, one.unit_id


def _parts(some: Iterable[Any]) -> Iterator[list[Any]]:
    """So many at once as one question holds."""
    waiting = iter(some)
    while part := list(islice(waiting, AT_ONCE)):
        yield part


def _placed(model: Any) -> list[Any]:
    return [model.id, model.unit_id, *(getattr(model, column) for column in PLACE_COLUMNS)]


def _pairs(kind: Kind, table: str, question: Any) -> Iterator[Found]:
    """Each record with the first one before it that lies in another grid and was not told apart from it."""
    rows = db.session.execute(question.order_by("key", "id")).all()
    told = _told_apart(table, [row.id for row in rows])
    for _key, same in groupby(rows, key=lambda row: row.key):
        before: list[Any] = []
        for row in same:
            others = (one for one in before if one.unit_id != row.unit_id and (one.id, row.id) not in told)
            first = next(others, None)
            unit_id = first and _common(first, row)
            if first is not None and unit_id:
                yield kind, first.id, row.id, unit_id
            before.append(row)


def _told_apart(table: str, ids: Sequence[int]) -> set[tuple[int, int]]:
    apart = select(NotSame.low_id, NotSame.high_id).where(NotSame.record == table, NotSame.low_id.in_(ids))
    return {(row.low_id, row.high_id) for row in db.session.execute(apart)}


def _common(one: Any, other: Any) -> int | None:
    """The lowest unit that holds both; None where they lie in two trees."""
    shared = None
    for level in Level:
        here = getattr(one, level.column)
        if here is not None and here == getattr(other, level.column):
            shared = here
    return shared


def _keep(found: Iterable[Found]) -> None:
    """One worker at a time: who comes second finds what the first one wrote."""
    held = db.session.scalars(TOPS.with_for_update(key_share=True)).all()
    columns = (Doubt.id, Doubt.kind, Doubt.record_id, Doubt.other_id, Doubt.unit_id)
    known = {tuple(row)[1:]: row.id for row in db.session.execute(select(*columns))}
    new = set(found)
    for gone in _parts(known[one] for one in known.keys() - new):
        leaving = delete(Doubt).where(Doubt.id.in_(gone))
        db.session.execute(leaving.execution_options(synchronize_session=False))
    names = ("kind", "record_id", "other_id", "unit_id")
    bulk.insert_many(Doubt, (dict(zip(names, one, strict=True)) for one in sorted(new - known.keys())))
    sought = {row.unit_id: row for row in db.session.scalars(select(DoubtsSought))}
    for unit_id in held:
        row = sought.get(unit_id) or DoubtsSought(unit_id=unit_id)
        row.at = now()
        db.session.add(row)
