"""The forms of single steps: reasons, extension, paper, and the changeover of a series."""

from datetime import date, datetime, time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from portal.clock import LOCAL, local, now, today
from portal.passes.forms import midnight
from portal.passes.kinds import Kind
from portal.passes.offers import Offer
from portal.passes.printing import Layout
from portal.passes.quota import ONE_DAY
from portal.web.fields import Chips, Clock, Day, TextLine, Tick
from portal.web.forms import Form

ALL_KINDS = "all"
EVENING = time(18)
RETURN_REASONS = (
    _l("Dates are wrong"),
    _l("Reason is not clear"),
    _l("Papers are missing"),
    _l("Not at home"),
)
REJECT_REASONS = (_l("Not needed under the rule"), _l("Errands can be done for the household"), _l("Untrue"))
REVOKE_REASONS = (
    _l("Lent or copied"),
    _l("Rule was broken"),
    _l("No longer needed"),
    _l("Issued by mistake"),
)
REISSUE_REASONS = (_l("Lost"), _l("Damaged"), _l("Copied by others"))
REVEAL_REASONS = (_l("Compare with the document"), _l("Asked by the police"))


class ExtensionForm(Form):
    """Until when."""

    last_day = Day(_l("Valid until"), thing=_l("the last day"))

    def __init__(self, offer: Offer, **kwargs: Any) -> None:
        super().__init__(data={"last_day": offer.latest_from(today())}, **kwargs)
        self.last_day.earliest, self.last_day.latest = today(), offer.latest_from(today())
        self.last_day.near = sorted({0, (offer.latest_from(today()) - today()).days})

    @property
    def until(self) -> datetime:
        """The end of the last day, of a valid form."""
        return midnight((self.last_day.data or today()) + ONE_DAY)


class PrintForm(Form):
    """On what paper."""

    layout = Chips(
        _l("Paper"),
        choices=[(Layout.CARDS, _l("Card, ten to a sheet of A4")), (Layout.A5, _l("A5, trips on the back"))],
        default=Layout.CARDS,
        coerce=Layout,
        thing=_l("the paper"),
    )
    counterfoil = Tick(_l("With counterfoil"))


class PrintManyForm(PrintForm):
    """On what paper, and whether those are left out that have their paper."""

    only_new = Tick(_l("Only those not printed yet"))


def _next(hour: time) -> date:
    """The day on which this hour comes next."""
    return today() if local(now()).time() < hour else today() + ONE_DAY


class SeriesForm(Form):
    """换证: from an hour on only one series is valid."""

    series = TextLine(
        _l("New series"),
        limit=3,
        narrow=True,
        thing=_l("the new series"),
        hint=_l("One to three letters or figures, like B"),
    )
    kind = Chips(_l("Kind of pass"), default=ALL_KINDS, thing=_l("the kind"))
    day = Day(_l("From (day)"), near=(0, 1), default=lambda: _next(EVENING), thing=_l("the day"))
    at = Clock(_l("From (time)"), default=EVENING, thing=_l("the time"))
    reason = TextLine(_l("Reason"), limit=200, thing=_l("the reason"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kind.choices = [(ALL_KINDS, _l("All kinds")), *((kind.value, kind.label) for kind in Kind)]
        self.day.earliest = today()

    def validate_series(self, field: Any) -> None:
        """What fits into a code."""
        field.data = field.data.upper()
        if not (field.data.isascii() and field.data.isalnum()):
            raise ValidationError(_("Use letters A to Z and figures only"))

    def validate_at(self, field: Any) -> None:
        """Nobody's pass ends in the past."""
        if self.day.data and self.since < now():
            raise ValidationError(_("This hour is over: choose a later one"))

    @property
    def since(self) -> datetime:
        """The hour, of a form with day and time."""
        return datetime.combine(self.day.data or today(), self.at.data or time(0), LOCAL)
