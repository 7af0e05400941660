"""Key persons: a room of screenings. Its routes are in views.py."""

from flask_babel import lazy_gettext as _l

from portal.access.guard import Area
from portal.registry.searching.finding import Finder
from portal.screenings.keypersons import actions, exporting, finding, looks, service, todo

area = Area("keypersons", __name__, url_prefix="/key-persons", menu=_l("Key persons"))
area.contributes["actions"] = actions.ACTIONS
area.contributes["todo"] = todo.todo
area.contributes["household_panel"] = looks.household_panel
area.contributes["on_person_moves"] = service.follow_person
area.contributes["export"] = exporting.EXPORTS
area.contributes["search"] = Finder(_l("Key persons"), finding.by_person)
