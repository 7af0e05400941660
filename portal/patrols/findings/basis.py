"""What the order says of findings: the one place that reads the measure of patrols for them."""

from flask_babel import lazy_gettext as _l

from portal.access.scope import place_of
from portal.orders.models import Order
from portal.orders.service import why_not
from portal.patrols import measure
from portal.patrols.findings.kinds import FindingKind
from portal.patrols.kinds import PatrolState
from portal.patrols.models import Patrol
from portal.web.errors import Refused

OPEN = (PatrolState.DRAFT, PatrolState.SENT)


def looked_for(patrol: Patrol) -> tuple[Order, list[FindingKind]]:
    """The order that the patrol was walked under, and the kinds that may be recorded; ``Refused`` without it."""
    found = measure.parameters_in_force(patrol.kind, place_of(patrol.unit_id), patrol.started_at)
    if found is None:
        raise Refused(why_not(measure.AREA, patrol.kind.value))
    order, parameters = found
    return order, measure.kinds_looked_for(parameters)


def refuse_ended(patrol: Patrol) -> None:
    """``Refused`` for a patrol to which nothing can be added any more."""
    if patrol.state not in OPEN:
        raise Refused(
            _l("Nothing can be added to this patrol any more: it was broken off, corrected or struck out.")
        )
