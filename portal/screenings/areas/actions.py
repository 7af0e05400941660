"""What the trail calls the actions of affected areas."""

from typing import Any

from flask_babel import lazy_gettext as _l

ACTIONS: dict[str, Any] = {
    "affected_area.add": _l("Added an affected area"),
    "affected_area.take_off": _l("Took an affected area off the list"),
}
