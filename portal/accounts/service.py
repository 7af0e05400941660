"""What is done with accounts and appointments. Each verb asks first whether the one acting may, and leaves an entry.

Whenever a password, an appointment or a second factor changes, the sign-ins of that account end.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import abort, g
from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError

from portal.access.acting import acting
from portal.access.guard import contributed
from portal.access.policy import Role
from portal.access.scope import everywhere, place_of
from portal.accounts import keeping, passwords, second_factor, sessions
from portal.accounts.finding import opened, posts_of
from portal.accounts.models import Account, Appointment, Keeping, Title
from portal.accounts.names import free_name
from portal.accounts.rules import Post, may_give, may_manage
from portal.audit import service as audit
from portal.clock import now, today
from portal.database import db
from portal.web.errors import Refused

NAME_TAKEN = _l("This sign-in name is taken. Choose another, or leave it empty.")
ALREADY_HAS_IT = _l("This person already has this appointment.")
NOT_ONESELF = _l("Nobody appoints himself. Ask the unit above.")
LAST_OF_ONES_OWN = _l(
    "This is your last appointment: with it you would lock yourself out. Ask somebody else to end it."
)
LAST_ADMINISTRATOR = _l("This is the last administrator. Appoint another one first.")
ALREADY_OVER = _l("This appointment is over already.")
WORKS_ELSEWHERE = _l("This account also works elsewhere, or at your own level. Ask the unit above.")


class NameTaken(Exception):
    """Another account signs in with this name."""


@dataclass(frozen=True)
class Appointed:
    """What an appointment says; ``until`` is its last day."""

    post: Post
    title: Title
    checkpoint_id: int | None
    since: date
    until: date | None


def open_account(name: str, sign_in_name: str, phone: str, appointed: Appointed) -> tuple[int, str]:
    """A new account with its first appointment. Returns its id and its one-time password.

    An empty ``sign_in_name`` is made from the name; NameTaken if the one given is somebody else's.
    """
    _refuse_unless(may_give(acting(), appointed.post))
    password = passwords.new_one_time_password()
    account = Account(name=name, phone=phone, unit_id=_unit_id(appointed.post), created_at=now())
    _set_one_time(account, password)
    account.sign_in_name = sign_in_name or free_name(name)
    try:
        with db.session.begin_nested():
            db.session.add(account)
    except IntegrityError as taken:
        raise NameTaken(sign_in_name) from taken
    audit.record("accounts.open", account)
    _add_appointment(account.id, appointed)
    return account.id, password


def appoint(account_id: int, appointed: Appointed) -> None:
    """Another appointment for an account."""
    _refuse_unless(may_give(acting(), appointed.post))
    if account_id == acting().account_id:
        raise Refused(NOT_ONESELF)
    if _has_it_already(account_id, appointed):
        raise Refused(ALREADY_HAS_IT)
    _add_appointment(account_id, appointed)
    sessions.end_all(account_id)


def end_appointment(appointment: Appointment, last_day: date, reason: str) -> None:
    """Let an appointment end with ``last_day``. The areas hear of it, and may refuse."""
    _refuse_unless(may_give(acting(), _post_of(appointment)))
    if appointment.until is not None and appointment.until <= last_day:
        raise Refused(ALREADY_OVER)
    if appointment.account_id == acting().account_id and not _others_in_force(appointment, last_day):
        raise Refused(LAST_OF_ONES_OWN)
    if appointment.role == Role.ADMIN:
        _refuse_without_administrator(appointment.account_id)
    appointment.until = last_day
    audit.record("accounts.end_appointment", appointment, reason=reason, last_day=last_day.isoformat())
    for _area, tell in contributed("on_appointment_end"):
        tell(appointment)
    sessions.end_all(
        appointment.account_id, but=g.get("sign_in_id") if _is_me(appointment.account_id) else None
    )


def new_one_time_password(account_id: int, reason: str) -> str:
    """The password is forgotten: a one-time password instead of it. Returns it."""
    password = passwords.new_one_time_password()
    with opened(account_id) as account:
        _refuse_unless_mine(account_id)
        _set_one_time(account, password)
        _cut_off(account_id)
        audit.record("accounts.one_time_password", account, reason=reason)
    return password


def disable(account_id: int, reason: str) -> None:
    """Nobody signs in with this account until it is enabled again."""
    with opened(account_id) as account:
        _refuse_unless_mine(account_id)
        _refuse_without_administrator(account_id)
        account.disabled_at = account.disabled_at or now()
        _cut_off(account_id)
        audit.record("accounts.disable", account, reason=reason)


def enable(account_id: int) -> None:
    """The account may sign in again, with the password it had."""
    with opened(account_id) as account:
        _refuse_unless_mine(account_id)
        account.disabled_at = None
        audit.record("accounts.enable", account)


def reset_second_factor(account_id: int, proof: str) -> None:
    """The phone is lost; ``proof`` says how it was made sure who is asking. A new one is set up at the next sign-in."""
    with opened(account_id) as account:
        _refuse_unless_mine(account_id)
        second_factor.remove(account)
        _cut_off(account_id)
        audit.record("accounts.reset_second_factor", account, reason=proof)


def is_right_password(account_id: int, password: str) -> bool:
    """Whether this is the account's password."""
    with opened(account_id) as account:
        return passwords.is_right(password, account.password_hash)


