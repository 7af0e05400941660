"""The forms of daily reports: confirming, sending back, adding later. None asks for a figure."""

from flask_babel import lazy_gettext as _l

from portal.web.fields import TextBox, Tick
from portal.web.forms import Form
from portal.workflow.reasons import ToldReasonForm

WHY_SENT_BACK = (
    _l("A figure cannot be right"),
    _l("Somebody below has not reported"),
    _l("Something is missing"),
)
WHY_ADDED = (
    _l("Recorded after the report was confirmed"),
    _l("Recorded on paper first"),
    _l("A record was corrected"),
)


class ConfirmForm(Form):
    """What only people know: what somebody above must help with."""

    to_coordinate = TextBox(
        _l("What others must help with"), optional=True, limit=500, hint=_l("No names of residents")
    )


class SendBackForm(ToldReasonForm):
    """Why, and whether the reports below are opened as well."""

    with_below = Tick(_l("Open the reports below it as well"))


class SupplementForm(ToldReasonForm):
    """Why it is told only now."""
