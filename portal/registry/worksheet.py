"""Worksheets of the registry: one row a household, or one row a person, with what people at the door find out."""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from portal.access.acting import Place
from portal.access.policy import May
from portal.access.scope import lies_in
from portal.database import db
from portal.registry import listing, needs, service
from portal.registry.addresses import address_of
from portal.registry.identifiers import WrongNumber, check_phone
from portal.registry.kinds import HOUSEHOLD_KIND_LABELS, NEED_LABELS, HouseholdKind, Need
from portal.registry.listing import SHOW_LABELS, Show
from portal.registry.models import ADDRESS, Household, Resident
from portal.registry.service import NOTHING_KNOWN, Person
from portal.web.errors import Refused
from portal.web.formats import mask_name, mask_phone
from portal.workflow.worksheets import (
    YES_NO_LABELS,
    Width,
    WorksheetColumn,
    WorksheetKind,
    WorksheetLine,
    WrongValue,
    one_of,
    words,
    yes_no,
)

KIND_WORDS = {
    HouseholdKind.OWNED.value: ("1自住", "1", "自住", "自有"),
    HouseholdKind.RENTED.value: ("2出租", "2", "出租", "租住"),
    HouseholdKind.EMPTY.value: ("3空置", "3", "空置", "空房"),
    HouseholdKind.SHOP.value: ("4商铺", "4", "商铺", "门面"),
    HouseholdKind.DORMITORY.value: ("5宿舍", "5", "宿舍"),
    HouseholdKind.OTHER.value: ("6其他", "6", "其他"),
}
MOVED, DIED = "moved", "died"
LEFT_LABELS: dict[str, Any] = {MOVED: _l("Moved away"), DIED: _l("Died")}
LEFT_WORDS = {MOVED: ("1迁出", "1", "迁出", "搬走"), DIED: ("2去世", "2", "去世", "死亡")}
NEED_WORDS = {
    Need.LIVES_ALONE: ("1独居", "独居"),
    Need.PREGNANT: ("2孕妇", "孕妇"),
    Need.DISABLED: ("3残疾", "残疾"),
    Need.DIALYSIS: ("4透析", "透析"),
    Need.CHRONIC: ("5慢病", "慢病"),
    Need.LEFT_BEHIND: ("6留守", "留守"),
}
NOBODY = "0"
NOT_ASKED = _l("No order in force asks for this here.")


# ── what is printed ──────────────────────────────────────────────────────────────────────────────────────────────


def choices() -> list[tuple[str, Any]]:
    """The parts of the list."""
    return [(one.value, SHOW_LABELS[one]) for one in listing.shows()]


def household_ids(choice: str, place: Place, most: int) -> Sequence[int]:
    """The households of a place, in the order in which people walk."""
    found = select(Household.id).where(lies_in(Household, place))
    condition = listing.condition_of(Show(choice))
    found = found if condition is None else found.where(condition)
    return db.session.scalars(found.order_by(Household.address_key, Household.id).limit(most)).all()


def resident_ids(choice: str, place: Place, most: int) -> Sequence[int]:
    """Those who live there, in the same order, the head first."""
    found = select(Resident.id).join(Household, Household.id == Resident.household_id)
    found = found.where(lies_in(Household, place), Resident.left_at.is_(None))
    condition = listing.condition_of(Show(choice))
    found = found if condition is None else found.where(condition)
    walk = (Household.address_key, Household.id, Resident.is_head.desc(), Resident.id)
    return db.session.scalars(found.order_by(*walk).limit(most)).all()


def household_lines(ids: Sequence[int]) -> Iterator[WorksheetLine]:
    """Each household with its head, or whoever was entered first, and how many live there."""
    homes = {row.id: row for row in db.session.execute(_addresses().where(Household.id.in_(ids)))}
    living = select(
        Resident.household_id, Resident.name, func.count().over(partition_by=Resident.household_id)
    )
    living = living.where(Resident.household_id.in_(ids), Resident.left_at.is_(None))
    heads: dict[int, str] = {}
    for household_id, name, people in db.session.execute(
        living.order_by(Resident.is_head.desc(), Resident.id)
    ):
        heads.setdefault(household_id, f"{mask_name(name)} {people}人")
    for id_ in ids:
        if id_ in homes:
            yield WorksheetLine(id_, homes[id_].unit_id, _address(homes[id_]), heads.get(id_, ""))


def resident_lines(ids: Sequence[int]) -> Iterator[WorksheetLine]:
    """Each person with the address."""
    wanted = _addresses().add_columns(Resident.id.label("resident_id"), Resident.name)
    wanted = wanted.join(Resident, Resident.household_id == Household.id).where(Resident.id.in_(ids))
    found = {row.resident_id: row for row in db.session.execute(wanted)}
    for id_ in ids:
        if id_ in found:
            yield WorksheetLine(id_, found[id_].unit_id, _address(found[id_]), mask_name(found[id_].name))


def _addresses() -> Any:
    return select(
        Household.id,
        Household.unit_id,
        *ADDRESS,
    )


