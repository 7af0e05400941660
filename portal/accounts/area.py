"""The accounts area. Its routes are in views.py (signing in), views_me.py and views_people.py."""

from flask_babel import lazy_gettext as _l

from portal.access.guard import Area
from portal.accounts import actions, team

area = Area("accounts", __name__, url_prefix="", menu=_l("Accounts"))
area.contributes["actions"] = actions.ACTIONS
area.contributes["unit_panel"] = team.panel
