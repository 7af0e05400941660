"""Orders, as the conformance suite sees them."""

from datetime import timedelta
from enum import StrEnum
from typing import Any

from portal.clock import now, today
from portal.orders.models import TRANSITIONS, Order, OrderState
from portal.passes.presets import preset
from portal.workflow.states import Step
from tests.factories import order_in_force
from tests.people import li, sun
from tests.workflows.cases import Blank, Case

PATHS = {"put_in_force": "put-in-force", "end": "end"}


def typed() -> dict[str, Any]:
    return {
        "number": "重阳防指〔2026〕9号",
        "title": "关于加强出入管理的通告",
        "legal_basis": "《中华人民共和国传染病防治法》",
        "issued_by": "重阳街道疫情防控指挥部",
        "from_day": today().isoformat(),
        "from_time": "08:00",
        "until_day": (today() + timedelta(days=7)).isoformat(),
        "until_time": "24:00",
    }


def in_state(state: StrEnum) -> int:
    measures = {("passes", "household"): preset("yangling").rule.to_json()}
    ended = now() - timedelta(hours=1) if state is OrderState.ENDED else None
    return order_in_force(state=state, ended_at=ended, measures=measures).id


def path(step: Step, order_id: int) -> tuple[str, dict[str, Any]]:
    return f"/orders/{order_id}/{PATHS[step.name]}", {}


CASE = Case(
    area="orders",
    model=Order,
    transitions=TRANSITIONS,
    writer=li,
    stranger=sun,
    form=Blank(button="Save the draft", values=dict, typed=typed),
    in_state=in_state,
    path=path,
    taken_by={"put_in_force": li, "end": li},
)
