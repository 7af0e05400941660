"""The notices area, with the room of where they hang."""

from flask_babel import lazy_gettext as _l

from portal.access.guard import Area
from portal.notices import actions, postings_area

area = Area("notices", __name__, menu=_l("Notices"))
area.contributes["actions"] = actions.ACTIONS
area.rooms = (postings_area.area,)
