"""What the trail calls the actions of this area."""

from typing import Any

from flask_babel import lazy_gettext as _l

ACTIONS: dict[str, Any] = {
    "registry.add_household": _l("Registered a household"),
    "registry.add_resident": _l("Registered a person"),
    "registry.back": _l("Recorded that somebody is back"),
    "registry.change_household": _l("Changed a household"),
    "registry.change_resident": _l("Changed a person"),
    "registry.hand_over": _l("Handed households over"),
    "registry.left": _l("Recorded that somebody left"),
    "registry.lift": _l("Lifted a restriction"),
    "registry.move_households": _l("Moved households to another grid"),
    "registry.move_person": _l("Moved a person to another household"),
    "registry.note_needs": _l("Noted who needs looking after"),
    "registry.relieve": _l("Took households from somebody who left"),
    "registry.restrict": _l("Restricted a household"),
    "registry.reveal": _l("Showed a number in full"),
    "registry.split_grid": _l("Split a grid"),
    "registry.merge_grids": _l("Merged two grids"),
    "registry.merge": _l("Merged two records"),
    "registry.not_same": _l("Told two records apart"),
    "registry.unmerge": _l("Undid a merging"),
}
