"""The forms of the registry, but for those about people and about who answers for whom."""

from datetime import datetime, time, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from portal.clock import LOCAL, this_minute, today
from portal.registry.addresses import ADDRESS_PARTS
from portal.registry.kinds import HOUSEHOLD_KIND_LABELS, HouseholdKind
from portal.registry.models import Household
from portal.registry.restrictions import RESTRICTION_LABELS, RestrictionKind
from portal.registry.service import last_compound
from portal.web.fields import Chips, Choice, Clock, Day, TextBox, TextLine
from portal.web.forms import Form

FURTHEST = timedelta(days=2 * 366)
WHY_LOOK = {
    "identity": _l("Check who it is"),
    "contact": _l("Get in touch"),
    "help": _l("Medical or other emergency"),
    "other": _l("Another reason"),
}


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
    kind = Chips(
        _l("Used as"), choices=list(HOUSEHOLD_KIND_LABELS.items()), coerce=HouseholdKind, optional=True
    )
    note = TextLine(
        _l("Note"), limit=200, optional=True, hint=_l("What whoever comes to the door should know")
    )
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
        """The parts of the address."""
        return {part: self[part].data or "" for part in ADDRESS_PARTS}

    @property
    def values(self) -> dict[str, Any]:
        """What is known of the household, as the service takes it."""
        return self.address | {"kind": self.kind.data, "note": self.note.data or ""}


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
        super().__init__(data={"from_day": today(), "from_time": this_minute()})
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
