"""The bundle, as a phone fetches it."""

from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue

from portal.access.acting import acting
from portal.access.guard import PAIRED_DEVICE
from portal.database import db
from portal.gate.bundle import models
from portal.gate.bundle.service import MOST_SEGMENTS, changed
from portal.gate.devices.area import phone
from portal.units.models import Checkpoint

__all__ = ["models"]

CBOR = "application/cbor"


@phone.post("/bundle", needs=PAIRED_DEVICE)
def bundle() -> ResponseReturnValue:
    """What has changed since the segments that the phone has: [manifest, {name: segment}]."""
    gate = db.session.get_one(Checkpoint, acting().checkpoint_id)
    return Response(changed(gate, _digests(request.get_json(silent=True))), mimetype=CBOR)


def _digests(told: Any) -> dict[str, str]:
    """Name → digest; whatever is something else is as good as nothing."""
    have = told.get("have") if isinstance(told, dict) else None
    if not isinstance(have, dict) or len(have) > MOST_SEGMENTS:
        return {}
    return {name: digest for name, digest in have.items() if isinstance(digest, str)}
