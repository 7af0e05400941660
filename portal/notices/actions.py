"""What the trail calls the actions of notices."""

from typing import Any

from flask_babel import lazy_gettext as _l

ACTIONS: dict[str, Any] = {
    "notice.approve": _l("Approved a notice"),
    "notice.change": _l("Changed a draft notice"),
    "notice.draft": _l("Drafted a notice"),
    "notice.give_way": _l("Replaced a notice"),
    "notice.letterhead": _l("Set a letterhead"),
    "notice.number": _l("Gave a notice its number"),
    "notice.print": _l("Printed a notice"),
    "notice.publish": _l("Published a notice"),
    "notice.return_": _l("Returned a notice"),
    "notice.submit": _l("Sent a notice for approval"),
    "notice.withdraw": _l("Withdrew a notice"),
}
