"""Who needs looking after: what an import writes down of it, and how that is taken back."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select, update

from portal.access.bulk import insert_many_returning
from portal.clock import now
from portal.database import db
from portal.registry.importing.asked import Asked
from portal.registry.importing.kept import Kept
from portal.registry.kinds import Need
from portal.registry.models import Resident, ResidentNeed


def write(rows: Sequence[Kept], asked: Asked) -> int:
    """Write down what differs (``told["before"]["needs"]``), and in ``told["noted"]`` which notes these are.

    Returns how many notes were begun or ended.
    """
    telling = [row for row in rows if row.resident_id and row.told.get("before", {}).get("needs")]
    ids = {row.resident_id for row in telling}
    where = select(Resident.id, Resident.unit_id, Resident.household_id).where(Resident.id.in_(ids))
    people = {row.id: row for row in db.session.execute(where)} if ids else {}
    for row in telling:
        before = row.told["before"]
        before["needs"] = asked.only(people[row.resident_id or 0].unit_id, before["needs"])
        row.told["noted"] = {"made": [], "ended": []}
    _begin(telling, people, asked)
    _end(telling)
    return sum(len(row.told["noted"]["made"]) + len(row.told["noted"]["ended"]) for row in telling)


def _begin(telling: Sequence[Kept], people: Mapping[int, Any], asked: Asked) -> None:
    new = [(row, name) for row in telling for name, was in row.told["before"]["needs"].items() if not was]
    values = [
        {
            "unit_id": (person := people[row.resident_id or 0]).unit_id,
            "household_id": person.household_id,
            "resident_id": person.id,
            "need": Need(name),
            "order_id": asked.at(person.unit_id)[0],
        }
        for row, name in new
    ]
    for (row, _name), need_id in zip(new, insert_many_returning(ResidentNeed, values), strict=True):
        row.told["noted"]["made"].append(need_id)


def _end(telling: Sequence[Kept]) -> None:
    over = {
        (row.resident_id, name): row
        for row in telling
        for name, was in row.told["before"]["needs"].items()
        if was
    }
    ids = []
    for one in _open({resident_id for resident_id, _name in over}):
        if row := over.get((one.resident_id, one.need.value)):
            row.told["noted"]["ended"].append(one.id)
            ids.append(one.id)
    _close(ids, now())


def disturbed(rows: Sequence[Kept]) -> set[int]:
    """The numbers of the rows whose notes somebody has changed since."""
    noted = [row for row in rows if row.told.get("noted")]
    if not noted:
        return set()
    ids = {id_ for row in noted for some in row.told["noted"].values() for id_ in some}
    there = {one.id: one for one in db.session.scalars(select(ResidentNeed).where(ResidentNeed.id.in_(ids)))}
    open_ = {(one.resident_id, one.need) for one in _open({row.resident_id for row in noted})}
    return {
        row.number
        for row in noted
        if any(id_ not in there or there[id_].until for id_ in row.told["noted"]["made"])
        or any(
            id_ not in there or (there[id_].resident_id, there[id_].need) in open_
            for id_ in row.told["noted"]["ended"]
        )
    }


def made(rows: Sequence[Kept]) -> set[int]:
    """The notes that the import began."""
    return {need_id for row in rows for need_id in row.told.get("noted", {}).get("made", ())}


def take_back(rows: Sequence[Kept]) -> None:
    """Delete what the import began, and let go on what it ended."""
    gone = delete(ResidentNeed).where(ResidentNeed.id.in_(made(rows)))
    db.session.execute(gone.execution_options(synchronize_session=False))
    _close([id_ for row in rows for id_ in row.told.get("noted", {}).get("ended", ())], None)


def _open(resident_ids: Collection[int | None]) -> Sequence[Any]:
    rows = select(ResidentNeed.id, ResidentNeed.resident_id, ResidentNeed.need)
    theirs = rows.where(ResidentNeed.resident_id.in_(resident_ids), ResidentNeed.until.is_(None))
    return db.session.execute(theirs).all() if resident_ids else []


def _close(need_ids: Collection[int], until: Any) -> None:
    if need_ids:
        ending = update(ResidentNeed).where(ResidentNeed.id.in_(need_ids)).values(until=until)
        db.session.execute(ending.execution_options(synchronize_session=False))
