"""What the trail calls the actions of patrols and routes."""

from typing import Any

from flask_babel import lazy_gettext as _l

ACTIONS: dict[str, Any] = {
    "patrol.break_off": _l("Ended a patrol without finishing"),
    "patrol.correct": _l("Began to correct a patrol log"),
    "patrol.give_way": _l("Corrected a patrol log"),
    "patrol.keep": _l("Wrote on a patrol log"),
    "patrol.print": _l("Printed a patrol log"),
    "patrol.print_plan": _l("Printed the patrol sheet of a day"),
    "patrol.send": _l("Handed in a patrol log"),
    "patrol.set_out": _l("Set out on patrol"),
    "patrol.strike_out": _l("Struck out a patrol log"),
    "patrol_route.change": _l("Changed a patrol route"),
    "patrol_route.close": _l("Closed a patrol route"),
    "patrol_route.lay_down": _l("Laid down a patrol route"),
}
