"""What stands in the way of a pass: nobody's own application, no restricted household, nothing twice."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select

from portal.access.acting import acting
from portal.access.scope import place_of
from portal.clock import now
from portal.database import db
from portal.orders import service as orders
from portal.passes import applying, models
from portal.passes.applying import Application, Basis
from portal.passes.kinds import Kind, PassState
from portal.passes.models import Pass
from portal.passes.rule_data import PassRule
from portal.passes.standing import AREA, basis_for
from portal.registry.models import Household
from portal.registry.service import restrictions_in_force
from portal.vault import blind_index
from portal.web.errors import Refused
from portal.web.formats import full_moment
from portal.workflow.record import steps_of

ON_THEIR_WAY = (PassState.DRAFT, PassState.APPLIED, PassState.ENDORSED)
STEPS_OF_APPLICANTS = ("draft", models.CHANGE.name, models.APPLY.name)


def refuse_own(pass_: Pass) -> None:
    """``Refused`` if the one acting now has applied for this pass."""
    if is_own(pass_):
        raise Refused(_l("You applied for this pass yourself: somebody else has to decide on it."))


def is_own(pass_: Pass) -> bool:
    """Whether the account acting now has drafted, changed or sent this application, or that of the pass which this
    one merely continues."""
    me, steps = acting().account_id, steps_of(pass_)
    if any(step.account_id == me and step.step in STEPS_OF_APPLICANTS for step in steps):
        return True
    continues = pass_.replaces_id and any(step.step == "replace" for step in steps)
    return bool(continues) and is_own(db.session.get_one(Pass, pass_.replaces_id))


def refuse_restricted(household_id: int | None, rule: PassRule, at: datetime) -> None:
    """``Refused`` if the rule suspends the passes of a household restricted as this one is."""
    for restriction in restrictions_in_force(household_id, at) if household_id else ():
        if restriction.kind not in rule.suspended_by:
            continue
        until = (
            _("until %(when)s", when=full_moment(restriction.until))
            if restriction.until
            else _("until it is lifted")
        )
        raise Refused(
            _(
                "The household is restricted: %(kind)s, %(until)s. No pass of this kind can be applied for or issued "
                "until then; take care of what it needs as errands.",
                kind=restriction.kind.label,
                until=until,
            )
        )


def required_basis(kind: Kind, unit_id: int) -> Basis:
    """The order and rule for a kind of pass at a place; ``Refused`` with the reason where there is none."""
    basis = basis_for(kind, place_of(unit_id), now())
    if basis is None:
        raise Refused(orders.why_not(AREA, kind))
    return basis


def checked(wanted: Application, *, but: int | None = None) -> Basis:
    """What the application rests on; ``Refused`` with the first thing that stands against it.

    ``but`` is the pass that the application already is.
    """
    basis = required_basis(wanted.kind, wanted.unit_id)
    refuse_restricted(wanted.household_id, basis.rule, now())
    for problem in applying.problems(wanted, basis, now()):
        raise Refused(problem.sentence)
    _refuse_double(wanted, but)
    return basis


def _refuse_double(wanted: Application, but: int | None) -> None:
    """One person, one pass of a kind at a time; one vehicle, one pass."""
    if wanted.household_id:
        db.session.scalar(select(Household.id).where(Household.id == wanted.household_id).with_for_update())
    same = {
        Kind.VEHICLE: Pass.plate == wanted.plate,
    }.get(wanted.kind, _same_holder(wanted))
    doubles = select(Pass.serial).where(
        Pass.kind == wanted.kind,
        same,
        Pass.id.not_in([known for known in (but, wanted.replaces_id) if known]),
        or_(Pass.state.in_(ON_THEIR_WAY), Pass.state == PassState.ISSUED),
        Pass.valid_from < wanted.valid_until,
        Pass.valid_until > max(wanted.valid_from, now()),
    )
    found = db.session.execute(doubles.order_by(Pass.id).limit(1)).first()
    if found is None:
        return
    if found.serial:
        raise Refused(
            _(
                "There is a pass of this kind for these days already: %(serial)s. Extend or re-issue that one.",
                serial=found.serial,
            )
        )
    raise Refused(_l("This has been applied for already for these days: carry on with that application."))


def _same_holder(wanted: Application) -> Any:
    if wanted.resident_id:
        return Pass.resident_id == wanted.resident_id
    if wanted.holder_document:
        return Pass.holder_index == blind_index("document", wanted.holder_document)
    return (Pass.holder_name == wanted.holder_name) & (Pass.unit_id == wanted.unit_id)
