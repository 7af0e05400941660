"""What the trail calls the actions of rounds."""

from typing import Any

from flask_babel import lazy_gettext as _l

ACTIONS: dict[str, Any] = {
    "screening_round.set_up": _l("Set up a screening round"),
    "screening_round.close": _l("Closed a screening round"),
    "screening_round.call_off": _l("Called a screening round off"),
    "screening_round.print": _l("Printed the coverage of a round"),
}
