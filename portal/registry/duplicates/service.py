"""The same, or not the same: decided by a person, for two records that look alike.

The one that is kept takes over all that hangs on the other and what it lacks itself; the other is kept, hidden, and
comes back as it was when the merging is undone.
"""

from datetime import datetime
from typing import Any, TypeVar

from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, or_, select
from sqlalchemy.exc import IntegrityError

from portal.access.acting import acting
from portal.access.scope import everywhere
from portal.audit import service as audit
from portal.clock import now
from portal.database import db
from portal.registry import duties, service
from portal.registry.duplicates import hanging
from portal.registry.duplicates.hidden import WITH_MERGED
from portal.registry.duplicates.models import Merging, NotSame
from portal.registry.identifiers import DocumentType
from portal.registry.models import Household, Resident, Responsibility
from portal.units.models import Unit
from portal.web.errors import Refused

Either = TypeVar("Either", Household, Resident)

DONE_ALREADY = _l("Somebody was first: one of the two has been merged already.")
KEEP_WHO_LIVES_HERE = _l("Keep the record of the person who lives here.")
UNDONE_ALREADY = _l("This has been undone already.")
MERGED_FURTHER = _l("The record that was kept has been merged since. Undo that first.")
SOMETHING_NEW = _l("Something new has been written for the record since, so this can no longer be undone.")
OUT_OF_SIGHT = _l("One of the two is in another unit by now. Ask somebody who works for both to undo it.")
GRID_IS_CLOSED = _l("The grid where the record was has been closed, so this can no longer be undone.")

# What the one that is kept takes over where it has nothing itself.
FACTS = {
    "resident": ("relation", "sex", "born_on", "phone_of", "registered_address", "work", "stay"),
    "household": ("kind", "note"),
}


def merge(kept: Either, other: Either) -> Merging:
    """Make one of two. ``Refused`` where somebody was first."""
    _lock(kept, other)
    if kept.id == other.id or kept.merged_into_id is not None or other.merged_into_id is not None:
        raise Refused(DONE_ALREADY)
    if _lives_here(other) and not _lives_here(kept):
        raise Refused(KEEP_WHO_LIVES_HERE)
    who = acting()
    merging = Merging(
        unit_id=kept.unit_id,
        record=kept.__tablename__,
        kept_id=kept.id,
        other_id=other.id,
        account_id=who.account_id,
        by=who.name,
    )
    db.session.add(merging)
    with everywhere(because="what hangs on a household or a person may belong to other places"):
        if isinstance(kept, Household):
            _end_duties(merging, other)
        _one_head(merging, kept, other)
        hanging.take_along(merging, kept, other)
        merging.newest = hanging.newest_ids(kept.__tablename__)
    merging.filled = _fill(kept, other)
    other.merged_into_id = kept.id
    db.session.flush()
    db.session.expire_all()
    _tell_apart_from_the_same(merging)
    audit.record("registry.merge", kept, other=other.id, changed=len(merging.changes))
    return merging


def undo(merging: Merging) -> None:
    """Put both records back as they were. ``Refused`` where something new depends on the merging."""
    db.session.refresh(merging, with_for_update=True)
    if merging.undone_at is not None:
        raise Refused(UNDONE_ALREADY)
    kept, other = record_of(merging, merging.kept_id), record_of(merging, merging.other_id)
    _lock(kept, other)
    if kept.merged_into_id is not None:
        raise Refused(MERGED_FURTHER)
    if db.session.get_one(Unit, other.unit_id).closed_at is not None:
        raise Refused(GRID_IS_CLOSED)
    with everywhere(because="what hung on a household or a person may belong to other places"):
        if hanging.newer(kept, merging.newest):
            raise Refused(SOMETHING_NEW)
        _change_back(merging)
    _empty(kept, other, merging.filled)
    other.merged_into_id = None
    merging.undone_at = now()
    for pair in db.session.scalars(select(NotSame).where(NotSame.merging_id == merging.id)):
        db.session.delete(pair)
    db.session.flush()
    db.session.expire_all()
    if isinstance(other, Household):
        duties.settle_in(other.unit_id, [other.id], "")
    audit.record("registry.unmerge", kept, other=other.id)


def not_same(one: Either, another: Either, merging: Merging | None = None) -> None:
    """Remember that these two are not the same, once."""
    low, high = sorted((one, another), key=lambda record: record.id)
    pair = NotSame(
        unit_id=low.unit_id,
        record=low.__tablename__,
        low_id=low.id,
        high_id=high.id,
        account_id=acting().account_id,
        merging_id=merging and merging.id,
    )
    try:
        with db.session.begin_nested():
            db.session.add(pair)
    except IntegrityError:
        return  # somebody has said so already
    audit.record("registry.not_same", low, other=high.id)


def record_of(merging: Merging, id_: int) -> Any:
    """The household or person of a merging, hidden or not. ``Refused`` where it has moved out of one's place."""
    record = seen(merging, id_)
    if record is None:
        raise Refused(OUT_OF_SIGHT)
    return record


