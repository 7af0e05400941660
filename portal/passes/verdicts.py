"""The words of a gate's answer: direction, verdict, reason, and what can be done instead."""

from enum import StrEnum

from flask_babel import lazy_pgettext


class Direction(StrEnum):
    """Through a gate."""

    EXIT = "exit"
    ENTRY = "entry"

    @property
    def label(self) -> str:
        return str(DIRECTION_LABELS[self])


DIRECTION_LABELS = {
    Direction.EXIT: lazy_pgettext("through a gate", "Exit"),
    Direction.ENTRY: lazy_pgettext("through a gate", "Entry"),
}


class Verdict(StrEnum):
    """Green, amber or red; the values are the classes of the page."""

    GREEN = "ok"
    AMBER = "look"
    RED = "no"

    @property
    def label(self) -> str:
        return str(VERDICT_LABELS[self])


VERDICT_LABELS = {
    Verdict.GREEN: lazy_pgettext("verdict", "Let through"),
    Verdict.AMBER: lazy_pgettext("verdict", "Check first"),
    Verdict.RED: lazy_pgettext("verdict", "Do not let through"),
}


class Alternative(StrEnum):
    """What the gate can do instead of recording a refused trip."""

    TURN_BACK = "turn_back"
    SPECIAL_EXIT = "special_exit"
    RECORD_MISSED = "record_missed"

    @property
    def label(self) -> str:
        return str(ALTERNATIVE_LABELS[self])


ALTERNATIVE_LABELS = {
    Alternative.TURN_BACK: lazy_pgettext("at a gate", "Turn back"),
    Alternative.SPECIAL_EXIT: lazy_pgettext("at a gate", "Special exit"),
    Alternative.RECORD_MISSED: lazy_pgettext("at a gate", "Record what was missed"),
}


class Reason(StrEnum):
    """What decided, in the order of the tests (security.md, "order of tests at a gate"); fever before all."""

    FEVER = "fever"
    # signature
    CODE_FOREIGN = "code_foreign"
    CODE_DAMAGED = "code_damaged"
    CODE_ALTERED = "code_altered"
    UNKNOWN = "unknown"
    # key window
    KEY_WINDOW = "key_window"
    # revoked
    REPLACED = "replaced"
    NOT_ISSUED = "not_issued"
    REVOKED = "revoked"
    SURRENDERED = "surrendered"
    SERIES_ENDED = "series_ended"
    # validity
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    # order, household, gate
    ORDER_ENDED = "order_ended"
    SUSPENDED = "suspended"
    WRONG_GATE = "wrong_gate"
    # window
    WRONG_DAY = "wrong_day"
    WRONG_HOUR = "wrong_hour"
    # quota
    QUOTA_USED = "quota_used"
    TRIP_CANCELLED = "trip_cancelled"
    # already out
    ALREADY_OUT = "already_out"
    ALREADY_IN = "already_in"
    TOO_MANY = "too_many"
    # coming back
    NOT_OUT = "not_out"
    NOT_IN = "not_in"
    OVERTIME = "overtime"
    # nothing in the way
    MAY_GO = "may_go"
    WELCOME_BACK = "welcome_back"
