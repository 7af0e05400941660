"""What the trail calls the actions of this area."""

from typing import Any

from flask_babel import lazy_gettext as _l

ACTIONS: dict[str, Any] = {
    "order_.change": _l("Changed a draft order"),
    "order_.draft": _l("Drafted an order"),
    "order_.end": _l("Ended an order"),
    "order_.put_in_force": _l("Put an order in force"),
    "order_.remove_measure": _l("Took a measure out of an order"),
    "order_.replaced": _l("Replaced an order"),
    "order_.set_measure": _l("Set a measure of an order"),
}
