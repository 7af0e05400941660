"""Doing what somebody would do: the rehearsal goes through the same verbs as the pages."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import g
from sqlalchemy import select

from portal.access.acting import Acting
from portal.access.scope import everywhere, look_through
from portal.accounts.models import Account, Appointment
from portal.database import db
from portal.units.models import Unit


@contextmanager
def acting_as(sign_in_name: str) -> Iterator[Acting]:
    """Act as this account under its first appointment, with its place as scope."""
    with everywhere(because="the rehearsal finds its players"):
        appointment = db.session.scalars(
            select(Appointment)
            .join(Account)
            .where(Account.sign_in_name == sign_in_name)
            .order_by(Appointment.id)
            .limit(1)
        ).one()
        unit = db.session.get_one(Unit, appointment.unit_id)
        who = Acting(
            account_id=appointment.account_id,
            appointment_id=appointment.id,
            name=appointment.account.name,
            role=appointment.role,
            title=appointment.title.label,
            place=unit.place,
            unit_name=unit.full_name,
            checkpoint_id=appointment.checkpoint_id,
        )
    db.session.flush()
    g.acting = who
    look_through(who.place)
    try:
        yield who
    finally:
        db.session.flush()
        g.acting = None
        look_through(None)
