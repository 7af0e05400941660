"""The notices area. Where they hang is a room of it.

Its routes are in views.py (look, write), views_steps.py (decide, print) and views_letterhead.py. Other areas may
contribute ``on_notice_published`` and ``on_notice_ended`` (called with the notice), and ``notice_panel`` (given the
notice, returns markup for its page or nothing).
"""

from flask_babel import lazy_gettext as _l

from portal.access.guard import Area
from portal.notices import actions, figures, todo

area = Area("notices", __name__, menu=_l("Notices"))
area.contributes["actions"] = actions.ACTIONS
area.contributes["figures"] = figures.FIGURES
area.contributes["todo"] = todo.todo
area.contributes["open_page"] = ("notices.public_index", _l("Public notices"))
