"""Taking an import back, while nothing depends on it. All of it or nothing."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, func, select

from portal.access.scope import everywhere
from portal.audit import service as audit
from portal.clock import now
from portal.database import Base, db
from portal.registry.importing import keeping, kept, needed
from portal.registry.importing.facts import restored
from portal.registry.importing.kept import Kept
from portal.registry.importing.kinds import ImportState
from portal.registry.importing.models import RegistryImport
from portal.registry.importing.steps import Steps
from portal.registry.importing.writing import apply, standing, standing_households
from portal.registry.models import Household, Resident, ResidentNeed, Responsibility
from portal.web.errors import Refused

NOT_DONE = _l("This import cannot be undone now.")
ROWS_SHOWN = 5
# What may hang on a household or a person, by table; the areas above bring tables of their own.
NAMES: dict[str, Any] = {
    "pass": _l("passes"),
    "household_restriction": _l("restrictions"),
    "resident_need": _l("notes on who needs looking after"),
    "responsibility": _l("handed-over households"),
    "resident": _l("people added later"),
    "gate_record": _l("records of gates"),
    "trip": _l("trips"),
}


def undo(import_id: int, steps: Steps) -> None:
    """Delete whom the import took up, and write back what it changed.

    Where something depends on it nothing is done, and the import says in ``refusal`` what it is.
    """
    steps.note(_("Taking the import back"))
    for _once in steps.steps([import_id], part="undo"):
        import_ = db.session.get_one(RegistryImport, import_id, with_for_update=True, populate_existing=True)
        if import_.state is not ImportState.UNDOING:
            raise Refused(NOT_DONE)
        import_.refusal = _what_forbids(import_)
        if import_.refusal:
            import_.state = ImportState.DONE
        else:
            _take_back(import_)
    import_ = db.session.get_one(RegistryImport, import_id)
    steps.report(import_.refusal or _("The import has been undone."))


def _take_back(import_: RegistryImport) -> None:
    for rows in kept.batches(import_.id):
        needed.take_back(rows)
        _write_back([row for row in rows if row.changes])
    for rows in kept.batches(import_.id):
        _delete([row for row in rows if row.makes])
    import_.state, import_.undone_at = ImportState.UNDONE, now()
    keeping.forget(import_.id)
    audit.record("registry.undo_import", import_, digest=import_.digest)


# ── what depends on it ───────────────────────────────────────────────────────────────────────────────────────────


def _what_forbids(import_: RegistryImport) -> str:
    """A sentence that names what depends on the import; empty where nothing does."""
    changed: list[int] = []
    followers: Counter[str] = Counter()
    for rows in kept.batches(import_.id):
        done = [row for row in rows if row.makes or row.changes]
        changed += _changed_since(done)
        followers += _followers(import_, [row for row in done if row.makes])
    sentences = []
    if changed:
        shown = "、".join(map(str, changed[:ROWS_SHOWN])) + ("…" if len(changed) > ROWS_SHOWN else "")
        sentences.append(_("Changed since: the rows %(rows)s.", rows=shown))
    for table, count in followers.items():
        name = NAMES.get(table, _l("other records"))
        sentences.append(_("Depending on it: %(name)s (%(count)s).", name=name, count=count))
    return " ".join([_("This import can no longer be undone."), *sentences])[:400] if sentences else ""


def _changed_since(rows: Sequence[Kept]) -> list[int]:
    people = standing(row.resident_id for row in rows)
    homes = standing_households(row.household_id for row in rows)
    disturbed = needed.disturbed(rows)
    return [
        row.number
        for row in rows
        if row.number in disturbed
        or row.stood != people.get(row.resident_id or 0, "")
        or ("home_stood" in row.told and row.told["home_stood"] != homes.get(row.household_id or 0))
    ]


def _followers(import_: RegistryImport, rows: Sequence[Kept]) -> Counter[str]:
    """What points to the new people and households, in every table there is, wherever it belongs."""
    people = {row.resident_id for row in rows if row.resident_id}
    homes = {row.household_id for row in rows if row.made_household}
    found: Counter[str] = Counter()
    with everywhere(because="an import is undone only where nothing hangs on it, wherever that belongs"):
        for model, column, target in _pointers():
            ids = people if target == "resident" else homes
            hanging = select(func.count()).select_from(model).where(column.in_(ids))
            if model is Responsibility:
                hanging = hanging.where(Responsibility.since > (import_.confirmed_at or now()))
            if model is Resident:
                hanging = hanging.where(Resident.id.not_in(people))
            if model is ResidentNeed:
                hanging = hanging.where(ResidentNeed.id.not_in(needed.made(rows)))
            if count := db.session.scalar(hanging):
                found[model.__table__.name] += count
    return found


def _pointers() -> Iterable[tuple[Any, Any, str]]:
    """(class, column, "resident" or "household") of every foreign key to either."""
    for mapper in Base.registry.mappers:
        for attribute in mapper.column_attrs:
            for key in attribute.columns[0].foreign_keys:
                if key.column.table.name in ("resident", "household"):
                    yield mapper.class_, getattr(mapper.class_, attribute.key), key.column.table.name


# ── taking it back ───────────────────────────────────────────────────────────────────────────────────────────────


def _write_back(rows: Sequence[Kept]) -> None:
    ids = {row.resident_id for row in rows}
    people = {one.id: one for one in db.session.scalars(select(Resident).where(Resident.id.in_(ids)))}
    for row in rows:
        if row.resident_id in people:
            apply(people[row.resident_id], restored(row.told.get("before", {})))
    db.session.flush()
    for resident in people.values():
        db.session.expunge(resident)
    _write_back_households([row for row in rows if "home_before" in row.told])


def _write_back_households(rows: Sequence[Kept]) -> None:
    ids = {row.household_id for row in rows}
    homes = {one.id: one for one in db.session.scalars(select(Household).where(Household.id.in_(ids)))}
    for row in rows:
        for name, value in restored(row.told["home_before"]).items():
            setattr(homes[row.household_id or 0], name, value)
    db.session.flush()


def _delete(rows: Sequence[Kept]) -> None:
    people = {row.resident_id for row in rows if row.resident_id}
    homes = {row.household_id for row in rows if row.made_household}
    _write_back_households([row for row in rows if "home_before" in row.told and not row.made_household])
    for gone in (
        delete(Resident).where(Resident.id.in_(people)),
        delete(Responsibility).where(Responsibility.household_id.in_(homes)),
        delete(Household).where(Household.id.in_(homes)),
    ):
        db.session.execute(gone.execution_options(synchronize_session=False))
