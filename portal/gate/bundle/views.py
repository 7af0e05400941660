"""The bundle, as a phone fetches it; and as it is carried to a gate that never has a signal."""

from datetime import date
from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from portal.access.acting import acting
from portal.access.guard import PAIRED_DEVICE
from portal.access.policy import May
from portal.audit import service as audit
from portal.clock import now, today
from portal.database import db
from portal.gate.bundle import models
from portal.gate.bundle.frames import frames_of, since
from portal.gate.bundle.service import MOST_SEGMENTS, changed
from portal.gate.devices.area import area, phone
from portal.printing.screen_code import screen_code
from portal.units.models import Checkpoint
from portal.web.forms import Form
from portal.web.page import page
from portal.web.times import Day

__all__ = ["models"]

CBOR, FILE = "application/cbor", "application/octet-stream"


class CodesForm(Form):
    """What the phone knows already, so that fewer codes do."""

    day = Day(
        _l("The phone last took the list on"),
        thing=_l("the day"),
        near=(0, -1),
        optional=True,
        hint=_l("Empty: the whole list"),
    )


@phone.post("/bundle", needs=PAIRED_DEVICE)
def bundle() -> ResponseReturnValue:
    """What has changed since the segments that the phone has: [manifest, {name: segment}]."""
    gate = db.session.get_one(Checkpoint, acting().checkpoint_id)
    return Response(changed(gate, _digests(request.get_json(silent=True))), mimetype=CBOR)


@area.form("/<int:checkpoint_id>/bundle", needs=May.PAIR_PHONES)
def carry(checkpoint_id: int) -> ResponseReturnValue:
    """The list for phones without a signal: what it is, and as a series of codes to be scanned off the screen."""
    gate, form = db.get_or_404(Checkpoint, checkpoint_id), CodesForm()
    if form.validate_on_submit():
        frames = frames_of(_carried(gate, form.day.data))
        return page("gate/bundle/codes.html", gate=gate, codes=[screen_code(text) for text in frames])
    last = db.session.get(models.GateBundle, gate.id)
    return page("gate/bundle/index.html", status=form.status, form=form, gate=gate, last=last)


@area.post("/<int:checkpoint_id>/bundle/file", needs=May.PAIR_PHONES)
def carry_file(checkpoint_id: int) -> ResponseReturnValue:
    """The same as a file."""
    gate = db.get_or_404(Checkpoint, checkpoint_id)
    response = Response(_carried(gate, None), mimetype=FILE)
    name = f"gate-{gate.id}-{now():%Y%m%d-%H%M}.gridgate"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Cache-Control"] = "no-store"
    return response


def _carried(gate: Checkpoint, day: date | None) -> bytes:
    """All of it, or what has changed since a day. What PINs are checked by is in it, so it is noted who took it."""
    whole = changed(gate, {})
    audit.record("gate.take_list", gate)
    return whole if day is None else since(whole, day, today())


def _digests(told: Any) -> dict[str, str]:
    """Name → digest; whatever is something else is as good as nothing."""
    have = told.get("have") if isinstance(told, dict) else None
    if not isinstance(have, dict) or len(have) > MOST_SEGMENTS:
        return {}
    return {name: digest for name, digest in have.items() if isinstance(digest, str)}
