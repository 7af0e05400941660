"""What patrols find, and how far it goes. Its routes are in views.py and views_papers.py."""

from portal.access.guard import Area
from portal.patrols.findings import actions, figures, looks, todo

area = Area("findings", __name__)
area.contributes["actions"] = actions.ACTIONS
area.contributes["figures"] = figures.FIGURES
area.contributes["todo"] = todo.todo
area.contributes["patrol_panel"] = looks.patrol_panel
