"""What the order says of findings: the one place that reads the measure of patrols for them."""

from datetime import timedelta

from flask_babel import lazy_gettext as _l

from portal.access.scope import place_of
from portal.orders import service as orders
from portal.orders.models import Order
from portal.patrols.findings.kinds import FindingKind
from portal.patrols.kinds import PatrolState
from portal.patrols.models import Patrol
from portal.web.errors import Refused

AREA = "patrols"
OPEN = (PatrolState.DRAFT, PatrolState.SENT)
ONE_MINUTE = timedelta(minutes=1)


def looked_for(patrol: Patrol) -> tuple[Order, list[FindingKind]]:
    """The order that the patrol was walked under, and the kinds that may be recorded; ``Refused`` without it."""
    found = orders.measure_in_force(AREA, patrol.kind.value, place_of(patrol.unit_id), patrol.started_at)
    if found is None:
        raise Refused(orders.why_not(AREA, patrol.kind.value))
    order, parameters = found
    named = parameters.get("kinds", [])
    return order, [kind for kind in FindingKind if kind is FindingKind.OTHER or kind.value in named]


def refuse_ended(patrol: Patrol) -> None:
    """``Refused`` for a patrol to which nothing can be added any more."""
    if patrol.state not in OPEN:
        raise Refused(
            _l("Nothing can be added to this patrol any more: it was broken off, corrected or struck out.")
        )
