"""What of the registry can be exported: one row a person, or one row a household.

The headings are words that an import recognises, and each cell is written as an import reads it: a list exported in
full and imported again changes nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.access.policy import May
from portal.database import db
from portal.registry import listing
from portal.registry.importing.cells import DOCUMENTS, KINDS, STAYS
from portal.registry.kinds import Sex
from portal.registry.listing import SHOW_LABELS, Show
from portal.registry.models import Household, Resident
from portal.registry.serving import names_of
from portal.spreadsheets.writing import Kind
from portal.units.models import Unit
from portal.web.formats import HIDDEN, mask_document, mask_name, mask_phone
from portal.workflow.exporting import ExportColumn, ExportKind

HEAD = "户主"
SEXES = {Sex.FEMALE: ("女",), Sex.MALE: ("男",)}
BETWEEN_NAMES = "、"


@dataclass(frozen=True)
class Home:
    """A household as its row tells it: where it lies and who answers for it."""

    household: Household
    community: str
    grid: str
    responsible: str
    deputy: str


@dataclass(frozen=True)
class Person:
    """Somebody with the household that the row is about."""

    home: Home
    resident: Resident


@dataclass(frozen=True)
class Family:
    """A household with those who live there; ``head`` is None where nobody is entered as such."""

    home: Home
    head: Resident | None
    others: tuple[Resident, ...]


# ── rows ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def household_ids(choice: str, most: int | None = None) -> Sequence[int]:
    """The households of a part of the list, in the order in which people walk."""
    found = select(Household.id).order_by(Household.address_key, Household.id).limit(most)
    condition = listing.condition_of(Show(choice))
    return db.session.scalars(found if condition is None else found.where(condition)).all()


def resident_ids(choice: str, most: int | None = None) -> Sequence[int]:
    """Those who live in the households of a part of the list, in the order in which people walk, the head first."""
    found = (
        select(Resident.id)
        .join(Household, Household.id == Resident.household_id)
        .where(Resident.left_at.is_(None))
        .order_by(Household.address_key, Household.id, Resident.is_head.desc(), Resident.id)
        .limit(most)
    )
    condition = listing.condition_of(Show(choice))
    return db.session.scalars(found if condition is None else found.where(condition)).all()


def people(ids: Sequence[int]) -> Iterator[Person]:
    """The rows of residents, in the order of the numbers."""
    wanted = select(Resident).where(Resident.id.in_(ids)).options(joinedload(Resident.household))
    found = {resident.id: resident for resident in db.session.scalars(wanted)}
    homes = _homes({resident.household_id: resident.household for resident in found.values()})
    for one in (found[id_] for id_ in ids if id_ in found):
        yield Person(homes[one.household_id], one)


def families(ids: Sequence[int]) -> Iterator[Family]:
    """The rows of households, in the order of the numbers."""
    wanted = select(Household).where(Household.id.in_(ids))
    homes = _homes({household.id: household for household in db.session.scalars(wanted)})
    living: dict[int, list[Resident]] = {}
    who = select(Resident).where(Resident.household_id.in_(ids), Resident.left_at.is_(None))
    for resident in db.session.scalars(who.order_by(Resident.is_head.desc(), Resident.id)):
        living.setdefault(resident.household_id, []).append(resident)
    for home in (homes[id_] for id_ in ids if id_ in homes):
        everybody = living.get(home.household.id, [])
        head = next((one for one in everybody if one.is_head), None)
        yield Family(home, head, tuple(one for one in everybody if one is not head))


def _homes(households: dict[int, Household]) -> dict[int, Home]:
    units = {one.unit_id for one in households.values()} | {one.community_id for one in households.values()}
    named = select(Unit.id, Unit.name, Unit.full_name).where(Unit.id.in_(units - {None}))
    names = {row.id: row for row in db.session.execute(named)}
    answer = names_of({id_ for one in households.values() for id_ in (one.responsible_id, one.deputy_id)})
    return {
        one.id: Home(
            household=one,
            community=names[one.community_id].name if one.community_id in names else "",
            grid=names[one.unit_id].full_name,
            responsible=answer.get(one.responsible_id or 0, ""),
            deputy=answer.get(one.deputy_id or 0, ""),
        )
        for one in households.values()
    }


# ── columns ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _hidden(value: Any) -> str:
    return HIDDEN if value else ""


def _word(value: Any, words: Mapping[Any, tuple[str, ...]]) -> str:
    """The first of the words by which an import knows the value."""
    return words[value][0] if value else ""


def _document_type(resident: Resident | None) -> str:
    """Of those whose document is known."""
    return _word(resident.document_type, DOCUMENTS) if resident and resident.document_index else ""


def _place(name: str, heading: str, label: Any) -> ExportColumn:
    return ExportColumn(name, heading, label, lambda row: getattr(row.home, name))


def _address(name: str, heading: str, label: Any) -> ExportColumn:
    return ExportColumn(name, heading, label, lambda row: getattr(row.home.household, name))


def _of_person(name: str, heading: str, label: Any, mask: Any = None) -> ExportColumn:
    def value(row: Person) -> Any:
        return getattr(row.resident, name)

    return ExportColumn(name, heading, label, value, (lambda row: mask(value(row))) if mask else None)


def _of_head(name: str, heading: str, label: Any, mask: Any) -> ExportColumn:
    def value(row: Family) -> Any:
        return getattr(row.head, name) if row.head else ""

    return ExportColumn(f"head_{name}", heading, label, value, lambda row: mask(value(row)))


def _year(born_on: date | None) -> str:
    return f"{born_on.year}" if born_on else ""


PLACE = (
    _place("community", "社区", _l("Community")),
    _place("grid", "网格", _l("Grid")),
    _address("compound", "小区", _l("Compound or village")),
    _address("building", "楼栋", _l("Building")),
    _address("stairwell", "单元", _l("Stairwell")),
    _address("room", "房号", _l("Room")),
    _address("address_note", "详细地址", _l("Address in words")),
)
HOUSE = (
    ExportColumn("kind", "房屋用途", _l("Used as"), lambda row: _word(row.home.household.kind, KINDS)),
    ExportColumn(
        "note",
        "备注",
        _l("Note"),
        lambda row: row.home.household.note,
        lambda row: _hidden(row.home.household.note),
    ),
    _place("responsible", "包保责任人", _l("Responsible")),
)
RESIDENT_COLUMNS = (
    *PLACE,
    _of_person("name", "姓名", _l("Name"), mask_name),
    ExportColumn(
        "relation",
        "与户主关系",
        _l("Relation to the head"),
        lambda row: HEAD if row.resident.is_head else row.resident.relation,
    ),
    ExportColumn("sex", "性别", _l("Sex"), lambda row: _word(row.resident.sex, SEXES)),
    ExportColumn(
        "born_on",
        "出生日期",
        _l("Date of birth"),
        lambda row: row.resident.born_on,
        lambda row: _year(row.resident.born_on),
        Kind.DAY,
    ),
    ExportColumn(
        "document_type",
        "证件类型",
        _l("Document"),
        lambda row: _document_type(row.resident),
    ),
    _of_person("document", "证件号码", _l("Document number"), mask_document),
    _of_person("phone", "联系电话", _l("Phone"), mask_phone),
    _of_person("phone_of", "电话机主", _l("Whose phone it is"), _hidden),
    ExportColumn("stay", "居住状态", _l("How they live here"), lambda row: _word(row.resident.stay, STAYS)),
    _of_person("work", "工作单位", _l("Work"), _hidden),
    _of_person("registered_address", "户籍地址", _l("Registered address"), _hidden),
    *HOUSE,
)
HOUSEHOLD_COLUMNS = (
    *PLACE,
    _of_head("name", "户主姓名", _l("Name of the head"), mask_name),
    ExportColumn("document_type", "证件类型", _l("Document"), lambda row: _document_type(row.head)),
    _of_head("document", "户主身份证号码", _l("Document number of the head"), mask_document),
    _of_head("phone", "户主联系电话", _l("Phone of the head"), mask_phone),
    ExportColumn(
        "others",
        "家庭成员",
        _l("Names of the others, in one cell"),
        lambda row: BETWEEN_NAMES.join(one.name for one in row.others),
        lambda row: BETWEEN_NAMES.join(mask_name(one.name) for one in row.others),
    ),
    ExportColumn(
        "people",
        "人口数",
        _l("Number of people"),
        lambda row: len(row.others) + bool(row.head),
        kind=Kind.WHOLE,
    ),
    *HOUSE,
)


def choices() -> list[tuple[str, Any]]:
    """The parts of the registry's list, the whole first."""
    return [(one.value, SHOW_LABELS[one]) for one in listing.shows() if one is not Show.MINE]


EXPORTS = {
    "residents": ExportKind(
        _l("People, one row each"),
        "居民台账",
        May.SEE_REGISTRY,
        RESIDENT_COLUMNS,
        choices,
        resident_ids,
        people,
    ),
    "households": ExportKind(
        _l("Households, one row each"),
        "户籍台账",
        May.SEE_REGISTRY,
        HOUSEHOLD_COLUMNS,
        choices,
        household_ids,
        families,
    ),
}
