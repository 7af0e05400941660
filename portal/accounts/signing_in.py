"""Signing in: the password first, then whatever else is asked. Until all is given, nobody is signed in.

What has been given so far lives on the server for five minutes from the last right answer; the cookie holds its name.
"""

import unicodedata
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.access.scope import everywhere
from portal.accounts import keeping, passwords, second_factor, throttle
from portal.accounts.finding import opened
from portal.accounts.models import Account, Keeping
from portal.audit import service as audit
from portal.clock import now
from portal.database import db
from portal.vault import blind_index

WRONG = _l("Name or password is wrong")
DISABLED = _l("This account is disabled. Ask the unit that opened it.")
LAPSED = _l("This one-time password has lapsed. Ask the unit that opened the account for a new one.")
WRONG_CODE = _l("This code is wrong, or it was used before. Wait for the next one.")

GIVE_CODE = "accounts.give_code"
CHOOSE_PASSWORD = "accounts.choose_password"  # noqa: S105 (an endpoint)
SET_UP = "accounts.set_up_second_factor"


class SignInRefused(Exception):
    """The try failed and has been counted; ``sentence`` is what may be said about it."""

    def __init__(self, sentence: Any) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class HalfSignIn:
    """A sign-in on its way. ``secret`` is for a second factor that is set up on the way."""

    kept_as: str
    account_id: int
    next_path: str
    code_given: bool
    secret: str


def tidy_name(typed: str) -> str:
    """A sign-in name as it is stored."""
    return unicodedata.normalize("NFKC", typed).strip().lower()


def check_password(name: str, password: str, address: str) -> int:
    """The id of the account with this name and password.

    SignInRefused with what may be said, throttle.TooSoon while a wait lasts. Both leave rows to be kept.
    """
    name = tidy_name(name)
    with everywhere(because="a password is checked before it is known who acts"):
        account = db.session.scalars(select(Account).where(Account.sign_in_name == name)).one_or_none()
        counts = throttle.for_password(name, address, account.id if account else None)
        throttle.take_a_try(counts)
        if not _is_right(account, password) or account is None:
            _note_failure(account, name, "password")
            raise SignInRefused(WRONG)
        throttle.forgive(counts)
        _refuse_what_is_over(account)
        if passwords.is_outdated(account.password_hash):
            account.password_hash = passwords.hash_password(password)
        return account.id


def check_code(account_id: int, code: str) -> None:
    """Take the second factor. SignInRefused for a wrong or used one, throttle.TooSoon while a wait lasts."""
    with opened(account_id) as account:
        counts = throttle.for_code(account_id)
        throttle.take_a_try(counts)
        if not second_factor.use_code(account, code):
            _note_failure(account, account.sign_in_name, "code")
            raise SignInRefused(WRONG_CODE)
        throttle.forgive(counts)


def next_step(account_id: int, *, code_given: bool) -> str | None:
    """The endpoint of what is still asked for, in this order; None when nothing is."""
    with opened(account_id) as account:
        needed = second_factor.is_needed(account_id)
        if second_factor.is_on() and account.totp_sealed is not None and not code_given:
            return GIVE_CODE
        if account.password_is_one_time:
            return CHOOSE_PASSWORD
        return SET_UP if needed and account.totp_sealed is None else None


def keep_half(account_id: int, next_path: str, *, code_given: bool) -> str:
    """Remember how far a sign-in has come. Returns the name for the cookie; earlier halves are void."""
    keeping.forget_all(account_id, Keeping.HALF_SIGN_IN)
    content = {"next": next_path, "code_given": code_given, "secret": second_factor.new_secret()}
    return keeping.keep(Keeping.HALF_SIGN_IN, account_id, content)


def find_half(name: object) -> HalfSignIn | None:
    """The sign-in on its way under this name; None when it has lapsed or the account is disabled meanwhile."""
    row = keeping.kept_row(Keeping.HALF_SIGN_IN, name)
    if row is None:
        return None
    with opened(row.account_id) as account:
        if account.disabled_at is not None:
            return None
    content = keeping.content_of(row)
    return HalfSignIn(row.seal_id, row.account_id, content["next"], content["code_given"], content["secret"])


def note_success(account_id: int) -> None:
    """The sign-in is complete. It also sweeps away what has lapsed."""
    keeping.forget_all(account_id, Keeping.HALF_SIGN_IN)
    keeping.forget_old()
    throttle.forget_old()
    with opened(account_id) as account:
        audit.record("sign_in.succeeded", account, account_id=account.id, actor=account.name)


def _is_right(account: Account | None, password: str) -> bool:
    if account is not None and account.password_is_one_time:
        password = passwords.as_typed_from_a_slip(password)
    return passwords.is_right(password, account.password_hash if account else None)


def _refuse_what_is_over(account: Account) -> None:
    """Only whoever knows the password is told."""
    if account.disabled_at is not None:
        _note_failure(account, account.sign_in_name, "disabled")
        raise SignInRefused(DISABLED)
    if account.password_is_one_time and account.password_until and account.password_until < now():
        _note_failure(account, account.sign_in_name, "lapsed")
        raise SignInRefused(LAPSED)


def _note_failure(account: Account | None, name: str, why: str) -> None:
    if account is not None:
        audit.record("sign_in.failed", account, account_id=account.id, actor=account.name, why=why)
    else:
        audit.record("sign_in.failed", actor="", why=why, name_hash=blind_index("sign-in names", name))
    db.session.flush()  # a refusal is raised after this, and what is not written yet would be forgotten with it
