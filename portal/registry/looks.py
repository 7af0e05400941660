"""What a page about a household or a person shows."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from sqlalchemy import Row, select

from portal.access.guard import contributed
from portal.access.scope import place_of
from portal.audit.models import AuditEntry
from portal.clock import now
from portal.database import db
from portal.orders.hours import until_words
from portal.registry import needs
from portal.registry.kinds import Duty
from portal.registry.models import Household, Resident
from portal.registry.service import restrictions_of
from portal.registry.serving import Worker, names_of, serving
from portal.units.models import Unit

REVEALED = {"document": _l("Document number"), "phone": _l("Phone")}  # the fields that may be shown in full
LOOKS_SHOWN = 50


@dataclass(frozen=True)
class Answers:
    """Who has a duty for a household: ``name`` is empty for nobody, ``worker`` None for who serves there no more."""

    duty: Duty
    name: str
    worker: Worker | None


def at_household(household: Household, *, with_left: bool) -> dict[str, Any]:
    """All that the household's page shows: people, restrictions, and what the areas above contribute.

    ``household_panel(household)`` is a part of the page, ``household_steps(household)`` are [(url, label)].
    """
    at = now()
    living = [resident for resident in household.residents if resident.left_at is None]
    restrictions = restrictions_of(household.id)
    _order, asked = needs.asked_at(household.unit_id)
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
        "answers": who_answers(household),
        "needs": needs.of_people([resident.id for resident in living], asked) if asked else {},
        "missing": missing,
        "looked": who_looked(*household.residents),
        "names": {resident.id: resident.name for resident in household.residents},
        "fields": REVEALED,
        "steps": [step for _area, steps in contributed("household_steps") for step in steps(household)],
    }


def panels(household: Household) -> list[Markup]:
    """What the areas above show on a household's page: ``household_panel(household)`` of each."""
    drawn = (draw(household) for _area, draw in contributed("household_panel"))
    return [panel for panel in drawn if panel]


def who_looked(*residents: Resident) -> list[Row[Any]]:
    """Who had which number of these people shown in full, when and why: the latest first."""
    looks = select(
        AuditEntry.at, AuditEntry.actor, AuditEntry.reason, AuditEntry.details, AuditEntry.subject_id
    ).where(
        AuditEntry.subject == Resident.__tablename__,
        AuditEntry.subject_id.in_([resident.id for resident in residents]),
        AuditEntry.action == "registry.reveal",
    )
    return list(db.session.execute(looks.order_by(AuditEntry.id.desc()).limit(LOOKS_SHOWN)))


def who_answers(household: Household) -> list[Answers]:
    """The responsible person and the deputy, as they are shown: also who no longer serves there."""
    serve = {worker.account_id: worker for worker in serving(place_of(household.unit_id))}
    names = names_of({household.responsible_id, household.deputy_id})
    return [
        Answers(duty, names.get(account_id or 0, ""), serve.get(account_id or 0))
        for duty in Duty
        for account_id in [getattr(household, duty.column)]
    ]


def missing(resident: Resident) -> list[str]:
    """What is not known of a person, in words: of what everybody has."""
    unknown = {
        _("document"): resident.document_index is None,
        _("phone"): resident.phone_index is None,
        _("date of birth"): resident.born_on is None,
        _("sex"): resident.sex is None,
        _("relation to the head"): not resident.relation and not resident.is_head,
    }
    return [what for what, is_missing in unknown.items() if is_missing]
