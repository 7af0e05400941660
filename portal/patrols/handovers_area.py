"""What is handed over at a boundary."""

from portal.access.guard import Area

area = Area("handovers", __name__)
