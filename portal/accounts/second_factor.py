"""The second factor: six figures from an app (RFC 6238), each good once, and recovery codes on paper for its loss."""

import re
import secrets
from dataclasses import dataclass
from typing import Any

import pyotp
from flask import current_app
from sqlalchemy import Update, delete, exists, or_, select, update

from portal.access.policy import NEEDS_SECOND_FACTOR
from portal.access.scope import everywhere
from portal.accounts.models import Account, Appointment, RecoveryCode
from portal.clock import now, today
from portal.database import db
from portal.units.installation import is_demo
from portal.vault import blind_index

SECONDS = 30
STEPS_OFF = 1  # phones go wrong by half a minute
RECOVERY_CODES = 10
RECOVERY_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True)
class Enrolment:
    """What is typed or scanned into the app. ``address`` is what its code to scan says."""

    secret: str
    address: str

    @property
    def in_groups(self) -> str:
        """The secret in groups of four, to be typed."""
        return " ".join(re.findall("....?", self.secret))


def is_on() -> bool:
    """Whether this installation asks for second factors: as ``SECOND_FACTOR`` says, else unless it is a demo."""
    told: bool | None = current_app.config["SECOND_FACTOR"]
    return not is_demo() if told is None else told


def is_needed(account_id: int) -> bool:
    """Whether one of the appointments that the account has or will have asks for a second factor."""
    if not is_on():
        return False
    with everywhere(because="whether a second factor is needed depends on all appointments of an account"):
        needing = select(Appointment.id).where(
            Appointment.account_id == account_id,
            Appointment.role.in_(NEEDS_SECOND_FACTOR),
            or_(Appointment.until.is_(None), Appointment.until >= today()),
        )
        return bool(db.session.scalar(select(exists(needing))))


def new_secret() -> str:
    """160 bits in base32."""
    return pyotp.random_base32()


def enrolment(secret: str, sign_in_name: str) -> Enrolment:
    """The secret for the app of whoever signs in with this name."""
    return Enrolment(secret, pyotp.TOTP(secret).provisioning_uri(name=sign_in_name, issuer_name="Gridgate"))


def step_of(code: str, secret: str) -> int | None:
    """The half-minute for which this code is right, None for a wrong one."""
    typed = re.sub(r"\D", "", code)
    present = int(now().timestamp()) // SECONDS
    totp = pyotp.TOTP(secret)
    for step in range(present - STEPS_OFF, present + STEPS_OFF + 1):
        if secrets.compare_digest(totp.generate_otp(step).encode(), typed.encode()):
            return step
    return None


def use_code(account: Account, code: str) -> bool:
    """Take a code from the app, or a recovery code. False for a wrong one, and for one used before."""
    typed = re.sub(r"[\s-]", "", code).lower()
    if re.fullmatch(r"\d{6}", typed):
        return _use_app_code(account, typed)
    spent = (
        update(RecoveryCode)
        .where(RecoveryCode.digest == _digest(account.id, typed), RecoveryCode.used_at.is_(None))
        .values(used_at=now())
    )
    return _changed_one(spent)


def enrol(account: Account, secret: str, step: int) -> list[str]:
    """From now on codes come from this secret; ``step`` was used to prove it. Returns new recovery codes."""
    account.totp, account.totp_last_step = secret, step
    return renew_recovery_codes(account)


def remove(account: Account) -> None:
    """The phone is lost: at the next sign-in a new one is set up."""
    account.totp, account.totp_last_step = None, None
    _drop_recovery_codes(account.id)


def renew_recovery_codes(account: Account) -> list[str]:
    """Ten new codes like ``abcd-efgh-jk``; the old ones are void."""
    _drop_recovery_codes(account.id)
    codes = ["".join(secrets.choice(RECOVERY_LETTERS) for _i in range(10)) for _code in range(RECOVERY_CODES)]
    db.session.add_all(
        RecoveryCode(digest=_digest(account.id, code), account_id=account.id) for code in codes
    )
    return [f"{code[:4]}-{code[4:8]}-{code[8:]}" for code in codes]


def recovery_codes_left(account_id: int) -> int:
    """How many have not been used."""
    left = select(RecoveryCode.digest).where(
        RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None)
    )
    return len(db.session.scalars(left).all())


def _use_app_code(account: Account, typed: str) -> bool:
    step = step_of(typed, account.totp or "") if account.totp else None
    if step is None:
        return False
    with everywhere(because="a code is used before anybody is signed in"):
        unused = or_(Account.totp_last_step.is_(None), Account.totp_last_step < step)
        return _changed_one(
            update(Account).where(Account.id == account.id, unused).values(totp_last_step=step)
        )


def _changed_one(change: Update) -> bool:
    result: Any = db.session.execute(change.execution_options(synchronize_session=False))
    return bool(result.rowcount == 1)


def _drop_recovery_codes(account_id: int) -> None:
    old = delete(RecoveryCode).where(RecoveryCode.account_id == account_id)
    db.session.execute(old.execution_options(synchronize_session=False))


def _digest(account_id: int, code: str) -> str:
    return blind_index("recovery codes", f"{account_id}:{code}")
