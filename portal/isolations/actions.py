"""What the trail calls the actions of isolation."""

from typing import Any

from flask_babel import lazy_gettext as _l

ACTIONS: dict[str, Any] = {
    "isolation.answer_alarm": _l("Acted on a fever or symptom"),
    "isolation.change_team": _l("Changed a care team"),
    "isolation.check": _l("Entered a health check"),
    "isolation.correct_check": _l("Corrected a health check"),
    "isolation.explain_gap": _l("Explained a missing check"),
    "isolation.extend": _l("Extended an isolation"),
    "isolation.move_elsewhere": _l("Ended an isolation early"),
    "isolation.order": _l("Ordered an isolation"),
    "isolation.place_under_order": _l("Placed an isolation under another order"),
    "isolation.print_log": _l("Printed a temperature log"),
    "isolation.print_notice": _l("Printed a notice of obligations"),
    "isolation.print_release": _l("Printed a release certificate"),
    "isolation.release": _l("Released from isolation"),
    "isolation.second_check": _l("Entered a second temperature"),
    "isolation.sign": _l("Recorded the signature on a notice"),
    "isolation.strike_out": _l("Struck out an isolation"),
    "isolation.tell": _l("Told of the obligations"),
}
