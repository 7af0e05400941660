"""Guessing is slowed down, nobody is locked out for good.

Failures are counted for a name from an address, for the name from anywhere, and for the address with any name; each
count answers later and later. Where somebody signed in lately, only the first count holds: an attacker elsewhere, or
a clumsy colleague in the same room, cannot keep that person waiting. From anywhere else it is a minute at most.
"""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from portal.accounts.models import FailedSignIn, SignIn
from portal.clock import now
from portal.database import db
from portal.vault import blind_index

FORGOTTEN_AFTER = timedelta(days=1)
KNOWN_PLACE = timedelta(days=30)


@dataclass(frozen=True)
class Patience:
    """How many failures go unpunished, and the longest wait in seconds."""

    free: int
    longest: int

    def wait_after(self, failures: int) -> int:
        """Seconds until the next try is answered: 1, 2, 4 … up to the longest."""
        if failures < self.free:
            return 0
        return min(self.longest, 1 << min(failures - self.free, 20))


PAIR = Patience(free=4, longest=300)
NAME = Patience(free=8, longest=60)
ADDRESS = Patience(free=20, longest=60)
CODE = Patience(free=4, longest=900)  # whoever gets as far as the code knows the password


class TooSoon(Exception):
    """The next try is answered only after ``seconds``."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@dataclass(frozen=True)
class Count:
    """What is counted, under a keyed hash, and how patiently."""

    key: str
    patience: Patience


def for_password(name: str, address: str, account_id: int | None) -> list[Count]:
    """The counts that a try with this name from this address falls under. The first is the pair's."""
    place = _network(address)
    pair = Count(_key("pair", name, place), PAIR)
    if account_id is not None and _is_known_place(account_id, address):
        return [pair]
    return [pair, Count(_key("name", name), NAME), Count(_key("address", place), ADDRESS)]


def for_code(account_id: int) -> list[Count]:
    """The count of wrong second factors."""
    return [Count(_key("code", str(account_id)), CODE)]


def for_public_check(address: str) -> list[Count]:
    """The count of codes that lead to nothing, asked for from this address without sign-in."""
    return [Count(_key("public check", _network(address)), ADDRESS)]


def for_pairing(address: str) -> list[Count]:
    """The count of wrong codes from an address that pair no phone."""
    return [Count(_key("pairing", _network(address)), PAIR)]


def for_proof(account_id: int) -> list[Count]:
    """The count of wrong passwords of somebody who is signed in."""
    return [Count(_key("proof", str(account_id)), CODE)]


def take_a_try(counts: Iterable[Count]) -> None:
    """Count a try as failed until ``forgive`` takes it back; TooSoon, uncounted, while a wait lasts.

    The rows stay locked until the transaction ends, so that tries sent at the same moment are counted one by one.
    """
    found = [(_locked(count.key), count.patience) for count in sorted(counts, key=lambda count: count.key)]
    moment = now()
    wait = max((row.next_try_at - moment).total_seconds() for row, _patience in found)
    if wait > 0:
        raise TooSoon(int(wait) + 1)
    for row, patience in found:
        _count_failure(row, patience, moment)


def forgive(counts: Iterable[Count]) -> None:
    """The try was right: what was counted for the name is forgotten.

    The address keeps its count, less this try, or an attacker would clear it by signing in with a name of his own.
    """
    for count in counts:
        row = _locked(count.key)
        if count.patience is ADDRESS and row.failures > 1:
            row.failures -= 1
            row.next_try_at = now()
        else:
            db.session.delete(row)


def forget_old() -> None:
    """Drop counts that have come to rest."""
    old = delete(FailedSignIn).where(FailedSignIn.next_try_at < now() - FORGOTTEN_AFTER)
    db.session.execute(old.execution_options(synchronize_session="fetch"))


def _count_failure(row: FailedSignIn, patience: Patience, moment: datetime) -> None:
    row.failures = 1 if row.next_try_at < moment - FORGOTTEN_AFTER else row.failures + 1
    row.next_try_at = moment + timedelta(seconds=patience.wait_after(row.failures))


def _locked(key: str) -> FailedSignIn:
    row = db.session.get(FailedSignIn, key, with_for_update=True)
    if row is None:
        try:
            with db.session.begin_nested():
                db.session.add(FailedSignIn(key=key, failures=0, next_try_at=now()))
        except IntegrityError:  # somebody else's try was the first
            pass
        row = db.session.get_one(FailedSignIn, key, with_for_update=True, populate_existing=True)
    return row


def _is_known_place(account_id: int, address: str) -> bool:
    lately = select(SignIn.id).where(SignIn.account_id == account_id, SignIn.address == address)
    return db.session.scalar(lately.where(SignIn.started_at > now() - KNOWN_PLACE).limit(1)) is not None


def _network(address: str) -> str:
    """An IPv6 subscriber has a whole /64 to send from."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    return address if parsed.version == 4 else str(ipaddress.ip_network(f"{address}/64", strict=False))


def _key(kind: str, *parts: str) -> str:
    return blind_index(f"sign-in {kind}", "\0".join(parts))
