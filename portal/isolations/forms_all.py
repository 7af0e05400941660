"""All who are without a check, on one page: temperatures only. Who has symptoms is entered with the household."""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.clock import LOCAL, now, this_minute
from portal.isolations import checks
from portal.isolations.checks import Taken
from portal.isolations.forms_checks import TEMPERATURE, ManyForm, method_field
from portal.isolations.models import Isolation
from portal.isolations.rules import SlotOfDay, cut_off
from portal.registry.models import Household
from portal.web.fields import Clock
from portal.web.formats import mask_name
from portal.web.temperatures import Temperature


class AllForm(ManyForm):
    """``asked`` is the check that all of them are entered for. What lies behind its cut-off needs an hour."""

    asked: SlotOfDay
    time = Clock(_l("Taken at"), thing=_l("the time"))
    method = method_field()

    @property
    def taken_at(self) -> datetime | None:  # type: ignore[override]  # read only
        """When all were taken, in a valid form."""
        return datetime.combine(self.asked[0], self.time.data, LOCAL) if self.time.data else None

    def of(self, isolation: Isolation) -> Taken:
        """What was entered for somebody who was met."""
        temperature = self[self.field_of(isolation)].data
        return Taken(self.asked[1], self.taken_at or now(), temperature, method=self.method.data)

    def homes(self) -> Iterator[tuple[Household, list[Isolation]]]:
        """The people by household, in the order in which one walks."""
        for _id, people in groupby(self.people, key=lambda one: one.household_id):
            found = list(people)
            yield found[0].household, found


def all_form(people: list[Isolation], asked: SlotOfDay) -> AllForm:
    """The form for these people and this check."""
    fields: dict[str, Any] = {"people": people, "asked": asked}
    for one in people:
        label = _("%(name)s, temperature ℃", name=mask_name(one.resident.name))
        fields[f"{TEMPERATURE}{one.id}"] = Temperature(label, optional=True)
    late = any(cut_off(checks.rule_of(one), *asked) <= now() for one in people)
    at = None if late else this_minute()
    form: AllForm = type("AllWithoutACheck", (AllForm,), fields)(data={"time": at})
    return form
