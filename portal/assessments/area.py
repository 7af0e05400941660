"""The assessments area. Transfers and the morning brief are rooms of it.

Its routes are in views.py (list, one, decide) and views_steps.py (carried out, closed, decided again, paper).
"""

from flask_babel import lazy_gettext as _l

from portal.access.guard import Area
from portal.assessments import actions, conclusions, figures, looks, measure, service, todo

area = Area("assessments", __name__, menu=_l("Assessment"))
area.contributes["actions"] = actions.ACTIONS
area.contributes["todo"] = todo.todo
area.contributes["figures"] = figures.FIGURES
area.contributes["measure"] = measure.MEASURE
area.contributes["household_panel"] = looks.household_panel
area.contributes["on_key_person"] = service.follow
area.contributes["on_households_move"] = service.follow_households
area.contributes["key_person_decided"] = conclusions.DECIDING
