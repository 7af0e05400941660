"""What of the isolations can be exported: one row an isolation."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.access.policy import May
from portal.clock import now
from portal.database import db
from portal.isolations import rules
from portal.isolations.listing import Filters, Show
from portal.isolations.models import Isolation
from portal.spreadsheets.writing import Kind
from portal.units.models import Unit
from portal.web.formats import mask_document, mask_name, mask_phone
from portal.workflow.exporting import ExportColumn, ExportKind


@dataclass(frozen=True)
class Row:
    """An isolation, and where it belongs."""

    isolation: Isolation
    unit: str


def isolation_ids(choice: str, most: int | None = None) -> Sequence[int]:
    """The isolations of a filter, the latest first."""
    found = select(Isolation.id).where(Filters(now()).of(Show(choice)))
    return db.session.scalars(
        found.order_by(Isolation.changed_at.desc(), Isolation.id.desc()).limit(most)
    ).all()


def rows(ids: Sequence[int]) -> Iterator[Row]:
    """These isolations, in the order of the numbers."""
    wanted = select(Isolation).where(Isolation.id.in_(ids))
    wanted = wanted.options(
        joinedload(Isolation.resident), joinedload(Isolation.household), joinedload(Isolation.order)
    )
    found = {one.id: one for one in db.session.scalars(wanted)}
    named = select(Unit.id, Unit.full_name).where(Unit.id.in_({one.unit_id for one in found.values()}))
    units = {row.id: row.full_name for row in db.session.execute(named)}
    for isolation in (found[id_] for id_ in ids if id_ in found):
        yield Row(isolation, units[isolation.unit_id])


def choices() -> list[tuple[str, Any]]:
    """The filters of the list, the open ones first."""
    return [(one.value, one.label) for one in (Show.OPEN, *(show for show in Show if show is not Show.OPEN))]


def _of_person(name: str, heading: str, label: Any, mask: Any) -> ExportColumn:
    def value(row: Row) -> Any:
        return getattr(row.isolation.resident, name)

    return ExportColumn(name, heading, label, value, lambda row: mask(value(row)))


def _plain(name: str, heading: str, label: Any, kind: Kind = Kind.TEXT) -> ExportColumn:
    return ExportColumn(name, heading, label, lambda row: getattr(row.isolation, name), kind=kind)


COLUMNS = (
    _of_person("name", "姓名", _l("Name"), mask_name),
    _of_person("document", "证件号码", _l("Document number"), mask_document),
    _of_person("phone", "联系电话", _l("Phone"), mask_phone),
    ExportColumn("unit", "所属网格", _l("Unit"), lambda row: row.unit),
    ExportColumn("address", "住址", _l("Address"), lambda row: row.isolation.household.address),
    ExportColumn("kind", "管控措施", _l("Kind of isolation"), lambda row: row.isolation.kind.label),
    ExportColumn("state", "状态", _l("State"), lambda row: row.isolation.state.label),
    _plain("starts_at", "起算时间", _l("Counted from"), Kind.MOMENT),
    _plain("ends_at", "期满时间", _l("Until"), Kind.MOMENT),
    ExportColumn(
        "days",
        "天数",
        _l("Whole days"),
        lambda row: rules.days_in_all(row.isolation.starts_at, row.isolation.ends_at),
        kind=Kind.WHOLE,
    ),
    ExportColumn("order", "依据文号", _l("Order"), lambda row: row.isolation.order.number),
    _plain("ended_at", "结束时间", _l("Ended"), Kind.MOMENT),
    _plain("medic", "解除人（医疗卫生机构）", _l("Released by (medical side)")),
    _plain("medic_unit", "解除机构", _l("Their unit")),
)
EXPORTS = {
    "isolations": ExportKind(
        _l("Isolations, one row each"),
        "隔离管控台账",
        May.SEE_ISOLATIONS,
        COLUMNS,
        choices,
        isolation_ids,
        rows,
    )
}
