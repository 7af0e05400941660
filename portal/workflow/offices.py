"""Who took a step, as paper names an office."""

from flask_babel import force_locale

from portal.access.policy import Role
from portal.database import db
from portal.printing.words import CHINESE
from portal.units.models import Unit
from portal.workflow.models import StepTaken


def office_of(step: StepTaken, street_id: int | None) -> str:
    """重阳街道豫苑社区作战指挥部: who took the step, as the office that it was, with its street."""
    street = db.session.get(Unit, street_id) if street_id else None
    with force_locale(CHINESE):
        office = Role(step.by_role).label
    above = street.name if street and street.name not in step.by_unit else ""
    return f"{above}{step.by_unit}{office}"
