"""What the screen of one household shows: everybody, and what was last known of them."""

from collections.abc import Collection, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from portal.access.acting import Place
from portal.clock import now, today
from portal.database import db
from portal.registry.models import Household, Resident
from portal.registry.serving import names_of
from portal.screenings import service as rounds
from portal.screenings.keypersons.service import ENDED
from portal.screenings.kinds import SYMPTOM_LABELS, Symptom
from portal.screenings.models import KeyPerson, PersonCheck, ScreeningRound, Visit, VisitTry
from portal.screenings.rules import age
from portal.screenings.visits import listing
from portal.screenings.visits.listing import Show
from portal.units.models import Unit
from portal.web.formats import moment
from portal.web.temperatures import degrees


def at_list(round_: ScreeningRound, grid: Place, show: Show, after: int | None) -> dict[str, Any]:
    """All that the list of a grid shows; on its first page where somebody is to knock again comes first."""
    lines, following = listing.lines(round_, grid, show, after)
    return {
        "round_": round_,
        "unit": db.session.get_one(Unit, grid.unit_id),
        "shows": list(Show),
        "show": show,
        "lines": lines,
        "after": following,
        "due": listing.due(round_, grid) if show is Show.TO_VISIT and not after else [],
        "over": rounds.is_over(round_, now()),
    }


def living_in(household: Household) -> list[Resident]:
    """Who lives there, the head first."""
    theirs = select(Resident).where(Resident.household_id == household.id, Resident.left_at.is_(None))
    return list(db.session.scalars(theirs.order_by(Resident.is_head.desc(), Resident.id)))


def at_door(
    round_: ScreeningRound,
    household: Household,
    living: Sequence[Resident],
    visit: Visit | None,
    *,
    again: bool,
) -> dict[str, Any]:
    """All that stands around the form of one household. A second visit is not told what the first one found."""
    ids = [one.id for one in living]
    tries = tries_of(visit) if visit else []
    return {
        "round_": round_,
        "household": household,
        "grid": db.session.get_one(Unit, household.unit_id).full_name,
        "living": living,
        "described": {one.id: described(one) for one in living},
        "checks": {} if again else {id_: check_words(check) for id_, check in last_checks(ids).items()},
        "persons": persons_of(ids),
        "last": None if again else last_visit(household.id),
        "visit": visit,
        "tries": tries,
        "names": names_of({one.by_id for one in tries}),
        "again": again,
        "over": rounds.is_over(round_, now()),
        "as_before": as_before(len(living)),
    }


def as_before(people: int) -> str:
    """What the one button says."""
    if not people:
        return _("Answered: nobody is registered, nobody is new")
    return ngettext("The one person is as before", "All %(num)s are as before", people)


def described(resident: Resident) -> str:
    """女, 34 岁, 配偶: what tells people of a household apart."""
    years = age(resident.born_on, today())
    words = (
        resident.sex.label if resident.sex else "",
        ngettext("%(num)s year old", "%(num)s years old", years) if years is not None else "",
        _("Head") if resident.is_head else resident.relation,
        resident.stay.label if resident.stay else "",
    )
    told = dict.fromkeys(word for word in words if word)  # once: 女 is a daughter's sex and her relation
    return _(", ").join(told)


def check_words(check: PersonCheck) -> str:
    """昨天 10:05, 36.8 ℃, 干咳: the last that was noted of somebody."""
    words = (
        moment(check.at),
        f"{degrees(check.temperature)} ℃" if check.temperature else "",
        *(str(SYMPTOM_LABELS[Symptom(one)]) for one in check.symptoms),
        _("Not here") if check.is_away else "",
        check.came_from,
        check.note,
    )
    return _(", ").join(word for word in words if word)


def last_checks(resident_ids: Collection[int]) -> dict[int, PersonCheck]:
    """The last that was noted of each person, in whichever round."""
    latest = select(func.max(PersonCheck.id)).where(PersonCheck.resident_id.in_(resident_ids or [0]))
    found = select(PersonCheck).where(PersonCheck.id.in_(latest.group_by(PersonCheck.resident_id)))
    return {check.resident_id: check for check in db.session.scalars(found)}


def persons_of(resident_ids: Collection[int]) -> dict[int, KeyPerson]:
    """Who of them is a key person."""
    found = select(KeyPerson).where(
        KeyPerson.resident_id.in_(resident_ids or [0]), KeyPerson.state.not_in(ENDED)
    )
    return {person.resident_id: person for person in db.session.scalars(found.order_by(KeyPerson.id))}


def last_visit(household_id: int) -> Visit | None:
    """When the household answered last, in whichever round."""
    answered = select(Visit).where(
        Visit.household_id == household_id, Visit.outcome.is_not(None), Visit.is_recheck.is_(False)
    )
    return db.session.scalars(answered.order_by(Visit.last_at.desc(), Visit.id.desc()).limit(1)).first()


def tries_of(visit: Visit) -> Sequence[VisitTry]:
    """Every knock, the latest first."""
    made = select(VisitTry).where(VisitTry.visit_id == visit.id)
    return db.session.scalars(made.order_by(VisitTry.id.desc())).all()


def was_there(visit: Visit) -> str:
    """Who was there meanwhile, for somebody who has just sent something."""
    last = tries_of(visit)[0]
    words = {
        "who": names_of({last.by_id}).get(last.by_id or 0, ""),
        "when": moment(last.at),
        "what": last.outcome.label,
    }
    return _(
        "%(who)s has been there meanwhile (%(when)s): %(what)s. Nothing of it is lost: send again to add yours.",
        **words,
    )
