"""What a page about a household or a person shows."""

from typing import Any

from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from sqlalchemy import Row, select

from portal.access.guard import contributed
from portal.audit.models import AuditEntry
from portal.clock import now
from portal.database import db
from portal.orders.hours import until_words
from portal.registry.models import Household, Resident
from portal.registry.service import restrictions_of
from portal.units.models import Unit

REVEALED = {"document": _l("Document number"), "phone": _l("Phone")}  # the fields that may be shown in full
LOOKS_SHOWN = 50


def at_household(household: Household, *, with_left: bool) -> dict[str, Any]:
    """All that the household's page shows: people, restrictions, and what the areas above contribute.

    ``household_panel(household)`` is a part of the page, ``household_steps(household)`` are [(url, label)].
    """
    at = now()
    living = [resident for resident in household.residents if resident.left_at is None]
    restrictions = restrictions_of(household.id)
    return {
        "household": household,
        "grid": db.session.get_one(Unit, household.unit_id).full_name,
        "living": sorted(living, key=lambda resident: not resident.is_head),
        "left": [resident for resident in household.residents if resident.left_at is not None],
        "with_left": with_left,
        "restrictions": [one for one in restrictions if one.ends_at is None or one.ends_at > at],
        "past_restrictions": [one for one in restrictions if one.ends_at is not None and one.ends_at <= at],
        "until_words": until_words,
        "panels": panels(household),
        "steps": [step for _area, steps in contributed("household_steps") for step in steps(household)],
    }


def panels(household: Household) -> list[Markup]:
    """What the areas above show on a household's page: ``household_panel(household)`` of each."""
    drawn = (draw(household) for _area, draw in contributed("household_panel"))
    return [panel for panel in drawn if panel]


def who_looked(resident: Resident) -> list[Row[Any]]:
    """Who had which number of this person shown in full, when and why: the latest first."""
    looks = select(AuditEntry.at, AuditEntry.actor, AuditEntry.reason, AuditEntry.details).where(
        AuditEntry.subject == Resident.__tablename__,
        AuditEntry.subject_id == resident.id,
        AuditEntry.action == "registry.reveal",
    )
    return list(db.session.execute(looks.order_by(AuditEntry.id.desc()).limit(LOOKS_SHOWN)))
