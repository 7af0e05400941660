"""What the trail calls the actions of transfers."""

from typing import Any

from flask_babel import lazy_gettext as _l

ACTIONS: dict[str, Any] = {
    "transfer.acknowledge": _l("Took a case over"),
    "transfer.answered_on_paper": _l("Recorded the signed answer to a transfer"),
    "transfer.give": _l("Handed a case over"),
    "transfer.print": _l("Printed a transfer sheet"),
    "transfer.receive": _l("Received a case from another place"),
    "transfer.refuse": _l("Refused a case"),
    "transfer.refused_on_paper": _l("Recorded the refusal of a transfer"),
    "transfer.reveal": _l("Saw the person of a transfer in full"),
    "transfer.withdraw": _l("Withdrew a transfer"),
}
