"""What the trail calls the actions of daily reports."""

from typing import Any

from flask_babel import lazy_gettext as _l

ACTIONS: dict[str, Any] = {
    "daily_report.confirm": _l("Confirmed a daily report"),
    "daily_report.export": _l("Took a daily report out as a workbook"),
    "daily_report.open": _l("Began a daily report"),
    "daily_report.print": _l("Printed a daily report"),
    "daily_report.receive": _l("Received a daily report"),
    "daily_report.send_back": _l("Sent a daily report back"),
    "daily_report.supplement": _l("Added to a daily report later"),
}
