"""The room of where notices hang. Its routes are in views_postings.py and views_postings_places.py."""

from portal.access.guard import Area
from portal.notices import postings_actions, postings_coverage, postings_looks, postings_plan, postings_todo

area = Area("postings", __name__)
area.contributes["actions"] = postings_actions.ACTIONS
area.contributes["todo"] = postings_todo.todo
area.contributes["on_notice_published"] = postings_plan.hang_everywhere
area.contributes["on_notice_ended"] = postings_plan.call_back
area.contributes["notice_panel"] = postings_coverage.notice_panel
area.contributes["unit_panel"] = postings_looks.unit_panel
