"""Where notices hang."""

from portal.access.guard import Area

area = Area("postings", __name__)
