"""A knock on the door: what came of it, what was noted of whom, and who is visited a second time.

Nothing that somebody wrote is changed by who comes later: a further knock is a further try, and who has answered stays
answered.
"""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal.access.acting import acting
from portal.audit import service as audit
from portal.clock import now
from portal.database import db
from portal.registry.models import Household, Resident
from portal.screenings import service as rounds
from portal.screenings.keypersons import service as keypersons
from portal.screenings.keypersons.service import Noted
from portal.screenings.kinds import Category, Outcome
from portal.screenings.models import PersonCheck, ScreeningRound, Visit, VisitTry
from portal.screenings.rules import A_MOMENT, Asks, differs, drawn, graver, outcome_after
from portal.vault import vault
from portal.web.errors import Refused
from portal.web.formats import full_moment

SOMEBODY_ELSE = _l("Who answered for the first visit doesn't do the second one: somebody else has to go.")
NOT_DRAWN = _l("This household was not drawn for a second visit.")


@dataclass(frozen=True)
class Marked:
    """What is noted of one person; empty where all is as before."""

    temperature: int | None = None
    symptoms: tuple[str, ...] = ()
    is_away: bool = False
    came_from: str = ""
    note: str = ""
    category: Category | None = None
    area_id: int | None = None

    def __bool__(self) -> bool:
        return self != Marked()


@dataclass(frozen=True)
class Incomer:
    """Somebody whom nobody had written down yet."""

    name: str
    marked: Marked


@dataclass(frozen=True)
class Knock:
    """What a knock led to. ``claimed_at``: when it was, where it is written down later."""

    outcome: Outcome
    retry_at: datetime | None = None
    claimed_at: datetime | None = None
    note: str = ""
    marked: Mapping[int, Marked] = field(default_factory=dict)
    incomers: Sequence[Incomer] = ()


def visit_of(round_id: int, household_id: int, *, is_recheck: bool = False) -> Visit | None:
    """What a round knows of a household; None: nobody has been there."""
    found = select(Visit).where(
        Visit.round_id == round_id, Visit.household_id == household_id, Visit.is_recheck == is_recheck
    )
    return db.session.scalars(found).one_or_none()


class Meanwhile(Exception):
    """Somebody else has been there since the page was made; ``visit`` says what is known now."""

    def __init__(self, visit: Visit) -> None:
        super().__init__()
        self.visit = visit


def write(
    round_: ScreeningRound,
    household: Household,
    knock: Knock,
    *,
    is_recheck: bool = False,
    as_of: int | None = None,
) -> Visit:
    """Write down a knock. ``Refused`` where the round is over, or the household is not in it (any more).

    ``as_of``: how many tries whoever writes knows of; ``Meanwhile`` where there are others.
    """
    rounds.refuse_over(round_)
    _stay(household)
    rounds.refuse_outside(round_, household)
    visit = _locked(round_, household, is_recheck)
    if as_of is not None and visit.tries != as_of:
        raise Meanwhile(visit)
    if is_recheck:
        _refuse_the_same(round_, household)
    at = _claimed(round_, knock)
    noted = _note_people(round_, household, visit, knock, at) if knock.outcome is Outcome.ANSWERED else set()
    _take_down(visit, knock, at, noted)
    db.session.flush()
    if knock.outcome is Outcome.ANSWERED:
        if is_recheck:
            _compare(visit)
        else:
            _draw(round_, household)
    _tell(visit, knock)
    return visit


def _stay(household: Household) -> None:
    """It doesn't move to another grid while a knock is written down; ``Refused`` where it has left one's own."""
    where = select(Household.unit_id).where(Household.id == household.id).with_for_update(read=True)
    unit_id = db.session.scalar(where)
    if unit_id is None:
        raise Refused(rounds.NOT_HERE)
    if unit_id != household.unit_id:
        db.session.refresh(household)


def _locked(round_: ScreeningRound, household: Household, is_recheck: bool) -> Visit:
    """The round's row for the household, made if need be: of two who knock at once, both find the same one."""
    wanted = select(Visit).where(
        Visit.round_id == round_.id, Visit.household_id == household.id, Visit.is_recheck == is_recheck
    )
    wanted = wanted.with_for_update().execution_options(populate_existing=True)
    visit = db.session.scalars(wanted).one_or_none()
    if visit is not None:
        return visit
    if is_recheck:
        raise Refused(NOT_DRAWN)
    with suppress(IntegrityError), db.session.begin_nested():
        db.session.add(Visit(unit_id=household.unit_id, round_id=round_.id, household_id=household.id))
    return db.session.scalars(wanted).one()


def _claimed(round_: ScreeningRound, knock: Knock) -> datetime:
    """When it was: not before the round, not after now."""
    at = knock.claimed_at or now()
    if not round_.starts_at.replace(second=0, microsecond=0) <= at <= now() + A_MOMENT:
        words = {"start": full_moment(round_.starts_at), "end": full_moment(now())}
        raise Refused(_("Enter a time from %(start)s to %(end)s", **words))
    return at


