"""The forms of findings: what was found, and each step of the ladder."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from portal.clock import now, today
from portal.patrols.findings import wording
from portal.patrols.findings.kinds import FindingKind
from portal.patrols.findings.models import Finding
from portal.patrols.findings.persons import Named
from portal.patrols.findings.service import Found, Notice, Receipt, Referral
from portal.patrols.findings.texts import NoNumbers
from portal.patrols.findings.when import When
from portal.patrols.models import Patrol
from portal.registry.identifiers import DocumentType, WrongNumber, check_document, check_phone
from portal.web.fields import Chips, Choice, Number, TextBox, TextLine, Tick
from portal.web.forms import Form
from portal.workflow.reasons import ReasonForm

MOST_PEOPLE = 100_000
LONGEST_FACTS = 1000
LONGEST_BASIS = 1000
OUTCOMES = (
    _l("Dispersed"),
    _l("Put a mask on"),
    _l("Went home"),
    _l("Turned back"),
    _l("Closed the shop"),
    _l("Repaired"),
    _l("Dealt with by the police"),
    _l("Entered by mistake"),
)
AT_ONCE = (_l("Danger for people"), _l("Resisted violently"), _l("Left isolation"), _l("Would not stop"))
NAMED_BY_MISTAKE = (_l("Mixed up with somebody else"), _l("Was not there"), _l("Entered twice"))
PRINT_REASONS = (_l("For the police station"), _l("Second copy for the files"), _l("First print was spoilt"))


def no_numbers(**more: Any) -> dict[str, Any]:
    """The arguments of a text in which nobody is named by number."""
    return {"validators": [NoNumbers()]} | more


def facts_box() -> TextBox:
    """What happened, as a paper says it."""
    return TextBox(
        _l("Facts"), limit=LONGEST_FACTS * 2, thing=_l("the facts"), render_kw={"rows": 8}, **no_numbers()
    )


def basis_box() -> TextBox:
    """The legal basis, as a paper says it."""
    return TextBox(
        _l("Legal basis"),
        limit=LONGEST_BASIS * 2,
        thing=_l("the legal basis"),
        hint=_l("As the order has it; mend it where articles have changed"),
        **no_numbers(),
    )


class FindingForm(When):
    """What was found: what, where, when, how many."""

    kind = Chips(_l("What was found"), coerce=FindingKind, thing=_l("what was found"))
    kind_note = TextLine(
        _l("In a few words"),
        optional=True,
        hint=_l("Needed where you chose “Something else”"),
        **no_numbers(),
    )
    place = TextLine(_l("Place"), limit=120, thing=_l("the place"), **no_numbers())
    people = Number(_l("Number of people"), low=0, high=MOST_PEOPLE, default=1, thing=_l("the people"))
    facts = TextBox(
        _l("What happened"),
        limit=LONGEST_FACTS,
        optional=True,
        hint=_l("Facts only: nobody is named here"),
        **no_numbers(),
    )

    def __init__(self, patrol: Patrol, kinds: Sequence[FindingKind], **kwargs: Any) -> None:
        super().__init__(patrol.started_at, patrol.ended_at or now(), **kwargs)
        self.kind.choices = [(kind, kind.label) for kind in kinds]

    def validate(self, extra_validators: Any = None) -> bool:
        """Something else is said in words."""
        super().validate(extra_validators)
        if self.kind.data is FindingKind.OTHER and not self.kind_note.data and not self.kind_note.errors:
            self.kind_note.errors = [_("Enter what was found")]
        return not self.errors

    @property
    def found(self) -> Found:
        """What a valid form says."""
        return Found(
            kind=self.kind.data,
            kind_note=self.kind_note.data or "",
            place=self.place.data,
            found_at=self.moment,
            people=self.people.data,
            facts=self.facts.data or "",
        )


class AgainForm(Form):
    """Persuaded again: what happened then."""

    words = TextBox(
        _l("What happened then"),
        optional=True,
        hint=_l("Facts only: nobody is named here"),
        **no_numbers(),
    )


class PersonForm(Form):
    """Somebody, as far as the person said; or that the name was refused, and what the person looks like."""

    name = TextLine(_l("Name"), optional=True)
    refused = Tick(_l("Refused to give a name"))
    note = TextLine(
        _l("Description"),
        limit=120,
        optional=True,
        hint=_l("Needed where the name was refused"),
        **no_numbers(),
    )
    document_type = Choice(
        _l("Document"), choices=[], default=DocumentType.ID_CARD.value, thing=_l("a document")
    )
    document = TextLine(_l("Document number"), narrow=True, limit=40, optional=True)
    phone = TextLine(_l("Mobile number"), narrow=True, limit=20, optional=True)
    address = TextLine(_l("Address"), limit=120, optional=True, **no_numbers())

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.document_type.choices = [(type_.value, type_.label) for type_ in DocumentType]
        self.phone.render_kw = {**self.phone.render_kw, "inputmode": "tel", "type": "tel"}

    def validate_document(self, field: Any) -> None:
        """As its kind of document has it."""
        self._checked(
            field, lambda text: check_document(DocumentType(self.document_type.data), text, today())
        )

    def validate_phone(self, field: Any) -> None:
        """A mobile number or a landline."""
        self._checked(field, check_phone)

    def validate(self, extra_validators: Any = None) -> bool:
        """A name, a number by which the registry knows the person, or a description."""
        super().validate(extra_validators)
        if self.errors:
            return False
        if self.refused.data:
            if not self.note.data:
                self.note.errors = [_("Describe the person: clothes, height, about what age")]
            if self.name.data:
                self.name.errors = [_("Leave the name empty, or take the tick away")]
        elif not (self.name.data or self.document.data):
            self.name.errors = [_("Enter the name, or tick that it was refused")]
        return not self.errors

    @property
    def named(self) -> Named:
        """What a valid form says."""
        return Named(
            name=self.name.data or "",
            note=self.note.data or "",
            document=self.document.data or None,
            phone=self.phone.data or None,
            address=self.address.data or "",
        )

    def _checked(self, field: Any, check: Any) -> None:
        try:
            field.data = check(field.data)
        except WrongNumber as wrong:
            raise ValidationError(str(wrong.sentence)) from None


class NoticeForm(Form):
    """The written notice; everything is proposed and can be mended."""

    facts, basis = facts_box(), basis_box()
    asks = TextBox(_l("What is asked"), thing=_l("what is asked"), **no_numbers())

    def __init__(self, finding: Finding, **kwargs: Any) -> None:
        begins = {
            "facts": wording.facts(finding),
            "basis": wording.basis(finding),
            "asks": wording.asks(finding),
        }
        super().__init__(data=begins, **kwargs)

    @property
    def notice(self) -> Notice:
        """What a valid form says."""
        return Notice(self.facts.data, self.basis.data, self.asks.data)


class WordsForm(ReasonForm):
    """Why, or what came of it, with no number of a person in it."""

    words = TextLine(_l("In your own words"), optional=True, limit=200, **no_numbers())


class ReferralForm(Form):
    """The sheet for the police; everything that is known is proposed and can be mended."""

    station = TextLine(_l("Police station"), thing=_l("the police station"), **no_numbers())
    facts, basis = facts_box(), basis_box()
    evidence = TextBox(
        _l("Evidence"),
        optional=True,
        hint=_l("One a line: photos, statements, what was kept safe, witnesses by what they are"),
        **no_numbers(),
    )

    def __init__(self, finding: Finding, station: str, **kwargs: Any) -> None:
        known = {
            "station": station,
            "facts": wording.facts(finding),
            "basis": finding.notice_basis or wording.basis(finding),
        }
        super().__init__(data=known, **kwargs)

    @property
    def referral(self) -> Referral:
        """What a valid form says."""
        return Referral(self.station.data, self.facts.data, self.basis.data, self.evidence.data or "")


class ReferralAtOnceForm(WordsForm, ReferralForm):
    """The same, with the reason why nothing comes before."""

    def __init__(self, finding: Finding, station: str, **kwargs: Any) -> None:
        ReferralForm.__init__(self, finding, station, **kwargs)
        self.offer(AT_ONCE)


class ReceiptForm(When):
    """As the signed sheet says it."""

    receiver = TextLine(_l("Receiving officer"), thing=_l("the receiving officer"), **no_numbers())
    station_number = TextLine(_l("Number of the station"), limit=40, optional=True)

    def __init__(self, referred_at: datetime, **kwargs: Any) -> None:
        super().__init__(referred_at, now(), **kwargs)

    @property
    def receipt(self) -> Receipt:
        """What a valid form says."""
        return Receipt(self.receiver.data, self.moment, self.station_number.data or "")
