"""What the trail calls the actions of postings."""

from typing import Any

from flask_babel import lazy_gettext as _l

ACTIONS: dict[str, Any] = {
    "posting.plan": _l("Planned where a notice hangs"),
    "posting.recall": _l("Called a notice back from its places"),
    "posting.drop": _l("Dropped a place where a notice was to hang"),
    "posting.hang": _l("Hung up a notice"),
    "posting.report_torn": _l("Reported a notice torn down"),
    "posting.take_down": _l("Took down a notice"),
    "posting.print": _l("Printed a posting list"),
    "posting_place.create": _l("Added a posting place"),
    "posting_place.change": _l("Renamed a posting place"),
    "posting_place.close": _l("Closed a posting place"),
}
