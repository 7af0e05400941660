"""What the trail calls the actions of assessments."""

from typing import Any

from flask_babel import lazy_gettext as _l

ACTIONS: dict[str, Any] = {
    "assessment.answer": _l("Answered the office's question"),
    "assessment.ask": _l("A decision was asked for"),
    "assessment.close": _l("Closed an assessment"),
    "assessment.decide": _l("Decided on a key person"),
    "assessment.end_with": _l("An assessment ended with its key person"),
    "assessment.fall_away": _l("A question to the office fell away"),
    "assessment.hasten": _l("A question to the office became urgent"),
    "assessment.no_measure": _l("Decided that no measure is needed"),
    "assessment.print_referral": _l("Printed a referral to hospital"),
    "assessment.reassign": _l("Gave a decision to somebody else to carry out"),
    "assessment.report_back": _l("Reported a decision carried out"),
    "assessment.send_back": _l("Sent a decision back to be carried out"),
    "assessment.strike_out": _l("Struck out an assessment"),
    "assessment.supersede": _l("Asked for another decision"),
    "brief.print": _l("Printed the morning brief"),
}
