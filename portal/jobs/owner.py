"""A job is done as the one who started it: with the rights, the place and the language of that person."""

from flask import g
from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select

from portal.access.acting import Acting, Place
from portal.access.scope import PLACE_COLUMNS, everywhere, look_everywhere, look_through
from portal.accounts.models import Account, Appointment
from portal.clock import today
from portal.database import db
from portal.jobs.leases import Lease
from portal.units.models import Unit
from portal.web.errors import Refused

NO_LONGER = _l("The appointment under which this was started is no longer in force.")


def act_as_owner(lease: Lease) -> None:
    """Put the job's owner on ``g`` and look through that place. ``Refused`` if the appointment has ended."""
    day = today()
    with everywhere(because="a job works for the one who started it, where that one is appointed"):
        row = db.session.execute(
            select(
                Appointment.role,
                Appointment.title,
                Appointment.checkpoint_id,
                Account.name,
                Account.language,
                Unit.id.label("unit_id"),
                Unit.level,
                Unit.full_name,
                *(getattr(Unit, column) for column in PLACE_COLUMNS),
            )
            .join(Account, Account.id == Appointment.account_id)
            .outerjoin(Unit, Unit.id == Appointment.unit_id)
            .where(Appointment.id == lease.appointment_id, Account.id == lease.account_id)
            .where(Appointment.since <= day, or_(Appointment.until.is_(None), Appointment.until >= day))
            .where(Account.disabled_at.is_(None))
        ).one_or_none()
    if row is None:
        raise Refused(NO_LONGER)
    place = None
    if row.unit_id is not None:
        place = Place(row.unit_id, row.level, **{column: getattr(row, column) for column in PLACE_COLUMNS})
    g.account_id, g.language, g.request_id = lease.account_id, row.language or None, f"job {lease.job_id}"
    g.acting = Acting(
        account_id=lease.account_id,
        appointment_id=lease.appointment_id,
        name=row.name,
        role=row.role,
        title=row.title.label,
        place=place,
        unit_name=row.full_name or "",
        checkpoint_id=row.checkpoint_id,
    )
    if place is None:
        look_everywhere(because="a job of an administrator, who is appointed to the whole installation")
    else:
        look_through(place)
