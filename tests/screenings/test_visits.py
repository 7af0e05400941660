"""One household on one screen: two taps where nothing has changed, nothing lost where something has."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from portal.access.scope import everywhere
from portal.clock import now
from portal.database import db
from portal.registry import redrawing
from portal.registry.models import Household, HouseholdRestriction, Resident
from portal.screenings.kinds import Category, KeyPersonState, Outcome, RoundState
from portal.screenings.models import KeyPerson, PersonCheck, ScreeningRound, VisitTry
from portal.screenings.models import Visit as Visited
from portal.screenings.tallies import RoundTally
from portal.screenings.visits.service import Incomer, Marked
from portal.units.models import Unit
from portal.web.errors import Refused
from tests.factories import resident
from tests.page import Browser
from tests.people import Person, an, li, qian, unit, wang, wu, zhao
from tests.screenings.world import (
    BESIDE,
    GRID,
    acting_as,
    area,
    covered,
    every,
    family,
    hour,
    knock,
    living,
    marked,
    only,
    order,
    screening,
)

Visit = Callable[..., Any]


@pytest.fixture
def home(app: Flask) -> Household:
    order()
    return family(5)


@pytest.fixture
def round_(home: Household) -> ScreeningRound:
    return screening()


def at(round_: ScreeningRound, home: Household) -> str:
    return f"/visits/{round_.id}/{home.id}"


# ── answered ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_household_of_five_unchanged_takes_two_taps(
    visit: Visit, home: Household, round_: ScreeningRound
) -> None:
    page = visit("visits.index", as_=qian, round_id=round_.id)
    assert page.links().count(at(round_, home)) == 1  # the first tap
    back = visit(at(round_, home), as_=qian).send("All 5 are as before")  # the second
    assert back.url.startswith(f"/visits/{round_.id}")
    written = only(Visited)
    assert (written.outcome, written.people, written.marked, written.tries) == (Outcome.ANSWERED, 5, 0, 1)
    assert every(PersonCheck) == []
    assert only(RoundTally).answered == 1


def test_sent_twice_writes_once(visit: Visit, home: Household, round_: ScreeningRound) -> None:
    page = visit(at(round_, home), as_=qian)
    page.send("All 5 are as before")
    page.send("All 5 are as before")
    assert len(every(VisitTry)) == 1
    assert only(RoundTally).answered == 1


def test_only_what_changed_is_written_down(visit: Visit, home: Household, round_: ScreeningRound) -> None:
    first = living(home)[0].id
    page = visit(at(round_, home), as_=qian)
    page.send(
        "Answered, with what is marked", **{f"temperature{first}": "368", f"symptoms{first}": ["dry_cough"]}
    )
    check = only(PersonCheck)
    assert (check.resident_id, check.temperature, check.symptoms) == (first, 368, ["dry_cough"])
    assert only(Visited).marked == 1


def test_what_was_last_noted_is_shown_in_the_next_round(
    visit: Visit, home: Household, round_: ScreeningRound
) -> None:
    knock(round_, home, marked=marked(home, temperature=368, symptoms=("dry_cough",), came_from="郑州"))
    again = screening(name="第二轮")
    page = visit(at(again, home), as_=qian)
    assert page.has("36.8 ℃")
    assert page.has("Dry cough")
    assert page.has("郑州")
    assert page.has("last visit")


@pytest.mark.parametrize("typed", ["3.73", "36.55", "98", "abc"])
def test_a_mistyped_temperature_is_mended_before_anything_is_written(
    visit: Visit, home: Household, round_: ScreeningRound, typed: str
) -> None:
    first = living(home)[0].id
    page = visit(at(round_, home), as_=qian).send(
        "All 5 are as before", status=422, **{f"temperature{first}": typed}
    )
    assert page.has("Enter a temperature from 34.0 to 43.0")
    assert page.tree.xpath(f"//input[@name='temperature{first}']/@value") == [typed]
    assert every(VisitTry) == []


def test_a_fever_makes_a_key_person_and_the_office_decides(home: Household, round_: ScreeningRound) -> None:
    knock(round_, home, marked=marked(home, temperature=373))
    person = only(KeyPerson)
    assert (person.category, person.state, person.temperature) == (
        Category.FEVER,
        KeyPersonState.TO_ASSESS,
        373,
    )
    assert person.round_id == round_.id


def test_who_came_from_an_affected_area_is_a_key_person_of_its_category(
    visit: Visit, home: Household, round_: ScreeningRound
) -> None:
    listed, first = area(), living(home)[0].id
    visit(at(round_, home), as_=qian).send("All 5 are as before", **{f"mark{first}": f"a{listed.id}"})
    person = only(KeyPerson)
    assert (person.category, person.area_id, person.origin) == (Category.FROM_NEIGHBOUR, listed.id, "邵店镇")


def test_above_the_threshold_the_household_is_restricted_at_once_and_below_not(
    home: Household, round_: ScreeningRound
) -> None:
    knock(round_, home, marked=marked(home, category=Category.RETURNED))
    assert only(KeyPerson).state is KeyPersonState.NOTED
    assert every(HouseholdRestriction) == []
    knock(round_, home, marked=marked(home, category=Category.FROM_NEIGHBOUR))
    assert only(KeyPerson).state is KeyPersonState.TO_ASSESS
    restriction = only(HouseholdRestriction)
    assert restriction.household_id == home.id
    with everywhere(because="the test looks"):
        assert restriction.in_force(now())


def test_an_incomer_becomes_a_resident_of_the_household(
    visit: Visit, home: Household, round_: ScreeningRound
) -> None:
    page = visit(at(round_, home), as_=qian)
    page.send("All 5 are as before", new_name="演示·来客", new_mark="cfrom_risk_area", new_from="郑州市")
    person = only(KeyPerson)
    guest = only(Resident, Resident.name == "演示·来客")
    assert (guest.household_id, guest.stay.value) == (home.id, "floating")
    assert (person.resident_id, person.origin, person.category) == (
        guest.id,
        "郑州市",
        Category.FROM_RISK_AREA,
    )
    assert only(Visited).people == 6


def test_an_incomer_without_a_name_or_with_somebodys_name_is_asked_about(
    visit: Visit, home: Household, round_: ScreeningRound
) -> None:
    page = visit(at(round_, home), as_=qian).send("All 5 are as before", status=422, new_mark="cfever")
    assert page.has("Enter the name")
    name = living(home)[0].name
    page = visit(at(round_, home), as_=qian).send("All 5 are as before", status=409, new_name=name)
    assert page.has("lives in the household already")
    assert every(VisitTry) == []


def test_who_had_left_and_is_here_again_is_the_same_person(home: Household, round_: ScreeningRound) -> None:
    first = living(home)[0]
    with everywhere(because="the test lets somebody leave"):
        db.session.get_one(Resident, first.id).left_at = now() - timedelta(days=30)
        db.session.commit()
    knock(round_, home, incomers=(Incomer(first.name, Marked(category=Category.RETURNED)),))
    assert only(KeyPerson).resident_id == first.id
    assert len(living(home)) == 5


# ── not answered ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("button", "outcome"),
    [("Nobody home", Outcome.NOBODY_HOME), ("Refused", Outcome.REFUSED), ("Moved away", Outcome.MOVED)],
)
def test_a_knock_in_vain_is_a_result_with_another_try_and_covers_nothing(
    visit: Visit, home: Household, round_: ScreeningRound, button: str, outcome: Outcome
) -> None:
    visit(at(round_, home), as_=qian).send(button)
    written, tally = only(Visited), only(RoundTally)
    assert written.outcome is outcome
    assert written.retry_at == hour(12)
    assert (tally.answered, getattr(tally, outcome.value)) == (0, 1)
    page = visit("visits.index", as_=qian, round_id=round_.id, show="retries")
    assert at(round_, home) in page.links()


def test_a_retry_comes_first_when_its_hour_has_come(app: Flask, visit: Visit, round_: ScreeningRound) -> None:
    early, late = family(1, room="101"), family(1, room="102")
    knock(round_, late, outcome=Outcome.NOBODY_HOME, retry_at=hour(12))
    listed = visit("visits.index", as_=zhao, round_id=round_.id, grid=unit(GRID).id).links()
    assert at(round_, late) not in listed
    with time_machine.travel(hour(12, 1)):
        page = visit("visits.index", as_=qian, round_id=round_.id)
        assert page.links().index(at(round_, late)) < page.links().index(at(round_, early))
        today = visit("today.index", as_=qian)
        assert today.has("Knock again now")
        assert f"/visits/{round_.id}" in today.links()


def test_who_has_answered_stays_answered(home: Household, round_: ScreeningRound) -> None:
    knock(round_, home)
    knock(round_, home, zhao, outcome=Outcome.NOBODY_HOME)
    written = only(Visited)
    assert (written.outcome, written.tries) == (Outcome.ANSWERED, 2)
    assert [one.outcome for one in every(VisitTry)] == [Outcome.ANSWERED, Outcome.NOBODY_HOME]
    assert (only(RoundTally).answered, only(RoundTally).nobody_home) == (1, 0)


def test_what_was_marked_does_not_vanish_with_a_wrong_button(
    visit: Visit, home: Household, round_: ScreeningRound
) -> None:
    page = visit(at(round_, home), as_=qian).send("Nobody home", status=422, new_name="演示·来客")
    assert page.has("Somebody answered")
    assert every(VisitTry) == []


# ── when ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_was_written_down_on_the_way_keeps_its_time(app: Flask, visit: Visit, home: Household) -> None:
    made = screening()
    with time_machine.travel(hour(15)):
        visit(at(made, home), as_=qian).send("All 5 are as before", when_time="11:20")
    one = only(VisitTry)
    assert (one.claimed_at, only(Visited).last_at) == (hour(11, 20), hour(11, 20))
    assert one.at >= hour(15)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"when_time": "10:30"}, "Enter a time from"),
        ({"when_time": "09:59"}, "Enter a time from"),
        ({"when_day": "2026-11-22", "when_time": "10:00"}, "Enter a time from"),
        ({"when_day": "2026-11-23"}, "Enter the time of the visit"),
        ({"when_day": "2026-11-31", "when_time": "10:00"}, "2026"),
    ],
)
def test_a_visit_was_within_its_round_and_not_later_than_now(
    visit: Visit, home: Household, round_: ScreeningRound, typed: dict[str, str], said: str
) -> None:
    visit(at(round_, home), as_=qian).send("All 5 are as before", status=422, **typed)
    assert every(VisitTry) == []


def test_around_midnight_the_day_is_that_of_the_visit(app: Flask, visit: Visit, home: Household) -> None:
    made = screening()
    with time_machine.travel(hour(0, 5, days=1)):
        visit(at(made, home), as_=qian).send("All 5 are as before", when_day="2026-11-23", when_time="23:58")
    assert only(Visited).answered_at == hour(23, 58)


# ── somebody else ────────────────────────────────────────────────────────────────────────────────────────────────


def test_of_two_who_visit_at_once_the_second_is_told_and_nothing_is_lost(
    visit: Visit, home: Household, round_: ScreeningRound
) -> None:
    first, second = (one.id for one in living(home)[:2])
    mine, theirs = visit(at(round_, home), as_=qian), visit(at(round_, home), as_=zhao)
    theirs.send("All 5 are as before", **{f"temperature{first}": "36.9"})
    told = mine.send("All 5 are as before", status=422, **{f"temperature{second}": "37.0"})
    assert told.has("has been there meanwhile")
    assert len(every(VisitTry)) == 1
    told.send("All 5 are as before")
    assert {one.resident_id for one in every(PersonCheck)} == {first, second}
    assert (only(Visited).tries, only(Visited).marked, only(RoundTally).answered) == (2, 2, 1)


def test_strangers_find_no_household(visit: Visit, home: Household, round_: ScreeningRound) -> None:
    visit(at(round_, home), as_=wu, status=404)


def test_a_household_beside_the_round_is_refused(
    visit: Visit, home: Household, round_: ScreeningRound
) -> None:
    elsewhere = family(1, "建设路社区一组一格")
    assert visit(at(round_, elsewhere), as_=li, status=409).has("This household is not in the round")


def move(home: Household, to: str) -> None:
    with acting_as(wang):
        redrawing.move([home.id], db.session.get_one(Unit, unit(to).id))


def test_a_household_that_moved_meanwhile_takes_its_visits_along(
    visit: Visit, home: Household, round_: ScreeningRound
) -> None:
    knock(round_, home, marked=marked(home, category=Category.RETURNED))
    page = visit(at(round_, home), as_=zhao)
    move(home, BESIDE)
    page.send("All 5 are as before")
    visit(at(round_, home), as_=qian, status=404)
    grid = unit(BESIDE).id
    for model in (Visited, VisitTry, PersonCheck, KeyPerson):
        assert {row.grid_id for row in every(model)} == {grid}, model
    there, here = covered(round_, grid=BESIDE), covered(round_, grid=GRID)
    assert (there.households, there.answered) == (1, 1)
    assert (here.households, here.answered) == (0, 0)


def test_who_no_longer_sees_it_is_told_so(visit: Visit, home: Household, round_: ScreeningRound) -> None:
    page, first = visit(at(round_, home), as_=qian), living(home)[0].id
    move(home, BESIDE)
    typed = {f"temperature{first}": "36.9", f"symptoms{first}": ["dry_cough"], "new_name": "演示·来客"}
    told = page.send("All 5 are as before", status=404, **typed)
    assert told.has("nothing was written down")
    for entered in ("36.9", "Dry cough", "演示·来客"):
        assert told.has(entered)
    assert every(VisitTry) == []


def test_a_household_that_left_the_round_meanwhile_gives_back_what_was_typed(
    visit: Visit, home: Household
) -> None:
    made, first = screening(unit_id=unit(GRID).id), living(home)[0].id
    page = visit(at(made, home), as_=zhao)
    move(home, BESIDE)
    told = page.send("All 5 are as before", status=409, **{f"temperature{first}": "36.9"})
    assert told.has("This household is not in the round")
    assert told.tree.xpath(f"//details[@open]//input[@name='temperature{first}']/@value") == ["36.9"]


def test_somebody_who_came_or_went_meanwhile_is_looked_at_before_all_are_as_before(
    visit: Visit, home: Household, round_: ScreeningRound
) -> None:
    page, one = visit(at(round_, home), as_=qian), living(home)[4].id
    with everywhere(because="the test lets somebody leave"):
        db.session.get_one(Resident, one).left_at = now()
        db.session.commit()
    resident(home, name="演示·新来")
    told = page.send(
        "All 5 are as before", status=422, **{f"temperature{one}": "38.2", f"came{one}": "郑州市"}
    )
    assert told.has("Who is registered here has changed")
    assert told.has("Entered for somebody who is no longer registered here: 38.2, 郑州市")
    assert every(VisitTry) == []
    told.send("All 5 are as before")
    assert (only(Visited).people, every(PersonCheck)) == (5, [])


def test_hours_that_were_offered_days_ago_stop_nobody_who_has_answered(
    app: Flask, home: Household, round_: ScreeningRound
) -> None:
    with time_machine.travel(hour(9, days=2)):
        page = Browser(app).visit(at(round_, home), as_=qian)
        late = {"retry": hour(12).isoformat(), "when_day": "2026-11-23", "when_time": "10:30"}
        page.send("Nobody home", status=422, **late)
        page.send("All 5 are as before", **late)
    assert only(Visited).answered_at == hour(10, 30)


def test_what_is_sent_late_changes_nothing_of_what_came_after(app: Flask, home: Household) -> None:
    made = screening()
    with time_machine.travel(hour(15), tick=False):
        knock(made, home, zhao, outcome=Outcome.REFUSED, retry_at=hour(19))
        knock(made, home, outcome=Outcome.NOBODY_HOME, retry_at=hour(12), claimed_at=hour(11))
    written = only(Visited)
    assert (written.outcome, written.retry_at, written.tries) == (Outcome.REFUSED, hour(19), 2)
    assert (written.first_at, written.last_at) == (hour(11), hour(15))
    with time_machine.travel(hour(16)):
        knock(made, home, claimed_at=hour(14))
    assert (only(Visited).outcome, only(Visited).retry_at) == (Outcome.ANSWERED, None)


def test_a_grid_split_during_a_round_keeps_every_count(
    visit: Visit, home: Household, round_: ScreeningRound
) -> None:
    others = [family(1) for _number in range(3)]
    knock(round_, others[0])
    with acting_as(wang):
        new = redrawing.split(
            db.session.get_one(Unit, unit(GRID).id), "三格", [others[0].id, others[1].id], "户数太多"
        )
        new_name = new.full_name
    made, old = covered(round_, grid=new_name), covered(round_, grid=GRID)
    assert (made.households, made.answered) == (2, 1)
    assert (old.households, old.answered) == (2, 0)
    page = visit("screenings.coverage", as_=wang, screening_round_id=round_.id, unit=unit("豫苑社区三组").id)
    assert page.has("三格")


@pytest.mark.parametrize("state", [RoundState.CLOSED, RoundState.CALLED_OFF])
def test_a_closed_round_takes_no_answers(
    visit: Visit, home: Household, round_: ScreeningRound, state: RoundState
) -> None:
    page, first = visit(at(round_, home), as_=qian), living(home)[0].id
    with everywhere(because="the test closes it"):
        db.session.get_one(ScreeningRound, round_.id).state = state
        db.session.commit()
    told = page.send("All 5 are as before", status=409, **{f"temperature{first}": "36.9"})
    assert told.has("This round is over")
    assert told.tree.xpath(f"//details[@open]//input[@name='temperature{first}']/@value") == ["36.9"]
    assert "All 5 are as before" not in told.buttons()
    assert f"/key-persons/new/{home.id}" in told.links()
    assert every(VisitTry) == []
    assert visit(at(round_, home), as_=qian).buttons().count("All 5 are as before") == 0


# ── a second time ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def checked_twice(home: Household) -> ScreeningRound:
    """A round in which the grid's only household is drawn."""
    return screening(rechecks=1)


