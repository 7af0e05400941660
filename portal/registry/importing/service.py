"""What is done with imports: begun, explained, decided, confirmed, undone. Short ones at once, long ones as a job."""

from collections.abc import Mapping
from io import BytesIO
from typing import IO, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from portal.access.acting import acting
from portal.clock import now
from portal.database import db
from portal.jobs import service as jobs
from portal.registry.importing import confirming, keeping, preparing, undoing
from portal.registry.importing.kinds import Choice, ImportState, Outcome, Why, choices
from portal.registry.importing.models import ImportRow, ImportWord, RegistryImport
from portal.registry.importing.steps import AtOnce
from portal.registry.serving import names_of
from portal.spreadsheets.guard import check
from portal.spreadsheets.refusal import WHOLE_STREET
from portal.web.errors import Refused

LARGEST_UPLOAD = WHOLE_STREET.packed + 64 * 1024  # with what a form adds
SMALL_FILE = 256 * 1024
MOST_AT_ONCE = 500
NOT_NOW = _l("This cannot be changed any more. Load the page again and look at its present state.")


class CannotRead(Exception):
    """The file cannot be imported; ``sentence`` says why and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def upload(content: bytes) -> RegistryImport:
    """Begin an import, or find one's own of the same file. ``Refusal`` or ``CannotRead`` for what is no list.

    ``Refused`` while somebody else writes the same file.
    """
    keeping.forget_old()
    check(content, WHOLE_STREET)
    digest = keeping.digest(content)
    same = _same(digest)
    mine = [one for one in same if _is_mine(one) and one.state.is_open]
    if mine and mine[0].state is not ImportState.REFUSED:
        return mine[0]
    _refuse_while_written(same)
    who = acting()
    import_ = RegistryImport(
        unit_id=who.place.unit_id if who.place else None,
        account_id=who.account_id,
        appointment_id=who.appointment_id,
        state=ImportState.READING,
        digest=digest,
        size=len(content),
        expires_at=now() + keeping.KEPT,
    )
    db.session.add(import_)
    db.session.flush()
    keeping.keep(import_, content)
    _read(import_)
    if import_.state is ImportState.REFUSED:
        raise CannotRead(import_.refusal)
    return import_


def mine(import_id: int) -> RegistryImport | None:
    """An import that the one acting has begun under this appointment."""
    found = db.session.get(RegistryImport, import_id)
    return found if found is not None and _is_mine(found) else None


def others_with(import_: RegistryImport) -> list[RegistryImport]:
    """What others, or oneself before, have done with the same file, as far as one sees."""
    return [one for one in _same(import_.digest) if one.id != import_.id]


def name_columns(
    import_: RegistryImport, mapping: Mapping[int, str], *, sheet: str, grid_to: int | None
) -> None:
    """What the columns mean ({index: field, "" for not needed}). Remembered for the unit's next sheets."""
    _must_be(import_, ImportState.ASKING, ImportState.PREVIEW)
    import_.grid_to = grid_to
    if sheet == import_.sheet:
        import_.mapping, import_.is_mapped = {str(index): field for index, field in mapping.items()}, True
        _remember(import_, mapping)
    else:  # another list: its columns are looked at anew
        import_.sheet, import_.mapping, import_.is_mapped = sheet, {}, False
    import_.state, import_.renewed = ImportState.READING, False
    _read(import_)


def decide(import_: RegistryImport, chosen: Mapping[int, Choice]) -> None:
    """Say of single rows what is to become of them; what cannot be chosen for a row is passed over."""
    _must_be(import_, ImportState.PREVIEW)
    rows = select(ImportRow).where(ImportRow.import_id == import_.id, ImportRow.id.in_(chosen))
    for row in db.session.scalars(rows):
        if chosen[row.id] in choices(row.outcome, row.why):
            row.choice = chosen[row.id]


def decide_rest(import_: RegistryImport, outcome: Outcome, choice: Choice) -> None:
    """The same for all rows that nobody has decided yet; of those that change something, for all."""
    _must_be(import_, ImportState.PREVIEW)
    if choice not in choices(outcome, None):
        raise Refused(NOT_NOW)
    rest = update(ImportRow).where(ImportRow.import_id == import_.id, ImportRow.outcome == outcome)
    if outcome is Outcome.DUPLICATE:
        rest = rest.where(ImportRow.choice.is_(None))
    if choice is Choice.SAME_PERSON:
        rest = rest.where(ImportRow.why != Why.ELSEWHERE)
    db.session.execute(rest.values(choice=choice).execution_options(synchronize_session=False))


