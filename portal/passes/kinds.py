"""The words of passes as enums with labels: kinds, states, what a rule counts."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext


class Kind(StrEnum):
    """The six kinds of pass (product.md, "Passes")."""

    HOUSEHOLD = "household"
    WORK = "work"
    STAFF = "staff"
    VEHICLE = "vehicle"
    SPECIAL = "special"
    VISITOR = "visitor"

    @property
    def label(self) -> str:
        return str(KIND_LABELS[self])


KIND_LABELS = {
    Kind.HOUSEHOLD: lazy_pgettext("pass kind", "Household"),
    Kind.WORK: lazy_pgettext("pass kind", "Work resumption"),
    Kind.STAFF: lazy_pgettext("pass kind", "Staff"),
    Kind.VEHICLE: lazy_pgettext("pass kind", "Vehicle"),
    Kind.SPECIAL: lazy_pgettext("pass kind", "Special"),
    Kind.VISITOR: lazy_pgettext("pass kind", "Visitor"),
}

# Its holder lives elsewhere: a trip of a visitor is the visit, it begins with an entry and ends with an exit.
VISITS = frozenset({Kind.VISITOR})
# Its holder may live elsewhere: an entry with no exit before it is nothing unusual.
COMES_AND_GOES = frozenset({Kind.STAFF, Kind.VEHICLE})


class PassState(StrEnum):
    """The states that are stored; whether an issued pass is valid right now is computed (``Shown``)."""

    DRAFT = "draft"
    APPLIED = "applied"
    ENDORSED = "endorsed"
    ISSUED = "issued"
    SURRENDERED = "surrendered"
    REVOKED = "revoked"
    REJECTED = "rejected"

    @property
    def label(self) -> str:
        return str(STATE_LABELS[self])


STATE_LABELS = {
    PassState.DRAFT: _l("Draft"),
    PassState.APPLIED: _l("Waiting for endorsement"),
    PassState.ENDORSED: _l("Waiting for issue"),
    PassState.ISSUED: _l("Issued"),
    PassState.SURRENDERED: _l("Handed back"),
    PassState.REVOKED: _l("Revoked"),
    PassState.REJECTED: _l("Rejected"),
}


class Shown(StrEnum):
    """The state that people see. ``look`` is its class: ``ok``, ``look``, ``no`` or ``nil``."""

    DRAFT = "draft"
    APPLIED = "applied"
    ENDORSED = "endorsed"
    REJECTED = "rejected"
    SURRENDERED = "surrendered"
    REVOKED = "revoked"
    REPLACED = "replaced"
    SERIES_ENDED = "series_ended"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    ORDER_ENDED = "order_ended"
    SUSPENDED = "suspended"
    EXPIRING = "expiring"
    VALID = "valid"

    @property
    def label(self) -> str:
        return str(SHOWN_LABELS[self])

    @property
    def look(self) -> str:
        return SHOWN_LOOKS[self]


SHOWN_LABELS = {
    Shown.DRAFT: STATE_LABELS[PassState.DRAFT],
    Shown.APPLIED: STATE_LABELS[PassState.APPLIED],
    Shown.ENDORSED: STATE_LABELS[PassState.ENDORSED],
    Shown.REJECTED: STATE_LABELS[PassState.REJECTED],
    Shown.SURRENDERED: STATE_LABELS[PassState.SURRENDERED],
    Shown.REVOKED: STATE_LABELS[PassState.REVOKED],
    Shown.REPLACED: _l("Replaced"),
    Shown.SERIES_ENDED: _l("Old series"),
    Shown.NOT_YET: _l("Not yet valid"),
    Shown.EXPIRED: _l("Expired"),
    Shown.ORDER_ENDED: _l("Order not in force"),
    Shown.SUSPENDED: _l("Suspended"),
    Shown.EXPIRING: _l("Expiring"),
    Shown.VALID: _l("Valid"),
}

SHOWN_LOOKS = {
    Shown.DRAFT: "nil",
    Shown.APPLIED: "look",
    Shown.ENDORSED: "look",
    Shown.REJECTED: "no",
    Shown.SURRENDERED: "nil",
    Shown.REVOKED: "no",
    Shown.REPLACED: "no",
    Shown.SERIES_ENDED: "no",
    Shown.NOT_YET: "nil",
    Shown.EXPIRED: "nil",
    Shown.ORDER_ENDED: "nil",
    Shown.SUSPENDED: "no",
    Shown.EXPIRING: "look",
    Shown.VALID: "ok",
}


class CountsFor(StrEnum):
    """Whose trips a rule counts together."""

    HOUSEHOLD = "household"
    PERSON = "person"
    PLATE = "plate"

    @property
    def label(self) -> str:
        return str(COUNTS_FOR_LABELS[self])


COUNTS_FOR_LABELS = {
    CountsFor.HOUSEHOLD: lazy_pgettext("a rule counts for", "Each household"),
    CountsFor.PERSON: lazy_pgettext("a rule counts for", "Each person"),
    CountsFor.PLATE: lazy_pgettext("a rule counts for", "Each vehicle"),
}


class Period(StrEnum):
    """In which days a rule counts trips; ``portal.passes.quota`` says exactly how."""

    UNLIMITED = "none"
    ROLLING = "rolling"
    CALENDAR = "calendar"
    ODD_DAYS = "odd_days"
    EVEN_DAYS = "even_days"

    @property
    def label(self) -> str:
        return str(PERIOD_LABELS[self])


PERIOD_LABELS = {
    Period.UNLIMITED: lazy_pgettext("period", "Not counted"),
    Period.ROLLING: lazy_pgettext("period", "Every so many days, from the last trip"),
    Period.CALENDAR: lazy_pgettext("period", "Every so many days, from the first day of the order"),
    Period.ODD_DAYS: lazy_pgettext("period", "On odd dates"),
    Period.EVEN_DAYS: lazy_pgettext("period", "On even dates"),
}


class OnOvertime(StrEnum):
    """What follows from coming back late, beyond the grace."""

    NOTHING = "nothing"
    SKIP_NEXT_TRIP = "skip_next_trip"

    @property
    def label(self) -> str:
        return str(ON_OVERTIME_LABELS[self])


ON_OVERTIME_LABELS = {
    OnOvertime.NOTHING: lazy_pgettext("overtime", "Only recorded"),
    OnOvertime.SKIP_NEXT_TRIP: lazy_pgettext("overtime", "The next trip is cancelled"),
}
