"""What households and people can be, in the words of the field (field-reference.md §2.1, §10, §11)."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp


class HouseholdKind(StrEnum):
    """What a flat, house or shop is used for."""

    OWNED = "owned"
    RENTED = "rented"
    EMPTY = "empty"
    SHOP = "shop"
    DORMITORY = "dormitory"
    OTHER = "other"

    @property
    def label(self) -> str:
        return str(HOUSEHOLD_KIND_LABELS[self])


class Sex(StrEnum):
    """As it stands on the identity card."""

    FEMALE = "female"
    MALE = "male"

    @property
    def label(self) -> str:
        return str(SEX_LABELS[self])


class Stay(StrEnum):
    """How somebody of a household is there: 常住, 流动, 外出."""

    PERMANENT = "permanent"
    FLOATING = "floating"
    AWAY = "away"

    @property
    def label(self) -> str:
        return str(STAY_LABELS[self])


class Duty(StrEnum):
    """包保到户: who answers for a household, and who stands in."""

    RESPONSIBLE = "responsible"
    DEPUTY = "deputy"

    @property
    def label(self) -> str:
        return str(DUTY_LABELS[self])

    @property
    def column(self) -> str:
        """The column of a household that holds who has the duty now."""
        return f"{self.value}_id"

    @property
    def other(self) -> "Duty":
        return Duty.DEPUTY if self is Duty.RESPONSIBLE else Duty.RESPONSIBLE


class Need(StrEnum):
    """Why somebody needs looking after. Asked only while an order switches it on."""

    LIVES_ALONE = "lives_alone"
    PREGNANT = "pregnant"
    DISABLED = "disabled"
    DIALYSIS = "dialysis"
    CHRONIC = "chronic"
    LEFT_BEHIND = "left_behind"

    @property
    def label(self) -> str:
        return str(NEED_LABELS[self])


HOUSEHOLD_KIND_LABELS: dict[HouseholdKind, Any] = {
    HouseholdKind.OWNED: _l("Lived in by the owner"),
    HouseholdKind.RENTED: _l("Rented out"),
    HouseholdKind.EMPTY: _lp("household", "Empty"),
    HouseholdKind.SHOP: _l("Shop"),
    HouseholdKind.DORMITORY: _l("Dormitory"),
    HouseholdKind.OTHER: _lp("household", "Other"),
}
SEX_LABELS: dict[Sex, Any] = {Sex.FEMALE: _l("Female"), Sex.MALE: _l("Male")}
STAY_LABELS: dict[Stay, Any] = {
    Stay.PERMANENT: _l("Lives here"),
    Stay.FLOATING: _l("Here for a time"),
    Stay.AWAY: _l("Away for a time"),
}
DUTY_LABELS: dict[Duty, Any] = {Duty.RESPONSIBLE: _l("Responsible"), Duty.DEPUTY: _l("Deputy")}
NEED_LABELS: dict[Need, Any] = {
    Need.LIVES_ALONE: _l("Elderly and alone"),
    Need.PREGNANT: _l("Pregnant"),
    Need.DISABLED: _l("Disabled"),
    Need.DIALYSIS: _l("On dialysis"),
    Need.CHRONIC: _l("Needs medicine all the time"),
    Need.LEFT_BEHIND: _l("Left-behind child"),
}
