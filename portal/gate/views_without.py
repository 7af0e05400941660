"""People at the gate without a pass: left at home, a special exit, a visitor. Each is recorded with a reason."""

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.access.policy import May
from portal.clock import now
from portal.gate import finding, instead, service
from portal.gate.area import area
from portal.gate.forms import NOBODY, ForgottenForm, PasserForm
from portal.gate.instead import Passer
from portal.gate.models import FoundBy, GateEvent
from portal.passes.kinds import Kind
from portal.passes.verdicts import Direction
from portal.web.formats import clock_time
from portal.web.page import page

FORGOTTEN = _l("Pass forgotten")


@area.form("/gate/forgotten", needs=May.WORK_A_GATE)
def forgotten() -> ResponseReturnValue:
    """The pass is found by the address; then it is checked as if it had been scanned."""
    form, gate = ForgottenForm(), service.my_gate()
    if form.is_submitted() and form.address.data:
        form.offer(finding.passes_at(form.address.data, gate))
    if not form.validate_on_submit():
        return _page(form, FORGOTTEN)
    checked = service.check_without_paper(
        gate, FoundBy.ADDRESS, pass_id=form.chosen.data, note=str(FORGOTTEN)
    )
    return redirect(url_for("gate.show", uid=checked.uid), 303)


@area.form("/gate/special-exit", needs=May.WORK_A_GATE)
def special_without_pass() -> ResponseReturnValue:
    """特殊外出 without a pass."""
    return _let_through(
        GateEvent.SPECIAL_EXIT, Kind.SPECIAL, (Direction.EXIT,), _l("Special exit without a pass")
    )


@area.form("/gate/visitor", needs=May.WORK_A_GATE)
def visitor() -> ResponseReturnValue:
    """A visitor without a pass."""
    directions = (Direction.ENTRY, Direction.EXIT)
    return _let_through(GateEvent.VISITOR, Kind.VISITOR, directions, _l("Visitor without a pass"))


def _let_through(
    event: GateEvent, kind: Kind, directions: tuple[Direction, ...], heading: object
) -> ResponseReturnValue:
    form, gate = PasserForm(kind, directions), service.my_gate()
    if form.is_submitted() and form.address.data:
        form.offer(finding.households_at(form.address.data, gate))
    if not form.validate_on_submit():
        return _page(form, heading)
    record = instead.let_through(_passer(form), event, gate)
    if record.done_at is None:
        return redirect(url_for("gate.show", uid=record.uid), 303)
    flash(_("Recorded, %(time)s.", time=clock_time(now())))
    return redirect(url_for("gate.index"), 303)


def _passer(form: PasserForm) -> Passer:
    return Passer(
        direction=form.direction.data,
        name=form.name.data,
        place=form.address.data,
        why=form.reason,
        household_id=None if form.chosen.data == NOBODY else form.chosen.data,
        temperature=form.temperature.data,
    )


def _page(form: ForgottenForm | PasserForm, heading: object) -> Response:
    return page("gate/without_pass.html", status=form.status, form=form, heading=heading)
