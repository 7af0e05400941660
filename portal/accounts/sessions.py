"""Where an account is signed in: rows on the server, so that they can be listed and ended.

The cookie holds a random token (Flask-Login keeps it), the row its digest. Every request finds out here who acts
and where, and from then on sees only that place.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any, cast

from flask import Flask, current_app, g, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from sqlalchemy import Table, or_, select, update
from werkzeug.local import LocalProxy

from portal.access.acting import Acting, Place
from portal.access.scope import PLACE_COLUMNS, everywhere, look_everywhere, look_through
from portal.accounts import passwords
from portal.accounts.devices import device
from portal.accounts.models import Account, Appointment, SignIn
from portal.clock import now, today
from portal.database import apart, db, will_write
from portal.units.models import Unit

SEEN_EVERY = timedelta(minutes=1)


class SignedIn(UserMixin):  # type: ignore[misc]  # Flask-Login is untyped
    """What Flask-Login knows of a signed-in account: its token."""

    def __init__(self, token: str) -> None:
        self.token = token

    def get_id(self) -> str:
        return self.token


def init_app(app: Flask) -> None:
    """Find out who acts before every request, and what happens to a request of nobody's."""
    from portal.accounts import lapsed  # it asks this module whose the cookie was

    manager = LoginManager(app)
    manager.session_protection = None  # our rows know better than a hash of the browser's name
    manager.user_loader(SignedIn)
    app.before_request(find_out_who_acts)
    app.before_request(lapsed.forget_form_when_sent)
    app.extensions["ask_to_sign_in"] = lapsed.ask_to_sign_in
    with app.app_context():
        passwords.prepare()


def start(account: Account) -> None:
    """Sign in: a new row and a new cookie. The account acts under its first appointment in force.

    What the browser's cookie held before is dropped, and so is the sign-in it had.
    """
    leave()
    token = secrets.token_urlsafe(32)
    first = next(iter(appointments_in_force(account.id)), None)
    moment = now()
    db.session.add(
        SignIn(
            token_digest=_digest(token),
            account_id=account.id,
            appointment_id=first.id if first else None,
            started_at=moment,
            seen_at=moment,
            address=request.remote_addr or "",
            device=device(request.user_agent.string or ""),
        )
    )
    login_user(SignedIn(token))


def end(sign_in_id: int) -> None:
    """End one sign-in."""
    _end(SignIn.id == sign_in_id)


def end_all(account_id: int, *, but: int | None = None) -> None:
    """End an account's sign-ins: its password, second factor or an appointment has changed."""
    _end(SignIn.account_id == account_id, SignIn.id != (but or 0))


def leave() -> None:
    """Sign this browser out."""
    if g.get("sign_in_id"):
        end(g.sign_in_id)
    logout_user()
    session.clear()


def act_as(appointment_id: int) -> bool:
    """Act under another of one's own appointments. False if it isn't one's own or not in force."""
    mine = [appointment.id for appointment in appointments_in_force(g.account_id)]
    if appointment_id not in mine:
        return False
    change = update(SignIn).where(SignIn.id == g.sign_in_id).values(appointment_id=appointment_id)
    db.session.execute(change.execution_options(synchronize_session=False))
    return True


def live_sign_ins(account_id: int) -> list[SignIn]:
    """Where an account is signed in now, the last seen first."""
    live = select(SignIn).where(SignIn.account_id == account_id, *_alive())
    return list(db.session.scalars(live.order_by(SignIn.seen_at.desc())))


def account_of_cookie() -> int | None:
    """Whose sign-in this browser's cookie is from, even if it has ended or lapsed."""
    token = current_user.get_id() if current_user.is_authenticated else None
    if token is None:
        return None
    return db.session.scalar(select(SignIn.account_id).where(SignIn.token_digest == _digest(token)))


