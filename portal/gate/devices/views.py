"""The pages about phones: a command post pairs and ends them, matches what they noted, looks at what failed."""

from typing import Any

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access.policy import May
from portal.clock import now
from portal.database import db
from portal.gate import service
from portal.gate.area import area as gate_area
from portal.gate.devices import matching, pairing, phones, pins, refusals
from portal.gate.devices.area import area
from portal.gate.devices.forms import END_REASONS, ByHandForm, MatchForm, PinForm
from portal.gate.devices.models import ArrivalState, GateArrival, GateDevice, GatePin
from portal.gate.models import GateRecord
from portal.units.models import Checkpoint
from portal.web.forms import Form
from portal.web.page import page
from portal.workflow.reasons import ReasonForm


@area.get("/<int:checkpoint_id>", needs=May.PAIR_PHONES)
def index(checkpoint_id: int) -> ResponseReturnValue:
    """The phones of one gate, and who can unlock them."""
    gate = db.get_or_404(Checkpoint, checkpoint_id)
    failed = phones.refused(GateDevice.checkpoint_id == gate.id)
    people = phones.on_duty(gate)
    return page(
        "gate/devices/index.html", gate=gate, phones=phones.of_gate(gate), people=people, refused=failed
    )


@area.form("/<int:checkpoint_id>/pair", needs=May.PAIR_PHONES)
def pair(checkpoint_id: int) -> ResponseReturnValue:
    """A code for one phone. It stands on the page that answers, and nowhere else."""
    gate, form = db.get_or_404(Checkpoint, checkpoint_id), Form()
    code = pairing.new_code(gate) if form.validate_on_submit() else ""
    about: dict[str, Any] = {"code": code, "until": now() + pairing.LASTS, "address": _address()}
    return page("gate/devices/pair.html", status=form.status, gate=gate, form=form, **about)


def _address() -> str:
    """Where a phone is paired."""
    return url_for("gate.index", _external=True).removesuffix("desk")


@area.form("/phones/<int:device_id>/end", needs=May.PAIR_PHONES)
def end(device_id: int) -> ResponseReturnValue:
    """A phone is this gate's no longer."""
    device, form = db.get_or_404(GateDevice, device_id), ReasonForm(END_REASONS)
    if form.validate_on_submit():
        pairing.end(device, form.reason)
        flash(_("Ended. The phone keeps what it has not sent until it is paired again."))
        return redirect(url_for("gate_devices.index", checkpoint_id=device.checkpoint_id), 303)
    return page("gate/devices/end.html", status=form.status, form=form, device=device)


@area.post("/pins/<int:appointment_id>/drop", needs=May.PAIR_PHONES)
def drop_pin(appointment_id: int) -> ResponseReturnValue:
    """Somebody has forgotten a PIN: set it aside, so that a new one is chosen."""
    kept = db.get_or_404(GatePin, appointment_id)
    gate = db.get_or_404(Checkpoint, kept.appointment.checkpoint_id)
    pins.set_aside(kept, gate)
    flash(_("Set aside. A new PIN is chosen at the gate's page, after signing in."))
    return redirect(url_for("gate_devices.index", checkpoint_id=gate.id), 303)


@gate_area.form("/gate/pin", needs=May.WORK_A_GATE)
def pin() -> ResponseReturnValue:
    """One's own PIN for the gate's phones."""
    gate, form = service.my_gate(), PinForm()
    if form.validate_on_submit():
        pins.choose(form.pin.data, gate)
        flash(_("The phones of this gate take the PIN from their next contact on."))
        return redirect(url_for("gate.index"), 303)
    return page("gate/devices/pin.html", status=form.status, form=form, gate=gate)


@area.form("/forgotten/<uid>", needs=May.REVOKE_PASSES)
def match(uid: str) -> ResponseReturnValue:
    """Whose pass it was that had been left at home."""
    record = db.first_or_404(matching.one(uid))
    gate = db.get_or_404(Checkpoint, record.checkpoint_id)
    form = MatchForm(address=record.place)
    form.offer(matching.options(form.address.data or record.place, gate))
    if not form.validate_on_submit() or form.chosen.data is None:
        return page("gate/devices/match.html", status=form.status, form=form, record=record, gate=gate)
    _match(record, form.chosen.data)
    return redirect(url_for("gates.index"), 303)


def _match(record: GateRecord, pass_id: int) -> None:
    if pass_id:
        flash(_("%(event)s recorded for this pass.", event=matching.match(record, pass_id).label))
    else:
        matching.leave(record)
        flash(_("Noted: none of them."))


@area.form("/refused/<event_id>", needs=May.PAIR_PHONES)
def refused(event_id: str) -> ResponseReturnValue:
    """An event that could not be recorded: what the phone sent. It is recorded by hand, or dismissed."""
    arrival, form = db.get_or_404(GateArrival, event_id), ByHandForm()
    if arrival.state is not ArrivalState.REFUSED:
        abort(404)
    if form.validate_on_submit():
        refusals.record_by_hand(arrival, form.code.data)
        flash(_("Recorded."))
        return redirect(url_for("gate_devices.index", checkpoint_id=arrival.device.checkpoint_id), 303)
    about: dict[str, Any] = {"told": refusals.told(arrival), "by_hand": refusals.can_be_recorded(arrival)}
    return page("gate/devices/refused.html", status=form.status, form=form, arrival=arrival, **about)


@area.post("/refused/<event_id>/dismiss", needs=May.PAIR_PHONES)
def dismiss_refused(event_id: str) -> ResponseReturnValue:
    """There is nothing to be recorded."""
    arrival = db.get_or_404(GateArrival, event_id)
    refusals.dismiss(arrival)
    flash(_("Dismissed."))
    return redirect(url_for("gate_devices.index", checkpoint_id=arrival.device.checkpoint_id), 303)
