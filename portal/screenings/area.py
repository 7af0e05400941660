"""The screenings area: rounds. Visits, key persons and affected areas are rooms of it.

Its routes are in views.py.
"""

from flask_babel import lazy_gettext as _l

from portal.access.guard import Area
from portal.screenings import actions, figures, measure, service, todo, worksheet

area = Area("screenings", __name__, menu=_l("Screening"))
area.contributes["actions"] = actions.ACTIONS
area.contributes["measure"] = measure.MEASURE
area.contributes["todo"] = todo.todo
area.contributes["figures"] = figures.FIGURES
area.contributes["worksheet"] = worksheet.SheetsOfRounds()
area.contributes["on_households_move"] = service.follow_households