def _address(row: Any) -> str:
    return address_of(row)


def find_household(id_: int) -> Household | None:
    """A household of one's own scope."""
    return db.session.get(Household, id_)


def find_resident(id_: int) -> Resident | None:
    """A person of one's own scope."""
    return db.session.get(Resident, id_)


# ── what is keyed ────────────────────────────────────────────────────────────────────────────────────────────────


def household_columns() -> list[WorksheetColumn]:
    """What people find out about a household."""
    return [
        WorksheetColumn(
            "at_home",
            "是否在家",
            _l("Somebody at home"),
            yes_no,
            shown=lambda text: YES_NO_LABELS[text],
            hint="是／否",
            width=Width.NARROW,
        ),
        WorksheetColumn(
            "kind",
            "房屋用途",
            _l("Used as"),
            one_of(KIND_WORDS),
            lambda household, text: _change(household, kind=HouseholdKind(text)),
            lambda text: HOUSEHOLD_KIND_LABELS[HouseholdKind(text)],
            hint="1自住 2出租 3空置 4商铺 5宿舍 6其他",
        ),
        WorksheetColumn(
            "note",
            "备注",
            _l("Note"),
            words(200),
            lambda household, text: _change(household, note=text),
            width=Width.WIDE,
        ),
    ]


def resident_columns() -> list[WorksheetColumn]:
    """What people find out about a person; who needs looking after only where an order asks for it."""
    columns = [
        WorksheetColumn(
            "phone",
            "联系电话",
            _l("Phone"),
            read_phone,
            lambda resident, text: _correct(resident, phone=text),
            mask_phone,
        ),
        WorksheetColumn(
            "phone_of",
            "电话机主",
            _l("Whose phone it is"),
            words(40),
            lambda resident, text: _correct(resident, phone_of=text),
            hint="本人不用填",
            width=Width.NARROW,
        ),
        WorksheetColumn(
            "left",
            "迁出去世",
            _l("Moved away or died"),
            one_of(LEFT_WORDS),
            lambda resident, text: service.record_as_left(resident, str(LEFT_LABELS[text])),
            lambda text: LEFT_LABELS[text],
            hint="1迁出 2去世",
            width=Width.NARROW,
        ),
    ]
    asked = needs.asked_here()
    if asked:
        hint = " ".join(NEED_WORDS[need][0] for need in asked)
        columns.append(
            WorksheetColumn(
                "needs",
                "需要关照",
                _l("Needs looking after"),
                read_needs,
                _note_needs,
                _shown_needs,
                hint=f"{hint} 0无，可多选",
            )
        )
    return columns


def read_phone(typed: str) -> str:
    """A mobile number or a landline, as it is kept."""
    try:
        return check_phone(typed)
    except WrongNumber as wrong:
        raise WrongValue(wrong.sentence) from None


def read_needs(typed: str) -> str:
    """Figures or words, one after the other (13, 1 3, 独居、残疾); 0 for none. Kept in the order of the list."""
    left = "".join(typed.split())
    if left in (NOBODY, "无"):
        return NOBODY
    found = set()
    for need in needs.asked_here():
        figure, word = NEED_WORDS[need][0][0], NEED_WORDS[need][1]
        for said in (f"{figure}{word}", word, figure):
            if said in left:
                found.add(need)
                left = left.replace(said, "")
    if left.strip("、，,.;/") or not found:
        offered = "、".join(NEED_WORDS[need][0] for need in needs.asked_here())
        raise WrongValue(_l("Enter one or more of these, or 0: %(allowed)s.", allowed=offered))
    return " ".join(need.value for need in Need if need in found)


def _noted(text: str) -> list[Need]:
    return [] if text == NOBODY else [Need(one) for one in text.split()]


def _shown_needs(text: str) -> str:
    return _(", ").join(str(NEED_LABELS[need]) for need in _noted(text)) or _("none")


def _note_needs(resident: Resident, text: str) -> None:
    _order, asked = needs.asked_at(resident.unit_id)
    if not set(_noted(text)) <= set(asked):
        raise Refused(NOT_ASKED)
    needs.note(resident, _noted(text))


def _change(household: Household, **changes: Any) -> None:
    """Write one thing about a household; all else stays."""
    known = {name: getattr(household, name) for name in NOTHING_KNOWN}
    service.change_household(household, household.unit_id, **known | changes)


def _correct(resident: Resident, **changes: Any) -> None:
    """Write one thing about a person; all else stays."""
    known = {field.name: getattr(resident, field.name) for field in fields(Person)}
    service.change_resident(resident, Person(**known | changes))


WORKSHEETS = {
    "households": WorksheetKind(
        _l("Households"),
        "入户走访登记表",
        May.WRITE_REGISTRY,
        household_columns,
        choices,
        household_ids,
        household_lines,
        find_household,
    ),
    "residents": WorksheetKind(
        _l("People"),
        "人员信息核对表",
        May.WRITE_REGISTRY,
        resident_columns,
        choices,
        resident_ids,
        resident_lines,
        find_resident,
    ),
}
