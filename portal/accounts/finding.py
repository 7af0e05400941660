"""Reading accounts: one's own, and those of the people whom one looks after.

An account is found by its appointments: who has one within the place of the one acting. Its row may belong to another
unit, where the person was appointed first; so the scope is lifted here, with the place named in the query instead.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import abort
from sqlalchemy import ColumnElement, exists, or_, select

from portal.access.acting import Acting, Level, Place, acting
from portal.access.policy import Role
from portal.access.scope import PLACE_COLUMNS, everywhere, lies_in
from portal.accounts.models import Account, Appointment, Title
from portal.accounts.rules import Post, may_give, may_manage
from portal.clock import now, today
from portal.database import db
from portal.units.models import Checkpoint, Unit

PAGE = 20
FOUND_AT_MOST = 50


@dataclass(frozen=True)
class Held:
    """An appointment, as the one acting sees it."""

    id: int
    account_id: int
    role: Role
    title: Title
    post: Post
    unit_name: str
    gate: str
    since: date
    until: date | None
    is_mine_to_end: bool

    @property
    def is_over(self) -> bool:
        return self.until is not None and self.until < today()

    @property
    def is_to_come(self) -> bool:
        return self.since > today() and not self.is_over


@dataclass(frozen=True)
class Person:
    """An account with the appointments that the one acting may know of.

    ``works_elsewhere``: there are others, of which only this is said. ``is_mine``: passwords may be reset.
    """

    id: int
    name: str
    sign_in_name: str
    phone: str
    is_disabled: bool
    waits_for_first_sign_in: bool
    password_has_lapsed: bool
    has_second_factor: bool
    appointments: list[Held]
    works_elsewhere: bool
    is_mine: bool


@contextmanager
def opened(account_id: int) -> Iterator[Account]:
    """The account to be changed, wherever it belongs. Ask before whether it may be."""
    with everywhere(because="an account belongs where the person began, and may be at work elsewhere"):
        yield db.session.get_one(Account, account_id)


def person_or_404(account_id: int) -> Person:
    """Somebody with an appointment, past or present, in the place of the one acting; 404 for anybody else."""
    found = people(Account.id == account_id, limit=1)
    return found[0] if found else abort(404)


def people_under(unit: Unit | None, *, before: int | None = None) -> list[Person]:
    """A page of the people in the place of the one acting, or in one unit of it; the newest accounts first."""
    where = [] if unit is None else [_has_post_in(unit.place)]
    if before is not None:
        where.append(Account.id < before)
    return people(*where, limit=PAGE + 1)


def people_called(text: str) -> list[Person]:
    """Those whose name or sign-in name has this text in it, at most fifty."""
    named = or_(
        Account.name.contains(text, autoescape=True),
        Account.sign_in_name.contains(text.lower(), autoescape=True),
    )
    return people(named, limit=FOUND_AT_MOST)


def people(*where: ColumnElement[bool], limit: int) -> list[Person]:
    """The people in the place of the one acting to whom all of ``where`` applies."""
    who = acting()
    mine = [] if who.place is None else [_has_post_in(who.place)]
    with everywhere(because="people are found by their appointments; the query itself names the place"):
        rows = db.session.execute(
            select(
                Account.id,
                Account.name,
                Account.sign_in_name,
                Account.phone,
                Account.disabled_at,
                Account.password_is_one_time,
                Account.password_until,
                Account.totp_sealed.is_not(None).label("has_second_factor"),
            )
            .where(*mine, *where)
            .order_by(Account.id.desc())
            .limit(limit)
        ).all()
        held = _appointments_of([row.id for row in rows], who)
    return [_person(row, [one for one in held if one.account_id == row.id], who) for row in rows]


def posts_of(account_id: int) -> list[Post]:
    """Where and as what an account is or will be at work; all it ever was where that is over."""
    with everywhere(because="whoever resets an account must be above all of its posts"):
        return _posts_that_count(_appointments_of([account_id], acting()))


def _has_post_in(place: Place) -> ColumnElement[bool]:
    within = lies_in(Appointment, place)
    return exists(select(Appointment.id).where(Appointment.account_id == Account.id, within))


def _appointments_of(account_ids: list[int], who: Acting) -> list[Held]:
    rows = db.session.execute(
        select(
            Appointment.id,
            Appointment.account_id,
            Appointment.role,
            Appointment.title,
            Appointment.since,
            Appointment.until,
            Unit.id.label("unit_id"),
            Unit.level,
            Unit.full_name,
            Checkpoint.name.label("gate"),
            *(getattr(Unit, column) for column in PLACE_COLUMNS),
        )
        .outerjoin(Unit, Unit.id == Appointment.unit_id)
        .outerjoin(Checkpoint, Checkpoint.id == Appointment.checkpoint_id)
        .where(Appointment.account_id.in_(account_ids))
        .order_by(Appointment.id)
    )
    return [_held(row, who) for row in rows]


def _held(row: Any, who: Acting) -> Held:
    place = None
    if row.unit_id is not None:
        place = Place(
            row.unit_id, Level(row.level), **{column: getattr(row, column) for column in PLACE_COLUMNS}
        )
    post = Post(place, row.role)
    return Held(
        id=row.id,
        account_id=row.account_id,
        role=row.role,
        title=row.title,
        post=post,
        unit_name=row.full_name or "",
        gate=row.gate or "",
        since=row.since,
        until=row.until,
        is_mine_to_end=may_give(who, post),
    )


def _person(row: Any, held: list[Held], who: Acting) -> Person:
    shown = [one for one in held if _shows(who, one.post)]
    lapsed = row.password_until is not None and row.password_until < now()
    return Person(
        id=row.id,
        name=row.name,
        sign_in_name=row.sign_in_name,
        phone="" if who.place is None else row.phone,  # an administrator sees nothing personal beyond names
        is_disabled=row.disabled_at is not None,
        waits_for_first_sign_in=row.password_is_one_time and not lapsed,
        password_has_lapsed=row.password_is_one_time and lapsed,
        has_second_factor=row.has_second_factor,
        appointments=shown,
        works_elsewhere=len(shown) < len(held),
        is_mine=may_manage(who, row.id, _posts_that_count(held)),
    )


def _posts_that_count(held: list[Held]) -> list[Post]:
    return [one.post for one in held if not one.is_over] or [one.post for one in held]


def _shows(who: Acting, post: Post) -> bool:
    return who.place is None or (post.place is not None and who.place.holds(post.place))
