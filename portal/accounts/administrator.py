"""The first administrator, and the way back in when nobody can sign in any more. For commands: the caller commits."""

from sqlalchemy import select

from portal.access.policy import Role
from portal.access.scope import everywhere
from portal.accounts import passwords, second_factor, sessions
from portal.accounts.models import Account, Appointment, Title
from portal.accounts.names import free_name
from portal.accounts.signing_in import tidy_name
from portal.audit import service as audit
from portal.clock import now, today
from portal.database import db

TERMINAL = "terminal"


def create_administrator() -> tuple[str, str]:
    """An account that may administer the installation: (sign-in name, one-time password)."""
    password = passwords.new_one_time_password()
    with everywhere(because="an administrator belongs to no unit"):
        account = Account(sign_in_name=free_name("root"), name="root", created_at=now())
        _hand_out(account, password)
        account.appointments.append(Appointment(role=Role.ADMIN, title=Title.ADMINISTRATOR, since=today()))
        db.session.add(account)
        audit.record("accounts.open", account, actor=TERMINAL)
        return account.sign_in_name, password


def let_in_again(sign_in_name: str) -> str:
    """A one-time password for an account, enabled and without its second factor. LookupError for an unknown name."""
    password = passwords.new_one_time_password()
    with everywhere(because="whoever has the terminal has the installation"):
        named = select(Account).where(Account.sign_in_name == tidy_name(sign_in_name))
        account = db.session.scalars(named).one_or_none()
        if account is None:
            raise LookupError(sign_in_name)
        _hand_out(account, password)
        account.disabled_at = None
        second_factor.remove(account)
        sessions.end_all(account.id)
        audit.record("accounts.one_time_password", account, actor=TERMINAL, reason=TERMINAL)
    return password


def _hand_out(account: Account, password: str) -> None:
    account.password_hash = passwords.hash_password(passwords.as_typed_from_a_slip(password))
    account.password_is_one_time = True
    account.password_until = now() + passwords.ONE_TIME_VALID
