"""The pages about responsibility: the list, the household, hand-overs, grids redrawn, and the alarm."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.access.scope import everywhere
from portal.clock import now
from portal.database import db
from portal.registry import parts
from portal.registry.models import Household
from portal.registry.service import add_household
from portal.rehearsal.acting import acting_as
from tests import factories, people
from tests.people import an, gu, li, qian, root, sun, wang, wu, zhao
from tests.registry.staff import BESIDE, HERE, account, hire

pytestmark = pytest.mark.any_database

Visit = Callable[..., Any]


def homes(count: int, grid: str = HERE, **address: str) -> list[int]:
    """Households taken up as somebody would."""
    with acting_as("wang"):
        grid_id = people.unit(grid).id
        made = [add_household(grid_id, **{"room": str(number)} | address) for number in range(1, count + 1)]
        ids = [home.id for home in made]
    db.session.commit()
    return ids


def responsible(ids: list[int]) -> dict[int, int | None]:
    with everywhere(because="the test looks"):
        rows = select(Household.id, Household.responsible_id).where(Household.id.in_(ids))
        return {row.id: row.responsible_id for row in db.session.execute(rows)}


# ── what is seen ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_household_shows_who_answers_for_it(visit: Visit) -> None:
    (home,) = homes(1)
    with everywhere(because="the test notes a phone"):
        people.unit("豫苑社区三组").duty_phone = "0396-0000001"
        db.session.commit()
    for somebody in (li, an, wang, zhao, qian):
        page = visit("registry.show", as_=somebody, household_id=home)
        assert page.has("Responsible: 演示·qian")
        assert page.has("Volunteer, 豫苑社区三组二格")
        assert page.has("Deputy: 演示·zhao")
        assert page.has("豫苑社区三组, 0396-0000001")


def test_a_hole_is_seen_on_the_household_and_in_the_list(visit: Visit) -> None:
    alone, nobody = homes(1, BESIDE)[0], factories.household(compound="4号院")
    assert visit("registry.show", as_=wang, household_id=alone).has("Deputy: nobody")
    listed = visit("registry.index", as_=wang)
    assert listed.has("No deputy")
    assert listed.has("responsible: 演示·zhao")
    assert listed.has("Nobody answers")
    homes(2)
    only = visit("registry.index", as_=wang, show="uncovered")
    assert len(only.tree.xpath("//ul[@class='rows']/li")) == 2
    assert only.has(nobody.address)


def test_a_grid_member_finds_the_own_households_first(visit: Visit) -> None:
    ids = homes(3)
    with acting_as("wang"):
        from portal.registry import duties
        from portal.registry.kinds import Duty

        duties.hand_over(ids[:1], Duty.RESPONSIBLE, account("zhao"), "换人")
    db.session.commit()
    page = visit("registry.index", as_=qian)
    assert page.tree.xpath("//nav[@class='fil']//a/text()")[0] == "Mine"
    mine = visit("registry.index", as_=qian, show="mine")
    assert len(mine.tree.xpath("//ul[@class='rows']/li")) == 3
    assert (
        len(mine.tree.xpath("//ul[@class='rows']//span[text()='Deputy']")) == 1
    )  # she and zhao changed places
    assert visit("registry.index", as_=wu, show="mine").has("You answer for no household.")
    assert not visit("registry.index", as_=an).has("Mine")


def test_the_list_goes_on_within_a_filter(visit: Visit) -> None:
    homes(25)
    page = visit("registry.index", as_=qian, show="mine")
    following = visit(page.tree.xpath("string(//p[@class='older']/a/@href)"), as_=qian)
    assert len(following.tree.xpath("//ul[@class='rows']/li")) == 5


def test_a_unit_shows_its_coverage(visit: Visit) -> None:
    homes(3), factories.household(), homes(1, BESIDE)
    for somebody, unit in ((li, "重阳街道"), (wang, "豫苑社区"), (zhao, "豫苑社区三组")):
        page = visit("units.show", as_=somebody, unit_id=people.unit(unit).id)
        assert page.has("4 of 5 households have a responsible person")
        assert page.has("3 of 5 have a deputy")
    assert not visit("units.show", as_=sun, unit_id=people.unit("豫苑社区").id, status=404).has("of 5")
    assert not visit("units.show", as_=qian, unit_id=people.unit("豫苑社区").id).has("of 5")


def test_the_alarm_rings_at_every_level_above_and_nowhere_else(visit: Visit) -> None:
    alarm = "Households without a responsible person or deputy"
    homes(2)
    assert not visit("today.index", as_=li).has(alarm)
    factories.household()
    for somebody in (li, wang, zhao):
        page = visit("today.index", as_=somebody)
        assert page.has(alarm)
        assert page.has("1 has nobody responsible")
    for somebody in (sun, qian, an, root):
        assert not visit("today.index", as_=somebody).has(alarm)


def test_the_past_answers(visit: Visit) -> None:
    (home,) = homes(1)
    page = visit("registry.responsibility", as_=qian, household_id=home)
    assert page.has("noted by 演示·wang")
    asked = visit("registry.responsibility", as_=an, household_id=home, day="2026-11-23", at="23:00")
    assert asked.has("Responsible: 演示·qian")
    assert visit("registry.responsibility", as_=an, household_id=home, day="2026-02-14", at="21:00").has(
        "Nobody."
    )
    for odd in ({"day": "x"}, {"day": "2026-02-30"}, {"day": "2026-02-14", "at": "25:00"}, {"at": "12:00"}):
        visit("registry.responsibility", as_=qian, household_id=home, **odd)


def test_who_looked_stands_on_the_household(visit: Visit) -> None:
    home = factories.household()
    person = factories.resident(home, name="演示·张学敏")
    form = visit("registry.reveal", as_=qian, resident_id=person.id, field="phone")
    form.send("Show in full", status=200, why="contact")
    page = visit("registry.show", as_=wang, household_id=home.id)
    assert page.has("A number was shown in full 1 time")
    assert page.has("演示·qian（豫苑社区三组二格）")
    assert page.has("演示·张*, Phone, Get in touch")


# ── hand-overs ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_all_of_a_persons_households_go_to_another_one(visit: Visit) -> None:
    ids, other = homes(5), hire(HERE)
    page = visit("registry.people_responsible", as_=wang)
    assert page.has("responsible for 5 households")
    form = visit("registry.hand_over", as_=wang, account_id=account("qian"))
    seen = form.send("See the effect", status=200, to=str(other), reason="产假")
    assert seen.has("5 households of 演示·qian will have")
    assert responsible(ids) == dict.fromkeys(ids, account("qian")), "nothing is done before it is confirmed"
    done = seen.send("Hand these over")
    assert done.has("5 households have changed hands.")
    assert responsible(ids) == dict.fromkeys(ids, other)


def test_some_are_ticked(visit: Visit) -> None:
    ids, other = homes(3), hire(HERE)
    form = visit("registry.hand_over", as_=zhao, account_id=account("qian"))
    seen = form.send(
        "See the effect", status=200, to=str(other), reason="分担", parts=[str(ids[0]), str(ids[2])]
    )
    assert seen.has("2 households of 演示·qian")
    seen.send("Hand these over")
    assert responsible(ids) == {ids[0]: other, ids[1]: account("qian"), ids[2]: other}


def test_many_households_are_ticked_by_building(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "MOST_DOORS", 3)
    first, second, other = homes(3, building="1"), homes(2, building="2"), hire(HERE)
    page = visit("registry.hand_over", as_=wang, account_id=account("qian"))
    assert page.has("1号楼, 3 households")
    seen = page.send("See the effect", status=200, to=str(other), reason="分担", parts=str(second[0]))
    seen.send("Hand these over")
    assert responsible(first + second) == dict.fromkeys(first, account("qian")) | dict.fromkeys(second, other)


def test_what_has_changed_meanwhile_is_shown_again(visit: Visit) -> None:
    homes(2)
    other = hire(HERE)
    form = visit("registry.hand_over", as_=wang, account_id=account("qian"))
    seen = form.send("See the effect", status=200, to=str(other), reason="产假")
    late = homes(1, room="99")
    again = seen.send("Hand these over", status=200)
    assert again.has("3 households of 演示·qian")
    assert responsible(late) == {late[0]: account("qian")}


def test_the_deputy_is_handed_over_too(visit: Visit) -> None:
    ids, other = homes(2), hire(HERE)
    form = visit("registry.hand_over", as_=wang, account_id=account("zhao"), duty="deputy")
    form.send("See the effect", status=200, to=str(other), reason="换人").send("Hand these over")
    assert visit("registry.show", as_=wang, household_id=ids[0]).has("Deputy: 演示·同事")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"reason": ""}, "Enter the reason"),
        ({"to": ""}, "Choose the person who takes over"),
        ({"to": "WU"}, "Choose one of those offered"),
        ({"parts": "999999"}, "Choose one of those offered"),
        ({"duty": "king"}, "Choose one of those offered"),
    ],
)
def test_what_is_wrong_with_a_hand_over_comes_back(
    visit: Visit, typed: dict[str, str], sentence: str
) -> None:
    ids, other = homes(1), hire(HERE)
    typed = {name: str(account("wu")) if value == "WU" else value for name, value in typed.items()}
    form = visit("registry.hand_over", as_=wang, account_id=account("qian"))
    assert form.send("See the effect", status=422, **{"to": str(other), "reason": "产假"} | typed).has(
        sentence
    )
    assert responsible(ids) == {ids[0]: account("qian")}


def test_one_household_that_nobody_has_is_given_to_somebody(visit: Visit) -> None:
    home = factories.household()
    form = visit("registry.hand_over_one", as_=wang, household_id=home.id)
    assert form.tree.xpath("//dd/text()") == ["nobody", "nobody"]
    seen = form.send("See the effect", status=200, to=str(account("qian")), duty="responsible", reason="补上")
    page = seen.send("Hand these over")
    assert page.has("Responsible: 演示·qian")


def test_what_nobody_has_is_filled_in_one_action(visit: Visit) -> None:
    ids, unit = homes(3, BESIDE), people.unit(BESIDE).id
    deputy = hire(BESIDE)
    page = visit("registry.people_responsible", as_=zhao, unit=unit)
    assert page.has("Without a deputy")
    assert not page.has("Without a responsible person")
    form = visit("registry.fill_gaps", as_=zhao, unit_id=unit, duty="deputy")
    seen = form.send("See the effect", status=200, to=str(deputy), reason="补上")
    assert seen.has("3 households of nobody will have")
    seen.send("Hand these over")
    assert visit("registry.show", as_=zhao, household_id=ids[0]).has("Deputy: 演示·同事")
    assert visit("registry.fill_gaps", as_=zhao, unit_id=unit, duty="deputy").has(
        "There is no such household."
    )
    visit("registry.fill_gaps", as_=sun, unit_id=unit, status=404)
    visit("registry.fill_gaps", as_=li, unit_id=people.unit("重阳街道").id, status=404)
    visit("registry.fill_gaps", as_=li, language="zh_Hans", unit_id=unit)


def test_who_no_longer_serves_is_relieved_with_one_button(visit: Visit) -> None:
    ids = homes(2)
    with everywhere(because="the test disables an account"):
        from portal.accounts.models import Account

        db.session.get_one(Account, account("qian")).disabled_at = now()
        db.session.commit()
    assert visit("registry.show", as_=wang, household_id=ids[0]).has("no longer serves here")
    assert visit("today.index", as_=wang).has("People who answer for households and no longer serve there")
    page = visit("registry.lapsed", as_=wang)
    assert page.has("演示·qian")
    assert page.send("Let the deputies take over").has("Everybody who answers for households serves there.")
    assert responsible(ids) == dict.fromkeys(ids, account("zhao"))


# ── grids redrawn ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_grid_is_split_on_its_page(visit: Visit) -> None:
    ids = homes(4)
    grid = people.unit(HERE)
    assert visit("units.show", as_=wang, unit_id=grid.id).has("Split this grid…")
    form = visit("registry.split", as_=wang, unit_id=grid.id)
    ticked = [str(ids[0]), str(ids[3])]
    for wrong, sentence in (
        ({"name": "一格"}, "There is a unit called 一格 here already."),
        ({"parts": None}, "Choose what the new grid is made of"),
        ({"parts": [str(id_) for id_ in ids]}, "leave something in the old one"),
    ):
        typed = {"name": "三格", "reason": "户数太多", "parts": ticked} | wrong
        assert form.send("See the effect", status=422, **typed).has(sentence)
    seen = form.send("See the effect", status=200, name="三格", reason="户数太多", parts=ticked)
    assert seen.has("2 households will belong to the new grid 三格")
    assert seen.has("演示·qian, who answer for them, will work in both grids.")
    assert seen.send("Split the grid").has("三格")
    with everywhere(because="the test counts"):
        new = people.unit("豫苑社区三组三格").id
        assert db.session.scalar(select(func.count(Household.id)).where(Household.grid_id == new)) == 2
    assert responsible(ids) == dict.fromkeys(ids, account("qian"))


def test_households_move_to_another_grid_on_the_page(visit: Visit) -> None:
    ids, grid, beside = homes(4), people.unit(HERE), people.unit(BESIDE)
    there = hire(BESIDE)
    assert visit("units.show", as_=wang, unit_id=grid.id).has("Move households…")
    form = visit("registry.move", as_=wang, unit_id=grid.id)
    typed = {"into": str(beside.id), "reason": "重新划格", "parts": [str(ids[0]), str(ids[3])]}
    for wrong, sentence in (
        ({"into": str(grid.id)}, "Choose one of those offered"),
        ({"into": ""}, "Choose the grid"),
        ({"parts": None}, "Choose the households that move"),
        ({"reason": ""}, "Enter the reason"),
    ):
        assert form.send("See the effect", status=422, **typed | wrong).has(sentence)
    seen = form.send("See the effect", status=200, **typed)
    assert seen.has("2 households will belong to 豫苑社区三组一格")
    assert seen.has("Who does not serve there hands over to 演示·同事")
    assert seen.send("Move the households").has("2 households have moved.")
    assert responsible(ids) == {id_: there if id_ in (ids[0], ids[3]) else account("qian") for id_ in ids}


def test_who_comes_along_is_said_before_households_move(visit: Visit) -> None:
    ids, grid = homes(2), people.unit(HERE)
    form = visit("registry.move", as_=wang, unit_id=grid.id)
    typed = {"into": str(people.unit(BESIDE).id), "reason": "重新划格", "parts": str(ids[0])}
    seen = form.send("See the effect", status=200, **typed)
    assert seen.has("演示·qian, who answer for them, will work in both grids.")


def test_what_was_typed_is_there_after_the_effect_was_seen(visit: Visit) -> None:
    ids, grid = homes(4), people.unit(HERE)
    form = visit("registry.split", as_=wang, unit_id=grid.id)
    seen = form.send("See the effect", status=200, name="三格", reason="户数太多", parts=[str(ids[0])])
    back = seen.send("Change something", status=200)
    assert back.tree.xpath("//input[@name='name']/@value") == ["三格"]
    assert back.tree.xpath("//input[@name='parts'][@checked]/@value") == [str(ids[0])]


def test_some_households_of_a_building_are_chosen_by_door(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "MOST_DOORS", 3)
    grid_id = people.unit(HERE).id
    first = homes(3, compound="3号院", building="1")
    second = homes(5, compound="3号院", building="2", stairwell="1")

    def opened(*way: int) -> Any:
        page = visit("registry.split", as_=wang, unit_id=grid_id, way=list(way))
        return page, page.tree.xpath("//input[@name='parts']/@value")

    page, keys = opened()
    assert keys == [str(first[0]), str(second[0])]
    assert any(link.endswith(f"?way={second[0]}") for link in page.links())
    page, keys = opened(second[0])
    assert keys == [str(second[0]), str(second[3])], "one stairwell, too long for a page"
    assert page.has("3号院2号楼1单元1 – 3号院2号楼1单元3, 3 households")
    assert any(link.endswith(f"?way={second[0]}&way={second[3]}") for link in page.links())
    assert opened(second[0], second[3])[1] == [str(id_) for id_ in second[3:]]
    assert opened(second[3])[1] == [], "no such part"
    page, keys = opened(first[0])
    assert f"/registry/grids/{grid_id}/split" in page.links(), "back to all buildings"
    assert keys == [str(id_) for id_ in first]
    seen = page.send("See the effect", status=200, name="三格", reason="户数太多", parts=str(first[1]))
    seen.send("Split the grid")
    with everywhere(because="the test looks"):
        new = people.unit("豫苑社区三组三格").id
        assert db.session.scalars(select(Household.id).where(Household.grid_id == new)).all() == [first[1]]


def test_grids_are_merged_on_the_page(visit: Visit) -> None:
    ids, grid = homes(3), people.unit(HERE)
    form = visit("registry.merge", as_=wang, unit_id=grid.id)
    seen = form.send("See the effect", status=200, into=str(people.unit(BESIDE).id), reason="户数太少")
    assert seen.has("3 households and the grid members go to 豫苑社区三组一格")
    seen.send("Merge the grids")
    assert visit("units.show", as_=wang, unit_id=grid.id).has("Closed")
    assert responsible(ids) == dict.fromkeys(ids, account("qian"))
    other = str(people.unit("建设路社区一组一格").id)
    form = visit("registry.merge", as_=wang, unit_id=people.unit(BESIDE).id)
    assert form.has("This community has no other grid.")
    assert not form.tree.xpath(f"//option[@value='{other}']")


# ── strangers ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_strangers_find_nothing(visit: Visit, post: Visit) -> None:
    (home,) = homes(1)
    grid, qians = people.unit(HERE).id, account("qian")
    visit("registry.responsibility", as_=wu, household_id=home, status=404)
    for endpoint, values in (
        ("registry.responsibility", {"household_id": home}),
        ("registry.hand_over_one", {"household_id": home}),
        ("registry.hand_over", {"account_id": qians}),
        ("registry.split", {"unit_id": grid}),
        ("registry.merge", {"unit_id": grid}),
        ("registry.move", {"unit_id": grid}),
        ("registry.people_responsible", {"unit": grid}),
    ):
        visit(endpoint, as_=sun, status=404, **values)
    post("registry.relieve", as_=sun, account_id=qians, status=404)
    for endpoint, values in (
        ("registry.split", {"unit_id": people.unit("豫苑社区").id}),
        ("registry.hand_over", {"account_id": account("li")}),
        ("registry.people_responsible", {"unit": people.unit("重阳街道").id}),
    ):
        visit(endpoint, as_=wang, status=404, **values)
    for somebody in (qian, an, gu, root):
        visit("registry.people_responsible", as_=somebody, status=403)
        visit("registry.split", as_=somebody, unit_id=grid, status=403)
    visit("registry.merge", as_=zhao, unit_id=grid, status=403)


def test_a_hand_over_reaches_no_further_than_ones_own_place(visit: Visit) -> None:
    """A person may answer for households of two communities; each hands over only what lies below it."""
    (home,) = homes(1)
    (far,) = [factories.household("建设路社区一组一格").id]
    with everywhere(because="the test gives somebody households of two communities"):
        db.session.get_one(Household, far).responsible_id = account("qian")
        db.session.commit()
    other = hire(HERE)
    form = visit("registry.hand_over", as_=wang, account_id=account("qian"))
    form.send("See the effect", status=200, to=str(other), reason="产假").send("Hand these over")
    assert responsible([home, far]) == {home: other, far: account("qian")}


def test_in_chinese_too(visit: Visit, app: Flask) -> None:
    (home,) = homes(1)
    grid, qians = people.unit(HERE).id, account("qian")
    for endpoint, values in (
        ("registry.index", {"show": "mine"}),
        ("registry.index", {"show": "uncovered"}),
        ("registry.show", {"household_id": home}),
        ("registry.responsibility", {"household_id": home, "day": "2026-11-23"}),
        ("registry.people_responsible", {}),
        ("registry.hand_over", {"account_id": qians}),
        ("registry.hand_over_one", {"household_id": home}),
        ("registry.lapsed", {}),
        ("registry.split", {"unit_id": grid}),
        ("registry.merge", {"unit_id": grid}),
        ("registry.move", {"unit_id": grid}),
    ):
        visit(endpoint, as_=wang, language="zh_Hans", **values)
    visit("registry.people_responsible", as_=li, language="zh_Hans")
    visit("units.show", as_=wang, language="zh_Hans", unit_id=grid)
