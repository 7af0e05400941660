"""The forms of the registry. Partial records are legal: of a person only the name is needed."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from portal.clock import LOCAL, local, now, today
from portal.registry.identifiers import (
    DOCUMENT_LABELS,
    DocumentType,
    WrongNumber,
    check_document,
    check_phone,
)
from portal.registry.models import Household, Resident
from portal.registry.names import LONGEST_NAME, uniform_name
from portal.registry.restrictions import RESTRICTION_LABELS, RestrictionKind
from portal.registry.service import Double, Person, doubles_of, last_compound
from portal.web.fields import Chips, Choice, Clock, Day, TextBox, TextLine, Tick
from portal.web.forms import Form

PHONE_INPUT = {"type": "tel", "inputmode": "tel"}
RELATIONS = ("儿子", "女儿", "配偶", "父母", "邻居", "网格员")
FURTHEST = timedelta(days=2 * 366)
WHY_LOOK = {
    "identity": _l("Check who it is"),
    "contact": _l("Get in touch"),
    "help": _l("Medical or other emergency"),
    "other": _l("Another reason"),
}


class NameLine(TextLine):
    """A person's name, in its uniform form."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        self.data = uniform_name(self.data or "")


class HouseholdForm(Form):
    """Where a household lives. A village house has free text only."""

    grid = Choice(_l("Grid"), coerce=int, thing=_l("the grid"))
    compound = TextLine(_l("Compound or village"), limit=60, optional=True)
    building = TextLine(
        _l("Building"), limit=20, optional=True, narrow=True, hint=_l("A number, or like 3栋")
    )
    stairwell = TextLine(
        _l("Stairwell"), limit=20, optional=True, narrow=True, hint=_l("A number, or like 东单元")
    )
    room = TextLine(_l("Room"), limit=20, optional=True, narrow=True)
    address_note = TextLine(
        _l("Address in words"),
        limit=120,
        optional=True,
        hint=_l("For houses and shops without numbers, and for how to find the door"),
    )

    def __init__(self, grids: list[tuple[int, str]], household: Household | None = None) -> None:
        known: dict[str, Any] = {"grid": household.unit_id} if household else {}
        if household is None and len(grids) == 1:
            known["compound"] = last_compound(grids[0][0])
        super().__init__(obj=household, data=known)
        self.grids = grids
        if len(grids) == 1:
            del self.grid  # known, so not asked
        else:
            self.grid.choices = [("", _l("Choose")), *grids]

    def validate(self, **kwargs: Any) -> bool:
        """Something must lead to the door."""
        right = bool(super().validate(**kwargs))
        if any(self.address.values()):
            return right
        self.address_note.errors = [_("Enter the address: the compound and room, or in words")]
        return False

    @property
    def grid_id(self) -> int:
        """The grid that was chosen, or the only one there is."""
        return self.grids[0][0] if len(self.grids) == 1 else int(self.grid.data)

    @property
    def address(self) -> dict[str, str]:
        """The parts of the address, as the service takes them."""
        fields = (self.compound, self.building, self.stairwell, self.room, self.address_note)
        return {field.name: field.data or "" for field in fields}


