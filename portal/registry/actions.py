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
    "registry.merge_grids": _l("Merged two grids"),
    "registry.merge_household": _l("Merged two households"),
    "registry.merge_resident": _l("Merged two people"),
    "registry.not_same_household": _l("Told two households apart"),
    "registry.not_same_resident": _l("Told two people apart"),
    "registry.note_needs": _l("Noted who needs looking after"),
    "registry.relieve": _l("Took households from somebody who left"),
    "registry.restrict": _l("Restricted a household"),
    "registry.reveal": _l("Showed a number in full"),
    "registry.split_grid": _l("Split a grid"),
    "registry.unmerge_household": _l("Undid the merging of two households"),
    "registry.unmerge_resident": _l("Undid the merging of two people"),
}
