"""The isolations area. Its routes are in views.py (list, one, new), views_checks.py, views_steps.py, views_paper.py."""

from flask_babel import lazy_gettext as _l

from portal.access.guard import Area
from portal.isolations import actions, care, exporting, figures, looks, measure, service, todo, worksheet

area = Area("isolations", __name__, menu=_l("Isolation"))
area.contributes["actions"] = actions.ACTIONS
area.contributes["todo"] = todo.todo
area.contributes["measure"] = measure.MEASURE
area.contributes["household_panel"] = looks.household_panel
area.contributes["household_steps"] = looks.household_steps
area.contributes["on_households_move"] = service.follow_households
area.contributes["on_appointment_end"] = care.relieve_who_left
area.contributes["daily"] = (care.relieve_all_who_left,)
area.contributes["on_person_moves"] = service.refuse_to_move
area.contributes["export"] = exporting.EXPORTS
area.contributes["worksheet"] = worksheet.WORKSHEETS
area.contributes["figures"] = figures.FIGURES
