"""What the daily report says of what was handed over at a boundary. What was withdrawn never was."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from portal.patrols.handovers.kinds import HandoverSide, HandoverState
from portal.patrols.handovers.models import Handover
from portal.workflow.figures import Figure

HEADING = _l("Patrols")
STANDS = tuple(state for state in HandoverState if state is not HandoverState.WITHDRAWN)


def _of(side: HandoverSide, code: str, label: Any, order: int) -> Figure:
    return Figure(
        f"handovers.{code}",
        label,
        HEADING,
        model=Handover,
        where={"side": (side,), "state": STANDS},
        dated_by=("at",),
        unit="件",
        order=order,
    )


FIGURES = (
    _of(HandoverSide.GIVEN, "given", _lp("figures", "Handed over at the boundary"), 603),
    _of(HandoverSide.RECEIVED, "taken", _lp("figures", "Taken over at the boundary"), 604),
)
