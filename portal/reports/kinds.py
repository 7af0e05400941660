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
