"""Several passes at once: issue, print or revoke the ticked ones, a household's together, a whole series."""

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import select

from portal.access.acting import acting
from portal.access.policy import May
from portal.database import db
from portal.passes import batches, certificate, forms_steps, replacing, service
from portal.passes.area import area
from portal.passes.batches import Choice
from portal.passes.forms_steps import PrintForm, PrintManyForm, SeriesForm
from portal.passes.kinds import Kind
from portal.passes.listing import Show
from portal.passes.models import Pass
from portal.passes.replacing import Changeover
from portal.registry.models import Household
from portal.web.errors import Refused
from portal.web.page import page
from portal.workflow.reasons import ToldReasonForm
from portal.workflow.ticked import MOST_AT_ONCE, ticked

PRINTED_AT_ONCE = 20  # more are a job


@area.post("/issue", needs=May.ISSUE_PASSES)
def issue_several() -> ResponseReturnValue:
    """Issue the ticked ones; those that cannot be issued stay, and the page says why."""
    passes = _ticked()
    refused = service.issue_several(passes)
    issued = len(passes) - len(refused)
    if issued:
        flash(ngettext("%(num)s pass issued", "%(num)s passes issued", issued))
    if not refused:
        return redirect(url_for("passes.index"), 303)
    return page("passes/not_issued.html", issued=issued, refused=refused)


@area.post("/print", needs=May.PRINT_PASSES)
def print_several() -> ResponseReturnValue:
    """Choose the paper, then one document for all, in the order in which people walk."""
    passes = _ticked()
    form = PrintForm(formdata=request.form if "layout" in request.form else None)
    if "layout" in request.form and form.validate():
        return _printed(Choice(ids=tuple(pass_.id for pass_ in passes)), form)
    return page("passes/print.html", fragment="form", status=form.status, form=form, passes=passes, held=None)


@area.form("/print-all", needs=May.PRINT_PASSES)
def print_all() -> ResponseReturnValue:
    """All passes of a filter: a job, but for so few that they are there at once."""
    show = Show(request.args["show"]) if request.args.get("show") in batches.PRINTED else Show.VALID
    form = PrintManyForm()
    if form.validate_on_submit():
        return _printed(Choice(show, only_new=bool(form.only_new.data)), form)
    counts = {"many": len(batches.chosen(Choice(show))), "new": len(batches.chosen(Choice(show, True)))}
    return page("passes/print_all.html", fragment="form", status=form.status, form=form, show=show, **counts)


def _printed(choice: Choice, form: PrintForm) -> ResponseReturnValue:
    ids = batches.chosen(choice)
    if not ids:
        raise Refused(batches.ONLY_ISSUED)
    if len(ids) > PRINTED_AT_ONCE:
        job = batches.start(choice, form.layout.data, counterfoil=bool(form.counterfoil.data))
        return redirect(url_for("jobs.show", job_id=job.id), 303)
    passes = list(db.session.scalars(select(Pass).where(Pass.id.in_(ids)).order_by(Pass.id)))
    service.mark_printed(passes)
    return certificate.on_paper(passes, form.layout.data, counterfoil=bool(form.counterfoil.data))


@area.post("/revoke", needs=May.REVOKE_PASSES)
def revoke_several() -> ResponseReturnValue:
    """Ask why, then revoke the ticked ones."""
    passes = _ticked()
    form = ToldReasonForm(
        forms_steps.REVOKE_REASONS, formdata=request.form if "words" in request.form else None
    )
    if "words" in request.form and form.validate():
        for pass_ in passes:
            service.revoke(pass_, form.reason)
        flash(ngettext("%(num)s pass revoked", "%(num)s passes revoked", len(passes)))
        return redirect(url_for("passes.index"), 303)
    return page("passes/revoke_several.html", fragment="form", status=form.status, form=form, passes=passes)


@area.form("/household/<int:household_id>/revoke", needs=May.REVOKE_PASSES)
def revoke_household(household_id: int) -> ResponseReturnValue:
    """All issued passes of a household together."""
    household = db.get_or_404(Household, household_id)
    form = ToldReasonForm(forms_steps.REVOKE_REASONS)
    if form.validate_on_submit():
        count = service.revoke_household(household, form.reason)
        flash(ngettext("%(num)s pass revoked", "%(num)s passes revoked", count))
        return redirect(url_for("registry.show", household_id=household.id), 303)
    context = {"household": household, "passes": service.issued_of(household)}
    return page("passes/revoke_household.html", fragment="form", status=form.status, form=form, **context)


@area.form("/series", needs=May.CHANGE_SERIES)
def series() -> ResponseReturnValue:
    """换证: first the effect, then, once it is confirmed, the changeover."""
    form = SeriesForm()
    changeover = _changeover(form) if form.validate_on_submit() else None
    if changeover and "confirmed" in request.form:
        ended = replacing.change_series(changeover)
        flash(ngettext("%(num)s pass ends by then", "%(num)s passes end by then", ended))
        return redirect(url_for("passes.index"), 303)
    effect = replacing.count_ending(changeover) if changeover else None
    return page("passes/series.html", status=form.status, form=form, changeover=changeover, effect=effect)


def _changeover(form: SeriesForm) -> Changeover:
    place = acting().place
    if place is None:
        abort(404)
    kind = None if form.kind.data == forms_steps.ALL_KINDS else Kind(form.kind.data)
    return Changeover(place.unit_id, form.series.data or "", kind, form.since, form.reason.data or "")


def _ticked() -> list[Pass]:
    none = _l("No pass is ticked. Go back and tick at least one.")
    return ticked(Pass, "pass_id", none=none, too_many=_l("Tick %(most)s passes at most.", most=MOST_AT_ONCE))
