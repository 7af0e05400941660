"""The rows of a preview, read back some homes at a time, and what is chosen for them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from portal.database import db
from portal.registry.importing.facts import loaded, restored
from portal.registry.importing.homes import Home, Said
from portal.registry.importing.kinds import Choice, Outcome, Why
from portal.registry.importing.matching import Found
from portal.registry.importing.models import ImportRow

AT_ONCE = 1000
COLUMNS = (
    ImportRow.id,
    ImportRow.number,
    ImportRow.home,
    ImportRow.outcome,
    ImportRow.why,
    ImportRow.choice,
    ImportRow.household_id,
    ImportRow.resident_id,
    ImportRow.made_household,
    ImportRow.stood,
    ImportRow.told_sealed,
    ImportRow.seal_id,
)


@dataclass(slots=True)
class Kept:
    """A row of an import, opened."""

    id: int
    number: int
    home: int
    outcome: Outcome
    why: Why | None
    choice: Choice | None
    household_id: int | None
    resident_id: int | None
    made_household: bool
    stood: str
    told: dict[str, Any]

    @property
    def person(self) -> dict[str, Any]:
        """What the row says of the person; {} for a home without people."""
        return restored(self.told.get("person", {}))

    @property
    def makes(self) -> bool:
        """Whether it takes up somebody new, or a home without people."""
        return self.outcome is Outcome.NEW or (
            self.outcome is Outcome.DUPLICATE and self.choice is Choice.NEW_PERSON
        )

    @property
    def changes(self) -> bool:
        """Whether it changes somebody who is registered."""
        chosen = {Outcome.CHANGED: Choice.TAKE, Outcome.DUPLICATE: Choice.SAME_PERSON}
        return self.outcome in chosen and self.choice is chosen[self.outcome]

    def differs(self, found: Found) -> bool:
        """Whether the registry gives another answer now than when the row was shown."""
        mine = (self.outcome, self.why, self.household_id, self.resident_id, self.told)
        return mine != (found.outcome, found.why, found.household_id, found.resident_id, found.told)


def opened(row: Any) -> Kept:
    """A row of ``COLUMNS``, unsealed."""
    told = ImportRow(told_sealed=row.told_sealed, seal_id=row.seal_id).told
    return Kept(*row[:-2], loaded(told))  # type: ignore[call-arg]  # the stars hide how many


def batches(import_id: int, last: int | None = None) -> Iterator[list[Kept]]:
    """All rows up to the id ``last``, in the order of the sheet, never a home in two batches."""
    rows = select(*COLUMNS).where(ImportRow.import_id == import_id).order_by(ImportRow.id).limit(AT_ONCE)
    if last is not None:
        rows = rows.where(ImportRow.id <= last)
    waiting: list[Kept] = []
    after = 0
    while some := [opened(row) for row in db.session.execute(rows.where(ImportRow.id > after))]:
        after = some[-1].id
        waiting += some
        unfinished = waiting[-1].home
        if ready := [row for row in waiting if row.home != unfinished]:
            yield ready
        waiting = [row for row in waiting if row.home == unfinished]
    if waiting:
        yield waiting


def by_home(rows: Sequence[Kept]) -> list[list[Kept]]:
    """The rows of each home."""
    homes: dict[int, list[Kept]] = {}
    for row in rows:
        homes.setdefault(row.home, []).append(row)
    return list(homes.values())


def homes_again(rows: Sequence[Kept]) -> list[tuple[int, Home]]:
    """The homes as they were gathered from the sheet, to be compared once more."""
    return [
        (
            some[0].home,
            Home(
                some[0].told["grid"],
                restored(some[0].told["home"]),
                [Said(row.number, row.person, row.told.get("problem", "")) for row in some],
                outside=some[0].outcome is Outcome.OUTSIDE,
            ),
        )
        for some in by_home(rows)
    ]


def last_id(import_id: int) -> int:
    """The id of the last row."""
    return db.session.scalar(select(func.max(ImportRow.id)).where(ImportRow.import_id == import_id)) or 0


def counted(import_id: int) -> dict[str, int]:
    """How many rows do what."""
    grouped = select(ImportRow.outcome, func.count()).where(ImportRow.import_id == import_id)
    found = Counter({row[0].value: row[1] for row in db.session.execute(grouped.group_by(ImportRow.outcome))})
    return {one.value: found[one.value] for one in Outcome}


def problems(import_id: int) -> dict[int, str]:
    """Row's number → what to do, of the rows that are wrong or lie outside one's own area."""
    wrong = select(*COLUMNS).where(
        ImportRow.import_id == import_id, ImportRow.outcome.in_((Outcome.WRONG, Outcome.OUTSIDE))
    )
    said: dict[int, list[str]] = {}
    for row in map(opened, db.session.execute(wrong.order_by(ImportRow.id))):
        outside = _("This grid is not one of yours. Correct it, or give the row to whoever keeps that grid.")
        said.setdefault(row.number, []).append(row.told.get("problem") or outside)
    return {number: " ".join(dict.fromkeys(some)) for number, some in said.items()}
