"""The patrols area, with the rooms of what patrols find and of what is handed over at a boundary."""

from flask_babel import lazy_gettext as _l

from portal.access.guard import Area
from portal.patrols import actions, findings_area, handovers_area

area = Area("patrols", __name__, menu=_l("Patrols"))
area.contributes["actions"] = actions.ACTIONS
area.rooms = (findings_area.area, handovers_area.area)
