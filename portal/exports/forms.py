"""What is to be exported, and why it must be in full."""

from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.access.acting import may
from portal.access.policy import May
from portal.exports.service import Wish
from portal.web.fields import Chips, ManyChips, TextLine
from portal.web.forms import Form
from portal.workflow.exporting import ExportKind

MASKED, FULL = "masked", "full"
WHY_IN_FULL = {
    "report": _l("Report asked for by the level above"),
    "tracing": _l("Tracing of contacts"),
    "ledger": _l("Keeping the register in order"),
    "other": _l("Another reason"),
}


class ExportForm(Form):
    """Which part of the list, which columns, masked or in full. The reason is asked for a list in full."""

    choice = Chips(_l("Which ones"), thing=_l("which ones"))
    columns = ManyChips(_l("Columns"), thing=_l("the columns"))
    content = Chips(
        _l("Names and numbers"),
        choices=[(MASKED, _l("Masked")), (FULL, _l("In full"))],
        default=MASKED,
        thing=_l("masked or in full"),
    )
    why = Chips(
        _l("Why in full?"),
        choices=list(WHY_IN_FULL.items()),
        optional=True,
        hint=_l("Needed only for a list in full"),
    )
    other = TextLine(
        _l("In your own words"), limit=200, optional=True, hint=_l("Needed only for another reason")
    )

    def __init__(self, name: str, kind: ExportKind) -> None:
        offered = kind.choices()
        asked = request.args.get("choice")
        choice = asked if asked in dict(offered) else offered[0][0]
        super().__init__(data={"choice": choice, "columns": [column.name for column in kind.columns]})
        self.name, self.kind = name, kind
        self.choice.choices = offered
        self.columns.choices = [(column.name, column.label) for column in kind.columns]
        if not may(May.EXPORT_IN_FULL):
            del self.content, self.why, self.other

    def validate(self, **kwargs: Any) -> bool:
        """A list in full needs a reason, and another reason is said in words."""
        right = bool(super().validate(**kwargs))
        if not self.in_full:
            return right
        if not self.why.data:
            self.why.errors = [_("Choose the reason: a list in full needs one")]
            return False
        if self.why.data == "other" and not self.other.data:
            self.other.errors = [_("Enter the reason")]
            return False
        return right

    @property
    def in_full(self) -> bool:
        """Whether everything is to stand there as it is."""
        return "content" in self and self.content.data == FULL

    @property
    def reason(self) -> str:
        """Why in full, in words for the trail; nothing for a masked list."""
        if not self.in_full:
            return ""
        chosen = "" if self.why.data == "other" else str(WHY_IN_FULL[self.why.data or ""])
        return _(", ").join(part for part in (chosen, self.other.data) if part)

    @property
    def wish(self) -> Wish:
        """What a valid form asks for."""
        return Wish(self.name, self.choice.data or "", tuple(self.columns.data or ()), self.in_full)
