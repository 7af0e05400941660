"""What an order says of screening: presets fill the form, what cannot be is refused."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from portal.orders.models import Measure, Order, OrderState
from portal.screenings.describing import describe
from portal.screenings.presets import PRESETS
from tests.factories import order_in_force
from tests.people import li
from tests.screenings.world import only, order, screening

pytestmark = pytest.mark.any_database

Visit = Callable[..., Any]


@pytest.fixture
def draft(app: Flask) -> Order:
    return order_in_force(state=OrderState.DRAFT)


def blank(visit: Visit, draft: Order, **values: Any) -> Any:
    return visit("orders.measure", as_=li, order_id=draft.id, area_name="screenings", item="rounds", **values)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.code)
def test_every_preset_can_be_taken_as_it_is(visit: Visit, draft: Order, preset: Any) -> None:
    blank(visit, draft, preset=preset.code).send("Add the measure")
    assert only(Measure).parameters == preset.parameters


@pytest.mark.parametrize("typed", ["3.73", "33", "99", ""])
def test_a_fever_that_nobody_can_have_is_refused(visit: Visit, draft: Order, typed: str) -> None:
    page = blank(visit, draft, preset="neighbours").send("Add the measure", status=422, fever=typed)
    assert page.tree.xpath("//*[@role='alert']")


@pytest.mark.parametrize("typed", ["37.0", "370"])
def test_a_fever_is_read_with_and_without_its_point(visit: Visit, draft: Order, typed: str) -> None:
    blank(visit, draft, preset="neighbours").send("Add the measure", fever=typed)
    assert only(Measure).parameters["fever"] == 370


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_the_form_opens_in_both_languages(visit: Visit, draft: Order, language: str) -> None:
    blank(visit, draft, language=language)


def test_it_is_said_in_words(app: Flask) -> None:
    with app.test_request_context():
        sentences = [str(one) for one in describe(PRESETS[0].parameters)]
    assert len(sentences) == 5
    assert any("37.3" in one for one in sentences)


def test_a_draft_says_that_rounds_under_way_go_on(visit: Visit, draft: Order) -> None:
    blank(visit, draft, preset="least").send("Add the measure")
    order()
    screening(li)
    assert visit("orders.put_in_force", as_=li, order_id=draft.id).has("1 round under way goes on")
