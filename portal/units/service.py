"""What is done to the tree and to the places in it. Each leaves an entry in the trail."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import exists, select

from portal.access.acting import Level
from portal.access.scope import everywhere
from portal.audit import service as audit
from portal.database import db
from portal.units import rules
from portal.units.models import Checkpoint, Unit
from portal.web.errors import Refused


def create_unit(parent: Unit | None, level: Level, name: str, code: str | None = None) -> Unit:
    """A new unit under ``parent``, flushed. ``Refused`` for a name or code that is taken.

    ValueError where the level does not hang under the parent's, or the code is none of this level.
    """
    parent_level = parent.level if parent else None
    if not rules.may_hang_under(level, parent_level):
        raise ValueError(f"a {level} cannot hang under {parent_level}")
    if code is not None and not rules.is_code(code, level):
        raise ValueError(f"{code} is no code of a {level}")
    parent_id = parent.id if parent else None
    _refuse_taken_name(parent_id, name)
    if code and code_is_taken(code):
        raise Refused(_("The code %(code)s is in use already.", code=code))
    unit = Unit(level=level, name=name, code=code, parent_id=parent_id)
    unit.full_name = rules.full_name(level, name, parent.full_name if parent else "")
    db.session.add(unit)
    db.session.flush()
    audit.record("units.create", unit, level=str(level), name=name, code=code)
    return unit


def change_unit(unit: Unit, *, name: str, duty_phone: str) -> None:
    """Rename the unit, its subtree with it, and note the phone that is printed on its board."""
    if name == unit.name and duty_phone == unit.duty_phone:
        return
    before = unit.name
    if name != before:
        _refuse_taken_name(unit.parent_id, name)
        rename(unit, name)
    unit.duty_phone = duty_phone
    audit.record("units.change", unit, was=before, name=name)


def rename(unit: Unit, name: str) -> None:
    """Give the unit another name; what lies below is called after it. Leaves no entry of its own."""
    unit.name = name
    above = unit.parent.full_name if unit.parent else ""
    _call(unit, rules.full_name(unit.level, name, above))


def create_checkpoint(
    unit: Unit, name: str, *, open_to_vehicles: bool = False, neighbour: str = ""
) -> Checkpoint:
    """A new gate of the unit, flushed; ``neighbour`` is the township across, where it stands at a boundary.

    ``Refused`` where an open one of this unit has the name.
    """
    _refuse_taken_gate(unit.id, name)
    about: dict[str, Any] = {"open_to_vehicles": open_to_vehicles, "neighbour": neighbour}
    checkpoint = Checkpoint(unit_id=unit.id, name=name, **about)
    db.session.add(checkpoint)
    db.session.flush()
    audit.record("checkpoints.create", checkpoint, name=name, **about)
    return checkpoint


def change_checkpoint(
    checkpoint: Checkpoint, *, name: str, open_to_vehicles: bool, neighbour: str = ""
) -> None:
    """Rename a gate, open it to vehicles or no longer, say what lies across. ``Refused`` for one that is closed."""
    _refuse_closed(checkpoint)
    before = checkpoint.name
    stands = (before, checkpoint.open_to_vehicles, checkpoint.neighbour)
    if (name, open_to_vehicles, neighbour) == stands:
        return
    if name != before:
        _refuse_taken_gate(checkpoint.unit_id, name)
    about: dict[str, Any] = {"name": name, "open_to_vehicles": open_to_vehicles, "neighbour": neighbour}
    for attribute, value in about.items():
        setattr(checkpoint, attribute, value)
    audit.record("checkpoints.change", checkpoint, was=before, **about)


def close_checkpoint(checkpoint: Checkpoint, reason: str) -> None:
    """Nobody passes here any more. What happened at the gate stays in the records."""
    _refuse_closed(checkpoint)
    checkpoint.closed = True
    audit.record("checkpoints.close", checkpoint, reason=reason)


def _call(unit: Unit, full_name: str) -> None:
    if unit.full_name == full_name:
        return
    unit.full_name = full_name
    for child in db.session.scalars(select(Unit).where(Unit.parent_id == unit.id)).all():
        _call(child, rules.full_name(child.level, child.name, full_name))


def name_is_taken(parent_id: int | None, name: str) -> bool:
    """Whether a unit directly under this one (None: at the top) has the name."""
    return bool(db.session.scalar(select(exists().where(Unit.parent_id == parent_id, Unit.name == name))))


def code_is_taken(code: str) -> bool:
    """Whether any unit of the installation has the code, also one that the asking one does not see."""
    with everywhere(because="a division code is unique in the installation"):
        return bool(db.session.scalar(select(exists().where(Unit.code == code))))


def gate_name_is_taken(unit_id: int, name: str) -> bool:
    """Whether an open checkpoint of this unit has the name."""
    taken = exists().where(Checkpoint.unit_id == unit_id, Checkpoint.name == name, ~Checkpoint.closed)
    return bool(db.session.scalar(select(taken)))


def _refuse_taken_name(parent_id: int | None, name: str) -> None:
    if name_is_taken(parent_id, name):
        raise Refused(_("There is a unit called %(name)s here already.", name=name))


def _refuse_taken_gate(unit_id: int, name: str) -> None:
    if gate_name_is_taken(unit_id, name):
        raise Refused(_("There is a checkpoint called %(name)s here already.", name=name))


def _refuse_closed(checkpoint: Checkpoint) -> None:
    if checkpoint.closed:
        raise Refused(_("This checkpoint is closed. Open a new one instead."))
