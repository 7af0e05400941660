"""What the trail calls the actions of this area."""

from typing import Any

from flask_babel import lazy_gettext as _l

ACTIONS: dict[str, Any] = {
    "worksheet.make": _l("Made a worksheet"),
    "worksheet.print": _l("Printed a worksheet"),
    "worksheet.key": _l("Keyed a worksheet"),
}
