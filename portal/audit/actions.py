"""What the trail's actions are called. ``tests/audit`` tells which name is missing.

Each area names its own: ``area.contributes["actions"] = {"patrol.begin": _l("Patrol begun")}``.
"""

from typing import Any

from flask_babel import lazy_gettext as _l

from portal.access.guard import contributed

OF_NO_AREA: dict[str, Any] = {
    "demo.load": _l("Loaded the demonstration"),
    "rehearsal.build": _l("Built an invented population"),
}


def all_actions() -> dict[str, Any]:
    """Every named action with its lazy name."""
    return OF_NO_AREA | {
        action: name for _area, more in contributed("actions") for action, name in more.items()
    }


def meant(words: str) -> list[str]:
    """The actions whose name has these words in it, in the language of the reader; or the one with this code."""
    names, sought = all_actions(), words.strip().casefold()
    return (
        [words] if words in names else [one for one, name in names.items() if sought in str(name).casefold()]
    )


def called(action: str) -> str:
    """What the action is called; an unknown one by its code."""
    return str(all_actions().get(action, action))