def appointments_in_force(account_id: int) -> list[Any]:
    """An account's appointments today, oldest first: id, role, title, unit_id, unit_name."""
    day = today()
    with everywhere(because="one's own appointments may lie in several places"):
        rows = db.session.execute(
            select(
                Appointment.id,
                Appointment.role,
                Appointment.title,
                Appointment.unit_id,
                Appointment.since,
                Appointment.until,
                Unit.full_name.label("unit_name"),
            )
            .outerjoin(Unit, Unit.id == Appointment.unit_id)
            .where(Appointment.account_id == account_id, Appointment.since <= day)
            .where(or_(Appointment.until.is_(None), Appointment.until >= day))
            .order_by(Appointment.id)
        )
        return list(rows)


def find_out_who_acts() -> None:
    """Put ``g.acting`` on the request and look through its place. Nobody signed in: nothing is visible."""
    g.acting = g.sign_in_id = g.account_id = None
    look_through(None)
    token = current_user.get_id() if current_user.is_authenticated else None
    row = _live(token) if token else None
    if row is None:
        return
    g.sign_in_id, g.account_id, g.language = row.id, row.account_id, row.language or None
    _note_seen(row.id, row.seen_at)
    if row.appointment_id is None:
        return
    g.acting = _acting(row)
    g.appointments = LocalProxy(_other_appointments)  # asked for only where the header is drawn
    if g.acting.place is None:
        look_everywhere(because="an administrator is appointed to the whole installation")
    else:
        look_through(g.acting.place)


def _other_appointments() -> list[dict[str, Any]]:
    others = [row for row in appointments_in_force(g.account_id) if row.id != g.acting.appointment_id]
    return [{"id": row.id, "unit_name": row.unit_name or "", "role_label": row.role.label} for row in others]


def _live(token: str) -> Any:
    """The sign-in of this token, if it has neither ended nor lapsed, with its account, appointment and place."""
    day = today()
    in_force = (Appointment.since <= day) & or_(Appointment.until.is_(None), Appointment.until >= day)
    with everywhere(because="who is signed in decides what is visible"):
        return db.session.execute(
            select(
                SignIn.id,
                SignIn.account_id,
                SignIn.seen_at,
                Account.name,
                Account.language,
                Appointment.id.label("appointment_id"),
                Appointment.role,
                Appointment.title,
                Appointment.checkpoint_id,
                Unit.id.label("unit_id"),
                Unit.level,
                Unit.full_name.label("unit_name"),
                *(getattr(Unit, column) for column in PLACE_COLUMNS),
            )
            .join(Account, Account.id == SignIn.account_id)
            .outerjoin(Appointment, (Appointment.id == SignIn.appointment_id) & in_force)
            .outerjoin(Unit, Unit.id == Appointment.unit_id)
            .where(SignIn.token_digest == _digest(token), *_alive())
            .where(Account.disabled_at.is_(None), Account.password_is_one_time.is_(False))
        ).one_or_none()


def _alive() -> tuple[Any, ...]:
    """What makes a sign-in live: not ended, used lately, and not older than a shift."""
    idle = timedelta(minutes=current_app.config["SESSION_IDLE_MINUTES"])
    longest = timedelta(hours=current_app.config["SESSION_HOURS"])
    return SignIn.ended_at.is_(None), SignIn.seen_at > now() - idle, SignIn.started_at > now() - longest


def _acting(row: Any) -> Acting:
    place = None
    if row.unit_id is not None:
        place = Place(row.unit_id, row.level, **{column: getattr(row, column) for column in PLACE_COLUMNS})
    return Acting(
        account_id=row.account_id,
        appointment_id=row.appointment_id,
        name=row.name,
        role=row.role,
        title=row.title.label,
        place=place,
        unit_name=row.unit_name or "",
        checkpoint_id=row.checkpoint_id,
    )


def _note_seen(sign_in_id: int, seen_at: datetime) -> None:
    if now() - seen_at < SEEN_EVERY:
        return
    table = cast(Table, SignIn.__table__)
    seen = table.update().where(table.c.id == sign_in_id).values(seen_at=now())
    if will_write():
        db.session.connection().execute(seen)
    else:
        db.session.rollback()  # gives the connection back: no request holds two
        with apart() as connection:
            connection.execute(seen)


def _end(*which: Any) -> None:
    ending = update(SignIn).where(SignIn.ended_at.is_(None), *which).values(ended_at=now())
    db.session.execute(ending.execution_options(synchronize_session=False))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
