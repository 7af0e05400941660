"""What a person's passes say when the person moves to another household."""

from flask_babel import gettext as _
from sqlalchemy import select

from portal.clock import now
from portal.database import db
from portal.passes.kinds import Kind, PassState
from portal.passes.models import Pass
from portal.passes.objections import ON_THEIR_WAY
from portal.registry.models import Household, Resident
from portal.web.errors import Refused


def refuse_while_paper_says_otherwise(resident: Resident, _to: Household) -> None:
    """``Refused`` while a pass in the person's own name, that may still be used, gives the old address.

    A household's pass stays with the household, as it does when its holder is recorded as left.
    """
    theirs = select(Pass.serial).where(
        Pass.resident_id == resident.id,
        Pass.household_id == resident.household_id,
        Pass.kind != Kind.HOUSEHOLD,
        Pass.state.in_((*ON_THEIR_WAY, PassState.ISSUED)),
        Pass.valid_until > now(),
    )
    found = db.session.execute(theirs.order_by(Pass.serial.is_(None), Pass.id).limit(1)).first()
    if found is None:
        return
    if found.serial:
        raise Refused(
            _(
                "Pass %(serial)s of this person gives the old address. Record it as handed back or have it revoked, "
                "then move the person and apply for a new one.",
                serial=found.serial,
            )
        )
    raise Refused(
        _(
            "A pass for this person at the old address is on its way. Have it rejected, or changed to somebody else of "
            "the household, then move the person and apply for a new one."
        )
    )
