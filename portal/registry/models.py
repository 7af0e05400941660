"""户籍台账: households, the people in them, who answers for them, and what restricts a household for a time."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, event, or_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.acting import Level
from portal.access.scope import Scoped, place_indexes
from portal.clock import now
from portal.database import Base, UtcDateTime, choice
from portal.registry.addresses import ADDRESS_KEY_LENGTH, ADDRESS_PARTS, address_key, address_of, parts_of
from portal.registry.duplicates.hidden import Mergeable
from portal.registry.identifiers import DocumentType
from portal.registry.kinds import Duty, HouseholdKind, Need, Sex, Stay
from portal.registry.readings import LONGEST_INITIALS, LONGEST_PINYIN, readings
from portal.registry.restrictions import RestrictionKind
from portal.registry.searching.keys import LONGEST_DOOR, RESTS, door_key, in_code_order, rests_of_name
from portal.vault import Sealed, new_seal_id

LONGEST_END = 4  # of a number, by which it is looked for
# The levels with so many people below that a search needs an index of their own.
LARGE = (Level.COUNTY, Level.STREET, Level.COMMUNITY)


KEYS_OF_NAME = (
    "pinyin",
    "initials",
    "pinyin_too",
    "initials_too",
    *(f"name_rest_{place}" for place in range(1, RESTS + 1)),
)


class Household(Mergeable, Scoped, Base):
    """A household (户) in a grid. Addresses are compound-building-stairwell-room, or free text.

    ``address_key`` sorts households as people walk, and finds them; ``door`` finds them from the room outwards. Both
    are made from the address.
    ``responsible_id`` and ``deputy_id`` (accounts) repeat the open rows of ``Responsibility``, so that lists are
    quick: only ``registry.duties`` writes them.
    """

    __tablename__ = "household"
    __table_args__ = (
        *place_indexes("address_key", "id"),
        *(Index(None, level.column, "door", "id") for level in LARGE),
        Index(None, "responsible_id", "address_key", "id"),
        Index(None, "deputy_id", "address_key", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    compound: Mapped[str] = mapped_column(String(60), default="")
    building: Mapped[str] = mapped_column(String(20), default="")
    stairwell: Mapped[str] = mapped_column(String(20), default="")
    room: Mapped[str] = mapped_column(String(20), default="")
    address_note: Mapped[str] = mapped_column(String(120), default="")
    address_key: Mapped[str] = mapped_column(in_code_order(ADDRESS_KEY_LENGTH), default="")
    door: Mapped[str | None] = mapped_column(in_code_order(LONGEST_DOOR))
    kind: Mapped[HouseholdKind | None] = mapped_column(choice(HouseholdKind))
    note: Mapped[str] = mapped_column(String(200), default="", server_default="")
    responsible_id: Mapped[int | None]
    deputy_id: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("household.id"))

    residents: Mapped[list["Resident"]] = relationship(back_populates="household", order_by="Resident.id")
    restrictions: Mapped[list["HouseholdRestriction"]] = relationship(
        back_populates="household", order_by="HouseholdRestriction.id"
    )

    @property
    def address(self) -> str:
        return address_of(self)


UNCOVERED = or_(Household.responsible_id.is_(None), Household.deputy_id.is_(None))


def _index_the_merged(table: Any) -> None:
    """Only the few that were: of an index with all rows SQLite would think that it leads to those that were not."""
    merged = table.c.merged_into_id.is_not(None)
    Index(None, table.c.merged_into_id, sqlite_where=merged, postgresql_where=merged)


def _index_the_uncovered() -> None:
    """The alarm is asked for at every level, all day: few rows where things are as they should be."""
    columns = Household.__table__.c
    without = or_(columns.responsible_id.is_(None), columns.deputy_id.is_(None))
    for level in Level:
        Index(
            f"ix_household_{level.column}_uncovered",
            columns[level.column],
            columns.address_key,
            columns.id,
            sqlite_where=without,
            postgresql_where=without,
        )


_index_the_uncovered()
_index_the_merged(Household.__table__)


@event.listens_for(Household, "before_insert")
@event.listens_for(Household, "before_update")
def keep_the_address_key(_mapper: object, _connection: object, household: Household) -> None:
    """The keys follow the address."""
    household.address_key = address_key(household.address, household.address_note or "")
    household.door = door_key(*parts_of(household))


ADDRESS = tuple(getattr(Household, part) for part in ADDRESS_PARTS)  # what lists select for ``address_of``


class Resident(Mergeable, Scoped, Base):
    """A person of a household. Document and phone are encrypted and found by a keyed hash.

    Partial records are legal: a person may have no document or no phone of their own (``phone_of`` says whose).
    Who has moved away or died stays, with ``left_at``. What people are searched by is kept beside: how the name is
    spelt, ``*_too`` in another way where there is one, what it ends in (``keys_of_name``), and the ends of the numbers.
    """

    __tablename__ = "resident"
    __table_args__ = place_indexes("name", "id")

    id: Mapped[int] = mapped_column(primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    name: Mapped[str] = mapped_column(in_code_order(60))
    is_head: Mapped[bool] = mapped_column(default=False)
    relation: Mapped[str] = mapped_column(String(20), default="", server_default="")
    sex: Mapped[Sex | None] = mapped_column(choice(Sex))
    born_on: Mapped[date | None]
    document_type: Mapped[DocumentType] = mapped_column(choice(DocumentType), default=DocumentType.ID_CARD)
    document_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    document_index: Mapped[str | None] = mapped_column(String(32), index=True)
    document_end: Mapped[str | None] = mapped_column(String(LONGEST_END), index=True)
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_index: Mapped[str | None] = mapped_column(String(32), index=True)
    phone_end: Mapped[str | None] = mapped_column(String(LONGEST_END), index=True)
    phone_of: Mapped[str] = mapped_column(String(40), default="")
    registered_address: Mapped[str] = mapped_column(String(120), default="", server_default="")
    work: Mapped[str] = mapped_column(String(60), default="", server_default="")
    stay: Mapped[Stay | None] = mapped_column(choice(Stay))
    seal_id: Mapped[str] = mapped_column(String(32), default=new_seal_id)
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("resident.id"))
    pinyin: Mapped[str | None] = mapped_column(in_code_order(LONGEST_PINYIN))
    initials: Mapped[str | None] = mapped_column(in_code_order(LONGEST_INITIALS))
    pinyin_too: Mapped[str | None] = mapped_column(in_code_order(LONGEST_PINYIN))
    initials_too: Mapped[str | None] = mapped_column(in_code_order(LONGEST_INITIALS))
    name_rest_1: Mapped[str | None] = mapped_column(in_code_order(60))
    name_rest_2: Mapped[str | None] = mapped_column(in_code_order(60))
    name_rest_3: Mapped[str | None] = mapped_column(in_code_order(60))
    document = Sealed()
    phone = Sealed()

    household: Mapped[Household] = relationship(back_populates="residents")
    needs: Mapped[list["ResidentNeed"]] = relationship(order_by="ResidentNeed.id", viewonly=True)


def _index_the_keys_of_names() -> None:
    """Few names have a second spelling or a fourth character."""
    columns = Resident.__table__.c
    for column in (columns[key] for key in KEYS_OF_NAME):
        for level in LARGE:
            there = column.is_not(None)
            place = columns[level.column]
            Index(None, place, column, columns.id, sqlite_where=there, postgresql_where=there)


_index_the_keys_of_names()
_index_the_merged(Resident.__table__)


def keys_of_name(name: str) -> dict[str, str | None]:
    """The columns of a resident by which the name is found, also for writing many rows at once."""
    spelt = [*readings(name), ("", ""), ("", "")]
    (pinyin, initials), (pinyin_too, initials_too) = spelt[:2]
    keys = {
        "pinyin": pinyin,
        "initials": initials,
        "pinyin_too": pinyin_too,
        "initials_too": "" if initials_too == initials else initials_too,
        **{f"name_rest_{place}": rest for place, rest in enumerate(rests_of_name(name), start=1)},
    }
    return {column: key or None for column, key in keys.items()}


@event.listens_for(Resident, "before_insert")
@event.listens_for(Resident, "before_update")
def keep_the_keys_of_the_name(_mapper: object, _connection: object, resident: Resident) -> None:
    """The keys follow the name."""
    for column, key in keys_of_name(resident.name).items():
        setattr(resident, column, key)


class ResidentNeed(Scoped, Base):
    """Why a person needs looking after, from when until when. Only what an order in force asks for is written."""

    __tablename__ = "resident_need"

    id: Mapped[int] = mapped_column(primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"), index=True)
    need: Mapped[Need] = mapped_column(choice(Need))
    order_id: Mapped[int | None] = mapped_column(ForeignKey("order_.id"))
    since: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Responsibility(Scoped, Base):
    """包保: who answered for a household from ``since`` until ``until``, and who wrote it down and why.

    ``until`` None: to this day. Nothing here is changed but ``until``; never two open rows of a duty.
    """

    __tablename__ = "responsibility"
    stays_when_merged = True  # who answered for a household that turns out to be another one is history
    __table_args__ = (CheckConstraint("until IS NULL OR since <= until", name="ends_after_it_begins"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    duty: Mapped[Duty] = mapped_column(choice(Duty))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(String(200), default="")


_OPEN = Responsibility.__table__.c.until.is_(None)
Index(
    "uq_responsibility_one_open",
    Responsibility.__table__.c.household_id,
    Responsibility.__table__.c.duty,
    unique=True,
    sqlite_where=_OPEN,
    postgresql_where=_OPEN,
)


class HouseholdRestriction(Scoped, Base):
    """What restricts a household for a time: screenings, isolation and gates write it, the pass rules read it."""

    __tablename__ = "household_restriction"
    __table_args__ = (CheckConstraint("until IS NULL OR since < until", name="ends_after_it_begins"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    kind: Mapped[RestrictionKind] = mapped_column(choice(RestrictionKind))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    source: Mapped[str] = mapped_column(String(200))
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lifted_because: Mapped[str] = mapped_column(String(200), default="")

    household: Mapped[Household] = relationship(back_populates="restrictions")

    @property
    def ends_at(self) -> datetime | None:
        """When it stops, as far as is known; None: when it is lifted."""
        return min((end for end in (self.until, self.lifted_at) if end is not None), default=None)

    def in_force(self, at: datetime) -> bool:
        return self.since <= at and (self.ends_at is None or at < self.ends_at)
