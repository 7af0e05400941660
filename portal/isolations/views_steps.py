"""The steps of one isolation: told, extended, released, ended otherwise; its team, and the order that it rests on."""

from collections.abc import Callable
from typing import Any

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from portal.access.policy import May
from portal.clock import now
from portal.database import db
from portal.isolations import care, looks, models, service
from portal.isolations.area import area
from portal.isolations.forms import ExtendForm, ReleaseForm, TeamForm, TellForm
from portal.isolations.models import Isolation
from portal.web.page import page
from portal.workflow.reasons import ReasonForm
from portal.workflow.states import Step, for_step

WHY_MOVED = (
    _l("Taken to hospital"),
    _l("Moved to collective isolation"),
    _l("Moved to another community"),
    _l("Died"),
)
SIGN = _l("Record the signature")
WHY_STRUCK_OUT = (_l("Wrong person"), _l("Ordered twice"), _l("The facts were wrong"))


@area.form("/<int:isolation_id>/tell", needs=May.CARE_FOR_ISOLATED)
def tell(isolation_id: int) -> ResponseReturnValue:
    """The person has been told and has signed."""
    isolation, form = for_step(Isolation, isolation_id, models.TELL), TellForm()
    if form.validate_on_submit():
        service.tell(isolation, form.signed.data)
        return done(isolation)
    return _page_of("tell", isolation, form, heading=models.TELL.label)


@area.form("/<int:isolation_id>/sign", needs=May.CARE_FOR_ISOLATED)
def sign(isolation_id: int) -> ResponseReturnValue:
    """Who was told by telephone has signed."""
    isolation, form = for_step(Isolation, isolation_id, models.MOVE_ELSEWHERE), TellForm(at_the_door=True)
    if form.validate_on_submit():
        service.sign(isolation, form.signed.data)
        return redirect(url_for("isolations.show", isolation_id=isolation.id), 303)
    return _page_of("tell", isolation, form, heading=SIGN)


@area.form("/<int:isolation_id>/extend", needs=May.ORDER_ISOLATION)
def extend(isolation_id: int) -> ResponseReturnValue:
    """A later last day."""
    isolation = for_step(Isolation, isolation_id, models.MOVE_ELSEWHERE)
    form = ExtendForm(isolation)
    if form.validate_on_submit():
        service.extend(isolation, form.to_end, form.reason)
        return done(isolation)
    return _page_of("extend", isolation, form)


@area.form("/<int:isolation_id>/release", needs=May.RELEASE_ISOLATED)
def release(isolation_id: int) -> ResponseReturnValue:
    """The check list, and the name of the medical side."""
    isolation = for_step(Isolation, isolation_id, models.RELEASE)
    form = ReleaseForm(isolation)
    if form.validate_on_submit():
        service.release(isolation, medic=form.medic.data, medic_unit=form.medic_unit.data, tests=form.results)
        return done(isolation)
    conditions = looks.conditions(isolation, now())
    return _page_of(
        "release", isolation, form, conditions=conditions, ready=all(one[0] for one in conditions)
    )


@area.form("/<int:isolation_id>/move-elsewhere", needs=May.ORDER_ISOLATION)
def move_elsewhere(isolation_id: int) -> ResponseReturnValue:
    """Looked after elsewhere from now on."""
    return _for_a_reason(isolation_id, models.MOVE_ELSEWHERE, WHY_MOVED, service.move_elsewhere)


@area.form("/<int:isolation_id>/strike-out", needs=May.ORDER_ISOLATION)
def strike_out(isolation_id: int) -> ResponseReturnValue:
    """Ordered by mistake."""
    return _for_a_reason(isolation_id, models.STRIKE_OUT, WHY_STRUCK_OUT, service.strike_out)


@area.form("/<int:isolation_id>/team", needs=May.CARE_FOR_ISOLATED)
def team(isolation_id: int) -> ResponseReturnValue:
    """The care team."""
    isolation = for_step(Isolation, isolation_id, models.MOVE_ELSEWHERE)
    form = TeamForm(isolation)
    g.unmasked = True  # the phones stand in full in the form
    if form.validate_on_submit():
        care.change(isolation, form.team())
        return redirect(url_for("isolations.show", isolation_id=isolation.id), 303)
    return _page_of("team", isolation, form)


@area.post("/<int:isolation_id>/place-under-order", needs=May.ORDER_ISOLATION)
def place_under_order(isolation_id: int) -> ResponseReturnValue:
    """Rest on the order in force."""
    isolation = db.get_or_404(Isolation, isolation_id)
    service.place_under_order(isolation)
    return redirect(url_for("isolations.show", isolation_id=isolation.id), 303)


def done(isolation: Isolation) -> ResponseReturnValue:
    """To the isolation, saying what became of it."""
    flash(isolation.state.label)
    return redirect(url_for("isolations.show", isolation_id=isolation.id), 303)


def _for_a_reason(
    isolation_id: int, step: Step, common: tuple[Any, ...], verb: Callable[[Isolation, str], None]
) -> ResponseReturnValue:
    """A page of its own that asks why, then the step."""
    isolation, form = for_step(Isolation, isolation_id, step), ReasonForm(common)
    if form.validate_on_submit():
        verb(isolation, form.reason)
        return done(isolation)
    return _page_of("reason", isolation, form, step=step)


def _page_of(name: str, isolation: Isolation, form: Any, **more: Any) -> ResponseReturnValue:
    about = looks.about(isolation)
    return page(f"isolations/{name}.html", fragment="form", status=form.status, form=form, **about, **more)
