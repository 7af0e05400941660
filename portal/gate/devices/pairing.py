"""How a phone becomes a gate's, and ceases to be: by a code that the command post shows, once and for ten minutes."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select

from portal.access.acting import acting
from portal.access.scope import everywhere
from portal.accounts import throttle
from portal.audit import service as audit
from portal.clock import now
from portal.database import db
from portal.gate.devices import reading
from portal.gate.devices.models import GateDevice, PairingCode
from portal.gate.devices.token import new_token
from portal.units.models import Checkpoint
from portal.vault import blind_index
from portal.web.errors import Refused

FIGURES = 8
LONGEST_NAME = 40
LASTS = timedelta(minutes=10)
ENDED_ALREADY = _l("This phone has been ended already.")
CLOSED = _l("This gate is closed: no phone can be paired with it.")


@dataclass(frozen=True)
class Asking:
    """A phone that wants to be a gate's. ``uid`` is made by the phone, ``name`` what people call it."""

    code: str
    uid: str
    name: str


def read(told: Any) -> Asking | None:
    """What a phone sends to be paired; None where it is not that."""
    if not isinstance(told, dict):
        return None
    try:
        code = reading.line_of(20)(told.get("code"))
        uid = reading.uuid(told.get("device"))
        name = reading.line_of(LONGEST_NAME)(told.get("name") or "")
    except ValueError:
        return None
    return Asking("".join(filter(str.isdecimal, code)), uid, name)


def new_code(gate: Checkpoint) -> str:
    """A code of eight figures for one phone of this gate; one that was shown before is no longer good."""
    if gate.closed:
        raise Refused(CLOSED)
    db.session.refresh(gate, with_for_update=True)
    unused = delete(PairingCode).where(PairingCode.checkpoint_id == gate.id, PairingCode.used_at.is_(None))
    db.session.execute(unused.execution_options(synchronize_session="fetch"))
    code = _free_code()
    db.session.add(
        PairingCode(
            unit_id=gate.unit_id,
            checkpoint_id=gate.id,
            code_index=_index(code),
            made_at=now(),
            made_by_id=acting().account_id,
        )
    )
    audit.record("gate.pairing_code", gate)
    return code


def pair(asking: Asking, address: str) -> tuple[str, Checkpoint] | None:
    """The token, which is told only now, and the gate; None for a code that is wrong, used or too late.

    A phone that was this gate's before goes on in the same row, under a new token. ``throttle.TooSoon`` for guesses.
    """
    guesses = throttle.for_pairing(address)
    throttle.take_a_try(guesses)
    with everywhere(because="which gate a pairing code belongs to is not known before it is typed"):
        code = _usable(asking.code)
        gate = db.session.get_one(Checkpoint, code.checkpoint_id) if code else None
        if code is None or gate is None or gate.closed:
            return None
        code.used_at = now()
        token, token_digest = new_token()
        device = _row_of(asking.uid, gate)
        device.name, device.token_digest = asking.name or asking.uid[:4], token_digest
        device.paired_at, device.paired_by_id = now(), code.made_by_id
        device.revoked_at, device.revoked_because = None, ""
        db.session.add(device)
        db.session.flush()
        by = code.made_by_id
        audit.record("gate.pair_phone", device, account_id=by, actor=device.name, gate=gate.id)
    throttle.forgive(guesses)
    return token, gate


def end(device: GateDevice, reason: str) -> None:
    """The token opens nothing any more. What the phone has not sent stays on it until it is paired again."""
    db.session.refresh(device, with_for_update=True)
    if device.revoked_at is not None:
        raise Refused(ENDED_ALREADY)
    device.revoked_at, device.revoked_because = now(), reason
    audit.record("gate.end_phone", device, reason=reason, gate=device.checkpoint_id)


def _usable(typed: str) -> PairingCode | None:
    """The code's row, locked, so that of two phones one is paired."""
    fresh = (PairingCode.used_at.is_(None), PairingCode.made_at > now() - LASTS)
    wanted = select(PairingCode).where(PairingCode.code_index == _index(typed), *fresh)
    return db.session.scalars(wanted.with_for_update()).one_or_none()


def _row_of(uid: str, gate: Checkpoint) -> GateDevice:
    same = select(GateDevice).where(GateDevice.uid == uid, GateDevice.checkpoint_id == gate.id)
    known = db.session.scalars(same.with_for_update()).one_or_none()
    return known or GateDevice(uid=uid, checkpoint_id=gate.id, unit_id=gate.unit_id)


def _free_code() -> str:
    """No two codes are alike, whoever made them."""
    with everywhere(because="a pairing code is given once in the whole installation"):
        while True:
            code = f"{secrets.randbelow(10**FIGURES):0{FIGURES}}"
            if not db.session.scalar(select(PairingCode.id).where(PairingCode.code_index == _index(code))):
                return code


def _index(code: str) -> str:
    return blind_index("pairing code", code)
