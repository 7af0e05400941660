"""The registry area. Its routes are in views.py (households), views_people.py and views_duties.py."""

from flask import url_for
from flask_babel import lazy_gettext as _l

from portal.access.guard import Area
from portal.registry import actions, coverage, duties, exporting, figures, measure, worksheet
from portal.registry.importing import actions as import_actions
from portal.registry.importing import keeping, work

area = Area("registry", __name__, menu=_l("Households"))
area.contributes["actions"] = actions.ACTIONS | import_actions.ACTIONS
area.contributes["figures"] = figures.FIGURES
area.contributes["job"] = work.KINDS
area.contributes["job_page"] = dict.fromkeys(
    work.KINDS, lambda job: url_for("registry.import_", import_id=job.arguments["import_id"])
)
area.contributes["daily"] = (keeping.forget_old, coverage.relieve_lapsed)
area.contributes["measure"] = measure.MEASURE
area.contributes["on_appointment_end"] = duties.relieve_who_left
area.contributes["todo"] = coverage.todo
area.contributes["unit_panel"] = coverage.panel
area.contributes["export"] = exporting.EXPORTS
area.contributes["worksheet"] = worksheet.WORKSHEETS
