"""The trail, for those who may read it: the list with its filters, and one entry with its place in the chain."""

from datetime import date

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from portal.access.guard import Area
from portal.access.policy import May
from portal.audit import listing, proof
from portal.audit.actions import called
from portal.audit.listing import Wanted
from portal.audit.models import AuditEntry
from portal.database import db
from portal.web.page import page

area = Area("audit", __name__, menu=_l("Audit trail"))


@area.get("/", needs=May.SEE_AUDIT)
def index() -> ResponseReturnValue:
    """The newest entries, or those that are looked for."""
    wanted = _wanted()
    lines, before = listing.lines(wanted, before=request.args.get("before", type=int))
    return page(
        "audit/list.html",
        fragment="rows",
        wanted=wanted,
        lines=lines,
        before=before,
        called=called,
    )


@area.get("/<int:entry_id>", needs=May.SEE_AUDIT)
def show(entry_id: int) -> ResponseReturnValue:
    """One entry, and whether it is still what was written."""
    entry = db.get_or_404(AuditEntry, entry_id)
    return page(
        "audit/detail.html",
        entry=entry,
        what=called(entry.action),
        unit_name=listing.unit_names({entry.unit_id}).get(entry.unit_id),
        details=listing.plain_details(entry),
        proof=proof.proof_of(entry.id),
    )


def _wanted() -> Wanted:
    """What the address asks for; what cannot be read is left out."""
    asked = request.args
    return Wanted(
        action=asked.get("action", ""),
        day=asked.get("day", type=date.fromisoformat),
        unit=asked.get("unit", type=int),
        account=asked.get("account", type=int),
        subject=asked.get("subject", ""),
        subject_id=asked.get("subject_id", type=int),
    )
