"""Choosing where somebody is appointed, and to what: down the tree by links, without a script."""

from dataclasses import dataclass
from typing import NoReturn

from flask import abort
from sqlalchemy import select

from portal.access.acting import acting
from portal.access.policy import Role
from portal.access.scope import lies_in
from portal.accounts.forms import AppointForm
from portal.accounts.rules import Post, may_give, roles_at
from portal.accounts.service import Appointed
from portal.database import db
from portal.units.models import Checkpoint, Unit

INSTALLATION = 0  # instead of a unit's id


@dataclass(frozen=True)
class Choice:
    """A unit (None: the whole installation), what may be given there, and the units below it."""

    unit: Unit | None
    roles: list[Role]
    below: list[Unit]


def choice_at(unit_id: int | None) -> Choice:
    """What can be chosen at a unit, or where the one acting begins; 404 outside his place."""
    own = acting().place
    if unit_id is None and own is not None:
        unit_id = own.unit_id
    unit = None if unit_id is None else _unit_or_404(unit_id)
    below = select(Unit).where(Unit.parent_id.is_(None) if unit is None else Unit.parent_id == unit.id)
    units = list(db.session.scalars(below.where(Unit.closed_at.is_(None)).order_by(Unit.code, Unit.id)))
    return Choice(unit, roles_at(acting(), unit.place if unit else None), units)


def post_or_404(unit_id: int, role_name: str) -> tuple[Post, str]:
    """The post of this role at this unit, and the unit's name; 404 for one that may not be given."""
    unit = None if unit_id == INSTALLATION else _unit_or_404(unit_id)
    if unit is not None and unit.closed_at is not None:
        _not_found()
    if role_name not in list(Role):
        _not_found()
    post = Post(unit.place if unit else None, Role(role_name))
    if not may_give(acting(), post):
        _not_found()
    return post, unit.full_name if unit else ""


def gates_of(post: Post) -> list[tuple[int, str]]:
    """The checkpoints that a gatekeeper of this post may be put at: those of the unit and of the units below."""
    if post.role != Role.GATEKEEPER or post.place is None:
        return []
    within = lies_in(Checkpoint, post.place)
    gates = select(Checkpoint.id, Checkpoint.name).where(within, Checkpoint.closed.is_(False))
    return [(row.id, row.name) for row in db.session.execute(gates.order_by(Checkpoint.id))]


def appointed(form: AppointForm, post: Post) -> Appointed:
    """The appointment that a valid form describes."""
    return Appointed(post, form.chosen_title, form.checkpoint_id, form.since.data, form.until.data)


def _unit_or_404(unit_id: int) -> Unit:
    unit = db.get_or_404(Unit, unit_id)
    own = acting().place
    if own is not None and not own.holds(unit.place):
        _not_found()
    return unit


def _not_found() -> NoReturn:
    abort(404)
