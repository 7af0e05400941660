"""A person moves to another household, after a wedding or to the grandparents: one person stays one record."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import select

from portal.access.guard import contributed
from portal.audit import service as audit
from portal.clock import now
from portal.database import db
from portal.registry import listing
from portal.registry.listing import Line
from portal.registry.models import Household, Resident, ResidentNeed
from portal.registry.searching.finding import ways_to_households
from portal.registry.searching.understanding import understood
from portal.registry.service import restrictions_in_force
from portal.web.errors import Refused

MOST = 12
HAS_LEFT = _l("This person has been recorded as left. Record first that they live here again.")
LIVES_THERE = _l("This person lives in that household already.")
MERGED_MEANWHILE = _l(
    "That household has been merged with another one meanwhile. Search for the address again."
)


@dataclass(frozen=True)
class Homes:
    """The households that an address can mean; ``more`` where there are more than are shown."""

    lines: Sequence[Line]
    more: bool

    @property
    def choices(self) -> list[tuple[int, str]]:
        return [(line.id, _in_words(line)) for line in self.lines]


def move(resident: Resident, household: Household, reason: str) -> None:
    """Move a person to another household with all that is known of them; they are nobody's head there.

    ``on_person_moves(resident, to_household)`` of the areas above may refuse, before anything is changed.
    """
    db.session.refresh(resident, with_for_update=True)
    db.session.refresh(household, with_for_update=True)
    refuse_left(resident)
    if household.id == resident.household_id:
        raise Refused(LIVES_THERE)
    if household.merged_into_id is not None:
        raise Refused(MERGED_MEANWHILE)
    for _area, tell in contributed("on_person_moves"):
        tell(resident, household)
    before = resident.household_id
    theirs = select(ResidentNeed).where(ResidentNeed.resident_id == resident.id)
    for row in (resident, *db.session.scalars(theirs)):
        row.household_id, row.unit_id = household.id, household.unit_id
    resident.is_head, resident.relation = False, ""
    audit.record("registry.move_person", resident, reason=reason, before=before, into=household.id)
    db.session.flush()
    db.session.expire(resident)


def refuse_left(resident: Resident) -> None:
    """Who has left doesn't move any further."""
    if resident.left_at is not None:
        raise Refused(HAS_LEFT)


def homes(words: str, resident: Resident, chosen: Household | None) -> Homes:
    """The households of one's own place that an address or door can mean, without the person's own.

    What was ``chosen`` of them stays among them.
    """
    found = [chosen.id] if chosen else []
    for _why, question in ways_to_households(understood(words)):
        found += db.session.scalars(question)
    kept = chosen.id if chosen else None
    others = [id_ for id_ in dict.fromkeys(found) if id_ == kept or id_ != resident.household_id]
    return Homes(listing.lines_of(others[:MOST]), len(others) > MOST)


def restricted_by(household_ids: Sequence[int]) -> list[str]:
    """What restricts these households now, in words, each once."""
    open_ = chain.from_iterable(restrictions_in_force(id_, now()) for id_ in household_ids)
    return list(dict.fromkeys(one.kind.label for one in open_))


def _in_words(line: Line) -> str:
    people = ngettext("%(num)s person", "%(num)s people", line.people) if line.people else _("nobody")
    kinds = _(", ").join(restricted_by([line.id])) if line.restricted else ""
    restricted = _("restricted: %(kinds)s", kinds=kinds) if kinds else ""
    return _(", ").join(part for part in (line.address, line.grid, people, restricted) if part)
