"""Before somebody new is written down: is this one of those who are here already?"""

from dataclasses import dataclass
from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.database import db
from portal.registry.duplicates import finding, service
from portal.registry.models import Household
from portal.registry.service import Person
from portal.registry.ways import to_household
from portal.units.models import Unit
from portal.web.page import page

ANSWER = "same"  # the field with the id of the one it is, or NONE_OF_THEM
NONE_OF_THEM = "no"
NOT_CARRIED = ("csrf_token", ANSWER)


@dataclass(frozen=True)
class Asked:
    """``answer``: the page that asks, or where it leads when it is the same; None: to be written down.

    ``told_apart``: those of whom it was said that it is none of them.
    """

    answer: ResponseReturnValue | None
    told_apart: list[Any]

    def remember(self, new: Any) -> None:
        """Never ask about these again."""
        for one in self.told_apart:
            service.not_same(one, new)


def about_person(household: Household, person: Person) -> Asked:
    """Whether somebody of one's own place may be the person being added. What is missing there is filled in."""
    like = finding.like_person(person, household)
    chosen = _chosen(like)
    if chosen is not None:
        service.fill(chosen, person)
        return Asked(redirect(url_for("registry.person", resident_id=chosen.id), 303), [])
    return _asked("registry/duplicate_person.html", like, household=household, typed=person)


def about_household(grid_id: int, values: dict[str, Any]) -> Asked:
    """Whether a household with this address is there already."""
    like = finding.like_address(grid_id, values)
    chosen = _chosen(like)
    if chosen is not None:
        return Asked(to_household(chosen.id), [])
    grids = {one.id: db.session.get_one(Unit, one.unit_id).full_name for one in like}
    return _asked("registry/duplicate_household.html", like, grids=grids)


def _chosen(like: list[Any]) -> Any:
    return next((one for one in like if str(one.id) == request.form.get(ANSWER)), None)


def _asked(template: str, like: list[Any], **context: Any) -> Asked:
    """What was typed travels along in hidden fields, until it is answered."""
    if not like or request.form.get(ANSWER) == NONE_OF_THEM:
        return Asked(None, like)
    carried = [(name, value) for name, value in request.form.items(multi=True) if name not in NOT_CARRIED]
    return Asked(page(template, status=422, like=like, carried=carried, **context), [])
