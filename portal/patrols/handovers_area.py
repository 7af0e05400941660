"""What is handed over at a boundary. Its routes are in views_handovers.py."""

from portal.access.guard import Area
from portal.patrols import handovers_actions, handovers_looks, handovers_todo

area = Area("handovers", __name__)
area.contributes["actions"] = handovers_actions.ACTIONS
area.contributes["todo"] = handovers_todo.todo
area.contributes["patrol_panel"] = handovers_looks.patrol_panel
