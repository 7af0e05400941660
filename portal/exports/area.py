"""导出: the one door through which lists leave the portal. Its routes are in views.py."""

from flask_babel import lazy_gettext as _l

from portal.access.guard import Area
from portal.exports import actions, job, service

area = Area("exports", __name__, menu=_l("Export"))
area.contributes["actions"] = actions.ACTIONS
area.contributes["list_steps"] = service.list_steps
area.contributes["job"] = {job.NAME: job.KIND}
