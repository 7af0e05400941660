"""The screenings area. Its routes are in views.py."""

from flask_babel import lazy_gettext as _l

from portal.access.guard import Area

area = Area("screenings", __name__, menu=_l("Screening"))
