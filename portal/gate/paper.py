"""What the paper of a pass says: forgers print other words around a valid code, so the guard compares."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from portal.clock import local
from portal.database import db
from portal.passes.describing import in_short
from portal.passes.kinds import Kind
from portal.passes.models import Pass
from portal.passes.rule_data import PassRule
from portal.passes.signing import place_in_short
from portal.units.models import Checkpoint, Unit
from portal.web.formats import full_moment, period

DOCUMENT_END = 4


@dataclass(frozen=True)
class Paper:
    """Plain data, as much as is printed. ``gates`` empty: all of them. ``successor`` is the serial number of the
    pass that took this one's place."""

    holder: str
    document_end: str
    place: str
    kind: Kind
    serial: str
    series: str
    limits: str
    valid: str
    gates: tuple[str, ...]
    successor: str


def paper_of(pass_: Pass) -> Paper:
    """What is printed on a pass that has been issued. To be called where the scope is lifted."""
    hours = [(start, end) for start, end in pass_.windows]
    rule = PassRule.from_json(pass_.rule).narrowed_to(hours, pass_.max_minutes)
    return Paper(
        holder=pass_.holder_name,
        document_end=(pass_.document or "")[-DOCUMENT_END:],
        place=place_in_short(pass_),
        kind=pass_.kind,
        serial=pass_.serial or "",
        series=pass_.series,
        limits=in_short(rule),
        valid=validity(pass_.valid_from, pass_.valid_until),
        gates=gate_names(pass_.checkpoint_ids),
        successor=_successor(pass_),
    )


def validity(valid_from: datetime, valid_until: datetime) -> str:
    """From the first to the last day, as printed; with hours where they are not those of whole days."""
    start, end = local(valid_from), local(valid_until)
    if start.time() == end.time() == time(0):
        return period(start.date(), (end - timedelta(days=1)).date())
    return _("%(start)s to %(end)s", start=full_moment(start), end=full_moment(end))


def gate_names(checkpoint_ids: Iterable[int]) -> tuple[str, ...]:
    """The gates that a pass names."""
    wanted = select(Checkpoint.name).where(Checkpoint.id.in_(list(checkpoint_ids))).order_by(Checkpoint.id)
    return tuple(db.session.scalars(wanted)) if checkpoint_ids else ()


def issuer_of(pass_: Pass) -> str:
    """The community that issued the pass, or the unit above where there is none. Where the scope is lifted."""
    return db.session.get_one(Unit, pass_.community_id or pass_.unit_id).full_name


def _successor(pass_: Pass) -> str:
    if not pass_.replaced:
        return ""
    return db.session.scalar(select(Pass.serial).where(Pass.replaces_id == pass_.id)) or ""
