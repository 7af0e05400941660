"""Issued passes, made directly: how they come to be issued is told in the tests of passes."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from portal.access.scope import everywhere
from portal.audit.models import AuditEntry
from portal.clock import now
from portal.database import db
from portal.gate.models import GateEvent, GateRecord
from portal.passes import signing
from portal.passes.kinds import CountsFor, Kind, OnOvertime, PassState, Period
from portal.passes.models import Pass, Trip
from portal.passes.purposes import PURPOSES
from portal.passes.rule_data import PassRule
from portal.registry.models import Household
from portal.registry.restrictions import RestrictionKind
from tests.factories import household, order_in_force, resident
from tests.page import Page
from tests.people import Person

RULE = PassRule(
    CountsFor.HOUSEHOLD,
    Period.ROLLING,
    period_days=1,
    trips=2,
    max_minutes=120,
    on_overtime=OnOvertime.SKIP_NEXT_TRIP,
    suspended_by=(RestrictionKind.RETURNEE,),
)


def issued(
    grid: str = "豫苑社区三组二格",
    *,
    kind: Kind = Kind.HOUSEHOLD,
    rule: PassRule = RULE,
    home: Household | None = None,
    holder: str = "演示·张学敏",
    **values: Any,
) -> Pass:
    """An issued pass of a household of its own; readable, not to be changed."""
    home = home or household(grid)
    person = resident(home, name=holder)
    order = order_in_force()
    begins = values.pop("valid_from", now() - timedelta(hours=1))
    with everywhere(because="tests issue passes of every unit"):
        pass_ = Pass(
            **{
                "unit_id": home.unit_id,
                "kind": kind,
                "state": PassState.ISSUED,
                "order_id": order.id,
                "household_id": home.id,
                "resident_id": person.id,
                "holder_name": holder,
                "purpose": PURPOSES[kind][0],
                "valid_from": begins,
                "valid_until": begins + timedelta(days=2),
                "expiring_from": begins + timedelta(days=2),
                "max_minutes": rule.max_minutes,
                "windows": [],
                "checkpoint_ids": [],
                "rule": rule.to_json(),
                "suspended_by": " ".join(rule.suspended_by),
                "issued_at": now(),
            }
            | values
        )
        db.session.add(pass_)
        db.session.flush()
        signing.number(pass_)
        pass_.code = signing.signed_code(pass_, now())
        db.session.commit()
        db.session.refresh(pass_)
        db.session.expunge(pass_)
    return pass_


def change(pass_: Pass, **values: Any) -> None:
    """What commanders do in the meantime, written directly."""
    with everywhere(because="the test changes a pass"):
        row = db.session.get_one(Pass, pass_.id)
        for name, value in values.items():
            setattr(row, name, value)
        db.session.commit()
        db.session.remove()


def scan(desk: Any, person: Person, text: str) -> Page:
    """Somebody on duty scans or types this; the verdict."""
    return desk.visit("gate.index", as_=person).send("Check", code=text)


def verdict(page: Page) -> str:
    """The class that colours the page."""
    return str(page.tree.xpath("string(//main/@class)")).removeprefix("gate ")


def trips(pass_: Pass | None = None) -> list[Trip]:
    """All trips, or those of one pass, the first first."""
    with everywhere(because="the test looks"):
        db.session.rollback()
        wanted = select(Trip).where(Trip.pass_id == pass_.id) if pass_ else select(Trip)
        return list(db.session.scalars(wanted.order_by(Trip.id)))


def records(event: GateEvent) -> list[GateRecord]:
    """What was recorded."""
    with everywhere(because="the test looks"):
        db.session.rollback()
        wanted = select(GateRecord).where(GateRecord.event == event)
        return list(db.session.scalars(wanted.order_by(GateRecord.id)))


def told(action: str) -> list[AuditEntry]:
    """The entries of the trail of one action."""
    with everywhere(because="the test looks"):
        db.session.rollback()
        return list(db.session.scalars(select(AuditEntry).where(AuditEntry.action == action)))


def went_out(pass_: Pass, at: datetime, back_by: datetime | None = None) -> None:
    """A trip that began then, written directly."""
    with everywhere(because="the test writes a trip"):
        db.session.add(
            Trip(
                unit_id=pass_.unit_id,
                pass_id=pass_.id,
                household_id=pass_.household_id,
                resident_id=pass_.resident_id,
                out_at=at,
                back_by=back_by,
            )
        )
        db.session.commit()
