"""Two records side by side: fact by fact, masked as everywhere, and whether the two agree."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from portal.access.acting import may
from portal.access.policy import May
from portal.database import db
from portal.registry.models import Household, Resident
from portal.units.models import Unit
from portal.web.formats import full_day, mask_name, moment


@dataclass(frozen=True)
class Fact:
    """One line: what is known on either side, empty for nothing. ``agrees`` is None where a side has nothing."""

    label: str
    values: tuple[str, str]
    agrees: bool | None


def side_by_side(one: Any, other: Any) -> list[Fact]:
    """All facts of two people or two households of which either has one."""
    told = _household if isinstance(one, Household) else _person
    left, right = told(one), told(other)
    facts = []
    for label in left:
        (shown_left, left_is), (shown_right, right_is) = left[label], right[label]
        if shown_left or shown_right:
            both = bool(shown_left and shown_right)
            facts.append(Fact(label, (shown_left, shown_right), left_is == right_is if both else None))
    return facts


def _person(one: Resident) -> dict[str, tuple[str, Any]]:
    """{label: (as it is shown, what is compared)}."""
    known = may(May.REVEAL)
    born = one.born_on and (full_day(one.born_on) if known else _("known"))
    return {
        _("Name"): (one.name if known else mask_name(one.name), one.name),
        _("Document"): (_document(one), one.document_index),
        _("Phone"): (_end(one.phone_end), one.phone_index),
        _("Sex"): _same(one.sex.label if one.sex else ""),
        _("Date of birth"): (born or "", one.born_on),
        _("Address"): _same(one.household.address),
        _("Grid"): _same(_grid(one.unit_id)),
        _("Relation to the head"): _same(_("Head of the household") if one.is_head else one.relation),
        _("How they live here"): _same(one.stay.label if one.stay else ""),
        _("Left"): _same(moment(one.left_at) if one.left_at else ""),
        _("Registered"): _same(moment(one.created_at)),
    }


def _document(one: Resident) -> str:
    return f"{one.document_type.label} {_end(one.document_end)}" if one.document_end else ""


def _end(end: str | None) -> str:
    """A masked number that is short enough for half a phone's screen."""
    return f"…{end}" if end else ""


def _household(one: Household) -> dict[str, tuple[str, Any]]:
    people = [mask_name(resident.name) for resident in one.residents if resident.left_at is None]
    names = sorted(resident.name for resident in one.residents if resident.left_at is None)
    return {
        _("Address"): _same(one.address),
        _("Address in words"): _same(one.address_note or ""),
        _("Grid"): _same(_grid(one.unit_id)),
        _("People"): (_(", ").join(people), names),
        _("Used as"): _same(one.kind.label if one.kind else ""),
        _("Note"): _same(one.note),
        _("Registered"): _same(moment(one.created_at)),
    }


def _same(text: str) -> tuple[str, str]:
    return text, text


def _grid(unit_id: int) -> str:
    return db.session.get_one(Unit, unit_id).full_name
