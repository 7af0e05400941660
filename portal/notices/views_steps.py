"""The steps of a notice, from approval to its end; its preview and its paper."""

from collections.abc import Callable

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import May
from portal.notices import checks, looks, models, printing, rules, service
from portal.notices.area import area
from portal.notices.forms import SubmitForm
from portal.notices.loading import for_step, one_to_see, one_to_write
from portal.notices.models import Notice
from portal.web.forms import Form
from portal.web.page import page
from portal.workflow.reasons import WrittenReasonForm
from portal.workflow.states import Step


@area.form("/<int:notice_id>/submit", needs=May.WRITE_NOTICES)
def submit(notice_id: int) -> ResponseReturnValue:
    """Look at what is missing and at words that may be names, then send it for approval."""
    notice = for_step(notice_id, models.SUBMIT)
    form = SubmitForm(checks.words_to_look_at(notice))
    if form.validate_on_submit():
        service.submit(notice, form.not_names.data or [])
        return done(notice)
    found = looks.checks_of(notice)
    return page(
        "notices/submit.html", fragment="form", status=form.status, form=form, notice=notice, checks=found
    )


@area.post("/<int:notice_id>/approve", needs=May.APPROVE_NOTICES)
def approve(notice_id: int) -> ResponseReturnValue:
    """A second person has read it."""
    notice = one_to_write(notice_id)
    service.approve(notice, request.form.get("version", type=int))
    return done(notice)


@area.form("/<int:notice_id>/return", needs=May.APPROVE_NOTICES)
def return_(notice_id: int) -> ResponseReturnValue:
    """Back to whoever wrote it."""
    return _for_a_reason(notice_id, models.RETURN, service.return_)


@area.post("/<int:notice_id>/publish", needs=May.WRITE_NOTICES)
def publish(notice_id: int) -> ResponseReturnValue:
    """Number, date, and out it goes."""
    notice = one_to_write(notice_id)
    service.publish(notice)
    return done(notice)


@area.form("/<int:notice_id>/withdraw", needs=May.WRITE_NOTICES)
def withdraw(notice_id: int) -> ResponseReturnValue:
    """No longer in force."""
    return _for_a_reason(notice_id, models.WITHDRAW, service.withdraw)


@area.get("/<int:notice_id>/preview", needs=May.WRITE_NOTICES)
def preview(notice_id: int) -> ResponseReturnValue:
    """What the paper will look like, marked as a draft: ``?as=pdf``, or a light page with ``?as=page``."""
    notice = one_to_write(notice_id)
    if notice.state in rules.ISSUED or request.args.get("as") not in ("page", "pdf"):
        return redirect(url_for("notices.show", notice_id=notice.id), 303)
    return printing.preview(notice)


@area.form("/<int:notice_id>/print", needs=May.SEE_NOTICES)
def print_one(notice_id: int) -> ResponseReturnValue:
    """``?as=page`` shows the paper on the screen. Only a posted form makes the PDF, and is noted."""
    notice = one_to_see(notice_id)
    if notice.state not in rules.ISSUED:
        return redirect(on_screen("preview", notice), 303)
    form = Form()
    if request.args.get("as") == "page" or form.validate_on_submit():
        if form.is_submitted():
            printing.mark_printed(notice)
        return printing.issued(notice)
    return page("notices/print.html", status=form.status, form=form, notice=notice)


def on_screen(endpoint: str, notice: Notice) -> str:
    """The address of a light page that shows the paper."""
    return f"{url_for(f'notices.{endpoint}', notice_id=notice.id)}?as=page"


def done(notice: Notice) -> ResponseReturnValue:
    """To the notice, saying what became of it."""
    flash(" ".join(filter(None, (notice.state.label, notice.number))))
    return redirect(url_for("notices.show", notice_id=notice.id), 303)


def _for_a_reason(notice_id: int, step: Step, verb: Callable[[Notice, str], None]) -> ResponseReturnValue:
    """A page of its own that asks why, then the step."""
    notice = for_step(notice_id, step)
    form = WrittenReasonForm()
    if form.validate_on_submit():
        verb(notice, form.reason.data or "")
        return done(notice)
    return page(
        "notices/reason.html", fragment="form", status=form.status, form=form, notice=notice, step=step
    )
