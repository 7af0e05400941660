"""What the daily report says of what was handed over at a boundary."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from portal.patrols.handovers.models import Handover
from portal.workflow.figures import Figure

HEADING = _l("Patrols")

FIGURES = (
    Figure(
        "handovers.given",
        _lp("figures", "Handed over at the boundary"),
        HEADING,
        model=Handover,
        steps=("give",),
        unit="件",
        order=603,
    ),
    Figure(
        "handovers.taken",
        _lp("figures", "Taken over at the boundary"),
        HEADING,
        model=Handover,
        steps=("take_over",),
        unit="件",
        order=604,
    ),
)
