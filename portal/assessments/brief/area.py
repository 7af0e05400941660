"""The morning brief: a room of assessments. Its routes are in views.py.

Who has not reported is told by the floor above: ``contributes["reports_below"] = fn(unit, day)``, which gives rows with
``unit_id``, ``name``, ``standing`` and ``has_reported``.
"""

from portal.access.guard import Area
from portal.assessments.brief import nightly, todo

area = Area("brief", __name__, url_prefix="/morning-brief")
area.contributes["todo"] = todo.todo
area.contributes["daily"] = (nightly.look,)
