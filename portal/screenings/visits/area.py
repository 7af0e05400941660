"""Visits: who is visited in a round, and one household on one screen. Its routes are in views.py."""

from portal.access.guard import Area
from portal.screenings.visits import actions

area = Area("visits", __name__)
area.contributes["actions"] = actions.ACTIONS
