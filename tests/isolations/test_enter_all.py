"""Morning and evening for forty households on an old phone: one page, one field a person, one button."""

import pytest

from portal.clock import now
from portal.database import db
from portal.isolations import checks, service
from portal.isolations.kinds import IsolationKind, Signature, Slot
from portal.isolations.models import Isolation
from portal.registry.models import Resident
from tests.factories import household
from tests.isolations import world
from tests.isolations.test_checks import entries
from tests.isolations.world import day, hour
from tests.passes.conftest import acting_as
from tests.people import li, qian, sun, wang
from tests.registry.staff import BESIDE

pytestmark = pytest.mark.any_database

MORNING = {"day": "2026-11-23", "slot": "morning"}


@pytest.fixture
def two(app) -> tuple[int, int]:
    """Two people of two households, with the checks of all days but today's."""
    world.order()
    found = [world.isolated(world.somebody(name)) for name in (world.NAME, "演示·孟小妹")]
    for isolation_id in found:
        world.checked(isolation_id, -3, -1)
    return found[0], found[1]


def left(page) -> int:
    return len(page.tree.xpath("//input[@inputmode='decimal']"))


@pytest.mark.any_database
def test_forty_households_are_one_page_one_form_and_within_the_weight(app, visit) -> None:
    world.order()
    people = [world.somebody().id for _ in range(41)]
    with acting_as(app, wang):
        for person_id in people:
            person = db.session.get_one(Resident, person_id)
            made = service.order(person, IsolationKind.HOME, starts_at=hour(8, days=-1), reason="返乡")
            service.tell(made, Signature.PERSON)
            made.created_at = hour(8, days=-1)
            checks.settle(made)
    page = visit("today.index", as_=qian)
    assert "/isolations/checks" in page.links(), "one tap from Today, in a grid"
    page = visit("isolations.enter_all", as_=qian, **MORNING)
    assert left(page) == 40
    assert page.has("Further ones")
    fields = page.tree.xpath("//input[@inputmode='decimal']/@name")
    page = page.send(
        "Enter", time="09:30", **{name: f"36.{number % 9}" for number, name in enumerate(fields)}
    )
    assert page.has("40 checks entered")
    assert left(page) == 1, "whoever still waits comes next"
    visit("isolations.enter_all", as_=qian, language="zh_Hans", **MORNING)


def test_only_what_was_filled_in_is_written_and_who_was_not_met_stays(two, visit) -> None:
    first, second = two
    page = visit("isolations.enter_all", as_=qian, **MORNING)
    assert page.send("Enter", status=422, time="09:30").has("Enter at least one temperature")
    page = page.send("Enter", time="09:30", **{f"t{second}": "36.8"})
    assert left(page) == 1
    assert page.tree.xpath(f"//input[@name='t{first}']")
    one = entries(second)[-1]
    assert (one.day, one.slot, one.temperature, one.taken_at) == (day(0), Slot.MORNING, 368, hour(9, 30))
    page = page.send("Enter", time="09:31", **{f"t{first}": "36.4"})
    assert page.has("Nobody is without this check.")


def test_the_check_that_is_due_is_offered_and_a_late_one_needs_its_hour(two, visit) -> None:
    first, _second = two
    page = visit("isolations.enter_all", as_=qian)
    assert page.tree.xpath("//a[@aria-current='page'][contains(@href, 'evening')]/@href"), "it is past ten"
    page.send("Enter", **{f"t{first}": "36.6"})
    assert entries(first)[-1].taken_at == hour(10)
    page = visit("isolations.enter_all", as_=qian, **MORNING)
    assert page.send("Enter", status=422, **{f"t{first}": "36.6"}).has("Enter the time")
    assert page.send("Enter", status=422, time="17:00", **{f"t{first}": "36.6"}).has("future")
    assert visit("isolations.enter_all", as_=qian, day="2026-11-22", slot="evening").has("Nobody is without")


@pytest.mark.any_database
def test_one_that_cannot_be_keeps_all_that_was_typed_and_writes_nothing(two, visit) -> None:
    first, second = two
    before = len(entries(first))
    page = visit("isolations.enter_all", as_=qian, **MORNING)
    page = page.send("Enter", status=422, time="09:30", **{f"t{first}": "36.5", f"t{second}": "3750"})
    assert page.has("Enter a temperature from 34.0 to 43.0, like 36.5")
    typed = [page.tree.xpath(f"string(//input[@name='t{one}']/@value)") for one in two]
    assert typed == ["36.5", "3750"]
    assert len(entries(first)) == before


def test_what_happened_meanwhile_is_said_beside_the_field(app, two, visit) -> None:
    first, second = two
    page = visit("isolations.enter_all", as_=qian, **MORNING)
    world.check(first, hour(8, 10), 365)
    with acting_as(app, wang):
        service.strike_out(db.session.get_one(Isolation, second), "登记错误")
    page = page.send("Enter", status=422, time="09:30", **{f"t{first}": "36.9", f"t{second}": "36.5"})
    assert page.has("This check has been entered already: 36.5 ℃, today 08:10.")
    assert page.has("This isolation is over")


def test_a_fever_among_them_is_asked_about_at_once(two, visit) -> None:
    first, second = two
    page = visit("isolations.enter_all", as_=qian, **MORNING)
    page = page.send("Enter", time="09:30", **{f"t{first}": "36.5", f"t{second}": "37.3"})
    assert page.heading == "Fever or symptoms"
    assert visit("today.index", as_=li).has("Isolated people with fever or symptoms")


def test_who_owes_nothing_is_not_on_it_and_nobody_elses_people(app, two, visit, post) -> None:
    first, second = two
    world.isolated(world.somebody(home=household(BESIDE)), by=wang)
    world.isolated(world.somebody("演示·刚到"), starts=now())
    with acting_as(app, qian):
        checks.explain(db.session.get_one(Isolation, second), (day(0), Slot.MORNING), "住院检查")
    page = visit("isolations.enter_all", as_=qian, **MORNING)
    assert page.tree.xpath("//input[@inputmode='decimal']/@name") == [f"t{first}"]
    assert left(visit("isolations.enter_all", as_=wang, **MORNING)) == 2
    data = {f"t{first}": "36.5", "time": "09:30", "method": "door"}
    url = "/isolations/checks?day=2026-11-23&slot=morning"
    post(url, as_=sun, data=data, status=200)
    assert not [one for one in entries(first) if one.day == day(0)]


def test_where_no_order_holds_them_nobody_is_asked(app, visit) -> None:
    order = world.order()
    world.isolated()
    world.end_order(order.id, hour(9))
    assert visit("isolations.enter_all", as_=qian).has("Nobody is without this check.")