class ResidentForm(Form):
    """What is known of a person. Stored numbers aren't shown: an empty field keeps them, a tick forgets them."""

    name = NameLine(_l("Name"), limit=LONGEST_NAME, thing=_l("the name"))
    is_head = Tick(_l("Head of the household"))
    document_type = Choice(
        _l("Document"),
        choices=list(DOCUMENT_LABELS.items()),
        coerce=DocumentType,
        default=DocumentType.ID_CARD,
    )
    document = TextLine(_l("Document number"), limit=40, optional=True)
    phone = TextLine(_l("Phone"), limit=30, optional=True, render_kw=PHONE_INPUT)
    phone_of = TextLine(
        _l("Whose phone it is"),
        limit=40,
        optional=True,
        hint=_l("Without a phone of their own, enter a relative's number and who it is"),
        render_kw={"list": "relations"},
    )
    forget_document = Tick(_l("Forget the document number"))
    forget_phone = Tick(_l("Forget the phone number"))
    although_registered = Tick(_l("Register here all the same"))
    double: Double | None = None

    def __init__(self, resident: Resident | None = None, **known: Any) -> None:
        self.resident = resident
        if resident is not None:
            known |= {
                name: getattr(resident, name) for name in ("name", "is_head", "document_type", "phone_of")
            }
        super().__init__(data=known)

    def validate_document(self, field: TextLine) -> None:
        """Right by its check digit, and not somebody else's."""
        if field.data:
            kind = self.document_type.data or DocumentType.ID_CARD
            field.data = _checked(lambda: check_document(kind, field.data or "", today()))
            self.double = doubles_of(field.data, but=self.resident.id if self.resident else None)
            if self.double and not self.although_registered.data:
                raise ValidationError(_("This document is registered already: look at the note below"))

    def validate_phone(self, field: TextLine) -> None:
        """A mobile number or a landline."""
        if field.data:
            field.data = _checked(lambda: check_phone(field.data or ""))

    @property
    def person(self) -> Person:
        """What is to be written down, of a valid form."""
        return Person(
            name=self.name.data or "",
            is_head=bool(self.is_head.data),
            document_type=self.document_type.data or DocumentType.ID_CARD,
            document=self._number("document"),
            phone=self._number("phone"),
            phone_of=self.phone_of.data or "",
        )

    def _number(self, name: str) -> str | None:
        typed: str | None = getattr(self, name).data
        kept = getattr(self.resident, name) if self.resident else None
        return typed or (None if getattr(self, f"forget_{name}").data else kept)


class RestrictionForm(Form):
    """What restricts a household, from when, until when and on what basis."""

    kind = Chips(
        _l("Kind"), choices=list(RESTRICTION_LABELS.items()), coerce=RestrictionKind, thing=_l("the kind")
    )
    from_day = Day(_l("From (day)"), thing=_l("the first day"), near=(0, 1))
    from_time = Clock(_l("From (time)"), thing=_l("a time"))
    until_day = Day(
        _l("Last day"), optional=True, near=(7, 14), hint=_l("Leave it empty: until it is lifted")
    )
    source = TextLine(
        _l("Basis"), limit=200, thing=_l("the basis"), hint=_l("Who decided it or found it out, and when")
    )

    def __init__(self) -> None:
        here = local(now())
        super().__init__(
            data={"from_day": here.date(), "from_time": here.time().replace(second=0, microsecond=0)}
        )
        for field in (self.from_day, self.until_day):
            field.earliest, field.latest = today() - FURTHEST, today() + FURTHEST

    def validate_until_day(self, field: Day) -> None:
        """The end comes after the beginning."""
        if field.data and self.from_day.data and field.data < self.from_day.data:
            raise ValidationError(_("The last day must not be before the first"))

    @property
    def since(self) -> datetime:
        """The moment from which it restricts, of a valid form."""
        return datetime.combine(self.from_day.data or today(), self.from_time.data or time(0), LOCAL)

    @property
    def until(self) -> datetime | None:
        """The end of the last day; None: until it is lifted."""
        if self.until_day.data is None:
            return None
        return datetime.combine(self.until_day.data + timedelta(days=1), time(0), LOCAL)


class ReasonForm(Form):
    """Why something ends."""

    reason = TextLine(_l("Reason"), limit=200, thing=_l("the reason"))


class RevealForm(Form):
    """Why a number must be seen in full. It is written down."""

    why = Chips(_l("Why do you need it?"), choices=list(WHY_LOOK.items()), thing=_l("why you need it"))
    other = TextBox(_l("In words"), limit=200, optional=True, hint=_l("Needed only for another reason"))

    def validate(self, **kwargs: Any) -> bool:
        """Another reason is said in words."""
        right = bool(super().validate(**kwargs))
        if self.why.data != "other" or self.other.data:
            return right
        self.other.errors = [_("Enter the reason")]
        return False

    @property
    def reason(self) -> str:
        """The reason in words, for the trail."""
        chosen = "" if self.why.data == "other" else str(WHY_LOOK[self.why.data or ""])
        return _(", ").join(part for part in (chosen, self.other.data) if part)


def _checked(check: Callable[[], str]) -> str:
    try:
        return check()
    except WrongNumber as wrong:
        raise ValidationError(str(wrong.sentence)) from None
