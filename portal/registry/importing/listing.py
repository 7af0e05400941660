"""How imports and their rows read on the screen: masked, twenty at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import or_, select

from portal.access.acting import acting
from portal.database import db
from portal.registry.addresses import ADDRESS_PARTS, written_address
from portal.registry.importing import keeping, kept
from portal.registry.importing.facts import complete, restored
from portal.registry.importing.kept import Kept
from portal.registry.importing.kinds import Choice, Outcome, choices
from portal.registry.importing.models import ImportRow, RegistryImport
from portal.registry.importing.synonyms import FIELD_LABELS, NEED, NEEDS
from portal.registry.models import ADDRESS, Household, Resident
from portal.registry.serving import names_of
from portal.web.formats import full_day, mask_document, mask_name, mask_phone
from portal.workflow.listing import PAGE, cut

MASKS: dict[str, Any] = {
    "name": mask_name,
    "document": mask_document,
    "phone": mask_phone,
    "born_on": full_day,
}


@dataclass(frozen=True)
class Line:
    """One row of a preview. ``differences``: (label, so far, as the row says); ``other``: who is like it,
    and ``own`` what the row says of the same."""

    id: int
    number: int
    name: str
    address: str
    outcome: Outcome
    why: str
    own: str
    other: str
    differences: list[tuple[str, str, str]]
    problem: str
    choice: Choice | None
    offered: tuple[Choice, ...]
    household_id: int | None


def imports() -> list[tuple[RegistryImport, str]]:
    """The latest imports that one sees, each with who began it; of what isn't written yet only one's own."""
    who = acting()
    is_mine = (RegistryImport.account_id == who.account_id) & (
        RegistryImport.appointment_id == who.appointment_id
    )
    shown = select(RegistryImport).where(or_(RegistryImport.state.not_in(keeping.OPEN_STATES), is_mine))
    rows = list(db.session.scalars(shown.order_by(RegistryImport.id.desc()).limit(PAGE)))
    names = names_of({row.account_id for row in rows})
    return [(row, names.get(row.account_id, "")) for row in rows]


def lines(import_: RegistryImport, outcome: Outcome, after: int) -> tuple[list[Line], int | None]:
    """A page of the rows with this outcome, and the id after which the next page begins."""
    wanted = select(*kept.COLUMNS).where(
        ImportRow.import_id == import_.id, ImportRow.outcome == outcome, ImportRow.id > after
    )
    found, following = cut(db.session.execute(wanted.order_by(ImportRow.id).limit(PAGE + 1)).all())
    rows = [kept.opened(row) for row in found]
    others = _others(rows)
    return [_line(row, others) for row in rows], following


def _others(rows: Sequence[Kept]) -> dict[int, Any]:
    """Those whom rows may be about, with where they live."""
    ids = {row.resident_id for row in rows if row.outcome is Outcome.DUPLICATE} - {None}
    people = select(Resident, *ADDRESS).join(Household, Household.id == Resident.household_id)
    return {row[0].id: row for row in db.session.execute(people.where(Resident.id.in_(ids)))}


def _line(row: Kept, others: dict[int, Any]) -> Line:
    home = row.told.get("home", {})
    other = others.get(row.resident_id or 0)
    return Line(
        id=row.id,
        number=row.number,
        name=mask_name(row.person.get("name")) if row.person.get("name") else "",
        address=written_address(*(home.get(part, "") for part in ADDRESS_PARTS)),
        outcome=row.outcome,
        why=row.why.label if row.why else "",
        own=_own(row) if row.why else "",
        other=_described(other) if other else "",
        differences=_differences(row),
        problem=row.told.get("problem", ""),
        choice=row.choice,
        offered=choices(row.outcome, row.why),
        household_id=row.household_id,
    )


def _described(other: Any) -> str:
    """Somebody registered, so that one can tell whether it is the same person."""
    resident, *parts = other
    known = [
        mask_name(resident.name),
        written_address(*parts),
        mask_document(resident.document) if resident.document else "",
        mask_phone(resident.phone) if resident.phone else "",
    ]
    return _(", ").join(one for one in known if one)


def _own(row: Kept) -> str:
    """The numbers of the row itself, beside those of whom it may be about."""
    known = [mask_document(row.person.get("document")), mask_phone(row.person.get("phone"))]
    return _(", ").join(one for one in known if one)


def _differences(row: Kept) -> list[tuple[str, str, str]]:
    """Old and new side by side."""
    person, home = complete(row.person), restored(row.told.get("home", {}))
    pairs = [
        (name, before, person.get(name)) for name, before in restored(row.told.get("before", {})).items()
    ]
    flags = dict(row.told.get("before", {}).get(NEEDS, {}))
    pairs = [pair for pair in pairs if pair[0] != NEEDS]
    pairs += [(f"{NEED}{name}", was, not was) for name, was in flags.items()]
    pairs += [
        (name, before, home.get(name)) for name, before in restored(row.told.get("home_before", {})).items()
    ]
    return [
        (str(FIELD_LABELS[name]), _shown(name, before), _shown(name, after)) for name, before, after in pairs
    ]


def _shown(name: str, value: Any) -> str:
    if value in (None, ""):
        return _("nothing")
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if hasattr(value, "label"):
        return str(value.label)
    return str(MASKS.get(name, str)(value))


def described(imports_: Sequence[RegistryImport]) -> list[tuple[str, RegistryImport]]:
    """Imports with who began them."""
    names = names_of({one.account_id for one in imports_})
    return [(names.get(one.account_id, ""), one) for one in imports_]
