"""What is done to somebody else's account on a page of its own, with a reason: one table instead of three views."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import abort, url_for
from flask_babel import lazy_gettext as _l

from portal.access.acting import acting
from portal.accounts import keeping, passwords, service
from portal.accounts.finding import Person
from portal.accounts.models import Keeping
from portal.clock import now


@dataclass(frozen=True)
class Handover:
    """A one-time password that waits to be handed over; ``name`` is what it is kept under."""

    name: str
    account_id: int
    password: str
    valid_until: datetime


@dataclass(frozen=True)
class PersonStep:
    """A step: its heading, what it does in a sentence, what is asked, and the verb, which gives the next page."""

    heading: Any
    effect: Any
    button: Any
    asks: Any
    take: Callable[[Person, str], str]


def _new_password(person: Person, reason: str) -> str:
    return url_for(
        "accounts.slip", name=hand_over(person.id, service.new_one_time_password(person.id, reason))
    )


def _disable(person: Person, reason: str) -> str:
    service.disable(person.id, reason)
    return url_for("accounts.show", account_id=person.id)


def _reset_second_factor(person: Person, reason: str) -> str:
    service.reset_second_factor(person.id, reason)
    return url_for("accounts.show", account_id=person.id)


STEPS = {
    "one-time-password": PersonStep(
        _l("New one-time password"),
        _l("The present password is void, and this person is signed out everywhere."),
        _l("Make a one-time password"),
        _l("Reason"),
        _new_password,
    ),
    "disable": PersonStep(
        _l("Disable the account"),
        _l("This person is signed out everywhere and cannot sign in until the account is enabled again."),
        _l("Disable"),
        _l("Reason"),
        _disable,
    ),
    "reset-second-factor": PersonStep(
        _l("Reset the second factor"),
        _l("The phone and the recovery codes are void; a new phone is set up at the next sign-in."),
        _l("Reset"),
        _l("How was it made sure who is asking?"),
        _reset_second_factor,
    ),
}


def hand_over(account_id: int, password: str) -> str:
    """Keep a one-time password until it is read from the page or printed. Returns the name it is kept under."""
    until = (now() + passwords.ONE_TIME_VALID).isoformat()
    content = {"account_id": account_id, "password": password, "valid_until": until}
    return keeping.keep(Keeping.ONE_TIME_PASSWORD, acting().account_id, content)


def handover_or_404(name: str) -> Handover:
    """For ten minutes, and only for whoever made it."""
    content = keeping.kept(Keeping.ONE_TIME_PASSWORD, name, acting().account_id)
    if content is None:
        abort(404)
    until = datetime.fromisoformat(content["valid_until"])
    return Handover(name, content["account_id"], content["password"], until)
