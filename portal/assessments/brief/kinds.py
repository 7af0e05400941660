"""The contradictions that are looked for."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l


class Kind(StrEnum):
    """The most pressing first."""

    LEFT = "left"
    ALIKE = "alike"
    UNDECIDED = "undecided"
    RECHECK = "recheck"
    DOCUMENT = "document"
    HOUSEHOLD = "household"

    @property
    def label(self) -> str:
        return str(LABELS[self])


LABELS: dict[Kind, Any] = {
    Kind.LEFT: _l("Isolated, but seen leaving through a gate"),
    Kind.ALIKE: _l("Fourteen identical temperatures"),
    Kind.UNDECIDED: _l("Key person closed without a decision"),
    Kind.RECHECK: _l("The re-check found something else than the visit"),
    Kind.DOCUMENT: _l("One document in two grids"),
    Kind.HOUSEHOLD: _l("One address in two grids"),
}
