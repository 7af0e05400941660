"""The patrols area. What patrols find and what is handed over at a boundary are rooms of it.

Its routes are in views.py (rounds, list, log), views_steps.py (the end of a log, its paper) and views_routes.py (the
plan). A room shows itself on a patrol's page by ``contributes["patrol_panel"]``: ``fn(patrol) -> Markup | None``.
"""

from flask_babel import lazy_gettext as _l

from portal.access.guard import Area
from portal.patrols import actions, figures, measure, todo

area = Area("patrols", __name__, menu=_l("Patrols"))
area.contributes["actions"] = actions.ACTIONS
area.contributes["figures"] = figures.FIGURES
area.contributes["todo"] = todo.todo
area.contributes["measure"] = measure.MEASURE
