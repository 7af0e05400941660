"""What a phone asks for and brings: JSON, by its own token."""

import json
from typing import Any

from flask import g, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access.guard import PAIRED_DEVICE, PAIRING_CODE
from portal.accounts.throttle import TooSoon
from portal.clock import now
from portal.database import keep_despite_refusal
from portal.gate.bundle.signing import public_key
from portal.gate.devices import arriving, looking, moments, pairing, reading
from portal.gate.devices.area import phone
from portal.web import uploads

for endpoint in ("pair", "events", "look"):
    uploads.allow(phone, endpoint, reading.MOST_BYTES)


@phone.post("/pair", needs=PAIRING_CODE)
def pair() -> ResponseReturnValue:
    """A phone becomes a gate's. Whatever is wrong with a code, the answer is the same."""
    try:
        asked = pairing.read(_json())
        paired = pairing.pair(asked, request.remote_addr or "") if asked else None
    except TooSoon as wait:
        return _wait(wait.seconds)
    if paired is None:
        keep_despite_refusal()
        return jsonify(why=_("This code pairs no phone. Ask the command post for a new one.")), 403
    token, gate = paired
    return jsonify(token=token, key=public_key(), gate={"id": gate.id, "name": gate.name}, now=_now())


@phone.post("/events", needs=PAIRED_DEVICE)
def events() -> ResponseReturnValue:
    """Take over what the phone recorded, and say of each event what became of it."""
    try:
        results = arriving.take_over(g.device_id, arriving.read_batch(_json()))
    except arriving.NotABatch as wrong:
        return jsonify(why=_("This is no batch of events: look at %(name)s.", name=str(wrong))), 400
    return jsonify(results=[result.to_json() for result in results], now=_now())


@phone.post("/look", needs=PAIRED_DEVICE)
def look() -> ResponseReturnValue:
    """The pass behind a code that was typed, or the passes of a room."""
    asked = looking.read(_json())
    if asked is None:
        return jsonify(why=_("Send a code or a room.")), 400
    return jsonify(found=looking.find_for_phone(asked), now=_now())


def _json() -> Any:
    """What was sent; None where it is no JSON, or none that anybody writes by hand or program."""
    try:
        return json.loads(request.get_data(cache=False), parse_constant=lambda _name: None)
    except (ValueError, RecursionError):
        return None


def _wait(seconds: int) -> ResponseReturnValue:
    answer = jsonify(why=_("Too many wrong codes. Try again in %(seconds)s seconds.", seconds=seconds))
    answer.headers["Retry-After"] = str(seconds)
    return answer, 429


def _now() -> int:
    """In milliseconds, as phones count."""
    return moments.ms_of(now())
