"""What the trail calls the actions of this area."""

from typing import Any

from flask_babel import lazy_gettext as _l

ACTIONS: dict[str, Any] = {
    "pass.apply": _l("Applied for a pass"),
    "pass.change": _l("Changed a draft pass"),
    "pass.change_series": _l("Changed the series of passes"),
    "pass.draft": _l("Drafted a pass"),
    "pass.endorse": _l("Endorsed a pass"),
    "pass.give_way": _l("Replaced a pass"),
    "pass.issue": _l("Issued a pass"),
    "pass.issue_at_once": _l("Issued a pass at once"),
    "pass.print": _l("Printed passes"),
    "pass.print_many": _l("Printed many passes"),
    "pass.reissue": _l("Re-issued a pass"),
    "pass.reject": _l("Rejected a pass"),
    "pass.replace": _l("Drafted a pass in the place of another"),
    "pass.return_to_applicant": _l("Returned a pass to the applicant"),
    "pass.return_to_team": _l("Returned a pass to the shock team"),
    "pass.reveal": _l("Showed a pass in full"),
    "pass.revoke": _l("Revoked a pass"),
    "pass.succeed": _l("Issued a pass in the place of another"),
    "pass.take_back": _l("Recorded a pass as handed back"),
}
