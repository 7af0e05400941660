"""Why a household can be restricted. An order's rule names the kinds that suspend its passes."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class RestrictionKind(StrEnum):
    """The kinds of ``HouseholdRestriction``."""

    RETURNEE = "returnee"
    ISOLATION = "isolation"
    OTHER = "other"

    @property
    def label(self) -> str:
        return str(RESTRICTION_LABELS[self])


RESTRICTION_LABELS = {
    RestrictionKind.RETURNEE: _l("Returnee awaiting assessment"),
    RestrictionKind.ISOLATION: _l("Isolation"),
    RestrictionKind.OTHER: _l("Other restriction"),
}
