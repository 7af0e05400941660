"""Writing an import: all of it or nothing, and only what was shown."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, exists, select

from portal.audit import service as audit
from portal.clock import now
from portal.database import db
from portal.registry import duties
from portal.registry.importing import keeping, kept, matching, preparing
from portal.registry.importing.facts import dumped
from portal.registry.importing.kinds import Choice, ImportState, Outcome
from portal.registry.importing.models import ImportRow, RegistryImport
from portal.registry.importing.registered import Doors
from portal.registry.importing.steps import Steps
from portal.registry.importing.writing import Writer
from portal.spreadsheets import writing as workbooks
from portal.units.models import Unit
from portal.web.errors import Refused

UNDECIDED = _l("Decide first what is to become of the rows that are probably registered already.")
NOT_READY = _l("This import cannot be confirmed now. Load the page again and look at its present state.")


def confirm(import_id: int, steps: Steps) -> None:
    """Write what the preview shows. Where the registry gives other answers by now, the preview is renewed instead.

    One transaction: a failure, a stop or a power cut leaves nothing half written.
    """
    steps.note(_("Writing into the registry"))
    for _once in steps.steps([import_id], part="write"):
        import_ = _locked(import_id)
        if import_.state is not ImportState.CONFIRMING:
            raise Refused(NOT_READY)
        if _renewed(import_):
            import_.state, import_.renewed = ImportState.PREVIEW, True
            import_.counts = kept.counted(import_id)
        elif has_undecided(import_id):
            raise Refused(UNDECIDED)
        else:
            _write(import_)
    steps.report(outcome(db.session.get_one(RegistryImport, import_id)))


def outcome(import_: RegistryImport) -> str:
    """What came of it, in a sentence."""
    if import_.state is not ImportState.DONE:
        return _("The registry has changed meanwhile. Look at the new preview and confirm it once more.")
    done = {"new": import_.counts.get("written_new", 0), "changed": import_.counts.get("written_changed", 0)}
    return _("Written: %(new)s new people, %(changed)s changed.", **done)


def has_undecided(import_id: int) -> bool:
    """Whether somebody must say first who is who."""
    undecided = exists().where(
        ImportRow.import_id == import_id, ImportRow.outcome == Outcome.DUPLICATE, ImportRow.choice.is_(None)
    )
    return bool(db.session.scalar(select(undecided)))


def problems_sheet(import_id: int) -> bytes | None:
    """The rows that were not taken, as the sheet they came in and with what to do; None: there are none."""
    problems = kept.problems(import_id)
    if not problems:
        return None
    sheet, heading = preparing.read(import_id)
    with workbooks.with_problems(sheet, heading, problems) as file:
        return file.read()


def _locked(import_id: int) -> RegistryImport:
    """One confirms at a time below the top of the tree: nobody writes the same people beside."""
    top = select(Unit.id).where(Unit.parent_id.is_(None)).order_by(Unit.id)
    db.session.scalars(top.with_for_update(key_share=True)).all()
    return db.session.get_one(RegistryImport, import_id, with_for_update=True, populate_existing=True)


def _renewed(import_: RegistryImport) -> bool:
    """Compare every row once more; write down the new answers where there are any."""
    renewed, doors = False, Doors()
    for rows in kept.batches(import_.id):
        found = matching.match(kept.homes_again(rows), doors)
        for row, now_found in zip(rows, found, strict=True):
            if row.differs(now_found):
                _renew(row.id, now_found)
                renewed = True
    return renewed


def _renew(row_id: int, found: Any) -> None:
    row = db.session.get_one(ImportRow, row_id)
    row.outcome, row.why = found.outcome, found.why
    row.household_id, row.resident_id = found.household_id, found.resident_id
    row.choice = Choice.TAKE if found.outcome is Outcome.CHANGED else None
    row.told = dumped(found.told)


def _write(import_: RegistryImport) -> None:
    wrong = problems_sheet(import_.id)
    last = kept.last_id(import_.id)
    writer = Writer(import_)
    for rows in kept.batches(import_.id, last):
        writer.write(rows)
    for grid_id, household_ids in writer.made.items():
        duties.take_up(grid_id, household_ids)
    preview = delete(ImportRow).where(ImportRow.import_id == import_.id, ImportRow.id <= last)
    db.session.execute(preview.execution_options(synchronize_session=False))
    _finish(import_, writer, wrong)


def _finish(import_: RegistryImport, writer: Writer, wrong: bytes | None) -> None:
    households = sum(map(len, writer.made.values()))
    import_.state, import_.confirmed_at = ImportState.DONE, now()
    import_.expires_at = now() + keeping.KEPT
    import_.counts = {
        **import_.counts,
        "written_new": writer.new,
        "written_changed": writer.changed,
        "written_households": households,
    }
    import_.columns, import_.renewed = [], False
    if wrong is None:
        keeping.forget(import_.id)
    else:
        keeping.keep(import_, wrong)
    done: dict[str, Any] = {"new": writer.new, "changed": writer.changed, "households": households}
    if writer.noted:
        done["needs"] = writer.noted
    audit.record("registry.import", import_, rows=import_.rows, digest=import_.digest, **done)
