"""What the trail calls the actions of this area."""

from typing import Any

from flask_babel import lazy_gettext as _l

ACTIONS: dict[str, Any] = {
    "export.begin": _l("Began an export"),
    "export.make": _l("Exported a list"),
}
