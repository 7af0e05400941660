"""What an order asks of the reports: presets fill the form, and what cannot be is refused."""

import pytest

from portal.access.scope import everywhere
from portal.database import db
from portal.orders.models import Order, OrderState
from portal.reports.presets import PRESETS
from tests.factories import order_in_force
from tests.people import li

pytestmark = pytest.mark.any_database

GOOD = {"cut_off_grid": "17:00", "due_grid": "17:15", "cut_off_community": "17时", "due_community": "18:00"}


@pytest.fixture
def draft(app):
    return order_in_force(state=OrderState.DRAFT)


def blank(visit, draft, **values):
    values |= {"order_id": draft.id, "area_name": "reports", "item": "daily"}
    return visit("orders.measure", as_=li, **values)


def parameters(order_id: int) -> dict:
    with everywhere(because="the test looks"):
        db.session.rollback()
        return db.session.get_one(Order, order_id).measures[0].parameters


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.code)
def test_every_preset_can_be_taken_as_it_is(preset, draft, visit):
    blank(visit, draft, preset=preset.code).send("Add the measure")
    assert parameters(draft.id) == preset.parameters


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_the_form_opens_in_both_languages(draft, visit, language):
    blank(visit, draft, language=language)


def test_hours_are_read_as_people_write_them(draft, visit):
    blank(visit, draft).send("Add the measure", **GOOD)
    assert parameters(draft.id) == {
        "levels": {"grid": {"cut_off": 1020, "due": 1035}, "community": {"cut_off": 1020, "due": 1080}}
    }


def test_a_deadline_before_the_cut_off_is_on_the_next_day(draft, visit):
    page = blank(visit, draft).send("Add the measure", cut_off_grid="24:00", due_grid="08:00")
    assert parameters(draft.id)["levels"]["grid"] == {"cut_off": 1440, "due": 1920}
    assert page.has("of the next day")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Enter the hours of one level at least"),
        ({"cut_off_grid": "17:00"}, "Enter both hours, or leave both empty"),
        ({"due_grid": "17:00"}, "Enter both hours, or leave both empty"),
        ({"cut_off_grid": "25:00", "due_grid": "17:00"}, "Enter a time like 18:00 or 24:00"),
        ({"cut_off_grid": "17:60", "due_grid": "18:00"}, "Enter a time like 18:00 or 24:00"),
        ({"cut_off_grid": "<b>", "due_grid": "18:00"}, "Enter a time like 18:00 or 24:00"),
        (GOOD | {"due_community": "17:10"}, "A level comes after those below it"),
        (GOOD | {"cut_off_community": "16:00"}, "A level comes after those below it"),
    ],
)
def test_what_cannot_be_is_refused(draft, visit, typed, sentence):
    assert blank(visit, draft).send("Add the measure", status=422, **typed).has(sentence)
