"""The reports area. Its routes are in views.py (look, confirm) and views_steps.py (receive, send back, add, paper)."""

from flask_babel import lazy_gettext as _l

from portal.access.guard import Area
from portal.reports import actions, below, clock, measure, todo
from portal.workflow.figures import settle

area = Area("reports", __name__, menu=_l("Reports"))
area.contributes["actions"] = actions.ACTIONS
area.contributes["measure"] = measure.MEASURE
area.contributes["day_cuts"] = clock.cuts
area.contributes["daily"] = (settle,)
area.contributes["todo"] = todo.todo
area.contributes["reports_below"] = below.reports_below
