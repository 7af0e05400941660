"""The lines that patrols put on Today: rounds that are due or were missed, who is not back, logs not handed in."""

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, select

from portal.access.acting import acting, may
from portal.access.policy import May, Role
from portal.clock import now, today
from portal.database import db
from portal.patrols import plan
from portal.patrols.kinds import PatrolState
from portal.patrols.listing import Show, holding
from portal.patrols.models import Patrol
from portal.patrols.plan import PlannedRound
from portal.patrols.rules import NOT_BACK_AFTER, Standing
from portal.web.formats import clock_time, moment
from portal.workflow.todo import Todo, waiting

WALKS = (Role.SHOCK_TEAM, Role.GRID_MEMBER)


def todo() -> list[Todo]:
    """What waits for the one acting now."""
    if not may(May.LOG_PATROLS):
        return []
    found = [_not_back(), *_rounds(), _drafts()]
    return [line for line in found if line is not None]


def _rounds() -> list[Todo | None]:
    rounds = plan.rounds_of(today())
    due = [one for one in rounds if one.standing is Standing.NOW]
    missed = [one for one in rounds if one.standing is Standing.MISSED]
    walks = acting().role in WALKS
    lines: list[Todo | None] = []
    if due and acting().role is not Role.OFFICE:
        note = _("%(round)s, until %(time)s", round=_called(due[0]), time=clock_time(due[0].round.latest))
        lines.append(
            Todo(_l("Patrol rounds due now"), url_for("patrols.index"), len(due), note, urgent=walks)
        )
    if missed:
        note = _("the last one: %(round)s", round=_called(missed[-1]))
        plan_of_today = url_for("patrols.day_plan")
        lines.append(
            Todo(_l("Patrol rounds missed today"), plan_of_today, len(missed), note, urgent=not walks)
        )
    return lines


def _called(one: PlannedRound) -> str:
    return f"{clock_time(one.round.at)} {one.route.name}"


def _not_back() -> Todo | None:
    """Out longer than anybody walks: the team and those above look after them."""
    return waiting(
        _l("Patrols not back"),
        url_for("patrols.index", show=Show.NOT_BACK.value),
        Patrol.started_at,
        holding(Show.NOT_BACK),
        urgent=True,
        note=_l("out since %(when)s"),
    )


def _drafts() -> Todo | None:
    """What the one acting now has begun to write, and is not out with any more."""
    mine = and_(
        Patrol.state == PatrolState.DRAFT,
        Patrol.created_by_id == acting().account_id,
        (Patrol.ended_at.is_not(None)) | (Patrol.started_at >= now() - NOT_BACK_AFTER),
    )
    begun = db.session.execute(select(Patrol.id, Patrol.started_at).where(mine).order_by(Patrol.id)).all()
    if not begun:
        return None
    url = url_for("patrols.edit", patrol_id=begun[0].id) if len(begun) == 1 else url_for("patrols.index")
    return Todo(
        _l("Patrol logs to hand in"), url, len(begun), _("set out %(when)s", when=moment(begun[0].started_at))
    )