def _take_down(visit: Visit, knock: Knock, at: datetime, noted: Collection[int]) -> None:
    by = acting().account_id
    visit.tries_made.append(
        VisitTry(
            unit_id=visit.unit_id,
            household_id=visit.household_id,
            at=now(),
            claimed_at=knock.claimed_at,
            outcome=knock.outcome,
            retry_at=knock.retry_at,
            by_id=by,
            note=knock.note,
        )
    )
    answered = knock.outcome is Outcome.ANSWERED
    if answered:
        visit.people, visit.marked = _living(visit.household_id), len(set(_noted_in(visit)) | set(noted))
    is_latest = at >= (visit.last_at or at)
    if answered or is_latest:  # what is written down late changes nothing of later knocks
        if visit.outcome is not Outcome.ANSWERED:
            visit.by_id, visit.answered_at = by, at if answered else None
        visit.outcome = outcome_after(visit.outcome, knock.outcome)
        visit.retry_at = None if visit.outcome is Outcome.ANSWERED else knock.retry_at
    visit.tries += 1
    visit.first_at = min(visit.first_at or at, at)
    visit.last_at = max(visit.last_at or at, at)


def _note_people(
    round_: ScreeningRound, household: Household, visit: Visit, knock: Knock, at: datetime
) -> set[int]:
    """What was noted of whom; incomers become residents first. Returns whose."""
    theirs = select(Resident).where(Resident.household_id == household.id, Resident.left_at.is_(None))
    living = {resident.id: resident for resident in db.session.scalars(theirs)}
    told = [(living[id_], marked) for id_, marked in knock.marked.items() if marked and id_ in living]
    told += [(keypersons.take_in(household, one.name), one.marked) for one in knock.incomers]
    for resident, marked in told:
        _check(resident, visit, marked, at)
        _note_key_person(round_, resident, marked)
    return {resident.id for resident, _marked in told}


def _check(resident: Resident, visit: Visit, marked: Marked, at: datetime) -> None:
    db.session.add(
        PersonCheck(
            unit_id=resident.unit_id,
            resident_id=resident.id,
            household_id=resident.household_id,
            visit_id=visit.id,
            at=at,
            by_id=acting().account_id,
            temperature=marked.temperature,
            symptoms=list(marked.symptoms),
            is_away=marked.is_away,
            came_from=marked.came_from,
            note=marked.note,
        )
    )


def _note_key_person(round_: ScreeningRound, resident: Resident, marked: Marked) -> None:
    """Who is of a category becomes a key person, and so does whoever has a fever; who is one already is completed."""
    asks = Asks.of(round_.parameters)
    category = marked.category
    if asks.is_fever(marked.temperature, marked.symptoms) and Category.FEVER in asks.categories:
        category = graver(category or Category.FEVER, Category.FEVER)
    facts: dict[str, Any] = {
        "origin": marked.came_from,
        "temperature": marked.temperature,
        "symptoms": list(marked.symptoms),
        "note": marked.note,
    }
    told = {name: value for name, value in facts.items() if value}
    if category is not None:
        keypersons.note(resident, Noted(category, marked.area_id, round_, told))
    elif (person := keypersons.standing_of(resident.id)) is not None:
        keypersons.complete(person, **told)
        person.last_seen_at = now()


def _draw(round_: ScreeningRound, household: Household) -> None:
    """A household that was drawn is visited a second time once it has answered."""
    if not round_.rechecks or visit_of(round_.id, household.id, is_recheck=True):
        return
    ids = db.session.scalars(select(Household.id).where(Household.unit_id == household.unit_id)).all()
    if household.id in drawn(ids, round_.rechecks, vault().derive("rechecks"), round_.id):
        db.session.add(
            Visit(unit_id=household.unit_id, round_id=round_.id, household_id=household.id, is_recheck=True)
        )
        db.session.flush()


def refuse_to_open(
    round_: ScreeningRound, household: Household, visit: Visit | None, *, is_recheck: bool
) -> None:
    """``Refused`` before anything is asked: not in the round, not drawn for a second visit, or one's own first one."""
    rounds.refuse_outside(round_, household)
    if is_recheck:
        if visit is None:
            raise Refused(NOT_DRAWN)
        _refuse_the_same(round_, household)


def _refuse_the_same(round_: ScreeningRound, household: Household) -> None:
    first = visit_of(round_.id, household.id)
    if first is not None and first.by_id == acting().account_id:
        raise Refused(SOMEBODY_ELSE)


def _compare(again: Visit) -> None:
    """Whether the second visit found something else than the first."""
    first = visit_of(again.round_id, again.household_id)
    if first is not None:
        again.differs = differs((first.people, again.people), (_noted_in(first), _noted_in(again)))
        db.session.flush()


def _noted_in(visit: Visit) -> Sequence[int]:
    """Of whom something was noted at a visit."""
    return db.session.scalars(select(PersonCheck.resident_id).where(PersonCheck.visit_id == visit.id)).all()


def _living(household_id: int) -> int:
    theirs = select(func.count(Resident.id)).where(
        Resident.household_id == household_id, Resident.left_at.is_(None)
    )
    return db.session.scalar(theirs) or 0


def _tell(visit: Visit, knock: Knock) -> None:
    """The trail, which names nobody."""
    answered = knock.outcome is Outcome.ANSWERED
    what = "tried" if not answered else "rechecked" if visit.is_recheck else "answered"
    audit.record(f"visit.{what}", visit, outcome=knock.outcome.value, marked=visit.marked)
