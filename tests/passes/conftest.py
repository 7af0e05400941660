"""An order with a rule for every kind, and a household of two that asks for passes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, g
from sqlalchemy import select

from portal.access.acting import Acting
from portal.access.scope import everywhere, look_everywhere, look_through
from portal.accounts.models import Account
from portal.clock import now
from portal.database import db
from portal.passes import service
from portal.passes.applying import Application
from portal.passes.kinds import CountsFor, Kind, Period
from portal.passes.models import Pass
from portal.passes.purposes import PURPOSES
from portal.passes.rule_data import EVERY_DAY, PassRule, Window
from portal.registry.restrictions import RestrictionKind
from tests.factories import household, order_in_force, resident
from tests.people import Person, li, qian, unit, wang, zhao

SUSPENDING = (RestrictionKind.RETURNEE, RestrictionKind.ISOLATION)
RULES = {
    Kind.HOUSEHOLD: PassRule(
        CountsFor.HOUSEHOLD,
        Period.ROLLING,
        period_days=2,
        windows=(Window(EVERY_DAY, 0, 12 * 60), Window(EVERY_DAY, 12 * 60, 24 * 60)),
        max_minutes=180,
        longest_days=7,
        suspended_by=SUSPENDING,
    ),
    Kind.WORK: PassRule(CountsFor.PERSON, Period.UNLIMITED, longest_days=14, suspended_by=SUSPENDING),
    Kind.STAFF: PassRule(CountsFor.PERSON, Period.UNLIMITED, longest_days=14),
    Kind.VEHICLE: PassRule(CountsFor.PLATE, Period.UNLIMITED, persons=2),
    Kind.SPECIAL: PassRule(CountsFor.PERSON, Period.ROLLING, max_minutes=1440, longest_days=3),
    Kind.VISITOR: PassRule(CountsFor.PERSON, Period.ROLLING, max_minutes=240, longest_days=1),
}


def measures(rules: dict[Kind, PassRule] = RULES) -> dict[tuple[str, str], dict[str, Any]]:
    """The rules as an order holds them."""
    return {("passes", kind.value): rule.to_json() for kind, rule in rules.items()}


@pytest.fixture
def street(app: Flask) -> SimpleNamespace:
    """An order in force in the street, and Zhang's household of two in qian's grid."""
    order = order_in_force(measures=measures())
    home = household()
    zhang = resident(home, name="演示·张三", is_head=True)
    wife = resident(home, name="演示·李四")
    return SimpleNamespace(order=order, home=home, zhang=zhang, wife=wife)


@contextmanager
def acting_as(app: Flask, person: Person) -> Iterator[None]:
    """Inside a request of this person; what is done is committed at the end."""
    with app.test_request_context(headers={"Cookie": "language=en"}):
        g.acting = acting(person)
        look_through(g.acting.place) if g.acting.place else look_everywhere(because="an administrator")
        yield
        db.session.commit()
        db.session.remove()


def acting(person: Person) -> Acting:
    with everywhere(because="the test looks"):
        account = db.session.scalars(select(Account).where(Account.sign_in_name == person.sign_in_name)).one()
        where = unit(person.unit) if person.unit else None
        return Acting(
            account_id=account.id,
            appointment_id=account.appointments[0].id,
            name=account.name,
            role=person.role,
            title=person.title.label,
            place=where.place if where else None,
            unit_name=where.full_name if where else "",
        )


def asked(street: SimpleNamespace, kind: Kind = Kind.HOUSEHOLD, **changed: Any) -> Application:
    """What Zhang asks for: today and the day after."""
    start = now() - timedelta(hours=1)
    return Application(
        **{
            "kind": kind,
            "unit_id": street.home.unit_id,
            "household_id": street.home.id,
            "resident_id": street.zhang.id,
            "holder_name": street.zhang.name,
            "purpose": PURPOSES[kind][0],
            "valid_from": start,
            "valid_until": start + timedelta(hours=20),
            "max_minutes": RULES[kind].max_minutes,
            "plate": "豫QD3127" if kind is Kind.VEHICLE else "",
        }
        | changed
    )


@pytest.fixture
def make(app: Flask, street: SimpleNamespace) -> Callable[..., int]:
    """``make("issued")`` → the id of a pass that has got so far."""

    def made(state: str = "issued", *, kind: Kind = Kind.HOUSEHOLD, **changed: Any) -> int:
        with acting_as(app, qian):
            pass_ = service.draft(asked(street, kind, **changed))
            if state != "draft":
                service.apply(pass_)
            pass_id = pass_.id
        if state in ("endorsed", "issued"):
            with acting_as(app, zhao):
                service.endorse(db.session.get_one(Pass, pass_id))
        if state == "issued":
            with acting_as(app, wang):
                service.issue(db.session.get_one(Pass, pass_id))
        return pass_id

    return made


def row(pass_id: int) -> Pass:
    """The pass as it stands."""
    with everywhere(because="the test looks"):
        db.session.rollback()
        return db.session.get_one(Pass, pass_id)


__all__ = ["acting_as", "asked", "li", "make", "measures", "row", "street"]
