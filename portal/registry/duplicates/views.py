"""Probable duplicates: the list, two side by side, the decision in one tap, and the way back."""

from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access.policy import May
from portal.database import db
from portal.registry.area import area
from portal.registry.duplicates import comparing, finding, service
from portal.registry.duplicates.finding import BY_LABELS, By
from portal.registry.duplicates.hidden import WITH_MERGED
from portal.registry.duplicates.models import Merging
from portal.registry.models import Household, Resident
from portal.web.page import page

PAIR = "/duplicates/<what>/<int:one_id>/<int:other_id>"
MODELS: dict[str, type[Any]] = {"people": Resident, "households": Household}


@area.get("/duplicates", needs=May.WRITE_REGISTRY)
def duplicates() -> ResponseReturnValue:
    """Pairs that may be the same, by one of the rules."""
    by = _by()
    pairs, after = finding.pairs(by, request.args.get("after", ""))
    return page("registry/duplicates.html", by=by, labels=BY_LABELS, pairs=pairs, after=after)


@area.get(PAIR, needs=May.WRITE_REGISTRY)
def compare(what: str, one_id: int, other_id: int) -> ResponseReturnValue:
    """Two side by side."""
    pair = _pair(what, one_id, other_id)
    if any(record.merged_into_id is not None for record in pair):
        return redirect(url_for("registry.duplicates", by=_by()), 303)
    facts = comparing.side_by_side(*pair)
    return page("registry/duplicates_compare.html", what=what, pair=pair, facts=facts, by=_by())


@area.post(f"{PAIR}/same", needs=May.WRITE_REGISTRY)
def merge_two(what: str, one_id: int, other_id: int) -> ResponseReturnValue:
    """They are the same: the first one is kept."""
    service.merge(*_pair(what, one_id, other_id))
    flash(_("Merged. It can be undone under What was merged."))
    return redirect(url_for("registry.duplicates", by=_by()), 303)


@area.post(f"{PAIR}/apart", needs=May.WRITE_REGISTRY)
def tell_apart(what: str, one_id: int, other_id: int) -> ResponseReturnValue:
    """They are not the same, and are never shown as a pair again."""
    service.not_same(*_pair(what, one_id, other_id))
    flash(_("Noted: they will not be shown as a pair again."))
    return redirect(url_for("registry.duplicates", by=_by()), 303)


@area.get("/duplicates/merged", needs=May.WRITE_REGISTRY)
def merged() -> ResponseReturnValue:
    """What was merged, the latest first."""
    mergings, before = finding.merged_lately(request.args.get("before", type=int))
    lines = [(one, kept) for one in mergings if (kept := service.seen(one, one.kept_id)) is not None]
    return page("registry/duplicates_merged.html", lines=lines, before=before)


@area.post("/duplicates/merged/<int:merging_id>/undo", needs=May.WRITE_REGISTRY)
def unmerge(merging_id: int) -> ResponseReturnValue:
    """Put both records back as they were."""
    service.undo(db.get_or_404(Merging, merging_id))
    flash(_("Undone: both records are as they were."))
    return redirect(url_for("registry.merged"), 303)


def _by() -> By:
    return By(request.args["by"]) if request.args.get("by") in list(By) else By.DOCUMENT


def _pair(what: str, one_id: int, other_id: int) -> tuple[Any, Any]:
    """Both records, hidden or not; 404 for those out of one's place, and for one alone."""
    if what not in MODELS:
        abort(404)
    found = [db.session.get(MODELS[what], id_, execution_options=WITH_MERGED) for id_ in (one_id, other_id)]
    if one_id == other_id or None in found:
        abort(404)
    return found[0], found[1]
