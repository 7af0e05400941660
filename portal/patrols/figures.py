"""What the daily report says of patrols. A log that comes later counts on the day on which was walked."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from portal.patrols.kinds import PatrolState
from portal.patrols.models import Patrol
from portal.workflow.figures import Figure

HEADING = _l("Patrols")

FIGURES = (
    Figure(
        "patrols.walked",
        _lp("figures", "Patrols walked"),
        HEADING,
        model=Patrol,
        where={"state": (PatrolState.SENT,)},
        dated_by=("started_at",),
        unit="次",
        order=600,
    ),
)
