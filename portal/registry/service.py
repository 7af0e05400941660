"""What is done with households and people: taken up, changed, restricted, found."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import exists, or_, select, update
from sqlalchemy.orm import joinedload

from portal.access.scope import everywhere
from portal.audit import service as audit
from portal.clock import now
from portal.database import db
from portal.registry import duties, redrawing
from portal.registry.addresses import ADDRESS_PARTS
from portal.registry.identifiers import DocumentType, birth_date, is_mans
from portal.registry.kinds import Sex, Stay
from portal.registry.models import (
    LONGEST_END,
    Household,
    HouseholdRestriction,
    Resident,
)
from portal.registry.restrictions import RestrictionKind
from portal.units.models import Unit
from portal.vault import blind_index
from portal.web.errors import Refused

NOTHING_KNOWN: dict[str, Any] = dict.fromkeys(ADDRESS_PARTS, "") | {"kind": None, "note": ""}


@dataclass(frozen=True)
class Person:
    """What is written down of a person. Only the name is needed; numbers are as ``identifiers`` makes them.

    ``phone_of``: whose phone it is, where the person has none ("儿子"). None as document or phone: unknown.
    ``sex`` and ``born_on`` are taken from the number of the document where it tells them.
    """

    name: str
    is_head: bool = False
    document_type: DocumentType = DocumentType.ID_CARD
    document: str | None = None
    phone: str | None = None
    phone_of: str = ""
    relation: str = ""
    sex: Sex | None = None
    born_on: date | None = None
    registered_address: str = ""
    work: str = ""
    stay: Stay | None = None


@dataclass(frozen=True)
class Double:
    """Where a document is registered already. ``resident`` is None where it is outside one's own scope."""

    resident: Resident | None


# ── households ───────────────────────────────────────────────────────────────────────────────────────────────────


def add_household(unit_id: int, **values: Any) -> Household:
    """Take up a household in a grid, with any of NOTHING_KNOWN. The grid's people answer for it from now on."""
    household = Household(unit_id=unit_id, **values)
    db.session.add(household)
    audit.record("registry.add_household", household)
    duties.take_up(unit_id, [household.id])
    return household


def change_household(household: Household, unit_id: int, **values: Any) -> None:
    """Change what is known of it (what isn't named is emptied), or move it with all that belongs to it.

    Where the new grid lacks people, who answers for it now comes along.
    """
    known = NOTHING_KNOWN | values
    changed = [name for name, value in known.items() if value != getattr(household, name)]
    for name in changed:
        setattr(household, name, known[name])
    if unit_id != household.unit_id:
        changed.append("grid")
        before, into = (db.session.get_one(Unit, id_) for id_ in (household.unit_id, unit_id))
        redrawing.move_with_help(before, into, [household.id])
    if changed:
        audit.record("registry.change_household", household, changed=changed)


def last_compound(grid_id: int) -> str:
    """The compound of the household that was taken up last in a grid: the next one is likely to be there too."""
    latest = select(Household.compound).where(Household.unit_id == grid_id).order_by(Household.id.desc())
    return db.session.scalar(latest.limit(1)) or ""


# ── people ───────────────────────────────────────────────────────────────────────────────────────────────────────


def add_resident(household: Household, person: Person) -> Resident:
    """Add a person to a household. A new head takes the place of the old one."""
    resident = Resident(household_id=household.id, unit_id=household.unit_id, name=person.name)
    _write(resident, person)
    db.session.add(resident)
    db.session.flush()
    if person.is_head:
        _make_head(resident)
    audit.record("registry.add_resident", resident)
    return resident


def change_resident(resident: Resident, person: Person) -> None:
    """Write down what is now known of the person; the trail says which fields changed, never to what."""
    before = {name: getattr(resident, name) for name in asdict(person)}
    _write(resident, person)
    changed = [name for name, value in before.items() if value != getattr(resident, name)]
    if person.is_head:
        _make_head(resident)
    if changed:
        audit.record("registry.change_resident", resident, changed=changed)


def record_as_left(resident: Resident, reason: str) -> None:
    """The person has moved away or died. What is written of them stays."""
    if resident.left_at is not None:
        raise Refused(_l("This person has been recorded as left already."))
    resident.left_at = now()
    resident.is_head = False
    audit.record("registry.left", resident, reason=reason)


def record_as_back(resident: Resident) -> None:
    """The person lives here again, or was recorded as left by mistake."""
    if resident.left_at is None:
        raise Refused(_l("This person is recorded as living here already."))
    resident.left_at = None
    audit.record("registry.back", resident)


