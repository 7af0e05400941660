"""The notices area, with the room of where they hang.

Its routes are in views.py (look, write), views_steps.py (decide, print) and views_letterhead.py. Other areas may
contribute ``on_notice_published`` and ``on_notice_ended`` (called with the notice), and ``notice_panel`` (given the
notice, returns markup for its page or nothing).
"""

from flask_babel import lazy_gettext as _l

from portal.access.guard import Area
from portal.notices import actions, todo
from portal.notices.postings import area as postings_area

area = Area("notices", __name__, menu=_l("Notices"))
area.contributes["actions"] = actions.ACTIONS
area.contributes["todo"] = todo.todo
area.rooms = (postings_area.area,)
