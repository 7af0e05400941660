"""What the trail calls the actions of hand-overs."""

from typing import Any

from flask_babel import lazy_gettext as _l

ACTIONS: dict[str, Any] = {
    "handover.acknowledge": _l("Acknowledged a hand-over"),
    "handover.acknowledge_on_paper": _l("Recorded the signed sheet of a hand-over"),
    "handover.dispute": _l("Disputed a hand-over"),
    "handover.give": _l("Handed over at a boundary"),
    "handover.print": _l("Printed a hand-over sheet"),
    "handover.take_over": _l("Received a hand-over at a boundary"),
    "handover.withdraw": _l("Withdrew a hand-over"),
}