def doubles_of(document: str | None, *, but: int | None = None) -> Double | None:
    """Who else living somewhere in the installation is registered with this document; None: nobody.

    Those outside one's scope are found too, but nothing is told of them.
    """
    if not document:
        return None
    same = (
        Resident.document_index == blind_index("document", document),
        Resident.left_at.is_(None),
        Resident.id != (but or 0),
    )
    mine = select(Resident).where(*same).options(joinedload(Resident.household)).limit(1)
    if resident := db.session.scalars(mine).first():
        return Double(resident)
    with everywhere(because="a document must not be registered twice; where else it is, isn't told"):
        return Double(None) if db.session.scalar(select(exists().where(*same))) else None


def set_document(resident: Resident, number: str | None) -> None:
    """Seal the number, as ``identifiers.check_document`` made it, and keep what it is found by."""
    _set(resident, _document_columns(number))


def set_phone(resident: Resident, number: str | None) -> None:
    """Seal the number, as ``identifiers.check_phone`` made it, and keep what it is found by."""
    _set(resident, _phone_columns(number))


def columns_of(person: Person) -> dict[str, Any]:
    """The attributes of a resident's row, also for writing many at once: numbers with what they are found by."""
    columns = asdict(person) | _document_columns(person.document) | _phone_columns(person.phone)
    if person.document and (born_on := birth_date(person.document)):
        columns |= {"born_on": born_on, "sex": Sex.MALE if is_mans(person.document) else Sex.FEMALE}
    return columns


def _document_columns(number: str | None) -> dict[str, str | None]:
    return {
        "document": number,
        "document_index": blind_index("document", number) if number else None,
        "document_end": number[-LONGEST_END:] if number else None,
    }


def _phone_columns(number: str | None) -> dict[str, str | None]:
    return {
        "phone": number,
        "phone_index": blind_index("phone", number) if number else None,
        "phone_end": number[-LONGEST_END:] if number else None,
    }


def _set(resident: Resident, columns: dict[str, Any]) -> None:
    for name, value in columns.items():
        if getattr(resident, name) != value:  # what is sealed already is not sealed again
            setattr(resident, name, value)


def _write(resident: Resident, person: Person) -> None:
    _set(resident, columns_of(person))


def _make_head(resident: Resident) -> None:
    others = update(Resident).where(
        Resident.household_id == resident.household_id, Resident.id != resident.id
    )
    db.session.execute(others.values(is_head=False).execution_options(synchronize_session=False))
    resident.is_head = True


# ── restrictions ─────────────────────────────────────────────────────────────────────────────────────────────────


def restrict(
    household: Household,
    kind: RestrictionKind,
    *,
    since: datetime,
    until: datetime | None,
    source: str,
) -> HouseholdRestriction:
    """Restrict a household from ``since`` until ``until`` (None: until it is lifted). ``source`` says on what basis."""
    restriction = HouseholdRestriction(
        household_id=household.id,
        unit_id=household.unit_id,
        kind=kind,
        since=since,
        until=until,
        source=source,
    )
    db.session.add(restriction)
    audit.record("registry.restrict", restriction, kind=kind.value, household_id=household.id)
    return restriction


def lift(restriction: HouseholdRestriction, reason: str) -> None:
    """End a restriction now. ``Refused`` if that has been done."""
    db.session.refresh(restriction, with_for_update=True)
    if restriction.lifted_at is not None:
        raise Refused(_l("This restriction has been lifted already."))
    restriction.lifted_at = now()
    restriction.lifted_because = reason
    audit.record("registry.lift", restriction, reason=reason, household_id=restriction.household_id)


def restrictions_in_force(household_id: int, at: datetime) -> list[HouseholdRestriction]:
    """What restricts the household at that moment, the oldest first."""
    return [one for one in restrictions_of(household_id) if one.in_force(at)]


def restrictions_of(household_id: int) -> list[HouseholdRestriction]:
    """Everything that restricts, restricted or will restrict the household, the oldest first."""
    theirs = select(HouseholdRestriction).where(HouseholdRestriction.household_id == household_id)
    return list(db.session.scalars(theirs.order_by(HouseholdRestriction.since, HouseholdRestriction.id)))


def restricted_at(at: datetime) -> Any:
    """The condition that a household is restricted at that moment, for a list of households."""
    return exists().where(
        HouseholdRestriction.household_id == Household.id,
        HouseholdRestriction.since <= at,
        or_(HouseholdRestriction.until.is_(None), HouseholdRestriction.until > at),
        or_(HouseholdRestriction.lifted_at.is_(None), HouseholdRestriction.lifted_at > at),
    )