def test_a_drawn_household_is_visited_again_by_somebody_else(
    visit: Visit, home: Household, checked_twice: ScreeningRound
) -> None:
    visit(f"{at(checked_twice, home)}/again", as_=zhao, status=409)
    knock(checked_twice, home, outcome=Outcome.NOBODY_HOME)
    assert len(every(Visited)) == 1
    knock(checked_twice, home)
    assert [one.is_recheck for one in every(Visited)] == [False, True]
    assert only(RoundTally).rechecks_drawn == 1
    assert visit("today.index", as_=zhao).has("Households to visit a second time")
    assert not visit("today.index", as_=qian).has("Households to visit a second time")
    assert visit(f"{at(checked_twice, home)}/again", as_=qian, status=409).has("somebody else has to go")
    assert at_the_door(visit, checked_twice, home, qian) == at(checked_twice, home)
    assert at_the_door(visit, checked_twice, home, zhao) == f"{at(checked_twice, home)}/again"
    with pytest.raises(Refused):
        knock(checked_twice, home, qian, again=True)
    knock(checked_twice, home, zhao, again=True)
    tally = only(RoundTally)
    assert (tally.answered, tally.rechecks_done, tally.rechecks_differing) == (1, 1, 0)


def at_the_door(visit: Visit, made: ScreeningRound, home: Household, person: Person) -> str:
    """Where the list of second visits leads somebody for this household."""
    listed = visit("visits.index", as_=person, round_id=made.id, grid=unit(GRID).id, show="rechecks")
    return str(listed.tree.xpath(f"string(//main//a[contains(@href, '{at(made, home)}')]/@href)"))


