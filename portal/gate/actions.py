"""What the trail calls the actions of this area."""

from typing import Any

from flask_babel import lazy_gettext as _l

ACTIONS: dict[str, Any] = {
    "gate.check_refused": _l("Did not let somebody pass"),
    "gate.copy": _l("Found a pass that went out twice"),
    "gate.dismiss_event": _l("Dismissed an event of a gate's phone"),
    "gate.drop_pin": _l("Set a forgotten PIN aside"),
    "gate.end_phone": _l("Ended a gate's phone"),
    "gate.entry": _l("Recorded an entry"),
    "gate.event_conflict": _l("Got an event of a gate's phone again with another content"),
    "gate.event_refused": _l("Could not record an event of a gate's phone"),
    "gate.exit": _l("Recorded an exit"),
    "gate.forgotten": _l("Noted a forgotten pass"),
    "gate.handed_over": _l("Handed a gate over"),
    "gate.let_through": _l("Found a pass that was let through by mistake"),
    "gate.look_up": _l("Looked up a pass by its short code"),
    "gate.match": _l("Said whose forgotten pass it was"),
    "gate.match_none": _l("Found no pass for a forgotten one"),
    "gate.missed": _l("Recorded what was missed"),
    "gate.on_duty": _l("Took over a gate"),
    "gate.pair_phone": _l("Paired a phone with a gate"),
    "gate.pairing_code": _l("Showed a code to pair a phone"),
    "gate.record_by_hand": _l("Recorded by hand what a gate's phone had seen"),
    "gate.set_pin": _l("Chose a PIN for a gate's phones"),
    "gate.settle_copy": _l("Looked into a doubtful pass"),
    "gate.special_exit": _l("Recorded a special exit"),
    "gate.take_list": _l("Took a gate's list along for phones without a signal"),
    "gate.turn_back": _l("Turned somebody back"),
    "gate.two_gates": _l("Found a pass at two gates at once"),
    "gate.visitor": _l("Recorded a visitor"),
}
