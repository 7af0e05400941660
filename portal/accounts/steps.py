"""What the views of signing in share: how far somebody has come, what is asked next, and what refusals look like."""

from typing import Any

from flask import Response, flash, g, redirect, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.access.scope import everywhere
from portal.accounts import keeping, second_factor, sessions, signing_in, throttle
from portal.accounts.finding import opened
from portal.accounts.forms import ConfirmCodeForm
from portal.accounts.lapsed import KEPT_FORM
from portal.accounts.models import Appointment, Keeping
from portal.accounts.service import is_right_password, set_second_factor
from portal.accounts.signing_in import HalfSignIn
from portal.audit import service as audit
from portal.database import db, keep_despite_refusal
from portal.printing.screen_code import screen_code
from portal.web.page import page

WRONG_PASSWORD = _l("This is not your present password")
HALF = "half_sign_in"  # the cookie's entry


class Try:
    """A try to prove who one is: ``with Try(form.code) as attempt: …; return …`` and after it ``attempt.refusal(…)``.

    A refusal becomes a sentence at the field: 422 for something wrong, 429 while a wait lasts.
    """

    def __init__(self, field: Any) -> None:
        self.field, self.status, self.wait = field, 422, 0

    def __enter__(self) -> "Try":
        return self

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> bool:
        if isinstance(error, signing_in.SignInRefused):
            keep_despite_refusal()  # what was counted counts
            self.field.errors = [str(error.sentence)]
            return True
        if isinstance(error, throttle.TooSoon):
            self.status, self.wait = 429, error.seconds
            self.field.errors = [_sentence_to_wait(error.seconds)]
            return True
        return False

    def refusal(self, template: str, **context: Any) -> Response:
        """The page again, with what is wrong."""
        response = page(template, status=self.status, **context)
        if self.wait:
            response.headers["Retry-After"] = str(self.wait)
        return response


def _sentence_to_wait(seconds: int) -> str:
    return ngettext(
        "Too many tries. Try again in %(num)s second.",
        "Too many tries. Try again in %(num)s seconds.",
        seconds,
    )


def half_sign_in(step: str) -> HalfSignIn | None:
    """The sign-in on its way in this browser, if ``step`` is what it asks for now."""
    half = signing_in.find_half(session.get(HALF))
    if half and signing_in.next_step(half.account_id, code_given=half.code_given) == step:
        return half
    return None


def start_again() -> ResponseReturnValue:
    """Five minutes are over, or this is not what is asked for."""
    session.pop(HALF, None)
    if g.acting is None:
        flash(_("Signing in took too long. Start again."))
    return redirect(url_for("accounts.sign_in"), 303)


def go_on(account_id: int, next_path: str, *, code_given: bool = False) -> ResponseReturnValue:
    """To what is asked for next, or in."""
    step = signing_in.next_step(account_id, code_given=code_given)
    if step is None:
        return finish(account_id, next_path)
    session[HALF] = signing_in.keep_half(account_id, next_path, code_given=code_given)
    return redirect(url_for(step), 303)


def finish(account_id: int, next_path: str) -> ResponseReturnValue:
    """Signed in: to the form that was lost meanwhile, if it was this account's, else to the page asked for."""
    lost = session.get(KEPT_FORM)
    with opened(account_id) as account:
        sessions.start(account)
    signing_in.note_success(account_id)
    if keeping.kept(Keeping.FORM, lost, account_id) is None:
        return redirect(next_path, 303)
    session[KEPT_FORM] = lost
    return redirect(url_for("accounts.kept_form"), 303)


def leave() -> None:
    """Sign out, and say so in the trail."""
    if g.account_id is not None:
        with opened(g.account_id) as account:
            audit.record("sign_in.ended", account, account_id=account.id, actor=account.name)
    sessions.leave()


def names_of(account_id: int) -> tuple[str, str]:
    """Sign-in name and name, which no password may be made of."""
    with opened(account_id) as account:
        return account.sign_in_name, account.name


def confirmed_second_factor(account_id: int, secret: str, form: ConfirmCodeForm) -> str | None:
    """Store a second factor whose first code is right. The name of its kept recovery codes, None for a wrong code."""
    step = second_factor.step_of(form.code.data, secret)
    if step is None:
        form.code.errors = [
            _("This is not the code. Check that the phone's clock is right, and enter the next one.")
        ]
        return None
    return set_second_factor(account_id, secret, step)


def enrolment_page(form: ConfirmCodeForm, account_id: int, secret: str) -> Response:
    """The secret to scan or to type, and the field for the first code."""
    g.unmasked = True  # nobody's cache keeps a secret
    enrolment = second_factor.enrolment(secret, names_of(account_id)[0])
    code = screen_code(enrolment.address)
    return page("accounts/second_factor.html", status=form.status, form=form, enrolment=enrolment, code=code)


def prove_it_is_me(account_id: int, password: str) -> None:
    """Ask for the present password before something that matters. Refused and slowed down as a sign-in is."""
    counts = throttle.for_proof(account_id)
    throttle.take_a_try(counts)
    if not is_right_password(account_id, password):
        raise signing_in.SignInRefused(WRONG_PASSWORD)
    throttle.forgive(counts)


def note_end(which: str) -> None:
    """One or all of one's own sign-ins were ended from another place."""
    with opened(g.account_id) as account:
        audit.record("sign_in.ended", account, which=which)


def remember_language(account_id: int, language: str) -> None:
    """The account's own setting."""
    with opened(account_id) as account:
        account.language = language


def change_appointment(appointment_id: int | None) -> bool:
    """Act under another of one's own appointments from now on; False if it is none, or not in force."""
    if appointment_id is None or not sessions.act_as(appointment_id):
        return False
    with everywhere(because="one's other appointment may lie in another place"):
        appointment = db.session.get_one(Appointment, appointment_id)
        with opened(g.account_id) as account:
            audit.record("accounts.act_as", appointment, account_id=account.id, actor=account.name)
    return True