def test_what_the_second_visit_finds_otherwise_is_shown(
    visit: Visit, home: Household, checked_twice: ScreeningRound
) -> None:
    knock(checked_twice, home)
    page = visit(f"{at(checked_twice, home)}/again", as_=zhao)
    assert not page.has("Last noted"), "a second visit is not told what the first one found"
    page.send("All 5 are as before", new_name="演示·来客", new_mark="cfrom_neighbour")
    assert only(RoundTally).rechecks_differing == 1
    assert visit("screenings.show", as_=wang, screening_round_id=checked_twice.id).has("1 differ")
    listed = visit("visits.index", as_=zhao, round_id=checked_twice.id, grid=unit(GRID).id, show="rechecks")
    assert listed.has("differs from the first visit")


def test_households_that_are_not_drawn_are_not_visited_again(home: Household) -> None:
    others = [family(1) for _number in range(6)]
    made = screening(rechecks=2)
    for one in (home, *others):
        knock(made, one)
    assert sum(one.is_recheck for one in every(Visited)) == 2
    refused = next(
        one for one in others if one.id not in {v.household_id for v in every(Visited, Visited.is_recheck)}
    )
    with pytest.raises(Refused, match="drawn"):
        knock(made, refused, zhao, again=True)


# ── the list ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("show", ["to_visit", "mine", "retries", "answered", "rechecks", "all"])
@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_every_filter_opens_in_both_languages(
    visit: Visit, home: Household, round_: ScreeningRound, show: str, language: str
) -> None:
    knock(round_, home)
    family(2)
    visit("visits.index", as_=qian, round_id=round_.id, show=show, language=language)
    visit(at(round_, home), as_=qian, language=language)


