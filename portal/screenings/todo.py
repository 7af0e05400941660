"""The lines of rounds on Today: my visits, retries that are due, second visits, rounds past their deadline."""

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.access.acting import Level, Place, acting, may
from portal.access.policy import May
from portal.clock import now
from portal.screenings import coverage, service
from portal.screenings.models import ScreeningRound
from portal.screenings.visits import listing as visits
from portal.screenings.visits.listing import Show
from portal.web.formats import moment
from portal.workflow.todo import Todo


def todo() -> list[Todo]:
    """What waits for the one acting now."""
    place = acting().place
    if place is None or not may(May.SCREEN):
        return []
    rounds = service.open_rounds(now())
    lines = [line for one in rounds for line in _of_round(one, place)]
    return lines + (_again(rounds, place) if rounds else [])


def _of_round(round_: ScreeningRound, place: Place) -> list[Todo]:
    covered = coverage.of(round_, coverage.shown_place(round_, place, None))
    late = round_.deadline <= now()
    if not covered.missing and not (late and may(May.START_ROUNDS)):
        return []
    if place.level is Level.GRID:
        return [_to_visit(round_, place, covered.missing, late)]
    if not late:
        return []
    note = ngettext("%(num)s household missing", "%(num)s households missing", covered.missing)
    url = url_for("screenings.coverage", screening_round_id=round_.id)
    return [Todo(_l("Past its deadline: %(round)s", round=round_.name), url, None, note, urgent=True)]


def _to_visit(round_: ScreeningRound, grid: Place, missing: int, late: bool) -> Todo:
    note = _("by %(when)s", when=moment(round_.deadline))
    url = url_for("visits.index", round_id=round_.id)
    return Todo(_l("Households to visit: %(round)s", round=round_.name), url, missing, note, urgent=late)


def _again(rounds: list[ScreeningRound], place: Place) -> list[Todo]:
    """Retries whose hour has come, and second visits; both are for those who walk."""
    if place.level not in (Level.GRID, Level.GROUP):
        return []
    ids, in_grid = [one.id for one in rounds], place.level is Level.GRID
    due = visits.due_counts(ids, place) if in_grid else {}
    second = visits.rechecks_open(ids, place)
    lines = []
    for one in rounds:
        if count := due.get(one.id):
            url = url_for("visits.index", round_id=one.id)
            lines.append(Todo(_l("Knock again now"), url, count, one.name, urgent=True))
        if count := second.get(one.id):
            url = url_for("visits.index", round_id=one.id, show=Show.RECHECKS.value if in_grid else None)
            lines.append(Todo(_l("Households to visit a second time"), url, count, one.name))
    return lines
