"""What the trail calls the actions of this area."""

from typing import Any

from flask_babel import lazy_gettext as _l

ACTIONS: dict[str, Any] = {
    "gate.check_refused": _l("Did not let somebody pass"),
    "gate.copy": _l("Found a pass that went out twice"),
    "gate.entry": _l("Recorded an entry"),
    "gate.exit": _l("Recorded an exit"),
    "gate.look_up": _l("Looked up a pass by its short code"),
    "gate.missed": _l("Recorded what was missed"),
    "gate.settle_copy": _l("Settled a pass that went out twice"),
    "gate.special_exit": _l("Recorded a special exit"),
    "gate.turn_back": _l("Turned somebody back"),
    "gate.visitor": _l("Recorded a visitor"),
}
