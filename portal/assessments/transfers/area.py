"""Cases handed over to another place: a room of assessments. Its routes are in views.py."""

from portal.access.guard import Area
from portal.assessments.figures import TRANSFER_FIGURES
from portal.assessments.transfers import actions, todo

area = Area("transfers", __name__)
area.contributes["actions"] = actions.ACTIONS
area.contributes["figures"] = TRANSFER_FIGURES
area.contributes["todo"] = todo.todo
