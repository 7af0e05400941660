"""Key persons, as the conformance suite sees them. The measure is decided elsewhere: that step follows from there."""

from enum import StrEnum
from typing import Any

from portal.screenings.kinds import KeyPersonState
from portal.screenings.models import TRANSITIONS, KeyPerson
from portal.workflow.states import Step
from tests.people import li, qian, wang, wu
from tests.screenings.world import family, key_person, order
from tests.workflows.cases import Blank, Case


def values() -> dict[str, Any]:
    order()
    return {"household_id": family(2).id}


def typed() -> dict[str, Any]:
    return {"name": "演示·新来", "mark": "creturned"}


def in_state(state: StrEnum) -> int:
    order()
    return key_person(KeyPersonState(state))


def path(step: Step, person_id: int) -> tuple[str, dict[str, Any]]:
    return f"/key-persons/{person_id}/{step.name.replace('_', '-')}", {}


CASE = Case(
    area="keypersons",
    model=KeyPerson,
    transitions=TRANSITIONS,
    writer=qian,
    stranger=wu,
    form=Blank(button="Note this person", values=values, typed=typed),
    in_state=in_state,
    path=path,
    taken_by={"submit": qian, "manage": li, "close": li, "reopen": qian, "strike_out": wang},
    reason_field="words",
    not_by_itself=frozenset({"manage"}),
    prints=lambda: [(wang, "/key-persons/print?as=page")],
)
