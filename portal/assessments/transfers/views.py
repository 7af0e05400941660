"""Transfers 转送: the list, one of them, handing over, and the answers of either side."""

from collections.abc import Callable
from typing import Any

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import May
from portal.assessments import models
from portal.assessments.models import Assessment, Transfer
from portal.assessments.transfers import forms, listing, looks, printing, service
from portal.assessments.transfers.area import area
from portal.audit import service as audit
from portal.database import db
from portal.registry.forms import RevealForm
from portal.web.errors import Refused
from portal.web.forms import Form
from portal.web.page import page
from portal.workflow.reasons import ToldReasonForm
from portal.workflow.states import Step, refuse_closed

__all__ = ["area"]


@area.get("/", needs=May.SEE_ASSESSMENTS)
def index() -> ResponseReturnValue:
    """The list, given and received."""
    show = listing.chosen(request.args.get("show"))
    lines, before = listing.lines(show, request.args.get("before", type=int))
    context: dict[str, Any] = {"show": show, "lines": lines, "before": before}
    return page("assessments/transfers/list.html", fragment="rows", filters=listing.filters(show), **context)


@area.get("/<int:transfer_id>", needs=May.SEE_ASSESSMENTS)
def show(transfer_id: int) -> ResponseReturnValue:
    """One transfer, as this side sees it."""
    transfer = db.get_or_404(Transfer, transfer_id)
    return page("assessments/transfers/detail.html", **looks.at_transfer(transfer))


@area.form("/new", needs=May.TRANSFER_CASES)
def new() -> ResponseReturnValue:
    """Hand over what the office decided: ``?assessment_id=…``."""
    assessment = db.get_or_404(Assessment, request.args.get("assessment_id", 0, type=int))
    service.refuse_undecided(assessment)
    form = forms.GiveForm(assessment)
    if form.validate_on_submit():
        return _done(service.give(assessment, form.given))
    context = {"form": form, "assessment": assessment, "offered": service.offered()}
    return page("assessments/transfers/new.html", fragment="form", status=form.status, **context)


@area.post("/<int:transfer_id>/acknowledge", needs=May.TRANSFER_CASES)
def acknowledge(transfer_id: int) -> ResponseReturnValue:
    """This side takes the case over."""
    transfer = db.get_or_404(Transfer, transfer_id)
    service.acknowledge(transfer)
    return _done(transfer)


@area.form("/<int:transfer_id>/refuse", needs=May.TRANSFER_CASES)
def refuse(transfer_id: int) -> ResponseReturnValue:
    """This side does not."""
    return _for_a_reason(transfer_id, models.REFUSE, forms.REFUSED, service.refuse)


@area.form("/<int:transfer_id>/withdraw", needs=May.TRANSFER_CASES)
def withdraw(transfer_id: int) -> ResponseReturnValue:
    """The giver takes it back."""
    return _for_a_reason(transfer_id, models.WITHDRAW, forms.WITHDRAWN, service.withdraw)


@area.form("/<int:transfer_id>/answered-on-paper", needs=May.TRANSFER_CASES)
def answered_on_paper(transfer_id: int) -> ResponseReturnValue:
    """The signed sheet came back."""
    return _on_paper(transfer_id, models.ANSWERED_ON_PAPER, forms.PaperForm, service.answered_on_paper)


@area.form("/<int:transfer_id>/refused-on-paper", needs=May.TRANSFER_CASES)
def refused_on_paper(transfer_id: int) -> ResponseReturnValue:
    """The sheet came back with a refusal."""
    return _on_paper(transfer_id, models.REFUSED_ON_PAPER, forms.RefusedPaperForm, service.refused_on_paper)


@area.form("/<int:transfer_id>/reveal", needs=May.TRANSFER_CASES)
def reveal(transfer_id: int) -> ResponseReturnValue:
    """The person in full, once the reason is written down."""
    transfer, form = db.get_or_404(Transfer, transfer_id), RevealForm()
    context = looks.about(transfer) | {"form": form}
    if form.validate_on_submit():
        audit.record("transfer.reveal", transfer, reason=form.reason)
        g.unmasked = True
        return page("assessments/transfers/revealed.html", **context)
    return page("assessments/transfers/reveal.html", fragment="form", status=form.status, **context)


@area.form("/<int:transfer_id>/print", needs=May.TRANSFER_CASES)
def print_(transfer_id: int) -> ResponseReturnValue:
    """转送单, with the person in full: for a reason."""
    transfer, form = db.get_or_404(Transfer, transfer_id), RevealForm()
    if form.validate_on_submit():
        g.unmasked = True
        return printing.sheet(transfer, form.reason)
    context = looks.about(transfer) | {"form": form}
    return page("assessments/transfers/print.html", fragment="form", status=form.status, **context)


def _for_a_reason(
    transfer_id: int, step: Step, common: tuple[Any, ...], verb: Callable[[Transfer, str], None]
) -> ResponseReturnValue:
    """A page of its own that asks why, then the step."""
    transfer, form = _in_a_state_for(transfer_id, step), ToldReasonForm(common)
    if form.validate_on_submit():
        verb(transfer, form.reason)
        return _done(transfer)
    return _ask(form, transfer, step)


def _on_paper(
    transfer_id: int, step: Step, form_of: Callable[[Transfer], Any], verb: Callable[[Transfer, Any], None]
) -> ResponseReturnValue:
    """A page of its own that asks what the sheet says, then the step."""
    transfer = _in_a_state_for(transfer_id, step)
    form = form_of(transfer)
    if form.validate_on_submit():
        verb(transfer, form.paper)
        return _done(transfer)
    return _ask(form, transfer, step)


def _ask(form: Form, transfer: Transfer, step: Step) -> ResponseReturnValue:
    context = looks.about(transfer) | {"form": form, "step": step}
    return page("assessments/transfers/step.html", fragment="form", status=form.status, **context)


def _in_a_state_for(transfer_id: int, step: Step) -> Transfer:
    """The transfer, if this side can take this step from its state; else ``Refused`` before anything is asked."""
    transfer = db.get_or_404(Transfer, transfer_id)
    if step not in looks.side_of(transfer):
        raise Refused(service.OF_THE_OTHER_SIDE)
    refuse_closed(transfer, step)
    return transfer


def _done(transfer: Transfer) -> ResponseReturnValue:
    flash(listing.state_words(transfer.state, is_giving=transfer.is_giving))
    return redirect(url_for("transfers.show", transfer_id=transfer.id), 303)
