"""What is typed about a person. Partial records are legal: only the name is needed."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from portal.clock import today
from portal.registry import needs
from portal.registry.identifiers import (
    DOCUMENT_LABELS,
    DocumentType,
    WrongNumber,
    birth_date,
    check_document,
    check_phone,
)
from portal.registry.kinds import NEED_LABELS, SEX_LABELS, STAY_LABELS, Need, Sex, Stay
from portal.registry.models import Resident
from portal.registry.moving import Homes
from portal.registry.names import LONGEST_NAME, uniform_name
from portal.registry.service import Double, Person, doubles_of
from portal.web.fields import Chips, Choice, Day, ManyChips, TextLine, Tick
from portal.web.forms import Form
from portal.workflow.searches import LONGEST

PHONE_INPUT = {"type": "tel", "inputmode": "tel"}
# Offered, not demanded: they are what is written on worksheets, and data in every language.
PHONE_OWNERS = ("儿子", "女儿", "配偶", "父母", "邻居", "网格员")
RELATIONS = (
    "配偶",
    "子",
    "女",
    "父",
    "母",
    "祖父母",
    "孙辈",
    "兄弟姐妹",
    "儿媳",
    "女婿",
    "保姆",
    "租客",
    "员工",
)
FIRST_BIRTH = date(1880, 1, 1)
AS_THEY_ARE = (
    "name",
    "is_head",
    "relation",
    "document_type",
    "phone_of",
    "registered_address",
    "work",
    "stay",
)


class NameLine(TextLine):
    """A person's name, in its uniform form."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        self.data = uniform_name(self.data or "")


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
        render_kw={"list": "phone-owners"},
    )
    forget_document = Tick(_l("Forget the document number"))
    forget_phone = Tick(_l("Forget the phone number"))
    although_registered = Tick(_l("Register here all the same"))
    relation = TextLine(_l("Relation to the head"), limit=20, optional=True, render_kw={"list": "relations"})
    sex = Chips(_l("Sex"), choices=list(SEX_LABELS.items()), coerce=Sex, optional=True)
    born_on = Day(_l("Date of birth"), optional=True, hint=_l("Not needed with an identity number"))
    stay = Chips(_l("How they live here"), choices=list(STAY_LABELS.items()), coerce=Stay, optional=True)
    work = TextLine(_l("Work"), limit=60, optional=True, hint=_l("Workplace or occupation"))
    registered_address = TextLine(
        _l("Registered address"), limit=120, optional=True, hint=_l("Only where it is another one")
    )
    needs = ManyChips(_l("Needs looking after"), coerce=Need, optional=True)
    double: Double | None = None

    def __init__(self, unit_id: int, resident: Resident | None = None, **known: Any) -> None:
        self.resident = resident
        _order, asked = needs.asked_at(unit_id)
        if resident is not None:
            known |= {name: getattr(resident, name) for name in (*AS_THEY_ARE, "sex", "born_on")}
            known["needs"] = needs.of_people([resident.id], asked).get(resident.id, [])
        super().__init__(data=known)
        self.born_on.earliest, self.born_on.latest = FIRST_BIRTH, today()
        self.needs.choices = [(need, NEED_LABELS[need]) for need in asked]
        if not asked:
            del self.needs
        if resident is not None and resident.document and birth_date(resident.document):
            del self.sex, self.born_on  # the number tells them

    def validate_document(self, field: TextLine) -> None:
        """Right by its check digit, and not somebody else's."""
        if field.data:
            kind = self.document_type.data or DocumentType.ID_CARD
            field.data = _checked(lambda: check_document(kind, field.data or "", today()))
            self.double = doubles_of(field.data, but=self.resident.id if self.resident else None)
            # Somebody new who is in one's own place already is asked about side by side (duplicates.asking).
            asked_later = self.double and self.double.resident and self.resident is None
            if self.double and not asked_later and not self.although_registered.data:
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
            relation=self.relation.data or "",
            sex=self._told("sex"),
            born_on=self._told("born_on"),
            registered_address=self.registered_address.data or "",
            work=self.work.data or "",
            stay=self.stay.data,
        )

    @property
    def needed(self) -> Sequence[Need] | None:
        """What the person needs, of what is asked for; None where nothing is asked."""
        return (self.needs.data or []) if "needs" in self else None

    def _told(self, name: str) -> Any:
        return self[name].data if name in self else getattr(self.resident, name)

    def _number(self, name: str) -> str | None:
        typed: str | None = getattr(self, name).data
        kept = getattr(self.resident, name) if self.resident else None
        return typed or (None if getattr(self, f"forget_{name}").data else kept)


class MovePersonForm(Form):
    """To which household a person moves: an address is typed, and one of the households that it can mean chosen."""

    where = TextLine(
        _l("New address or door"),
        limit=LONGEST,
        thing=_l("the address"),
        hint=_l("Like 3-2-401 or 3号院2号楼, or the words of the address"),
    )
    to = Chips(_l("Which household"), coerce=int, thing=_l("the household"))
    reason = TextLine(_l("Reason"), limit=200, optional=True)

    def __init__(self, homes: Homes) -> None:
        super().__init__()
        self.homes = homes
        self.to.choices = homes.choices

    def validate_on_submit(self, **kwargs: Any) -> bool:
        """Whether a household has been chosen: not where its address is only looked for."""
        if "move" in request.form or not self.is_submitted():
            return bool(super().validate_on_submit(**kwargs))
        self.where.validate(self)
        return False

    @property
    def looked(self) -> bool:
        """Whether an address has been looked for."""
        return bool(self.where.data) and not self.where.errors


def _checked(check: Callable[[], str]) -> str:
    try:
        return check()
    except WrongNumber as wrong:
        raise ValidationError(str(wrong.sentence)) from None
