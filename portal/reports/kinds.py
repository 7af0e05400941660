"""What a day's report of a unit can be."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_pgettext as _lp


class ReportState(StrEnum):
    """日报告: open until its own level has confirmed it, then with the level above."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    RECEIVED = "received"

    @property
    def label(self) -> str:
        return str(REPORT_STATE_LABELS[self])


REPORT_STATE_LABELS: dict[ReportState, Any] = {
    ReportState.OPEN: _lp("report", "Not reported"),
    ReportState.CONFIRMED: _lp("report", "Reported"),
    ReportState.RECEIVED: _lp("report", "Received"),
}


class Standing(StrEnum):
    """The state that people see: silence, and what the clock makes of it, apart from what was said."""

    NOT_YET = "not_yet"
    LATE = "late"
    RETURNED = "returned"
    REPORTED = "reported"
    NIL = "nil"
    RECEIVED = "received"
    NOT_ASKED = "not_asked"

    @property
    def label(self) -> str:
        return str(STANDING_LABELS[self])

    @property
    def look(self) -> str:
        return STANDING_LOOKS[self]


STANDING_LABELS: dict[Standing, Any] = {
    Standing.NOT_YET: _lp("report", "Not reported yet"),
    Standing.LATE: _lp("report", "Not reported, late"),
    Standing.RETURNED: _lp("report", "Sent back"),
    Standing.REPORTED: _lp("report", "Reported"),
    Standing.NIL: _lp("report", "Nothing to report"),
    Standing.RECEIVED: _lp("report", "Received"),
    Standing.NOT_ASKED: _lp("report", "Nothing asked"),
}
STANDING_LOOKS = {
    Standing.NOT_YET: "nil",
    Standing.LATE: "no",
    Standing.RETURNED: "look",
    Standing.REPORTED: "ok",
    Standing.NIL: "ok",
    Standing.RECEIVED: "ok",
    Standing.NOT_ASKED: "nil",
}
