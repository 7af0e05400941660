"""The room of where notices hang. Its routes are in views.py and views_places.py."""

from portal.access.guard import Area
from portal.notices.postings import actions, coverage, figures, looks, plan, todo

area = Area("postings", __name__)
area.contributes["actions"] = actions.ACTIONS
area.contributes["figures"] = figures.FIGURES
area.contributes["todo"] = todo.todo
area.contributes["on_notice_published"] = plan.hang_everywhere
area.contributes["on_notice_ended"] = plan.call_back
area.contributes["notice_panel"] = coverage.notice_panel
area.contributes["unit_panel"] = looks.unit_panel
