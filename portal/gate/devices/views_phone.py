"""What a paired phone asks for and brings: JSON, by its own token."""

from flask import jsonify
from flask.typing import ResponseReturnValue

from portal.access.guard import PAIRED_DEVICE
from portal.clock import now
from portal.gate.devices.area import phone


@phone.post("/events", needs=PAIRED_DEVICE)
def events() -> ResponseReturnValue:
    """Take over what the phone recorded."""
    return jsonify(results=[], now=int(now().timestamp()))
