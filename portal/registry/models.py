"""户籍台账: households, the people in them, and what restricts a household for a time."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.scope import Scoped, place_indexes
from portal.clock import now
from portal.database import Base, UtcDateTime, choice
from portal.registry.addresses import ADDRESS_KEY_LENGTH, address_key, written_address
from portal.registry.identifiers import DocumentType
from portal.registry.restrictions import RestrictionKind
from portal.vault import Sealed, new_seal_id


class Household(Scoped, Base):
    """A household (户) in a grid. Addresses are compound-building-stairwell-room, or free text.

    ``address_key`` sorts households as people walk, and finds them; it is made from the address.
    """

    __tablename__ = "household"
    __table_args__ = (*place_indexes("address_key", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    compound: Mapped[str] = mapped_column(String(60), default="")
    building: Mapped[str] = mapped_column(String(20), default="")
    stairwell: Mapped[str] = mapped_column(String(20), default="")
    room: Mapped[str] = mapped_column(String(20), default="")
    address_note: Mapped[str] = mapped_column(String(120), default="")
    address_key: Mapped[str] = mapped_column(String(ADDRESS_KEY_LENGTH), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    residents: Mapped[list["Resident"]] = relationship(back_populates="household", order_by="Resident.id")
    restrictions: Mapped[list["HouseholdRestriction"]] = relationship(
        back_populates="household", order_by="HouseholdRestriction.id"
    )

    @property
    def address(self) -> str:
        parts = (self.compound, self.building, self.stairwell, self.room, self.address_note)
        return written_address(*(part or "" for part in parts))


@event.listens_for(Household, "before_insert")
@event.listens_for(Household, "before_update")
def keep_the_address_key(_mapper: object, _connection: object, household: Household) -> None:
    """The key follows the address."""
    household.address_key = address_key(household.address, household.address_note or "")


class Resident(Scoped, Base):
    """A person of a household. Document and phone are encrypted and found by a keyed hash.

    Partial records are legal: a person may have no document or no phone of their own (``phone_of`` says whose).
    Who has moved away or died stays, with ``left_at``.
    """

    __tablename__ = "resident"
    __table_args__ = (*place_indexes("name", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    is_head: Mapped[bool] = mapped_column(default=False)
    document_type: Mapped[DocumentType] = mapped_column(choice(DocumentType), default=DocumentType.ID_CARD)
    document_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    document_index: Mapped[str | None] = mapped_column(String(32), index=True)
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_index: Mapped[str | None] = mapped_column(String(32), index=True)
    phone_of: Mapped[str] = mapped_column(String(40), default="")
    seal_id: Mapped[str] = mapped_column(String(32), default=new_seal_id)
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    document = Sealed()
    phone = Sealed()

    household: Mapped[Household] = relationship(back_populates="residents")


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
