"""The tree out of a file. All or nothing, and a second time changes nothing.

``read`` looks at the file alone, ``compare`` at what is there already, ``apply`` writes.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import or_, select

from portal.access.acting import Level
from portal.audit import service as audit
from portal.database import db
from portal.units import rules
from portal.units.models import LEVEL_LABELS, Unit
from portal.units.reading import NotImported, Problem, Row, read
from portal.units.service import rename

TOP_DOWN = list(Level)
ASKED_AT_ONCE = 500


@dataclass(frozen=True)
class Plan:
    """What an import would do: ``new`` rows from the top down, ``renamed`` (unit, its name so far, row)."""

    digest: str
    new: list[Row]
    renamed: list[tuple[Unit, str, Row]]
    same: int

    @property
    def counts(self) -> dict[str, int]:
        return {"new": len(self.new), "changed": len(self.renamed), "same": self.same}


def import_file(content: bytes) -> Plan:
    """Read, compare and write. ``NotImported`` names every problem of the file."""
    plan = compare(content)
    apply(plan)
    return plan


def compare(content: bytes) -> Plan:
    """What the file would change, without changing it. ``NotImported`` names every problem."""
    rows = read(content)
    known = _known({row.code for row in rows} | {row.parent_code for row in rows})
    levels = {code: unit.level for code, unit in known.items()} | {row.code: row.level for row in rows}
    problems = [Problem(row.number, what) for row in rows if (what := _misplaced(row, known, levels))]
    if not problems:
        problems = _taken_names(rows, known)
    if problems:
        raise NotImported(problems)
    new = sorted((row for row in rows if row.code not in known), key=lambda row: TOP_DOWN.index(row.level))
    there = [(known[row.code], row) for row in rows if row.code in known]
    renamed = [(unit, unit.name, row) for unit, row in there if unit.name != row.name]
    digest = hashlib.sha256(content).hexdigest()
    return Plan(digest, new, renamed, same=len(rows) - len(new) - len(renamed))


def apply(plan: Plan) -> None:
    """Write what ``compare`` found, with one entry in the trail; none where there is nothing to write."""
    if not plan.new and not plan.renamed:
        return
    for unit, _before, row in plan.renamed:
        unit.name = row.code  # first all out of the way: two units may have exchanged their names
    db.session.flush()
    for unit, _before, row in sorted(plan.renamed, key=lambda renamed: TOP_DOWN.index(renamed[2].level)):
        rename(unit, row.name)
    db.session.flush()
    _create(plan.new)
    audit.record("units.import", counts=plan.counts, digest=plan.digest)


def _create(rows: list[Row]) -> None:
    units = _known({row.parent_code for row in rows})
    for level in TOP_DOWN:
        for row in (row for row in rows if row.level == level):
            parent = units.get(row.parent_code)
            unit = Unit(level=level, name=row.name, code=row.code, parent_id=parent and parent.id)
            unit.full_name = rules.full_name(level, row.name, parent.full_name if parent else "")
            db.session.add(unit)
            units[row.code] = unit
        db.session.flush()  # the next level needs the ids of this one


def _known(codes: set[str]) -> dict[str, Unit]:
    """The units that are there already, by code."""
    return {
        unit.code: unit
        for some in _pieces(codes)
        for unit in db.session.scalars(select(Unit).where(Unit.code.in_(some)))
        if unit.code
    }


def _misplaced(row: Row, known: dict[str, Unit], levels: dict[str, Level]) -> str:
    """What is wrong between this row, the other rows and the units that are there; empty when nothing is."""
    above = levels.get(row.parent_code) if row.parent_code else None
    if row.parent_code and above is None:
        return _("There is no unit above with the code %(code)s.", code=row.parent_code[:20])
    if above and not rules.may_hang_under(row.level, above):
        return _("It cannot stand under a unit of the level “%(level)s”.", level=LEVEL_LABELS[above])
    unit = known.get(row.code)
    if unit and unit.level != row.level:
        return _("This code belongs to a unit of the level “%(level)s” already.", level=unit.level_label)
    if unit and row.parent_code != ((unit.parent.code or "?") if unit.parent else ""):
        return _("This unit stands under another one already, and units do not move.")
    return ""


def _taken_names(rows: list[Row], known: dict[str, Unit]) -> list[Problem]:
    """Rows whose name a neighbour has that is not in the file."""
    in_file = {row.code for row in rows}
    placed = {
        row: known[row.parent_code].id if row.parent_code else None
        for row in rows
        if not row.parent_code or row.parent_code in known
    }
    beside = select(Unit.parent_id, Unit.name, Unit.code)
    taken = {
        (unit.parent_id, unit.name)
        for some in _pieces({parent_id for parent_id in placed.values() if parent_id})
        for unit in db.session.execute(beside.where(or_(Unit.parent_id.in_(some), Unit.parent_id.is_(None))))
        if unit.code not in in_file
    }
    return [
        Problem(row.number, _("There is a unit called %(name)s here already.", name=row.name))
        for row, parent_id in placed.items()
        if (parent_id, row.name) in taken
    ]


def _pieces(wanted: set[Any]) -> Iterator[list[Any]]:
    """As many as one question may name; one empty piece of nothing."""
    ordered = sorted(wanted)
    for start in range(0, max(len(ordered), 1), ASKED_AT_ONCE):
        yield ordered[start : start + ASKED_AT_ONCE]
