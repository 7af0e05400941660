"""What is handed over at a boundary. Its routes are in views.py."""

from portal.access.guard import Area
from portal.patrols.handovers import actions, figures, looks, todo

area = Area("handovers", __name__)
area.contributes["actions"] = actions.ACTIONS
area.contributes["figures"] = figures.FIGURES
area.contributes["todo"] = todo.todo
area.contributes["patrol_panel"] = looks.patrol_panel
