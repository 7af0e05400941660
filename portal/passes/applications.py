"""The three ways into the application form: a new pass, a draft to change, a pass to extend."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import abort
from flask_babel import lazy_gettext as _l

from portal.access.acting import acting
from portal.database import db
from portal.passes import forms, offers, service
from portal.passes.forms import ApplicationForm
from portal.passes.kinds import Kind
from portal.passes.models import Pass
from portal.passes.offers import Offer
from portal.registry.models import Household
from portal.web.errors import Refused


@dataclass(frozen=True)
class Asking:
    """Under which heading somebody applies, what is offered, and what the form begins with.

    ``draft`` is the application that is changed, ``replaces`` the pass that is extended.
    """

    heading: Any
    offer: Offer
    begins_with: Mapping[str, Any]
    draft: Pass | None = None
    replaces: Pass | None = None


def blank(kind: str | None, household_id: int | None) -> Asking:
    """For a household, or for staff and vehicles of the place where one acts. 404 for what does not exist there."""
    household = db.get_or_404(Household, household_id) if household_id else None
    place = acting().place
    where = household or place or abort(404)
    unit_id = where.unit_id
    possible = offers.kinds_offered(unit_id, with_household=household is not None)
    usual = next(iter(possible), Kind.HOUSEHOLD if household else Kind.STAFF)
    offer = offers.offer(Kind(kind) if kind in possible else usual, household, unit_id)
    return Asking(_l("Apply for a pass"), offer, forms.proposed(offer) if offer.basis else {})


def of_draft(pass_: Pass) -> Asking:
    """What was written, to be changed."""
    replaces = db.session.get(Pass, pass_.replaces_id) if pass_.replaces_id else None
    offer = offer_like(pass_)
    begins_with = forms.written(pass_, offer) if offer.basis else {}
    return Asking(_l("Change the application"), offer, begins_with, pass_, replaces)


def longer(pass_: Pass) -> Asking:
    """The same again, until a later day."""
    heading, offer = _l("Apply for an extension"), offer_like(pass_)
    if offer.basis is None:
        return Asking(heading, offer, {}, replaces=pass_)
    days = {"first_day": offer.first_day, "last_day": offer.latest_from(offer.first_day)}
    return Asking(heading, offer, forms.written(pass_, offer) | days, replaces=pass_)


def offer_like(pass_: Pass) -> Offer:
    """What would be offered for the same kind and household now."""
    return offers.offer(pass_.kind, pass_.household, pass_.unit_id)


def write(asking: Asking, form: ApplicationForm, *, send: bool) -> Pass | None:
    """Write what a valid form says, and send it. None if it was refused; the form then says why."""
    wanted = form.application(asking.replaces)
    try:
        if asking.draft is None:
            pass_ = service.draft(wanted)
        else:
            pass_ = asking.draft
            service.change(pass_, wanted)
        if send:
            service.apply(pass_)
    except Refused as refused:
        form.form_errors.append(str(refused.sentence))
        return None
    return pass_
