"""Who may be the same: asked of the database when the page is opened, pair by pair, within one's own place.

The rules in the order of their weight: the document's number, then phone and a name that sounds the same, then the
same name at one address. Households: the same address in one community.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, and_, exists, or_, select, tuple_
from sqlalchemy.orm import aliased

from portal.database import db
from portal.registry.addresses import address_key, address_of
from portal.registry.duplicates.models import Merging, NotSame
from portal.registry.models import ADDRESS, Household, Resident, keys_of_name
from portal.registry.service import Person
from portal.units.models import Unit
from portal.vault import blind_index

PAGE = 20
MOST_ASKED = 5


class By(StrEnum):
    """What two records have in common."""

    DOCUMENT = "document"
    PHONE = "phone"
    NAME = "name"
    ADDRESS = "address"


BY_LABELS: dict[By, Any] = {
    By.DOCUMENT: _l("Same document"),
    By.PHONE: _l("Same phone"),
    By.NAME: _l("Same name and home"),
    By.ADDRESS: _l("Same address"),
}


@dataclass(frozen=True)
class Pair:
    """Two records that may be the same. ``name`` of people, shown masked; empty for households."""

    first_id: int
    second_id: int
    name: str
    where: tuple[str, str]


def pairs(by: By, after: str) -> tuple[list[Pair], str | None]:
    """One page of pairs, and what names the next page (None: there is none). ``after`` as the last page named it."""
    model: Any = Household if by is By.ADDRESS else Resident
    one, other = aliased(model), aliased(model)
    order = (_order(one), one.id, other.id)
    joined = and_(*_same(by, one, other), one.id < other.id)
    question: Any = (
        select(one.id, other.id.label("other_id")).join(other, joined).where(~_told_apart(one, other))
    )
    ids = [int(part) for part in after.split("-") if re.fullmatch("[0-9]{1,18}", part)]
    if len(ids) == 2:
        begins = db.session.scalar(select(_order(model)).where(model.id == ids[0]))
        if begins is not None:  # the second condition is for the index
            question = question.where(tuple_(*order) > tuple_(begins, *ids), order[0] >= begins)
    rows = db.session.execute(question.order_by(*order).limit(PAGE + 1)).all()
    shown = rows[:PAGE]
    following = f"{shown[-1].id}-{shown[-1].other_id}" if len(rows) > PAGE else None
    return _described(by, shown), following


def like_person(person: Person, household: Household) -> list[Resident]:
    """Who of one's own place may be the person who is being written down for this household, the surest first."""
    ways: list[ColumnElement[bool]] = []
    keys = keys_of_name(person.name)
    sounds = Resident.pinyin == keys["pinyin"] if keys["pinyin"] else Resident.name == person.name
    if person.document:
        ways.append(Resident.document_index == blind_index("document", person.document))
    if person.phone:
        ways.append(and_(Resident.phone_index == blind_index("phone", person.phone), sounds))
    homes = [household.id, *(home.id for home in like_household(household))]
    ways.append(and_(Resident.household_id.in_(homes), sounds))
    found: dict[int, Resident] = {}
    for way in ways:
        living = select(Resident).where(way, Resident.left_at.is_(None)).order_by(Resident.id)
        for resident in db.session.scalars(living.limit(MOST_ASKED)):
            if not _contradicts(person, resident):
                found.setdefault(resident.id, resident)
    return list(found.values())[:MOST_ASKED]


def like_address(grid_id: int, values: dict[str, Any]) -> list[Household]:
    """The households of one's own place, in the grid's community, that have the address that was typed."""
    return like_household(Household(unit_id=grid_id, **values))


def like_household(household: Household) -> list[Household]:
    """The other households of one's own place in its community that have its address."""
    community = select(Unit.community_id).where(Unit.id == household.unit_id).scalar_subquery()
    same = select(Household).where(
        Household.address_key == address_key(household.address, household.address_note or ""),
        Household.community_id == community,
        Household.id != (household.id or 0),
    )
    return list(db.session.scalars(same.order_by(Household.id).limit(MOST_ASKED)))


def merged_lately(before: int | None) -> tuple[list[Merging], int | None]:
    """One page of what was merged, the latest first, and the ``before`` of the next."""
    found = select(Merging).order_by(Merging.id.desc()).limit(PAGE + 1)
    if before is not None:
        found = found.where(Merging.id < before)
    rows = list(db.session.scalars(found))
    return rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None


def _order(model: Any) -> Any:
    """What a place's records are read by, with an index at every level."""
    return model.address_key if hasattr(model, "address_key") else model.name


def _same(by: By, one: Any, other: Any) -> Sequence[ColumnElement[bool]]:
    if by is By.ADDRESS:
        return (
            one.address_key == other.address_key,
            one.community_id == other.community_id,
            one.address_key != "",
        )
    living = (one.left_at.is_(None), other.left_at.is_(None))
    if by is By.DOCUMENT:
        return (one.document_index == other.document_index, *living)
    unknown = or_(one.document_index.is_(None), other.document_index.is_(None))  # or it is decided by that
    if by is By.PHONE:
        sounds = or_(one.name == other.name, one.pinyin == other.pinyin)
        return (one.phone_index == other.phone_index, sounds, unknown, *living)
    return (one.household_id == other.household_id, one.name == other.name, unknown, *living)


def _told_apart(one: Any, other: Any) -> ColumnElement[bool]:
    table = "household" if hasattr(one, "address_key") else "resident"
    return exists().where(NotSame.record == table, NotSame.low_id == one.id, NotSame.high_id == other.id)


def _contradicts(person: Person, resident: Resident) -> bool:
    """Two different documents of one kind are two people."""
    if not person.document or resident.document_index is None:
        return False
    same_kind = resident.document_type is person.document_type
    return same_kind and resident.document_index != blind_index("document", person.document)


def _described(by: By, rows: Sequence[Any]) -> list[Pair]:
    if not rows:
        return []
    ids = {id_ for row in rows for id_ in row}
    question: Any
    if by is By.ADDRESS:
        question = select(Household.id, Unit.full_name.label("name"), *ADDRESS).join(
            Unit, Unit.id == Household.unit_id
        )
        question = question.where(Household.id.in_(ids))
    else:
        question = select(Resident.id, Resident.name, *ADDRESS).join(
            Household, Household.id == Resident.household_id
        )
        question = question.where(Resident.id.in_(ids))
    known = {row.id: row for row in db.session.execute(question)}
    return [
        Pair(
            first_id=one,
            second_id=other,
            name="" if by is By.ADDRESS else known[one].name,
            where=(_where(by, known[one]), _where(by, known[other])),
        )
        for one, other in rows
    ]


def _where(by: By, row: Any) -> str:
    return f"{row.name} {address_of(row)}" if by is By.ADDRESS else address_of(row)
