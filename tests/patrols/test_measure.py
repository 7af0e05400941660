"""What an order says of patrols: presets fill the form, what cannot be is refused, and no order means no rounds."""

import pytest

from portal.access.scope import everywhere
from portal.database import db
from portal.orders.models import Order, OrderState
from portal.patrols.kinds import PatrolKind
from portal.patrols.measure import kinds_looked_for
from portal.patrols.presets import PRESETS
from tests.factories import order_in_force
from tests.patrols.world import hour, key, order, route
from tests.people import li, qian, zhao

pytestmark = pytest.mark.any_database

OFFERED = [(kind, preset) for kind, presets in PRESETS.items() for preset in presets]
FIVE = {"rounds": "09:00, 12:00, 15:00, 17:00, 20:00", "grace_minutes": "60"}


@pytest.fixture
def draft(app):
    return order_in_force(state=OrderState.DRAFT)


def blank(visit, draft, item: PatrolKind = PatrolKind.COMMUNITY, **values):
    values |= {"order_id": draft.id, "area_name": "patrols", "item": item.value}
    return visit("orders.measure", as_=li, **values)


def parameters(order_id: int) -> dict:
    with everywhere(because="the test looks"):
        db.session.rollback()
        return db.session.get_one(Order, order_id).measures[0].parameters


@pytest.mark.parametrize(("kind", "preset"), OFFERED, ids=str)
def test_every_preset_can_be_taken_as_it_is(kind, preset, draft, visit):
    saved = blank(visit, draft, kind, preset=preset.code).send("Add the measure")
    assert saved.has("Patrols: ")
    assert parameters(draft.id) == preset.parameters


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_the_form_opens_in_both_languages(draft, visit, language):
    blank(visit, draft, PatrolKind.BOUNDARY, language=language)


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("9, 12,15", [540, 720, 900]),
        ("20：00、09:00", [540, 1200]),
        ("９时 12时", [540, 720]),
        ("00:00 23:59 00:00", [0, 1439]),
    ],
)
def test_hours_are_read_as_people_write_them(draft, visit, typed, minutes):
    blank(visit, draft).send("Add the measure", **FIVE | {"rounds": typed})
    assert parameters(draft.id)["rounds"] == minutes


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"rounds": ""}, "Enter the hours of the rounds"),
        ({"rounds": "24:00"}, "Write the hours like 09:00"),
        ({"rounds": "9:60"}, "Write the hours like 09:00"),
        ({"rounds": "in the morning"}, "Write the hours like 09:00"),
        ({"rounds": " ".join(f"9:{minute:02}" for minute in range(25))}, "Use 24 rounds a day or fewer"),
        ({"grace_minutes": "5"}, "from 10 to 180"),
        ({"grace_minutes": ""}, "Enter the minutes"),
        ({"kinds": "party"}, "Choose one of those offered"),
    ],
)
def test_what_cannot_be(draft, visit, changed, sentence):
    page = blank(visit, draft).send("Add the measure", status=422, **FIVE | changed)
    assert page.has(sentence)


def test_it_is_called_as_people_call_it(draft, visit):
    assert blank(visit, draft, PatrolKind.BOUNDARY, language="zh_Hans").heading == "边界巡逻"


def test_something_else_can_always_be_found(draft, visit):
    saved = blank(visit, draft).send("Add the measure", **FIVE, kinds="no_mask")
    assert saved.has("Rounds at 09:00, 12:00, 15:00, 17:00, 20:00.")
    assert [kind.value for kind in kinds_looked_for(parameters(draft.id))] == ["no_mask", "other"]


def test_the_effect_says_when_there_is_no_route(draft, visit):
    blank(visit, draft).send("Add the measure", **FIVE)
    sentence = "Community patrol: 重阳街道 has no route yet."
    assert visit("orders.put_in_force", as_=li, order_id=draft.id).has(sentence)
    route()
    assert not visit("orders.put_in_force", as_=li, order_id=draft.id).has(sentence)


def test_without_an_order_nothing_is_planned_and_nothing_is_written(app, visit, post):
    way = route()
    page = visit("patrols.index", as_=zhao)
    assert page.has("There is no order in force for “Patrols”")
    typed = {
        "where": "3号院",
        "start_time": "09:30",
        "leader": "演示·赵",
        "kind": "boundary",
        "start_day": "2026-11-23",
    }
    refused = post("patrols.new", as_=zhao, data=typed, status=422)
    assert refused.has("There is no order in force for “Patrols: Boundary”")
    post("patrols.begin", as_=zhao, data={"round": key(way, hour(9))}, status=409)
    assert "Begin" not in visit("patrols.day_plan", as_=qian).buttons()


def test_an_order_for_one_kind_is_none_for_the_other(app, visit, post):
    order(measures={("patrols", "community"): {"rounds": [600], "grace_minutes": 60, "kinds": ["other"]}})
    typed = {"where": "界桩", "start_time": "09:30", "leader": "演示·赵", "start_day": "2026-11-23"}
    assert post("patrols.new", as_=zhao, data=typed | {"kind": "boundary"}, status=422)
    assert post("patrols.new", as_=zhao, data=typed | {"kind": "community"}).has("界桩")
