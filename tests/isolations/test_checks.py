"""The two checks a day: entered by household, in bad conditions, late, wrong, twice."""

import pytest
from sqlalchemy import select

from portal.access.scope import everywhere
from portal.audit.models import AuditEntry
from portal.clock import now, rehearsing
from portal.database import db
from portal.isolations import checks
from portal.isolations.contradictions import all_alike
from portal.isolations.kinds import Slot
from portal.isolations.models import AlarmAnswered, HealthCheck, Isolation
from tests.isolations import world
from tests.isolations.world import hour
from tests.passes.conftest import acting_as
from tests.people import li, qian, unit, wang, zhao


@pytest.fixture
def person(app):
    world.order()
    return world.somebody()


def entries(isolation_id: int) -> list[HealthCheck]:
    with everywhere(because="the test looks"):
        theirs = select(HealthCheck).where(HealthCheck.isolation_id == isolation_id).order_by(HealthCheck.id)
        return list(db.session.scalars(theirs.execution_options(populate_existing=True)))


def test_a_household_is_entered_on_one_screen(person, visit) -> None:
    other = world.beside(person)
    first, second = world.isolated(person), world.isolated(other)
    world.check(first, hour(8, days=-1), 366)
    page = visit("isolations.check", as_=qian, household_id=person.household_id)
    assert page.has("Last: 36.6 ℃, yesterday 08:00")
    assert page.has("No check so far")
    assert page.buttons().count("Enter") == 1
    page.send("Enter", **{f"t{first}": "36.4", f"t{second}": "36.8", "slot": "morning", "time": "09:40"})
    assert [one.temperature for one in entries(first) + entries(second)] == [366, 364, 368]


def test_who_was_not_met_is_left_empty_and_nobody_at_all_is_said(person, visit) -> None:
    other = world.beside(person)
    first, second = world.isolated(person), world.isolated(other)
    page = visit("isolations.check", as_=qian, household_id=person.household_id)
    assert page.send("Enter", status=422).has("Enter at least one temperature")
    page.send("Enter", **{f"t{second}": "36.8"})
    assert (len(entries(first)), len(entries(second))) == (0, 1)


@pytest.mark.any_database
def test_what_is_no_temperature_comes_back_as_it_was_typed(person, visit) -> None:
    isolation_id = world.isolated(person)
    page = visit("isolations.check", as_=qian, household_id=person.household_id)
    for typed in ("3.75", "3750", "45", "三十七度", "36.55"):
        page = page.send("Enter", status=422, **{f"t{isolation_id}": typed})
        assert page.has("Enter a temperature from 34.0 to 43.0, like 36.5")
        assert page.tree.xpath(f"//input[@name='t{isolation_id}']/@value") == [typed]
    assert entries(isolation_id) == []


IMPOSSIBLE: tuple[tuple[dict[str, str], str], ...] = (
    ({"day": "2026-11-24"}, "future"),
    ({"day": "2026-11-23", "time": "11:30"}, "future"),
    ({"day": "2026-11-20", "time": "07:59"}, "before the isolation began"),
    ({"day": "2026-11-23", "time": "08:00", "slot": "evening"}, "morning check"),
    ({"day": "2026-11-22", "time": "17:00", "slot": "morning"}, "evening check"),
    ({"day": "2026-02-30"}, "day"),
    ({"time": "25:00"}, "time"),
    ({"slot": "noon"}, "check"),
    ({"method": "guess"}, "hoose"),
)


@pytest.mark.any_database
def test_when_it_cannot_have_been(person, visit) -> None:
    isolation_id = world.isolated(person)
    page = visit("isolations.check", as_=qian, household_id=person.household_id)
    for typed, said in IMPOSSIBLE:
        given = {f"t{isolation_id}": "36.5", "slot": "morning", "time": "09:30"} | typed
        assert said in page.send("Enter", status=422, **given).text, typed
    assert entries(isolation_id) == []


