"""Two areas: the pages where a command post pairs phones and ends them, and what the phones themselves ask for."""

from flask import Response
from flask.blueprints import BlueprintSetupState

from portal.access.guard import Area
from portal.gate.devices.token import ask_device

area = Area("gate_devices", __name__, url_prefix="/gates/devices")
phone = Area("gate_phone", __name__, url_prefix="/gate/device")


@phone.record_once
def answer_for_devices(state: BlueprintSetupState) -> None:
    """The guard asks here whose a token is."""
    state.app.extensions["ask_device"] = ask_device


@phone.after_request
def keep_nothing(response: Response) -> Response:
    """What a phone keeps, it keeps by itself."""
    response.headers["Cache-Control"] = "no-store"
    return response
