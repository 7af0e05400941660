"""Who a gate's phone is: its token instead of a cookie, and as little as a gatekeeper may do."""

import hashlib
import secrets
from datetime import timedelta

from flask import g, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from portal.access.acting import Acting
from portal.access.guard import PAIRED_DEVICE
from portal.access.policy import Role
from portal.access.scope import everywhere, look_through
from portal.clock import now
from portal.database import db
from portal.gate.devices.models import GateDevice
from portal.units.models import Checkpoint, Unit

BEARER = "Bearer "
HEARD_LATELY = timedelta(minutes=1)


def new_token() -> tuple[str, str]:
    """A token for a phone, and the digest of it that is kept."""
    token = secrets.token_urlsafe(32)
    return token, digest(token)


def digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def ask_device(need: str) -> ResponseReturnValue | None:
    """Put the phone's gate on the request and look through it; 401 where the token opens nothing (any more)."""
    look_through(None)
    if need != PAIRED_DEVICE:
        return None
    header = request.headers.get("Authorization", "")
    found = _device(digest(header.removeprefix(BEARER))) if header.startswith(BEARER) else None
    if found is None:
        return jsonify(
            why=_("This phone is not paired with a gate any more. Pair it again; nothing is lost.")
        ), 401
    g.device_id, g.acting = found
    look_through(g.acting.place)
    return None


def _device(token_digest: str) -> tuple[int, Acting] | None:
    with everywhere(because="which gate a phone belongs to is not known before its token is read"):
        alive = select(GateDevice, Checkpoint, Unit).where(
            GateDevice.token_digest == token_digest,
            GateDevice.revoked_at.is_(None),
            Checkpoint.id == GateDevice.checkpoint_id,
            Checkpoint.closed.is_(False),
            Unit.id == Checkpoint.unit_id,
        )
        row = db.session.execute(alive).one_or_none()
        if row is None:
            return None
        device, gate, unit = row
        if device.seen_at is None or now() - device.seen_at > HEARD_LATELY:
            device.seen_at = now()
        acting = Acting(
            account_id=device.paired_by_id,
            appointment_id=0,
            name=device.name,
            role=Role.GATEKEEPER,
            title="",
            place=unit.place,
            unit_name=unit.full_name,
            checkpoint_id=gate.id,
        )
        return device.id, acting
