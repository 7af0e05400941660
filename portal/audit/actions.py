"""What the trail's actions are called. ``tests/audit`` tells which name is missing.

A new area names its own: ``area.contributes["actions"] = {"patrol.begin": _l("Patrol begun")}``.
"""

from typing import Any

from flask_babel import lazy_gettext as _l

from portal.access.guard import contributed

ACTIONS: dict[str, Any] = {
    "accounts.act_as": _l("Changed to another appointment"),
    "accounts.appoint": _l("Appointed somebody"),
    "accounts.change_password": _l("Changed the password"),
    "accounts.disable": _l("Closed an account"),
    "accounts.enable": _l("Opened an account again"),
    "accounts.end_appointment": _l("Ended an appointment"),
    "accounts.one_time_password": _l("Gave a one-time password"),
    "accounts.open": _l("Opened an account"),
    "accounts.print_board": _l("Printed a notice board"),
    "accounts.print_recovery_codes": _l("Printed recovery codes"),
    "accounts.print_slip": _l("Printed a slip with a password"),
    "accounts.recovery_codes": _l("Made new recovery codes"),
    "accounts.reset_second_factor": _l("Took back a second factor"),
    "accounts.second_factor": _l("Set up the second factor"),
    "checkpoints.change": _l("Changed a checkpoint"),
    "checkpoints.close": _l("Closed a checkpoint"),
    "checkpoints.create": _l("Opened a checkpoint"),
    "demo.load": _l("Loaded the demonstration"),
    "gate.check_refused": _l("Did not let somebody pass"),
    "gate.copy": _l("Found a pass that went out twice"),
    "gate.entry": _l("Recorded an entry"),
    "gate.exit": _l("Recorded an exit"),
    "gate.look_up": _l("Looked up a pass by its short code"),
    "gate.missed": _l("Recorded what was missed"),
    "gate.settle_copy": _l("Settled a pass that went out twice"),
    "gate.special_exit": _l("Recorded a special exit"),
    "gate.turn_back": _l("Turned somebody back"),
    "gate.visitor": _l("Recorded a visitor"),
    "order_.change": _l("Changed a draft order"),
    "order_.draft": _l("Drafted an order"),
    "order_.end": _l("Ended an order"),
    "order_.put_in_force": _l("Put an order in force"),
    "order_.remove_measure": _l("Took a measure out of an order"),
    "order_.replaced": _l("Replaced an order"),
    "order_.set_measure": _l("Set a measure of an order"),
    "pass.apply": _l("Applied for a pass"),
    "pass.change": _l("Changed a draft pass"),
    "pass.change_series": _l("Changed the series of passes"),
    "pass.draft": _l("Drafted a pass"),
    "pass.endorse": _l("Endorsed a pass"),
    "pass.give_way": _l("Replaced a pass"),
    "pass.issue": _l("Issued a pass"),
    "pass.issue_at_once": _l("Issued a pass at once"),
    "pass.print": _l("Printed passes"),
    "pass.reissue": _l("Re-issued a pass"),
    "pass.reject": _l("Rejected a pass"),
    "pass.replace": _l("Drafted a pass in the place of another"),
    "pass.return_to_applicant": _l("Returned a pass to the applicant"),
    "pass.return_to_team": _l("Returned a pass to the shock team"),
    "pass.reveal": _l("Showed a pass in full"),
    "pass.revoke": _l("Revoked a pass"),
    "pass.succeed": _l("Issued a pass in the place of another"),
    "pass.take_back": _l("Recorded a pass as handed back"),
    "registry.add_household": _l("Registered a household"),
    "registry.add_resident": _l("Registered a person"),
    "registry.back": _l("Recorded that somebody is back"),
    "registry.change_household": _l("Changed a household"),
    "registry.change_resident": _l("Changed a person"),
    "registry.left": _l("Recorded that somebody left"),
    "registry.lift": _l("Lifted a restriction"),
    "registry.restrict": _l("Restricted a household"),
    "registry.reveal": _l("Showed a number in full"),
    "sign_in.ended": _l("Signed out"),
    "sign_in.failed": _l("Could not sign in"),
    "sign_in.succeeded": _l("Signed in"),
    "units.change": _l("Changed a unit"),
    "units.create": _l("Added a unit"),
    "units.import": _l("Imported units"),
}


def all_actions() -> dict[str, Any]:
    """Every named action with its lazy name, the areas' own included."""
    return ACTIONS | {action: name for _area, more in contributed("actions") for action, name in more.items()}


def called(action: str) -> str:
    """What the action is called; an unknown one by its code."""
    return str(all_actions().get(action, action))
