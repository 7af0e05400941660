"""What of the passes can be exported: one row a pass."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.access.policy import May
from portal.clock import now
from portal.database import db
from portal.passes.kinds import Shown
from portal.passes.listing import Filters, Show
from portal.passes.models import Pass
from portal.passes.standing import shown_states
from portal.spreadsheets.writing import Kind
from portal.units.models import Unit
from portal.web.formats import mask_document, mask_name, mask_plate
from portal.workflow.exporting import ExportColumn, ExportKind


@dataclass(frozen=True)
class Row:
    """A pass, what people see as its state, and where it belongs."""

    held: Pass
    shown: Shown
    unit: str


def pass_ids(choice: str, most: int | None = None) -> Sequence[int]:
    """The passes of a filter, the latest first."""
    found = select(Pass.id).where(Filters(now()).of(Show(choice)))
    return db.session.scalars(found.order_by(Pass.changed_at.desc(), Pass.id.desc()).limit(most)).all()


def rows(ids: Sequence[int]) -> Iterator[Row]:
    """These passes, in the order of the numbers."""
    wanted = select(Pass).where(Pass.id.in_(ids))
    wanted = wanted.options(joinedload(Pass.household), joinedload(Pass.resident))
    found = {held.id: held for held in db.session.scalars(wanted)}
    passes = [found[id_] for id_ in ids if id_ in found]
    named = select(Unit.id, Unit.full_name).where(Unit.id.in_({held.unit_id for held in passes}))
    units = {row.id: row.full_name for row in db.session.execute(named)}
    for held, shown in zip(passes, shown_states(passes, now()), strict=True):
        yield Row(held, shown, units[held.unit_id])


def choices() -> list[tuple[str, Any]]:
    """The filters of the list, everything first."""
    return [(one.value, one.label) for one in (Show.ALL, *(show for show in Show if show is not Show.ALL))]


def _plain(name: str, heading: str, label: Any, mask: Any = None, kind: Kind = Kind.TEXT) -> ExportColumn:
    def value(row: Row) -> Any:
        return getattr(row.held, name)

    return ExportColumn(name, heading, label, value, (lambda row: mask(value(row))) if mask else None, kind)


COLUMNS = (
    _plain("serial", "编号", _l("Serial number")),
    ExportColumn("kind", "种类", _l("Kind"), lambda row: row.held.kind.label),
    ExportColumn("state", "状态", _l("State"), lambda row: row.shown.label),
    _plain("holder_name", "持证人", _l("Holder"), mask_name),
    _plain("document", "证件号码", _l("Document number"), mask_document),
    ExportColumn("unit", "所属网格", _l("Unit"), lambda row: row.unit),
    ExportColumn(
        "address",
        "住址",
        _l("Address"),
        lambda row: row.held.household.address if row.held.household else row.held.employer,
    ),
    ExportColumn("purpose", "事由", _l("Purpose"), lambda row: row.held.purpose_words),
    _plain("plate", "车牌号", _l("Plate"), mask_plate),
    _plain("valid_from", "生效时间", _l("Valid from"), kind=Kind.MOMENT),
    _plain("valid_until", "失效时间", _l("Valid until"), kind=Kind.MOMENT),
    _plain("issued_at", "签发时间", _l("Issued"), kind=Kind.MOMENT),
    _plain("copies", "打印次数", _l("Printed copies"), kind=Kind.WHOLE),
)
EXPORTS = {
    "passes": ExportKind(
        _l("Passes, one row each"), "通行证台账", May.SEE_PASSES, COLUMNS, choices, pass_ids, rows
    )
}
