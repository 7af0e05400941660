"""What the trail calls the actions of key persons."""

from typing import Any

from flask_babel import lazy_gettext as _l

ACTIONS: dict[str, Any] = {
    "key_person.note": _l("Noted a key person"),
    "key_person.complete": _l("Completed a key person's record"),
    "key_person.move": _l("A key person's record moved with the person"),
    "key_person.submit": _l("Sent a key person for a decision"),
    "key_person.manage": _l("Put a key person under a measure"),
    "key_person.close": _l("Closed a key person's record"),
    "key_person.reopen": _l("Asked to decide on a key person again"),
    "key_person.strike_out": _l("Struck out a key person"),
    "key_person.print": _l("Printed the ledger of key persons"),
}
