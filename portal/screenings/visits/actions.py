"""What the trail calls what is written down at the door."""

from typing import Any

from flask_babel import lazy_gettext as _l

ACTIONS: dict[str, Any] = {
    "visit.answered": _l("Screened a household"),
    "visit.tried": _l("Knocked at a household in vain"),
    "visit.rechecked": _l("Checked a household a second time"),
}