def test_the_same_slot_is_filled_once_and_the_second_is_told(person, visit) -> None:
    isolation_id = world.isolated(person)
    page = visit("isolations.check", as_=qian, household_id=person.household_id)
    given = {f"t{isolation_id}": "36.5", "slot": "morning", "time": "09:30"}
    page.send("Enter", **given)
    page.send("Enter", **given)
    assert len(entries(isolation_id)) == 1, "the same form a second time writes nothing"
    page = visit("isolations.check", as_=zhao, household_id=person.household_id)
    page = page.send("Enter", status=422, **(given | {f"t{isolation_id}": "36.9"}))
    assert page.has("This check has been entered already: 36.5 ℃, today 09:30.")
    assert len(entries(isolation_id)) == 1


def test_a_late_entry_keeps_the_claimed_time(person, visit) -> None:
    isolation_id = world.isolated(person)
    world.check(isolation_id, hour(8, 5, days=-1), entered=hour(9, 50))
    late = entries(isolation_id)[0]
    assert (late.taken_at, late.at) == (hour(8, 5, days=-1), hour(9, 50))
    assert visit("isolations.show", as_=wang, isolation_id=isolation_id).has("entered today 09:50")


def test_after_release_nothing_is_entered(person, visit, post) -> None:
    isolation_id = world.ready(person)
    visit("isolations.release", as_=wang, isolation_id=isolation_id).send("Release", **world.MEDIC)
    visit("isolations.check", as_=qian, household_id=person.household_id, status=409)
    check_id = entries(isolation_id)[-1].id
    page = visit("isolations.correct", as_=qian, check_id=check_id)
    page.send("Correct", status=409, temperature="36.6", note="写错")


def test_a_correction_is_a_new_entry(person, visit) -> None:
    isolation_id = world.isolated(person)
    wrong = world.check(isolation_id, hour(8), 385)
    assert world.row(isolation_id).alarm_since == hour(8)
    page = visit("isolations.correct", as_=qian, check_id=wrong)
    page = page.send("Correct", temperature="36.5", note="键入错误")
    old, new = entries(isolation_id)
    assert (old.temperature, old.slot_key, old.is_corrected) == (385, None, True)
    assert (new.temperature, new.corrects_id, new.is_corrected) == (365, wrong, False)
    assert page.tree.xpath("//s/text()") == ["38.5"]
    assert world.row(isolation_id).alarm_since is None, "a fever that was a slip of the hand alarms nobody"
    page = visit("isolations.correct", as_=qian, check_id=wrong)
    page.send("Correct", status=409, temperature="36.6", note="再改")


def test_fever_and_symptoms_are_on_todays_page_until_somebody_has_acted(person, visit) -> None:
    isolation_id = world.isolated(person)
    world.checked(isolation_id, -3, -1)
    page = visit("isolations.check", as_=qian, household_id=person.household_id)
    page = page.send("Enter", **{f"t{isolation_id}": "37.3", "slot": "morning", "time": "09:30"})
    assert page.heading == "Fever or symptoms", "whoever enters it is asked at once"
    told = "Isolated people with fever or symptoms"
    for concerned in (qian, zhao, wang, li):
        assert visit("today.index", as_=concerned).has(told)
    page.send("Seen, this was done", common="Measured again", second="36.7")
    for concerned in (qian, wang, li):
        assert not visit("today.index", as_=concerned).has(told)
    assert [one.is_second for one in entries(isolation_id)[-2:]] == [False, True]
    page = visit("isolations.show", as_=wang, isolation_id=isolation_id)
    assert page.has("Measured again")
    assert page.has("36.7")


def test_symptoms_alarm_without_a_fever(person, visit) -> None:
    isolation_id = world.isolated(person)
    page = visit("isolations.check", as_=qian, household_id=person.household_id)
    typed = {f"t{isolation_id}": "36.5", f"s{isolation_id}": ["cough", "fatigue"]}
    page = page.send("Enter", slot="morning", time="09:30", **typed)
    assert page.heading == "Fever or symptoms"
    assert world.row(isolation_id).alarm_since is not None


def test_37_2_alarms_nobody(person) -> None:
    isolation_id = world.isolated(person)
    world.check(isolation_id, hour(8), 372)
    assert world.row(isolation_id).alarm_since is None


def test_a_second_fever_alarms_again(app, person) -> None:
    isolation_id = world.isolated(person)
    world.check(isolation_id, hour(8), 378)
    with acting_as(app, qian):
        checks.answer(db.session.get_one(Isolation, isolation_id), "复测仍高", 379)
    assert hour(10) <= world.row(isolation_id).alarm_since < hour(10, 1)
    with everywhere(because="the test looks"):
        assert len(db.session.scalars(select(AlarmAnswered)).all()) == 1


