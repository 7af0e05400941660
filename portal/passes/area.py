"""The passes area. Its routes are in views.py (look, apply), views_steps.py (decide) and views_many.py (several)."""

from flask_babel import lazy_gettext as _l

from portal.access.guard import Area
from portal.jobs.kinds import JobKind
from portal.passes import (
    actions,
    batches,
    exporting,
    figures,
    listing,
    looks,
    measure,
    moving,
    service,
    todo,
)
from portal.registry.searching.finding import Finder

area = Area("passes", __name__, menu=_l("Passes"))
area.contributes["actions"] = actions.ACTIONS
area.contributes["figures"] = figures.FIGURES
area.contributes["todo"] = todo.todo
area.contributes["household_panel"] = looks.household_panel
area.contributes["household_steps"] = looks.household_steps
area.contributes["on_households_move"] = service.follow_households
area.contributes["on_person_moves"] = moving.refuse_while_paper_says_otherwise
area.contributes["measure"] = measure.MEASURE
area.contributes["search"] = Finder(_l("Passes"), listing.by_number)
area.contributes["export"] = exporting.EXPORTS
area.contributes["job"] = {batches.JOB: JobKind(_l("Print passes"), batches.work)}
