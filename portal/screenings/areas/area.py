"""Affected areas: a room of screenings. Its routes are in views.py."""

from portal.access.guard import Area
from portal.screenings.areas import actions

area = Area("affected_areas", __name__, url_prefix="/affected-areas")
area.contributes["actions"] = actions.ACTIONS