def confirm(import_: RegistryImport) -> None:
    """Write what the preview shows."""
    _must_be(import_, ImportState.PREVIEW)
    if confirming.has_undecided(import_.id):
        raise Refused(confirming.UNDECIDED)
    _refuse_while_written([one for one in _same(import_.digest) if one.id != import_.id])
    import_.state, import_.renewed = ImportState.CONFIRMING, False
    import_.expires_at = now() + keeping.KEPT
    db.session.flush()
    if import_.rows <= MOST_AT_ONCE:
        confirming.confirm(import_.id, AtOnce())
    else:
        _start(import_, "registry.import_confirm")


def undo(import_: RegistryImport) -> None:
    """Take it back."""
    _must_be(import_, ImportState.DONE)
    import_.state, import_.refusal = ImportState.UNDOING, ""
    db.session.flush()
    if import_.rows <= MOST_AT_ONCE:
        undoing.undo(import_.id, AtOnce())
    else:
        _start(import_, "registry.import_undo")


def step_back(import_: RegistryImport) -> None:
    """The job has ended without having done its work, and so has written nothing: begin that step anew."""
    job = jobs.mine(import_.job_id or 0)
    if job is not None and not job.state.has_ended:
        raise Refused(NOT_NOW)
    before = {ImportState.CONFIRMING: ImportState.PREVIEW, ImportState.UNDOING: ImportState.DONE}
    _must_be(import_, *before)
    import_.state = before[import_.state]


def drop(import_: RegistryImport) -> None:
    """Leave it. The file is destroyed."""
    job = jobs.mine(import_.job_id or 0)
    if job is not None and not job.state.has_ended:
        raise Refused(NOT_NOW)
    _must_be(import_, *(state for state in ImportState if state.is_open))
    keeping.drop(import_)


def _same(digest: str) -> list[RegistryImport]:
    same = select(RegistryImport).where(RegistryImport.digest == digest)
    return list(db.session.scalars(same.order_by(RegistryImport.id.desc())))


def _is_mine(import_: RegistryImport) -> bool:
    who = acting()
    return (import_.account_id, import_.appointment_id) == (who.account_id, who.appointment_id)


def _refuse_while_written(same: list[RegistryImport]) -> None:
    for one in same:
        if one.state is ImportState.CONFIRMING:
            name = names_of({one.account_id}).get(one.account_id, "")
            raise Refused(
                _("%(name)s is importing this very file just now. Wait until that is done.", name=name)
            )


def _must_be(import_: RegistryImport, *states: ImportState) -> None:
    db.session.refresh(import_, with_for_update=True)
    if import_.state not in states:
        raise Refused(NOT_NOW)


def _read(import_: RegistryImport) -> None:
    """Read the kept file at once where it is small."""
    if import_.size <= SMALL_FILE:
        try:
            preparing.prepare(import_.id, AtOnce(), MOST_AT_ONCE)
            return
        except preparing.TooManyRows:
            pass
    _start(import_, "registry.import_look")


def _start(import_: RegistryImport, kind: str) -> None:
    import_.job_id = jobs.start(kind, import_id=import_.id).id


def _remember(import_: RegistryImport, mapping: Mapping[int, str]) -> None:
    words: dict[str, Any] = {column["word"]: mapping.get(column["index"]) for column in import_.columns}
    often = [column["word"] for column in import_.columns]
    known = {
        one.word: one
        for one in db.session.scalars(select(ImportWord).where(ImportWord.unit_id == import_.unit_id))
    }
    for word, field in words.items():
        if field is None or not word or often.count(word) > 1:
            continue  # two columns of the same name: which is which is asked each time
        if word in known:
            known[word].field = field
        else:
            db.session.add(ImportWord(unit_id=import_.unit_id, word=word, field=field))


def wrong_rows(import_: RegistryImport) -> IO[bytes] | None:
    """The rows to be mended as a workbook; None where there are none, or nobody fetched them in time."""
    if import_.state is ImportState.PREVIEW:
        content = confirming.problems_sheet(import_.id)
    else:
        content = keeping.opened(import_.id) if import_.state is ImportState.DONE else None
    return BytesIO(content) if content else None
