"""The accounts area. Its routes are in views.py (signing in), views_me.py and views_people.py."""

from flask_babel import lazy_gettext as _l

from portal.access.guard import Area

area = Area("accounts", __name__, url_prefix="", menu=_l("Accounts"))
