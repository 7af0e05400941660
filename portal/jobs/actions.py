"""What the trail calls the actions of this area."""

from typing import Any

from flask_babel import lazy_gettext as _l

ACTIONS: dict[str, Any] = {
    "job.start": _l("Started long work"),
    "job.stop": _l("Stopped long work"),
    "job.resume": _l("Resumed long work"),
    "job.download": _l("Fetched the result of long work"),
}
