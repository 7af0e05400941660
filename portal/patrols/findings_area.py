"""What patrols find, and how far it goes. Its routes are in views_findings.py and views_findings_papers.py."""

from portal.access.guard import Area
from portal.patrols import findings_actions, findings_looks, findings_todo

area = Area("findings", __name__)
area.contributes["actions"] = findings_actions.ACTIONS
area.contributes["todo"] = findings_todo.todo
area.contributes["patrol_panel"] = findings_looks.patrol_panel
