"""卡点: the page of the one on duty. Check, record, turn back; whoever is outside; whoever has no pass."""

from typing import Any

from flask import Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from portal.access.policy import May
from portal.clock import now
from portal.database import db
from portal.gate import instead, listing, outside, overview, service, views_public, views_without
from portal.gate.area import area
from portal.gate.bundle import views as views_bundle
from portal.gate.checking import Sight, look
from portal.gate.devices import views as views_devices
from portal.gate.devices import views_phone
from portal.gate.devices.area import area as devices
from portal.gate.devices.area import phone
from portal.gate.face import face, paper_lines
from portal.gate.forms import MissedForm, RecordForm, ScanForm, WhyForm
from portal.gate.models import DOUBTS, FoundBy, GateEvent, GateRecord
from portal.gate.phone.views import area as phone_page
from portal.passes.verdicts import Direction
from portal.units.models import Checkpoint
from portal.web.formats import clock_time
from portal.web.headers import allow_camera
from portal.web.page import page

__all__ = ["area", "views_bundle", "views_devices", "views_phone", "views_public", "views_without"]


# Who commands has an area, and a word in the menu, of its own; phones have no page at all.
area.rooms = (overview.area, devices, phone, phone_page)


@area.get("/gate/desk", needs=May.WORK_A_GATE)
def index() -> ResponseReturnValue:
    """Scan, and what happened last."""
    return _index(ScanForm())


@area.post("/gate/check", needs=May.WORK_A_GATE)
def check() -> ResponseReturnValue:
    """What a code says. The answer stands under an opaque address, never under the code."""
    form = ScanForm()
    if not form.validate_on_submit():
        return _index(form)
    return to_check(service.check(form.code.data, service.my_gate()))


@area.get("/gate/checks/<uid>", needs=May.WORK_A_GATE)
def show(uid: str) -> ResponseReturnValue:
    """The verdict, filling the screen."""
    record = _mine(uid)
    if record.done_at is not None:
        return redirect(url_for("gate.index"), 303)
    if not record.is_open(now()):
        flash(str(service.TOO_OLD))
        return redirect(url_for("gate.index"), 303)
    return _verdict(record, RecordForm(formdata=None))


@area.post("/gate/checks/<uid>/record", needs=May.WORK_A_GATE)
def record(uid: str) -> ResponseReturnValue:
    """Exit or entry, with the temperature if one was measured."""
    checked, form = _mine(uid), RecordForm()
    direction = request.form.get("direction")
    if not form.validate_on_submit() or direction not in list(Direction):
        return _verdict(checked, form)
    if not service.record(checked, Direction(direction), form.temperature.data, service.my_gate()):
        return to_check(checked)
    flash(_recorded(checked))
    return redirect(url_for("gate.index"), 303)


@area.post("/gate/checks/<uid>/turn-back", needs=May.WORK_A_GATE)
def turn_back(uid: str) -> ResponseReturnValue:
    """The one who was refused has turned back."""
    instead.turn_back(_mine(uid))
    flash(_("Turned back, %(time)s.", time=clock_time(now())))
    return redirect(url_for("gate.index"), 303)


@area.form("/gate/checks/<uid>/special-exit", needs=May.WORK_A_GATE)
def special_exit(uid: str) -> ResponseReturnValue:
    """Out for a special reason, with a pass that is refused."""
    checked, form = _mine(uid), WhyForm()
    if form.validate_on_submit():
        instead.special_exit(checked, form.reason, service.my_gate())
        flash(_("Special exit recorded, %(time)s.", time=clock_time(now())))
        return redirect(url_for("gate.index"), 303)
    return page("gate/special_exit.html", status=form.status, form=form, uid=uid)


@area.form("/gate/checks/<uid>/missed", needs=May.WORK_A_GATE)
def missed(uid: str) -> ResponseReturnValue:
    """What no gate recorded, at the time that the holder tells."""
    checked, form = _mine(uid), MissedForm()
    if form.validate_on_submit():
        instead.record_missed(checked, form.moment, service.my_gate())
        return to_check(checked)
    return page("gate/missed.html", status=form.status, form=form, uid=uid)


@area.post("/gate/turned-back", needs=May.WORK_A_GATE)
def count_turned_back() -> ResponseReturnValue:
    """One more person or vehicle without a pass."""
    instead.count_turned_back(service.my_gate(), vehicle=request.form.get("what") == "vehicle")
    return redirect(url_for("gate.index"), 303)


@area.get("/gate/outside", needs=May.WORK_A_GATE)
def who_is_outside() -> ResponseReturnValue:
    """Those of the gate's community who are outside, the most overdue first."""
    gate, at = service.my_gate(), now()
    lines, after = outside.known_to_gate(gate, at, request.args.get("after", type=int))
    return page("gate/outside.html", fragment="rows", gate=gate, lines=lines, after=after, at=at)


@area.post("/gate/outside/<int:trip_id>", needs=May.WORK_A_GATE)
def come_back(trip_id: int) -> ResponseReturnValue:
    """Somebody of the list stands at the gate: on to the verdict, where the entry is recorded."""
    gate = service.my_gate()
    trip = outside.open_trip_here(gate, trip_id) or abort(404)
    ids = {"pass_id": trip.pass_id, "household_id": trip.household_id, "trip_id": trip.id}
    return to_check(service.check_without_paper(gate, FoundBy.LIST, **ids))


def to_check(checked: GateRecord) -> ResponseReturnValue:
    """On to the verdict."""
    return redirect(url_for("gate.show", uid=checked.uid), 303)


def _mine(uid: str) -> GateRecord:
    """A record of the gate on duty; 404 for any other."""
    gate = service.my_gate()
    mine = select(GateRecord).where(GateRecord.uid == uid, GateRecord.checkpoint_id == gate.id)
    return db.session.scalars(mine.where(GateRecord.event.not_in(DOUBTS))).one_or_none() or abort(404)


def _index(form: ScanForm) -> Response:
    gate = service.my_gate()
    form.code.raw_data = form.code.data = None  # or a scanner would type the next code behind this one
    allow_camera()
    people, vehicles = listing.turned_back_today(gate)
    return page(
        "gate/index.html",
        status=form.status,
        form=form,
        gate=gate,
        at=now(),
        events=listing.last_events(gate),
        outside=outside.count_for_gate(gate),
        people=people,
        vehicles=vehicles,
    )


def _verdict(checked: GateRecord, form: RecordForm) -> Response:
    allow_camera()
    at = now()
    sight = look(checked, at)
    return page("gate/verdict.html", status=form.status, form=form, at=at, **_shown(checked, sight))


def _shown(checked: GateRecord, sight: Sight) -> dict[str, Any]:
    large, small = paper_lines(sight, masked=checked.found_by is not FoundBy.CODE)
    return {
        "checked": checked,
        "gate": db.session.get_one(Checkpoint, checked.checkpoint_id),
        "face": face(sight),
        "paper": sight.paper,
        "large": large,
        "small": small,
        "scan": ScanForm(formdata=None),
    }


def _recorded(checked: GateRecord) -> str:
    time = clock_time(checked.done_at or checked.at)
    if checked.event is GateEvent.EXIT:
        return _("Exit recorded, %(time)s.", time=time)
    return _("Entry recorded, %(time)s.", time=time)
