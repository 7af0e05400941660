"""重点人员排查台账: the ledger of key persons, a row a person (field-reference.md §2.1)."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.access.policy import May
from portal.accounts.models import Account
from portal.clock import local, today
from portal.database import db
from portal.registry.serving import names_of
from portal.screenings.keypersons import listing
from portal.screenings.keypersons.decided import NOTHING, Decided, decided
from portal.screenings.keypersons.listing import SHOW_LABELS, Show
from portal.screenings.kinds import SYMPTOM_LABELS, Symptom
from portal.screenings.models import KeyPerson
from portal.screenings.rules import age
from portal.spreadsheets.writing import Kind
from portal.units.models import Unit
from portal.web.formats import HIDDEN, mask_document, mask_name, mask_phone
from portal.web.temperatures import degrees
from portal.workflow.exporting import ExportColumn, ExportKind

BETWEEN = "；"


@dataclass(frozen=True)
class Row:
    """A key person, where the person belongs, who answers for the household, who noted it, and what was decided."""

    person: KeyPerson
    community: str
    group: str
    grid: str
    responsible: str
    responsible_phone: str
    noted_by: str
    decided: Decided


def rows(ids: Sequence[int]) -> Iterator[Row]:
    """These key persons, in the order of the numbers."""
    wanted = select(KeyPerson).where(KeyPerson.id.in_(ids))
    wanted = wanted.options(
        joinedload(KeyPerson.resident), joinedload(KeyPerson.household), joinedload(KeyPerson.area)
    )
    found = {person.id: person for person in db.session.scalars(wanted)}
    persons = [found[id_] for id_ in ids if id_ in found]
    units = {id_ for one in persons for id_ in (one.community_id, one.group_id, one.grid_id)}
    named = select(Unit.id, Unit.name).where(Unit.id.in_(units - {None}))
    names = {row.id: row.name for row in db.session.execute(named)}
    answer = names_of(
        {one.household.responsible_id for one in persons} | {one.created_by_id for one in persons}
    )
    theirs = select(Account.id, Account.phone).where(Account.id.in_(answer))
    phones = {row.id: row.phone for row in db.session.execute(theirs)}
    told = decided([one.id for one in persons])
    for one in persons:
        yield Row(
            one,
            names.get(one.community_id, ""),
            names.get(one.group_id, ""),
            names.get(one.grid_id, ""),
            answer.get(one.household.responsible_id or 0, ""),
            phones.get(one.household.responsible_id or 0, ""),
            answer.get(one.created_by_id or 0, ""),
            told.get(one.id, NOTHING),
        )


def health(person: KeyPerson) -> str:
    """37.3℃；干咳"""
    symptoms = [str(SYMPTOM_LABELS[Symptom(one)]) for one in person.symptoms]
    return BETWEEN.join([*([f"{degrees(person.temperature)}℃"] if person.temperature else []), *symptoms])


def _joined(*words: str) -> str:
    return BETWEEN.join(word for word in words if word)


def _label(value: Any) -> str:
    return value.label if value else ""


def _contact(person: KeyPerson) -> str:
    return _joined(person.contact.label if person.contact else "", person.contact_note)


def _document_type(row: Row) -> str:
    return row.person.resident.document_type.label if row.person.resident.document_index else ""


def period(row: Row) -> str:
    """2026-11-20 至 2026-12-04, in Chinese on every sheet; without an end: 2026-11-20 起."""
    since, until = row.decided.since, row.decided.until
    if since is None:
        return ""
    return f"{local(since):%Y-%m-%d} 至 {local(until):%Y-%m-%d}" if until else f"{local(since):%Y-%m-%d} 起"


def _responsible(row: Row) -> str:
    return " ".join(word for word in (row.responsible, row.responsible_phone) if word)


def _conclusion(row: Row) -> str:
    return _joined(row.decided.conclusion, row.decided.reason)


def _origin(row: Row) -> str:
    return row.person.origin or (row.person.area.name if row.person.area else "")


def _transport(row: Row) -> str:
    return _joined(_label(row.person.transport), row.person.transport_number)


def _resident(name: str, heading: str, label: Any, mask: Callable[[Any], Any] | None = None) -> ExportColumn:
    def value(row: Row) -> Any:
        return getattr(row.person.resident, name) or ""

    return ExportColumn(name, heading, label, value, (lambda row: mask(value(row))) if mask else None)


def _person(
    name: str, heading: str, label: Any, *, hidden: bool = False, kind: Kind = Kind.TEXT
) -> ExportColumn:
    def value(row: Row) -> Any:
        return getattr(row.person, name)

    return ExportColumn(name, heading, label, value, (lambda _row: HIDDEN) if hidden else None, kind)


COLUMNS = (
    _person("id", "编号", _l("Number"), kind=Kind.WHOLE),
    _resident("name", "姓名", _l("Name"), mask_name),
    ExportColumn("sex", "性别", _l("Sex"), lambda row: _label(row.person.resident.sex)),
    ExportColumn(
        "age", "年龄", _l("Age"), lambda row: age(row.person.resident.born_on, today()), kind=Kind.WHOLE
    ),
    ExportColumn("document_type", "证件类型", _l("Document"), _document_type),
    _resident("document", "证件号码", _l("Document number"), mask_document),
    _resident("phone", "联系电话", _l("Phone"), mask_phone),
    ExportColumn("address", "现住址", _l("Address"), lambda row: row.person.household.address),
    _resident("work", "工作单位或职业", _l("Workplace or occupation"), lambda known: known and HIDDEN),
    _resident("registered_address", "户籍地", _l("Registered address"), lambda known: known and HIDDEN),
    ExportColumn("community", "社区", _l("Community"), lambda row: row.community),
    ExportColumn("group", "居民小组", _l("Residents' group"), lambda row: row.group),
    ExportColumn("grid", "网格", _l("Grid"), lambda row: row.grid),
    ExportColumn("category", "人员类别", _l("Noted for"), lambda row: _label(row.person.category)),
    ExportColumn("origin", "来源地", _l("Came from"), _origin),
    _person("left_on", "离开时间", _l("Left there on"), kind=Kind.DAY),
    _person("arrived_at", "到达时间", _l("Arrival"), kind=Kind.MOMENT),
    ExportColumn("transport", "交通方式及班次", _l("Transport"), _transport),
    _person("itinerary", "途经地点", _l("Places on the way"), hidden=True),
    _person("companions", "同行人员", _l("Who came along"), hidden=True),
    ExportColumn("contact", "接触史", _l("Contact with a case"), lambda row: _contact(row.person)),
    ExportColumn("health", "体温/症状", _l("Health"), lambda row: health(row.person)),
    ExportColumn("state", "办理状态", _l("State"), lambda row: _label(row.person.state)),
    ExportColumn("measure", "管控措施", _l("Measure"), lambda row: row.decided.measure),
    ExportColumn("period", "起止日期", _l("From, until"), period),
    ExportColumn("responsible", "包保责任人及电话", _l("Who answers for it"), _responsible),
    ExportColumn("noted_by", "排查人", _l("Noted by"), lambda row: row.noted_by),
    _person("created_at", "排查时间", _l("Noted at"), kind=Kind.MOMENT),
    ExportColumn("conclusion", "研判结论", _l("Conclusion"), _conclusion, lambda row: row.decided.conclusion),
    _person("note", "备注", _l("Note"), hidden=True),
)


def choices() -> list[tuple[str, Any]]:
    """The filters of the list, everything first."""
    return [
        (one.value, SHOW_LABELS[one]) for one in (Show.ALL, *(show for show in Show if show is not Show.ALL))
    ]


EXPORTS = {
    "key_persons": ExportKind(
        _l("Key persons"), "重点人员排查台账", May.SEE_SCREENINGS, COLUMNS, choices, listing.ids, rows
    )
}
