"""Signing in and out, the language, and changing to another of one's appointments."""

from flask import flash, g, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access.guard import ANYONE, SIGNED_IN
from portal.accounts import lapsed, signing_in, steps, views_me, views_people
from portal.accounts.area import area
from portal.accounts.forms import CodeForm, ConfirmCodeForm, NewPasswordForm, SignInForm
from portal.accounts.next_page import HOME, after_sign_in, safe_path
from portal.accounts.service import choose_password as write_password
from portal.web import languages
from portal.web.page import page

__all__ = ["area", "views_me", "views_people"]


@area.form("/login", needs=ANYONE)
def sign_in() -> ResponseReturnValue:
    """Name and password."""
    if g.acting is not None:
        return redirect(HOME, 303)
    form = SignInForm(next=after_sign_in(request.args.get("next")))
    if not form.validate_on_submit():
        return page("accounts/sign_in.html", status=form.status, form=form)
    with steps.Try(form.password) as attempt:
        account_id = signing_in.check_password(form.name.data, form.password.data, request.remote_addr or "")
        return steps.go_on(account_id, after_sign_in(form.next.data))
    return attempt.refusal("accounts/sign_in.html", form=form)


@area.form("/login/code", needs=ANYONE)
def give_code() -> ResponseReturnValue:
    """The second factor."""
    half = steps.half_sign_in(signing_in.GIVE_CODE)
    if half is None:
        return steps.start_again()
    form = CodeForm()
    if not form.validate_on_submit():
        return page("accounts/code.html", status=form.status, form=form)
    with steps.Try(form.code) as attempt:
        signing_in.check_code(half.account_id, form.code.data)
        return steps.go_on(half.account_id, half.next_path, code_given=True)
    return attempt.refusal("accounts/code.html", form=form)


@area.form("/login/password", needs=ANYONE)
def choose_password() -> ResponseReturnValue:
    """A password of one's own instead of the one-time password."""
    half = steps.half_sign_in(signing_in.CHOOSE_PASSWORD)
    if half is None:
        return steps.start_again()
    form = NewPasswordForm(steps.names_of(half.account_id))
    if not form.validate_on_submit():
        return page("accounts/choose_password.html", status=form.status, form=form)
    write_password(half.account_id, form.password.data)
    return steps.go_on(half.account_id, half.next_path, code_given=half.code_given)


@area.form("/login/second-factor", needs=ANYONE)
def set_up_second_factor() -> ResponseReturnValue:
    """The first enrolment of a second factor, on the way in."""
    half = steps.half_sign_in(signing_in.SET_UP)
    if half is None:
        return steps.start_again()
    form = ConfirmCodeForm()
    if form.validate_on_submit():
        kept = steps.confirmed_second_factor(half.account_id, half.secret, form)
        if kept:
            steps.finish(half.account_id, half.next_path)
            return redirect(url_for("accounts.recovery_codes", name=kept, next=half.next_path), 303)
    return steps.enrolment_page(form, half.account_id, half.secret)


@area.post("/logout", needs=ANYONE)
def sign_out() -> ResponseReturnValue:
    """End this sign-in."""
    steps.leave()
    return redirect(url_for("accounts.sign_in"), 303)


@area.post("/language", needs=ANYONE)
def language() -> ResponseReturnValue:
    """The other language, on the page that one was on. An account remembers it."""
    wish = request.form.get("language", "")
    response = make_response(redirect(safe_path(request.form.get("next")), 303))
    if wish not in languages.LANGUAGES:
        return response
    if g.account_id is not None:
        steps.remember_language(g.account_id, wish)
    return languages.remember(response, wish)


@area.post("/act-as", needs=ANYONE)
def act_as() -> ResponseReturnValue:
    """Change to another of one's own appointments; to be used also by those who have just lost theirs."""
    if g.account_id is None:
        return lapsed.ask_to_sign_in()
    if not steps.change_appointment(request.form.get("appointment_id", type=int)):
        flash(_("This appointment is not in force."))
    return redirect(HOME, 303)


@area.get("/login/kept", needs=SIGNED_IN)
def kept_form() -> ResponseReturnValue:
    """A form that was lost to a lapsed sign-in, to be sent again."""
    form = lapsed.form_kept_for(g.account_id)
    if form is None:
        return redirect(HOME, 303)
    g.unmasked = True
    return page("accounts/kept_form.html", form=form)


@area.post("/login/kept/discard", needs=SIGNED_IN)
def discard_kept_form() -> ResponseReturnValue:
    """It is not wanted any more."""
    lapsed.discard_form()
    return redirect(HOME, 303)