def choose_password(account_id: int, password: str) -> None:
    """The person's own new password. All other sign-ins of the account end."""
    with opened(account_id) as account:
        account.password_hash = passwords.hash_password(password)
        account.password_is_one_time, account.password_until = False, None
        _cut_off(account_id, but=g.get("sign_in_id"))
        audit.record("accounts.change_password", account, account_id=account.id, actor=account.name)


def set_second_factor(account_id: int, secret: str, step: int) -> str:
    """The person's own new second factor, proven. Returns the name under which the recovery codes are kept."""
    with opened(account_id) as account:
        codes = second_factor.enrol(account, secret, step)
        _cut_off(account_id, but=g.get("sign_in_id"))
        audit.record("accounts.second_factor", account, account_id=account.id, actor=account.name)
    return keeping.keep(Keeping.RECOVERY_CODES, account_id, {"codes": codes})


def renew_recovery_codes(account_id: int) -> str:
    """New recovery codes, the old ones void. Returns the name under which they are kept."""
    with opened(account_id) as account:
        codes = second_factor.renew_recovery_codes(account)
        audit.record("accounts.recovery_codes", account)
    return keeping.keep(Keeping.RECOVERY_CODES, account_id, {"codes": codes})


def _add_appointment(account_id: int, appointed: Appointed) -> None:
    appointment = Appointment(
        account_id=account_id,
        unit_id=_unit_id(appointed.post),
        role=appointed.post.role,
        title=appointed.title,
        checkpoint_id=appointed.checkpoint_id,
        since=appointed.since,
        until=appointed.until,
    )
    db.session.add(appointment)
    audit.record("accounts.appoint", appointment, role=str(appointment.role), title=str(appointment.title))


def _set_one_time(account: Account, password: str) -> None:
    account.password_hash = passwords.hash_password(passwords.as_typed_from_a_slip(password))
    account.password_is_one_time = True
    account.password_until = now() + passwords.ONE_TIME_VALID


def _cut_off(account_id: int, *, but: int | None = None) -> None:
    sessions.end_all(account_id, but=but)
    keeping.forget_all(account_id, Keeping.HALF_SIGN_IN)


def _unit_id(post: Post) -> int | None:
    return post.place.unit_id if post.place else None


def _post_of(appointment: Appointment) -> Post:
    place = place_of(appointment.unit_id) if appointment.unit_id is not None else None
    return Post(place, appointment.role)


def _is_me(account_id: int) -> bool:
    return account_id == acting().account_id


def _refuse_unless(allowed: bool) -> None:
    if not allowed:
        abort(404)  # the pages offer only what may be given; whoever asks for more learns nothing


def _refuse_unless_mine(account_id: int) -> None:
    if not may_manage(acting(), account_id, posts_of(account_id)):
        raise Refused(WORKS_ELSEWHERE)


def _has_it_already(account_id: int, appointed: Appointed) -> bool:
    same = select(Appointment.id).where(
        Appointment.account_id == account_id,
        Appointment.unit_id == _unit_id(appointed.post),
        Appointment.role == appointed.post.role,
        Appointment.title == appointed.title,
        Appointment.checkpoint_id == appointed.checkpoint_id,
        or_(Appointment.until.is_(None), Appointment.until >= appointed.since),
    )
    return db.session.scalars(same.limit(1)).first() is not None


def _others_in_force(appointment: Appointment, last_day: date) -> bool:
    others: list[Any] = [
        one for one in sessions.appointments_in_force(appointment.account_id) if one.id != appointment.id
    ]
    return any(one.until is None or one.until > last_day for one in others)


def _refuse_without_administrator(account_id: int) -> None:
    """Refuse to take away the last one. The rows are locked, so that two cannot end each other's at once."""
    with everywhere(because="administrators belong to no unit"):
        administrators = db.session.scalars(
            select(Appointment)
            .join(Account, Account.id == Appointment.account_id)
            .where(Appointment.role == Role.ADMIN, Appointment.until.is_(None), Account.disabled_at.is_(None))
            .where(Appointment.since <= today())
            .order_by(Appointment.id)
            .with_for_update(of=Appointment)
        ).all()
        ids = {administrator.account_id for administrator in administrators}
    if ids == {account_id}:
        raise Refused(LAST_ADMINISTRATOR)
