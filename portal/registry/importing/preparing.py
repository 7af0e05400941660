"""From the kept file to the preview: its columns recognised, its rows compared and kept, as often as needed."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from portal.access.bulk import insert_many
from portal.clock import now, today
from portal.database import db
from portal.registry.addresses import ADDRESS_PARTS
from portal.registry.importing import keeping, matching
from portal.registry.importing.facts import dumped
from portal.registry.importing.grids import Grids
from portal.registry.importing.homes import gather
from portal.registry.importing.kinds import Choice, ImportState, Outcome
from portal.registry.importing.matching import Found
from portal.registry.importing.models import ImportRow, ImportWord, RegistryImport
from portal.registry.importing.registered import Doors
from portal.registry.importing.steps import Steps
from portal.registry.importing.synonyms import DICTIONARY, PASSED_OVER
from portal.spreadsheets import headings, reading
from portal.spreadsheets.headings import Column, Heading
from portal.spreadsheets.reading import Sheet
from portal.spreadsheets.refusal import ONLY_HEADINGS, WHOLE_STREET, Refusal
from portal.spreadsheets.rows import shown
from portal.spreadsheets.wording import normal

HOMES_AT_ONCE = 400
EXAMPLES = 2
LOOKED_AT = 50
LONGEST_OF_NAMES = 8
ADDRESS_FIELDS = (*ADDRESS_PARTS[:-1], "address")
FILE_GONE = "the file is gone"


class TooManyRows(Exception):
    """More than are done within a request."""


def prepare(import_id: int, steps: Steps, most: int | None = None) -> None:
    """Read the kept file and keep what it would do. ``TooManyRows`` where it has more than ``most``.

    Ends in ``ASKING`` where a person must name columns, in ``REFUSED`` where the file cannot be read, else in
    ``PREVIEW``. ``Refusal`` only in the first step of all, before anything was written.
    """
    steps.note(_("Reading the file"))
    try:
        sheet, heading = read(import_id)
    except Refusal as refusal:
        for _once in steps.steps([import_id], part="refuse"):
            _refuse(import_id, str(refusal.sentence))
        steps.report(str(refusal.sentence))
        return
    if most is not None and len(sheet.rows) > most:
        raise TooManyRows
    for _once in steps.steps([import_id], part="recognise"):
        _recognise(import_id, sheet, heading)
    if _the(import_id).state is ImportState.ASKING:
        steps.report(_("Some columns have to be named first."))
        return
    grids = Grids(_the(import_id).grid_to)
    found, remarks = gather(sheet, heading, grids, today())
    homes = list(enumerate(found))
    del sheet
    steps.note(_("Comparing with the registry"))
    doors = Doors()
    for some in steps.chunks(homes, HOMES_AT_ONCE, part="compare"):
        keep_rows(_the(import_id), matching.match(some, doors))
    for _once in steps.steps([import_id], part="count"):
        import_ = _the(import_id)
        import_.state, import_.expires_at = ImportState.PREVIEW, now() + keeping.KEPT
        import_.remarks = [*import_.remarks, *remarks]
    steps.report(_("The preview is ready. Nothing has been written yet."))


def read(import_id: int) -> tuple[Sheet, Heading]:
    """The sheet of the kept file and its headings, with what people have said about them. ``Refusal``."""
    import_, content = _the(import_id), keeping.opened(import_id)
    if content is None:
        raise LookupError(FILE_GONE)
    sheet = reading.read(content, import_.sheet, WHOLE_STREET)
    heading = headings.find(sheet, DICTIONARY.with_words(remembered(import_.unit_id)))
    if len(sheet.names) == 1 and not any(
        cell is not None for row in sheet.rows[heading.start :] for cell in row.cells
    ):
        raise Refusal(ONLY_HEADINGS)
    if import_.is_mapped:
        heading = heading.assign({int(index): field or None for index, field in import_.mapping.items()})
    return sheet, heading


def remembered(unit_id: int) -> dict[str, list[str]]:
    """What the unit's people have said about headings: {field: words}."""
    words: dict[str, list[str]] = {}
    said = select(ImportWord.word, ImportWord.field).where(ImportWord.unit_id == unit_id)
    for row in db.session.execute(said.order_by(ImportWord.id)):
        words.setdefault(row.field or f"{PASSED_OVER}not needed", []).append(row.word)
    return words


def keep_rows(import_: RegistryImport, found: Sequence[Found]) -> None:
    """Add rows to the preview, and count them."""
    rows = [
        {
            "unit_id": import_.unit_id,
            "import_id": import_.id,
            "number": row.number,
            "home": row.home,
            "outcome": row.outcome,
            "why": row.why,
            "choice": Choice.TAKE if row.outcome is Outcome.CHANGED else None,
            "household_id": row.household_id,
            "resident_id": row.resident_id,
            "told": dumped(row.told),
        }
        for row in found
    ]
    insert_many(ImportRow, rows)
    counted = Counter(row.outcome.value for row in found)
    import_.counts = {one.value: import_.count(one) + counted[one.value] for one in Outcome}
    db.session.flush()


def _the(import_id: int) -> RegistryImport:
    return db.session.get_one(RegistryImport, import_id)


def _refuse(import_id: int, sentence: str) -> None:
    import_ = _the(import_id)
    import_.state, import_.refusal = ImportState.REFUSED, sentence
    keeping.forget(import_id)


def _recognise(import_id: int, sheet: Sheet, heading: Heading) -> None:
    """Note what the sheet is like, and whether somebody must be asked."""
    import_ = _the(import_id)
    keeping.forget_rows(import_id)
    import_.counts, import_.sheets, import_.sheet = {}, list(sheet.names), sheet.name
    import_.remarks = [str(remark) for remark in sheet.remarks()]
    import_.columns = [
        _described(column, sheet, heading) for column in heading.columns if not column.is_ignored
    ]
    if not import_.is_mapped and _must_ask(heading, Grids(import_.grid_to)):
        import_.state = ImportState.ASKING


def _must_ask(heading: Heading, grids: Grids) -> bool:
    fields = {column.field for column in heading.columns}
    unsure = any(not column.is_sure for column in heading.columns if not column.is_ignored)
    nameless = not fields & {"name", "head.name"}
    homeless = not fields & set(ADDRESS_FIELDS)
    placeless = grids.otherwise is None and not fields & {"grid", "group"}
    return unsure or nameless or homeless or placeless


def _described(column: Column, sheet: Sheet, heading: Heading) -> dict[str, Any]:
    cells = [
        shown(row.cells[column.index])
        for row in sheet.rows[heading.start : heading.start + LOOKED_AT]
        if column.index < len(row.cells) and row.cells[column.index] is not None
    ]
    return {
        "index": column.index,
        "letter": column.letter,
        "label": column.label[:60],
        "word": normal(column.label)[:120],
        "field": column.field,
        "is_sure": column.is_sure,
        "could_be": list(column.could_be),
        "examples": [masked(said) for said in dict.fromkeys(cells)][:EXAMPLES],
    }


def masked(said: str) -> str:
    """An example of what stands in a column, by which nobody is known: 张*, 411***, 2020-**-**."""
    flat = unicodedata.normalize("NFKC", said)
    if re.search(r"\d{5}", re.sub(r"[\s-]", "", flat)):
        return f"{flat[:3]}***"
    if not re.search(r"\d", flat) and 1 < len(flat) <= LONGEST_OF_NAMES:
        return f"{flat[:1]}*"
    return f"{flat[:4]}…" if len(flat) > LONGEST_OF_NAMES else flat
