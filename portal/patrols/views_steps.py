"""The steps of one patrol, its correction, and its sheet."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from portal.access.policy import May
from portal.database import db
from portal.patrols import looks, models, printing, service
from portal.patrols.area import area
from portal.patrols.models import Patrol
from portal.printing.document import is_asked_first
from portal.web.forms import Form
from portal.web.page import page
from portal.workflow.reasons import ReasonForm
from portal.workflow.states import Step, for_step

WHY_BROKEN_OFF = (
    _l("Called away to an emergency"),
    _l("Weather"),
    _l("Somebody fell ill"),
    _l("Nobody came back to write it"),
)
WHY_STRUCK_OUT = (_l("Written down twice"), _l("Was not walked"), _l("Wrong round or route"))


@area.post("/<int:patrol_id>/send", needs=May.LOG_PATROLS)
def send(patrol_id: int) -> ResponseReturnValue:
    """Hand a draft in as it stands."""
    patrol = db.get_or_404(Patrol, patrol_id)
    service.send(patrol)
    return done(patrol)


@area.form("/<int:patrol_id>/break-off", needs=May.LOG_PATROLS)
def break_off(patrol_id: int) -> ResponseReturnValue:
    """It ended without being finished."""
    return _for_a_reason(patrol_id, models.BREAK_OFF, WHY_BROKEN_OFF, service.break_off)


@area.form("/<int:patrol_id>/strike-out", needs=May.LOG_PATROLS)
def strike_out(patrol_id: int) -> ResponseReturnValue:
    """It counts for nothing any more."""
    return _for_a_reason(patrol_id, models.STRIKE_OUT, WHY_STRUCK_OUT, service.strike_out)


@area.post("/<int:patrol_id>/correct", needs=May.LOG_PATROLS)
def correct(patrol_id: int) -> ResponseReturnValue:
    """A new draft that says the same, to be mended and handed in."""
    draft = service.correct(db.get_or_404(Patrol, patrol_id))
    return redirect(url_for("patrols.edit", patrol_id=draft.id), 303)


@area.form("/<int:patrol_id>/print", needs=May.SEE_PATROLS)
def print_log(patrol_id: int) -> ResponseReturnValue:
    """The log sheet. ``?as=page`` shows it on the screen; only a posted form is printed and noted."""
    patrol = db.get_or_404(Patrol, patrol_id)
    if is_asked_first():
        return page("patrols/print.html", form=Form(), **looks.about(patrol))
    if request.method == "POST":
        service.note_printed(patrol)
    return printing.log_sheet(patrol)


def done(patrol: Patrol) -> ResponseReturnValue:
    """To the patrol, saying what became of it."""
    flash(patrol.state.label)
    return redirect(url_for("patrols.show", patrol_id=patrol.id), 303)


def _for_a_reason(
    patrol_id: int, step: Step, common: tuple[Any, ...], verb: Callable[[Patrol, str], None]
) -> ResponseReturnValue:
    """A page of its own that asks why, then the step."""
    patrol, form = for_step(Patrol, patrol_id, step), ReasonForm(common)
    if form.validate_on_submit():
        verb(patrol, form.reason)
        return done(patrol)
    return page(
        "patrols/reason.html",
        fragment="form",
        status=form.status,
        form=form,
        step=step,
        **looks.about(patrol),
    )
