"""What patrols find, and how far it goes."""

from portal.access.guard import Area

area = Area("findings", __name__)
