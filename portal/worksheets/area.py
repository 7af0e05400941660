"""工作表: lists on paper that are filled in by hand and keyed afterwards. Its routes are in views.py."""

from flask_babel import lazy_gettext as _l

from portal.access.guard import Area
from portal.worksheets import actions, service

area = Area("worksheets", __name__, menu=_l("Worksheets"))
area.contributes["actions"] = actions.ACTIONS
area.contributes["list_steps"] = service.list_steps
