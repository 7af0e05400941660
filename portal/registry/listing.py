"""The list of households in the order in which people walk, and the search. Columns, not rows."""

import re
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, or_, select, tuple_

from portal.clock import now
from portal.database import db
from portal.registry.addresses import search_pattern, written_address
from portal.registry.identifiers import WrongNumber, check_phone
from portal.registry.models import Household, Resident
from portal.registry.names import uniform_name
from portal.registry.service import restricted_at
from portal.units.models import Unit
from portal.vault import blind_index

PAGE = 20
MOST_FOUND = 40
LONGEST_SEARCH = 60
DIGITS_OF_A_NUMBER = 5  # from so many on what is searched for is a document or a phone number


@dataclass(frozen=True)
class Line:
    """One row of the list. ``head`` is the head's name, or the first person's; it is shown masked."""

    id: int
    address: str
    grid: str
    head: str
    people: int
    restricted: bool


def lines(*, restricted: bool, after: int | None) -> tuple[list[Line], int | None]:
    """One page of the list, and the ``after`` of the next page (None: there is none)."""
    found = _households().order_by(Household.address_key, Household.id).limit(PAGE + 1)
    if restricted:
        found = found.where(restricted_at(now()))
    last = db.session.get(Household, after) if after else None
    if last is not None:
        found = found.where(tuple_(Household.address_key, Household.id) > tuple_(last.address_key, last.id))
    rows = db.session.execute(found).all()
    return _lines(rows[:PAGE]), rows[PAGE - 1].id if len(rows) > PAGE else None


def search(text: str) -> tuple[list[Line], bool]:
    """Households found by a name's characters, an address, or a whole document or phone number.

    The second value is True where more were found than are shown.
    """
    wanted = unicodedata.normalize("NFKC", text).strip()[:LONGEST_SEARCH]
    if not wanted:
        return [], False
    found = _households().where(or_(*_conditions(wanted)))
    rows = db.session.execute(found.order_by(Household.address_key, Household.id).limit(MOST_FOUND + 1)).all()
    return _lines(rows[:MOST_FOUND]), len(rows) > MOST_FOUND


def _conditions(wanted: str) -> list[ColumnElement[bool]]:
    people = select(Resident.household_id)
    conditions: list[ColumnElement[bool]] = [
        Household.id.in_(people.where(Resident.name.icontains(uniform_name(wanted), autoescape=True))),
        Household.address_key.like(search_pattern(wanted), escape="\\"),
    ]
    if len(re.findall(r"\d", wanted)) >= DIGITS_OF_A_NUMBER:
        conditions += [Household.id.in_(people.where(same)) for same in _numbers(wanted)]
    return conditions


def _numbers(wanted: str) -> list[ColumnElement[bool]]:
    """Whose document or phone it is: exactly, by its keyed hash."""
    plain = re.sub(r"\s", "", wanted).upper()
    phones = {plain}
    with suppress(WrongNumber):
        phones.add(check_phone(wanted))
    return [
        Resident.document_index == blind_index("document", plain),
        Resident.phone_index.in_([blind_index("phone", number) for number in phones]),
    ]


def _households() -> Select[*tuple[Any, ...]]:
    return select(
        Household.id,
        Household.compound,
        Household.building,
        Household.stairwell,
        Household.room,
        Household.address_note,
        Unit.full_name.label("grid"),
    ).join(Unit, Unit.id == Household.unit_id)


def _lines(rows: Sequence[Row[Any]]) -> list[Line]:
    ids = [row.id for row in rows]
    people: dict[int, list[str]] = {}
    living = select(Resident.household_id, Resident.name).where(
        Resident.household_id.in_(ids), Resident.left_at.is_(None)
    )
    for household_id, name in db.session.execute(living.order_by(Resident.is_head.desc(), Resident.id)):
        people.setdefault(household_id, []).append(name)
    restricted = set(
        db.session.scalars(select(Household.id).where(Household.id.in_(ids), restricted_at(now())))
    )
    return [
        Line(
            id=row.id,
            address=written_address(row.compound, row.building, row.stairwell, row.room, row.address_note),
            grid=row.grid,
            head=next(iter(people.get(row.id, [])), ""),
            people=len(people.get(row.id, [])),
            restricted=row.id in restricted,
        )
        for row in rows
    ]