def test_a_missed_check_is_on_todays_page_from_the_cut_off_minute(person, visit) -> None:
    isolation_id = world.isolated(person)
    world.checked(isolation_id, -3, -1)
    with everywhere(because="the test looks"):
        assert world.row(isolation_id).next_cut_off == hour(10)
    for concerned in (qian, zhao, wang, li):
        assert visit("today.index", as_=concerned).has("Health checks missed")
    assert visit("isolations.index", as_=qian, show="missed").has("演示·孟*")
    page = visit("isolations.gap", as_=qian, isolation_id=isolation_id, day="2026-11-23", slot="morning")
    page = page.send("Explain", common="At a test or in hospital")
    assert page.has("At a test or in hospital")
    for concerned in (qian, wang, li):
        assert not visit("today.index", as_=concerned).has("Health checks missed")


def test_a_minute_before_nothing_is_missed(app, person, visit) -> None:
    isolation_id = world.isolated(person)
    world.checked(isolation_id, -3, -1)
    with acting_as(app, wang), rehearsing(hour(9, 59)):
        assert checks.gaps(db.session.get_one(Isolation, isolation_id), now()) == []


def test_a_gap_that_is_none_is_not_explained(person, visit) -> None:
    isolation_id = world.isolated(person)
    world.checked(isolation_id, -3, -1)
    for day, slot in (("2026-11-22", "morning"), ("2026-11-24", "morning"), ("2026-11-23", "evening")):
        page = visit("isolations.gap", as_=qian, isolation_id=isolation_id, day=day, slot=slot)
        page.send("Explain", status=409, words="x")
    visit("isolations.gap", as_=qian, isolation_id=isolation_id, day="2026-13-01", slot="noon", status=404)


def test_what_was_found_late_fills_the_gap_after_all(person, visit) -> None:
    isolation_id = world.isolated(person)
    world.checked(isolation_id, -3, -1)
    page = visit(
        "isolations.check", as_=qian, household_id=person.household_id, day="2026-11-23", slot="morning"
    )
    page.send("Enter", **{f"t{isolation_id}": "36.5", "time": "08:20"})
    assert world.row(isolation_id).next_cut_off == hour(17)


def test_a_clock_that_is_a_day_wrong_does_no_harm(person, visit) -> None:
    """The browser may claim any day: what lies ahead is refused, and the answer stands in server time."""
    isolation_id = world.isolated(person)
    page = visit("isolations.check", as_=qian, household_id=person.household_id)
    page.send("Enter", status=422, **{f"t{isolation_id}": "36.5", "day": "2026-11-24", "time": "08:00"})
    page.send(
        "Enter", **{f"t{isolation_id}": "36.5", "day": "2026-11-22", "time": "08:00", "slot": "morning"}
    )
    one = entries(isolation_id)[0]
    assert one.day == world.day(-1)
    assert hour(10) <= one.at < hour(10, 1)


def test_fourteen_identical_temperatures_are_a_contradiction(app, person, visit) -> None:
    isolation_id = world.isolated(person, starts=hour(8, days=-9))
    for days in range(-8, -1):
        for at in (8, 16):
            world.check(isolation_id, hour(at, days=days), 365)
    with acting_as(app, li):
        found = all_alike(unit("重阳街道").place)
    assert [(one.isolation_id, one.temperature) for one in found] == [(isolation_id, 365)]
    assert visit("isolations.show", as_=wang, isolation_id=isolation_id).has(
        "fourteen temperatures are all the same"
    )
    world.check(isolation_id, hour(8, days=-1), 366)
    with acting_as(app, li):
        assert all_alike(unit("重阳街道").place) == []


def test_the_trail_says_what_was_done_and_no_temperature(person, visit) -> None:
    isolation_id = world.isolated(person)
    world.check(isolation_id, hour(8), 378)
    with everywhere(because="the test looks"):
        theirs = select(AuditEntry).where(AuditEntry.action == "isolation.check")
        entry = db.session.scalars(theirs).one()
    assert entry.details == {"day": "2026-11-23", "slot": Slot.MORNING.value}
