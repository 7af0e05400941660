"""What is in force where and when, how orders write their hours, and what they put on Today."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask, g

from portal.access.acting import Acting
from portal.access.scope import everywhere, look_through, place_of
from portal.clock import LOCAL, now, today
from portal.orders import hours, service, todo
from portal.orders.models import OrderState
from portal.orders.rules import Shown, decides, shown_state
from tests import factories
from tests.people import Person, li, qian, unit, wang

Visit = Callable[..., Any]
HOUR = timedelta(hours=1)
AREA, ITEM = "passes", "household"


def on(value: int) -> dict[tuple[str, str], dict[str, Any]]:
    return {(AREA, ITEM): {"value": value}}


def in_force_at(place: str, at: datetime | None = None) -> int | None:
    """The value of the measure in force at a unit; None: nothing switches it on."""
    with everywhere(because="the test looks"):
        found = service.measure_in_force(AREA, ITEM, place_of(unit(place).id), at or now())
    return None if found is None else found[1]["value"]


def act_as(person: Person) -> None:
    """Let the one who asks be this person, outside a request."""
    here = place_of(unit(person.unit or "").id)
    g.acting = Acting(1, 1, person.sign_in_name, person.role, person.title.label, here, person.unit or "")
    look_through(here)


# ── which measure ────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_order_applies_to_its_unit_and_below(app: Flask) -> None:
    factories.order_in_force("豫苑社区", measures=on(1))
    assert in_force_at("豫苑社区") == 1
    assert in_force_at("豫苑社区三组二格") == 1
    assert in_force_at("建设路社区一组一格") is None
    assert in_force_at("重阳街道") is None


def test_the_order_that_began_last_decides(app: Flask) -> None:
    factories.order_in_force("豫苑社区", measures=on(1), effective_from=now() - 3 * HOUR)
    factories.order_in_force("重阳街道", measures=on(2), effective_from=now() - HOUR)
    assert in_force_at("豫苑社区三组二格") == 2
    assert in_force_at("豫苑社区三组二格", now() - 2 * HOUR) == 1


def test_of_two_that_began_together_the_nearest_decides(app: Flask) -> None:
    begins = now() - HOUR
    factories.order_in_force("豫苑社区", measures=on(1), effective_from=begins)
    factories.order_in_force("重阳街道", measures=on(2), effective_from=begins)
    assert in_force_at("豫苑社区三组二格") == 1
    assert in_force_at("建设路社区") == 2


def test_a_later_order_without_the_measure_leaves_the_earlier_one(app: Flask) -> None:
    factories.order_in_force(measures=on(1), effective_from=now() - 2 * HOUR)
    factories.order_in_force(measures={(AREA, "visitor"): {"value": 5}}, effective_from=now() - HOUR)
    assert in_force_at("豫苑社区") == 1


@pytest.mark.parametrize(
    "order",
    [
        {"state": OrderState.DRAFT},
        {"effective_from": HOUR},
        {"until": -HOUR},
        {"ended_at": -HOUR, "state": OrderState.ENDED},
        {"ended_at": -HOUR},
    ],
    ids=["draft", "not yet", "lapsed", "ended", "replaced"],
)
def test_nothing_is_switched_on_by(app: Flask, order: dict[str, Any]) -> None:
    moments = {
        name: now() + value if isinstance(value, timedelta) else value for name, value in order.items()
    }
    factories.order_in_force(measures=on(1), **moments)
    assert in_force_at("豫苑社区") is None


def test_an_order_applies_from_its_first_moment_and_not_in_its_last(app: Flask) -> None:
    begins, ends = now() - HOUR, now() + HOUR
    factories.order_in_force(measures=on(1), effective_from=begins, until=ends)
    second = timedelta(seconds=1)
    moments = (begins - second, begins, ends - second, ends)
    assert [in_force_at("重阳街道", at) for at in moments] == [None, 1, 1, None]


def test_why_not_says_what_to_do(app: Flask) -> None:
    with app.test_request_context(headers={"Cookie": "language=en"}):
        act_as(qian)
        assert service.why_not(AREA, ITEM).endswith("The office puts orders in force under Orders.")
        act_as(li)
        assert service.why_not(AREA, ITEM).endswith("Put one in force under Orders.")


def test_the_orders_that_one_sees_in_force(app: Flask) -> None:
    mine = factories.order_in_force("豫苑社区", effective_from=now() - 2 * HOUR)
    above = factories.order_in_force("重阳街道", effective_from=now() - HOUR)
    factories.order_in_force("建设路社区")
    act_as(wang)
    assert [order.id for order in service.orders_in_force(now())] == [above.id, mine.id]


# ── rules ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_state_that_people_see() -> None:
    at, day = now(), timedelta(days=1)
    in_force = OrderState.IN_FORCE
    assert shown_state(OrderState.DRAFT, at - day, at + day, None, at) is Shown.DRAFT
    assert shown_state(OrderState.ENDED, at - day, at + day, at, at) is Shown.ENDED
    assert shown_state(in_force, at - day, at + 9 * day, at, at) is Shown.REPLACED
    assert shown_state(in_force, at - day, at + 9 * day, at + day, at) is Shown.IN_FORCE
    assert shown_state(in_force, at - day, at, None, at) is Shown.LAPSED
    assert shown_state(in_force, at + day, at + 9 * day, None, at) is Shown.NOT_YET
    assert shown_state(in_force, at - day, at + 3 * day, None, at) is Shown.ENDS_SOON


def test_which_order_decides() -> None:
    early, late = datetime(2026, 2, 1, tzinfo=LOCAL), datetime(2026, 2, 2, tzinfo=LOCAL)
    assert decides([(early, 3), (late, 1)], line=(1, 2, 3)) == 1
    assert decides([(late, 1), (late, 3)], line=(1, 2, 3)) == 1


@pytest.mark.parametrize(
    ("at", "stored"),
    [("24:00", "2026-02-20T00:00"), ("00:00", "2026-02-19T00:00"), ("18:30", "2026-02-19T18:30")],
)
def test_an_end_as_orders_write_it(at: str, stored: str) -> None:
    moment = hours.ending(date(2026, 2, 19), at)
    assert moment == datetime.fromisoformat(stored).replace(tzinfo=LOCAL)
    assert hours.ending(*hours.written_end(moment)) == moment


def test_midnight_is_written_as_24_of_the_day_before() -> None:
    assert hours.written_end(datetime(2026, 3, 1, tzinfo=LOCAL)) == (date(2026, 2, 28), "24:00")


def test_hours_are_those_of_the_place() -> None:
    assert hours.beginning(date(2026, 2, 14), time(8)).isoformat() == "2026-02-14T08:00:00+08:00"
    with pytest.raises(ValueError, match="needed"):
        hours.ending(None, "24:00")


# ── Today ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_office_has_drafts_and_endings_to_decide(app: Flask) -> None:
    soon = factories.order_in_force(until=now() + 20 * HOUR)
    later = factories.order_in_force(until=now() + 60 * HOUR)
    factories.order_in_force(until=now() + 100 * HOUR)
    draft = factories.order_in_force(state=OrderState.DRAFT)
    followed = factories.order_in_force(until=now() + 20 * HOUR)
    factories.order_in_force(replaces_id=followed.id, effective_from=followed.until, until=now() + 90 * HOUR)
    with app.test_request_context():
        act_as(li)
        lines = todo.todo()
        assert [line.url for line in lines] == [f"/orders/{order.id}" for order in (soon, later, draft)]
        assert [line.urgent for line in lines] == [True, False, False]
        act_as(wang)
        assert todo.todo() == []


def test_everybody_sees_the_basis_and_how_long_it_lasts(visit: Visit) -> None:
    ends = hours.ending(today() + timedelta(days=5), "24:00")
    order = factories.order_in_force(until=ends)
    page = visit("today.index", as_=qian)
    assert page.has(order.number)
    assert page.has("24:00, 5 days left")
