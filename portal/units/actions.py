"""What the trail calls the actions of this area."""

from typing import Any

from flask_babel import lazy_gettext as _l

ACTIONS: dict[str, Any] = {
    "checkpoints.change": _l("Changed a checkpoint"),
    "checkpoints.close": _l("Closed a checkpoint"),
    "checkpoints.create": _l("Opened a checkpoint"),
    "units.change": _l("Changed a unit"),
    "units.create": _l("Added a unit"),
    "units.import": _l("Imported units"),
}
