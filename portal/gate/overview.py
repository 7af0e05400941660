"""出入情况: what those who command see of their gates. Today's figures, who is outside, what is doubtful."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.access.acting import may
from portal.access.guard import Area
from portal.access.policy import May
from portal.clock import now
from portal.database import db
from portal.gate import copies, listing, outside, todo
from portal.gate.devices import matching, phones
from portal.gate.models import GateRecord
from portal.passes import replacing
from portal.passes.models import Pass
from portal.web.page import page

area = Area("gates", __name__, menu=_l("Gates"))
area.contributes["todo"] = todo.todo


@area.get("/", needs=May.SEE_GATES)
def index() -> ResponseReturnValue:
    """All gates of the acting unit and below."""
    at = now()
    lines, after = outside.lines(at, request.args.get("after", type=int))
    return page(
        "gate/overview.html",
        fragment="rows",
        at=at,
        days=listing.days(),
        doubts=listing.doubts(),
        to_match=matching.waiting(),
        worries=phones.to_ask_after() if may(May.PAIR_PHONES) else [],
        outside=outside.count(),
        late=sum(1 for _minutes in outside.late(at)),
        lines=lines,
        after=after,
    )


@area.post("/copies/<int:copy_id>/settle", needs=May.REVOKE_PASSES)
def settle_copy(copy_id: int) -> ResponseReturnValue:
    """What was doubtful about a pass has been looked into."""
    copies.settle(db.get_or_404(GateRecord, copy_id))
    flash(_("Noted as looked into."))
    return redirect(url_for("gates.index"), 303)


@area.post("/copies/<int:copy_id>/reissue", needs=May.ISSUE_PASSES)
def reissue(copy_id: int) -> ResponseReturnValue:
    """One tap: the old pass is dead, a new one waits to be printed."""
    doubt = db.get_or_404(GateRecord, copy_id)
    new = replacing.reissue(db.get_or_404(Pass, doubt.pass_id), doubt.event.label)
    copies.settle(doubt)
    flash(_("Re-issued as %(serial)s. Print it, and take the old one in.", serial=new.serial))
    return redirect(url_for("passes.print_one", pass_id=new.id), 303)
