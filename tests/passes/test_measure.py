"""The pass rules of an order: presets fill the form, what contradicts itself is refused, the effect is told."""

import pytest

from portal.access.scope import everywhere
from portal.database import db
from portal.orders.models import Order, OrderState
from portal.passes.kinds import Kind
from portal.passes.presets import PRESETS, preset
from tests.factories import order_in_force
from tests.passes.conftest import RULES, acting_as
from tests.people import li

pytestmark = pytest.mark.any_database


@pytest.fixture
def draft(app):
    return order_in_force(state=OrderState.DRAFT)


def parameters(order_id: int) -> dict:
    with everywhere(because="the test looks"):
        db.session.rollback()
        return db.session.get_one(Order, order_id).measures[0].parameters


@pytest.mark.parametrize("offered", PRESETS, ids=lambda one: one.code)
def test_every_preset_can_be_taken_as_it_is(offered, draft, visit):
    form = visit(
        "orders.measure",
        as_=li,
        order_id=draft.id,
        area_name="passes",
        item=offered.kind.value,
        preset=offered.code,
    )
    assert form.send("Add the measure").has("Passes: ")
    assert parameters(draft.id) == offered.rule.to_json()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"windows": "11:00-08:00"}, "Write the times like"),
        ({"windows": ", ".join(f"{hour:02}:00-{hour:02}:30" for hour in range(8))}, "Use 7 windows or fewer"),
        ({"on_overtime": "skip_next_trip", "max_minutes": ""}, "A next trip can be cancelled only where"),
        ({"period_days": "0"}, "from 1 to 31"),
        ({"longest_days": "400"}, "from 1 to 366"),
        ({"weekdays": None}, "Choose the days of the week"),
        ({"counts_for": "village"}, "Choose one of those offered"),
    ],
)
def test_a_rule_that_cannot_be(changed, sentence, draft, visit):
    form = visit(
        "orders.measure", as_=li, order_id=draft.id, area_name="passes", item="household", preset="yangling"
    )
    assert form.send("Add the measure", status=422, **changed).has(sentence)


def test_hours_on_some_days_and_until_midnight(draft, visit):
    form = visit(
        "orders.measure", as_=li, order_id=draft.id, area_name="passes", item="household", preset="yangling"
    )
    form.send(
        "Add the measure",
        weekdays=["5", "6"],
        windows="20:00-24:00, 08:00-11:00",
        extra_proofs="户口簿\n\n工作证",
    )
    written = parameters(draft.id)
    assert written["windows"] == [
        {"weekdays": 0b1100000, "start": 480, "end": 660},
        {"weekdays": 0b1100000, "start": 1200, "end": 1440},
    ]
    assert written["extra_proofs"] == ["户口簿", "工作证"]


def test_the_effect_of_a_stricter_rule_is_told_before_it_takes_force(street, make, draft, app):
    from portal.passes.measure import MEASURE

    make()
    stricter = preset("huaiyang").rule.to_json() | {"max_minutes": 60}
    with acting_as(app, li):
        order = db.session.get_one(Order, draft.id)
        assert MEASURE.preview(order, "household", stricter).startswith("1 pass of the kind “Household”")
        assert MEASURE.preview(order, "work", stricter) == ""
        assert MEASURE.preview(order, "household", RULES[Kind.HOUSEHOLD].to_json()) == ""
