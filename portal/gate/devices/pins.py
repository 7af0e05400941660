"""The PIN with which somebody on duty unlocks the gate's phone: the phone checks it itself, without network."""

import hashlib
import secrets
from datetime import date

from flask_babel import lazy_gettext as _l

from portal.access.acting import acting
from portal.audit import service as audit
from portal.clock import now
from portal.database import db
from portal.gate.devices.models import GatePin
from portal.units.models import Checkpoint

FIGURES = 6
ITERATIONS = 100_000
SALT_BYTES = 16
RUNNING = "01234567890"
ALL_THE_SAME = _l("Choose figures that are not all the same.")
IN_A_ROW = _l("Choose figures that do not run up or down in a row.")
LIKE_A_BIRTHDAY = _l("Choose figures that are no date: a birthday is soon guessed.")


def weakness(pin: str) -> object | None:
    """Why nobody should take this PIN of six figures, lazy; None for one that will do."""
    if len(set(pin)) == 1:
        return ALL_THE_SAME
    if pin in RUNNING or pin[::-1] in RUNNING:
        return IN_A_ROW
    return LIKE_A_BIRTHDAY if _is_date(pin) else None


def verifier(pin: str, salt: bytes, iterations: int = ITERATIONS) -> bytes:
    """What is kept of a PIN: PBKDF2 with HMAC-SHA256, 32 bytes; WebCrypto makes the same of it."""
    return hashlib.pbkdf2_hmac("sha256", pin.encode(), salt, iterations)


def choose(pin: str, gate: Checkpoint) -> None:
    """The one on duty at this gate takes a new PIN."""
    mine = acting().appointment_id
    kept = db.session.get(GatePin, mine) or GatePin(appointment_id=mine, unit_id=gate.unit_id)
    kept.salt, kept.iterations, kept.set_at = secrets.token_bytes(SALT_BYTES), ITERATIONS, now()
    kept.verifier = verifier(pin, kept.salt)
    db.session.add(kept)
    audit.record("gate.set_pin", gate, appointment=mine)


def set_aside(kept: GatePin, gate: Checkpoint) -> None:
    """A forgotten PIN opens nothing from the phones' next contact on."""
    db.session.delete(kept)
    audit.record("gate.drop_pin", gate, appointment=kept.appointment_id)


def _is_date(pin: str) -> bool:
    """180624 as a day, 199107 as a month."""
    try:
        date.fromisoformat(f"20{pin}")
    except ValueError:
        return pin[:2] in ("19", "20") and 1 <= int(pin[4:]) <= 12
    return True
