"""Why a step is taken: the forms of steps that ask for a reason."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.web.fields import Chips, TextBox, TextLine
from portal.web.forms import Form


class WrittenReasonForm(Form):
    """Why, in words."""

    reason = TextBox(_l("Reason"), thing=_l("the reason"))


class ReasonForm(Form):
    """Why: one of a few common reasons, or words of one's own, or both. ``common`` are lazy."""

    common = Chips(_l("Reason"), optional=True)
    words = TextLine(_l("In your own words"), optional=True, limit=200)

    def __init__(self, common: tuple[Any, ...], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.offer(common)

    def offer(self, common: tuple[Any, ...]) -> None:
        """These reasons, to choose from."""
        self.common.choices = [(str(reason), str(reason)) for reason in common]
        self.common.optional = self.words.optional = False  # neither says so: one of the two is needed

    def validate(self, extra_validators: Any = None) -> bool:
        """One of the two is needed."""
        if super().validate(extra_validators) and not self.reason:
            self.common.errors = [_("Choose a reason or write one")]
        return not self.errors

    @property
    def reason(self) -> str:
        """What was chosen and what was written, in one sentence."""
        return _(": ").join(part for part in (self.common.data, self.words.data) if part)


class ToldReasonForm(ReasonForm):
    """The same, of steps whose reason somebody else is shown."""

    words = TextLine(_l("In your own words"), optional=True, limit=200, hint=_l("The other side reads this"))
