"""The forms of orders. Hours are asked as orders write them: a date, and a time up to 24:00."""

import re
from datetime import datetime, time, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select
from wtforms.validators import ValidationError

from portal.access.acting import Level, acting
from portal.clock import local, today
from portal.database import db
from portal.orders import hours
from portal.orders.models import Order
from portal.orders.service import Heading
from portal.units.models import Unit
from portal.web.fields import Choice, Clock, Day, TextBox, TextLine
from portal.web.forms import Form

YEAR_IN_BRACKETS = re.compile(r"[\[(（［【〔〖]\s*((?:19|20)\d{2})\s*[\])）］】〕〗]")
TIME_OF_DAY = re.compile(r"([01]?\d|2[0-3])[:：.]?([0-5]\d)|24[:：.]?00")
FURTHEST = timedelta(days=2 * 366)
WEEKS_LESS_A_DAY = (6, 13, 29)  # offered as last days: one week, two, and thirty days with the first
LEVELS_OF_ORDERS = {
    Level.COUNTY: (Level.COUNTY, Level.STREET),
    Level.STREET: (Level.STREET, Level.COMMUNITY),
}


class DocumentNumber(TextLine):
    """发文字号: the year stands in hexagonal brackets, whatever brackets were typed."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        self.data = YEAR_IN_BRACKETS.sub(r"〔\1〕", self.data or "")


class EndTime(TextLine):
    """A time of day, 24:00 included, which a native input doesn't know."""

    attributes = {"autocomplete": "off", "maxlength": 5}

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, limit=5, narrow=True, thing=_l("a time"), default=hours.END_OF_DAY, **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        if found := TIME_OF_DAY.fullmatch(self.data or ""):
            self.data = f"{int(found[1]):02d}:{found[2]}" if found[1] else hours.END_OF_DAY

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if not self.errors and not TIME_OF_DAY.fullmatch(self.data or ""):
            raise ValidationError(_("Enter a time like 18:00 or 24:00"))


class StepForm(Form):
    """A confirmation that asks for nothing."""


class UntilForm(Form):
    """What is new in an extension: its number and its end."""

    number = DocumentNumber(
        _l("Order number"), thing=_l("the order number"), hint=_l("Like 重阳防指〔2026〕3号")
    )
    until_day = Day(_l("Last day"), thing=_l("the last day"))
    until_time = EndTime(_l("Until (time)"))

    def __init__(self, *args: Any, begins: datetime | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.begins = begins
        self.until_day.earliest, self.until_day.latest = today(), today() + FURTHEST
        wait = max((local(begins).date() - today()).days, 0) if begins else 0
        self.until_day.near = tuple(wait + days for days in WEEKS_LESS_A_DAY)

    def validate_until_time(self, field: EndTime) -> None:
        """The end comes after the beginning."""
        if not self.begins or not self.until_day.data or not TIME_OF_DAY.fullmatch(field.data or ""):
            return
        if self.until <= self.begins:
            raise ValidationError(_("The end must be later than the beginning: change one of them"))

    @property
    def until(self) -> datetime:
        """The end that was entered; ValueError in a form that isn't valid."""
        return hours.ending(self.until_day.data, self.until_time.data)


class OrderForm(UntilForm):
    """Everything that an order says of itself. The unit is one of those that one acts for."""

    title = TextLine(
        _l("Title"), limit=120, thing=_l("the title"), hint=_l("Like 关于严格管控人员出入的通告")
    )
    unit_id = Choice(_l("Where it applies"), coerce=int, thing=_l("where it applies"))
    issued_by = TextLine(_l("Issued by"), limit=120, thing=_l("who issued it"))
    legal_basis = TextBox(
        _l("Legal basis"),
        limit=2000,
        thing=_l("the legal basis"),
        hint=_l("The law, article and document that allow it, as valid today"),
    )
    from_day = Day(_l("First day"), thing=_l("the first day"), near=(0, 1))
    from_time = Clock(_l("From (time)"), thing=_l("a time"), default=time(0))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.from_day.earliest, self.from_day.latest = today() - FURTHEST, today() + FURTHEST
        self.unit_id.choices = units_to_choose()
        day, at = self.from_day.data, self.from_time.data
        self.begins = None if day is None or at is None else hours.beginning(day, at)

    @classmethod
    def of(cls, order: Order, **changed: Any) -> "OrderForm":
        """Filled with what the order says; what was posted wins."""
        begins = local(order.effective_from)
        last_day, last_time = hours.written_end(order.until)
        facts = {
            "number": order.number,
            "title": order.title,
            "unit_id": order.unit_id,
            "issued_by": order.issued_by,
            "legal_basis": order.legal_basis,
            "from_day": begins.date(),
            "from_time": begins.time(),
            "until_day": last_day,
            "until_time": last_time,
        }
        return cls(data=facts | changed)

    def heading(self) -> Heading:
        """What was entered, of a valid form."""
        return Heading(
            unit_id=self.unit_id.data,
            number=self.number.data or "",
            title=self.title.data or "",
            legal_basis=self.legal_basis.data or "",
            issued_by=self.issued_by.data or "",
            effective_from=self.begins or self.until,
            until=self.until,
        )


def units_to_choose() -> list[tuple[int, str]]:
    """Where an order of the one acting now may apply: one's own unit and those of the level below it."""
    place = acting().place
    units = select(Unit.id, Unit.full_name, Unit.level).order_by(Unit.code, Unit.id)
    if place is not None:
        levels = LEVELS_OF_ORDERS.get(place.level, (place.level,))
        units = units.where(
            Unit.level.in_(levels), or_(Unit.id == place.unit_id, Unit.parent_id == place.unit_id)
        )
    else:
        units = units.where(Unit.level.in_((Level.COUNTY, Level.STREET)))
    rows = db.session.execute(units).all()
    return [(row.id, row.full_name) for row in sorted(rows, key=lambda row: list(Level).index(row.level))]