def test_the_list_goes_as_people_walk_and_on_to_the_next_page(visit: Visit, round_: ScreeningRound) -> None:
    homes = [family(1, building="20号楼", room=str(room)) for room in range(130, 100, -1)]
    page = visit("visits.index", as_=qian, round_id=round_.id)
    more = next(link for link in page.links() if "after=" in link)
    seen = [link for one in (page, visit(more, as_=qian)) for link in one.links() if link.count("/") == 3]
    walked = [at(round_, one) for one in reversed(homes)]
    assert [link for link in seen if link in walked] == walked


def test_above_the_grid_the_way_leads_through_the_units(
    visit: Visit, home: Household, round_: ScreeningRound
) -> None:
    response = visit("visits.index", as_=wang, round_id=round_.id, status=303)
    assert response.response.location.endswith(f"/screenings/{round_.id}/coverage")
    page = visit("screenings.coverage", as_=wang, screening_round_id=round_.id)
    group = visit(next(link for link in page.links() if "unit=" in link), as_=wang)
    grid = next(link for link in group.links() if "grid=" in link)
    assert at(round_, home) in visit(grid, as_=wang).links()


def test_an_auditor_reads_the_list_and_is_led_to_no_form(
    visit: Visit, home: Household, round_: ScreeningRound
) -> None:
    page = visit(f"/visits/{round_.id}?grid={unit(GRID).id}", as_=an)
    assert f"/registry/{home.id}" in page.links()
    visit(at(round_, home), as_=an, status=403)


def test_a_household_of_twelve_is_still_one_light_page(visit: Visit, round_: ScreeningRound) -> None:
    area()
    visit(at(round_, family(12)), as_=qian, language="zh_Hans")
