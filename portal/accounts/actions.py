"""What the trail calls the actions of this area."""

from typing import Any

from flask_babel import lazy_gettext as _l

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
    "sign_in.ended": _l("Signed out"),
    "sign_in.failed": _l("Could not sign in"),
    "sign_in.succeeded": _l("Signed in"),
}
