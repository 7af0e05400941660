"""What the trail calls the steps of an import."""

from typing import Any

from flask_babel import lazy_gettext as _l

ACTIONS: dict[str, Any] = {
    "registry.import": _l("Imported a sheet"),
    "registry.undo_import": _l("Undid an import"),
    "registry.import_wrong_rows": _l("Fetched the rows of an import that are to be mended"),
}