def seen(merging: Merging, id_: int) -> Any | None:
    """The same; None where it has moved out of one's place."""
    return db.session.get(hanging.model_of(merging.record), id_, execution_options=WITH_MERGED)


def fill(resident: Resident, person: service.Person) -> list[str]:
    """Write what was typed of a person into the record that exists, where that has nothing. Returns what it filled."""
    typed = service.columns_of(person)
    filled = [name for name in FACTS["resident"] if typed[name] and not getattr(resident, name)]
    for name in filled:
        setattr(resident, name, typed[name])
    if person.document and not resident.document:
        resident.document_type = person.document_type
        service.set_document(resident, person.document)
        filled.append("document")
    if person.phone and not resident.phone:
        service.set_phone(resident, person.phone)
        filled.append("phone")
    if filled:
        audit.record("registry.change_resident", resident, changed=filled)
    return filled


def _lives_here(record: Any) -> bool:
    return not isinstance(record, Resident) or record.left_at is None


def _lock(kept: Any, other: Any) -> None:
    """Nobody else decides about either meanwhile; who waited sees what was decided."""
    model = type(kept)
    both = select(model).where(model.id.in_((kept.id, other.id))).order_by(model.id).with_for_update()
    db.session.scalars(both.execution_options(**WITH_MERGED, populate_existing=True)).all()


def _end_duties(merging: Merging, other: Any) -> None:
    """Nobody answers any more for a household that is another one."""
    at = now()
    still = select(Responsibility).where(
        Responsibility.household_id == other.id, Responsibility.until.is_(None)
    )
    for row in db.session.scalars(still):
        hanging.change(merging, row, "until", max(at, row.since))


def _one_head(merging: Merging, kept: Any, other: Any) -> None:
    """A household has one head: that of the household that is kept, else the one that comes."""
    if isinstance(kept, Resident):
        if other.is_head and kept.household_id == other.household_id:
            hanging.change(merging, kept, "is_head", True)
        return
    both = select(Resident).where(Resident.household_id.in_((kept.id, other.id)), Resident.is_head)
    heads = db.session.scalars(both).all()
    if any(head.household_id == kept.id for head in heads):
        for head in heads:
            if head.household_id == other.id:
                hanging.change(merging, head, "is_head", False)


def _fill(kept: Any, other: Any) -> list[str]:
    """Take over the facts that only the other has."""
    filled = [name for name in FACTS[kept.__tablename__] if not getattr(kept, name) and getattr(other, name)]
    for name in filled:
        setattr(kept, name, getattr(other, name))
    if isinstance(kept, Resident):
        for name in ("document", "phone"):
            if getattr(other, f"{name}_index") and not getattr(kept, f"{name}_index"):
                getattr(service, f"set_{name}")(kept, getattr(other, name))
                filled.append(name)
        if "document" in filled and kept.document_type is not other.document_type:
            kept.document_type = other.document_type
            filled.append("document_type")
    return filled


def _empty(kept: Any, other: Any, filled: list[str]) -> None:
    """Take back what was filled, unless somebody has changed it since."""
    for name in filled:
        if name in ("document", "phone"):
            if getattr(kept, f"{name}_index") == getattr(other, f"{name}_index"):
                getattr(service, f"set_{name}")(kept, None)
        elif getattr(kept, name) == getattr(other, name):
            setattr(kept, name, _nothing(kept, name))


def _nothing(record: Any, name: str) -> Any:
    if name == "document_type":
        return DocumentType.ID_CARD
    return None if record.__table__.c[name].nullable else ""


def _change_back(merging: Merging) -> None:
    """All that was changed, the last first. ``Refused`` where somebody has changed it again."""
    for one in reversed(merging.changes):
        row = db.session.get(hanging.model_of(one.table), one.row_id, execution_options=WITH_MERGED)
        if row is None or hanging.plain(getattr(row, one.attribute)) != one.after:
            raise Refused(SOMETHING_NEW)
        value = (
            datetime.fromisoformat(one.before) if _is_moment(row, one.attribute, one.before) else one.before
        )
        setattr(row, one.attribute, value)
        db.session.flush()


def _is_moment(row: Any, attribute: str, before: Any) -> bool:
    return isinstance(before, str) and isinstance(getattr(row, attribute), datetime)


def _tell_apart_from_the_same(merging: Merging) -> None:
    """Who is not the same as the other is not the same as the one that was kept."""
    pairs = select(NotSame).where(
        NotSame.record == merging.record,
        or_(NotSame.low_id == merging.other_id, NotSame.high_id == merging.other_id),
        ~and_(NotSame.low_id == merging.kept_id, NotSame.high_id == merging.other_id),
        ~and_(NotSame.low_id == merging.other_id, NotSame.high_id == merging.kept_id),
    )
    kept = record_of(merging, merging.kept_id)
    for pair in db.session.scalars(pairs).all():
        third_id = pair.high_id if pair.low_id == merging.other_id else pair.low_id
        third = db.session.get(type(kept), third_id)
        if third is not None:
            not_same(kept, third, merging)
