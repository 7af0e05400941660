"""One's own account: appointments, password, second factor, and where one is signed in."""

from flask import Response, abort, flash, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access.acting import acting
from portal.access.guard import SIGNED_IN
from portal.accounts import keeping, printing, second_factor, service, sessions, steps
from portal.accounts.area import area
from portal.accounts.finding import opened
from portal.accounts.forms import ChangePasswordForm, ConfirmCodeForm, PasswordForm
from portal.accounts.models import Keeping
from portal.accounts.next_page import safe_path
from portal.audit import service as audit
from portal.web.page import page

NEW_FACTOR = "new_second_factor"  # the cookie's entry


@area.get("/me", needs=SIGNED_IN)
def me() -> ResponseReturnValue:
    """Everything about one's own account."""
    who = acting()
    with opened(who.account_id) as account:
        has_second_factor = account.totp_sealed is not None
    return page(
        "accounts/me.html",
        sign_in_name=steps.names_of(who.account_id)[0],
        appointments=sessions.appointments_in_force(who.account_id),
        sign_ins=sessions.live_sign_ins(who.account_id),
        has_second_factor=has_second_factor,
        offers_second_factor=has_second_factor or second_factor.is_needed(who.account_id),
        codes_left=second_factor.recovery_codes_left(who.account_id),
    )


@area.form("/me/password", needs=SIGNED_IN)
def change_password() -> ResponseReturnValue:
    """A new password; the present one is asked."""
    account_id = acting().account_id
    form = ChangePasswordForm(steps.names_of(account_id))
    if form.validate_on_submit():
        with steps.Try(form.present) as attempt:
            steps.prove_it_is_me(account_id, form.present.data)
            service.choose_password(account_id, form.password.data)
            flash(_("Your password is changed. All other sign-ins have ended."))
            return redirect(url_for("accounts.me"), 303)
        return attempt.refusal("accounts/change_password.html", form=form)
    return page("accounts/change_password.html", status=form.status, form=form)


@area.post("/me/sign-ins/<int:sign_in_id>/end", needs=SIGNED_IN)
def end_sign_in(sign_in_id: int) -> ResponseReturnValue:
    """End one of one's own sign-ins."""
    if sign_in_id not in [row.id for row in sessions.live_sign_ins(g.account_id)]:
        abort(404)
    if sign_in_id == g.sign_in_id:
        steps.leave()
        return redirect(url_for("accounts.sign_in"), 303)
    sessions.end(sign_in_id)
    steps.note_end("one")
    flash(_("That sign-in has ended."))
    return redirect(url_for("accounts.me"), 303)


@area.post("/me/sign-out-everywhere", needs=SIGNED_IN)
def sign_out_everywhere() -> ResponseReturnValue:
    """End all of one's own sign-ins, this one too."""
    sessions.end_all(acting().account_id)
    steps.note_end("all")
    sessions.leave()
    return redirect(url_for("accounts.sign_in"), 303)


@area.form("/me/second-factor", needs=SIGNED_IN)
def renew_second_factor() -> ResponseReturnValue:
    """Another phone, or a first one: the password is asked before the new secret is shown."""
    _offered_or_404()
    form = PasswordForm()
    if form.validate_on_submit():
        with steps.Try(form.present) as attempt:
            steps.prove_it_is_me(g.account_id, form.present.data)
            content = {"secret": second_factor.new_secret()}
            session[NEW_FACTOR] = keeping.keep(Keeping.NEW_SECOND_FACTOR, g.account_id, content)
            return redirect(url_for("accounts.confirm_second_factor"), 303)
        return attempt.refusal("accounts/prove.html", form=form, codes=False)
    return page("accounts/prove.html", status=form.status, form=form, codes=False)


@area.form("/me/second-factor/confirm", needs=SIGNED_IN)
def confirm_second_factor() -> ResponseReturnValue:
    """The new secret, and its first code."""
    content = keeping.kept(Keeping.NEW_SECOND_FACTOR, session.get(NEW_FACTOR), g.account_id)
    if content is None:
        return redirect(url_for("accounts.renew_second_factor"), 303)
    form = ConfirmCodeForm()
    kept = (
        steps.confirmed_second_factor(g.account_id, content["secret"], form)
        if form.validate_on_submit()
        else None
    )
    if kept is None:
        return steps.enrolment_page(form, g.account_id, content["secret"])
    keeping.forget(session.pop(NEW_FACTOR))
    return redirect(url_for("accounts.recovery_codes", name=kept), 303)


@area.form("/me/recovery-codes", needs=SIGNED_IN)
def renew_recovery_codes() -> ResponseReturnValue:
    """New recovery codes instead of those that are used up or lost."""
    _offered_or_404()
    form = PasswordForm()
    if form.validate_on_submit():
        with steps.Try(form.present) as attempt:
            steps.prove_it_is_me(g.account_id, form.present.data)
            kept = service.renew_recovery_codes(g.account_id)
            return redirect(url_for("accounts.recovery_codes", name=kept), 303)
        return attempt.refusal("accounts/prove.html", form=form, codes=True)
    return page("accounts/prove.html", status=form.status, form=form, codes=True)


@area.get("/me/recovery-codes/<name>", needs=SIGNED_IN)
def recovery_codes(name: str) -> ResponseReturnValue:
    """The codes themselves, for ten minutes."""
    codes = _kept_codes_or_404(name)
    g.unmasked = True
    return page(
        "accounts/recovery_codes.html", codes=codes, name=name, next_path=safe_path(request.args.get("next"))
    )


@area.post("/me/recovery-codes/<name>/print", needs=SIGNED_IN)
def print_recovery_codes(name: str) -> Response:
    """The codes on paper."""
    codes = _kept_codes_or_404(name)
    with opened(g.account_id) as account:
        audit.record("accounts.print_recovery_codes", account)
    return printing.print_recovery_codes(steps.names_of(g.account_id)[0], codes)


def _kept_codes_or_404(name: str) -> list[str]:
    content = keeping.kept(Keeping.RECOVERY_CODES, name, g.account_id)
    if content is None:
        abort(404)
    codes: list[str] = content["codes"]
    return codes


def _offered_or_404() -> None:
    with opened(g.account_id) as account:
        if account.totp_sealed is None and not second_factor.is_needed(account.id):
            abort(404)
