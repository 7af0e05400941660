"""A round in the evening and a household at its door, counted in inputs and taps, in a real browser."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
INPUTS = "main form :is(input:not([type=hidden]), select, textarea)"
OF_FIVE = re.compile("，5 人")
AS_BEFORE = re.compile("^5 人均无变化$")


def test_a_new_round_takes_at_most_eight_inputs_and_one_tap(sit_down: Callable[..., Page]) -> None:
    page = sit_down("li", scripts=False)
    page.goto("/screenings/new")
    names = page.locator(INPUTS).evaluate_all("all => [...new Set(all.map(one => one.name))]")
    assert 0 < len(names) <= 8, names
    page.get_by_role("button", name="开始排查", exact=True).click()
    expect(page.locator(".state").first).to_contain_text("进行中")


def test_an_area_is_added_and_its_round_started_without_javascript(sit_down: Callable[..., Page]) -> None:
    page = sit_down("li", scripts=False)
    page.goto("/affected-areas/new")
    page.fill("[name=name]", "芦岗街道")
    page.fill("[name=basis]", "县指挥部通报第8号")
    page.get_by_role("button", name="列入清单", exact=True).click()
    page.get_by_role("button", name="立即开始排查", exact=True).click()
    expect(page.locator("h1")).to_have_text("芦岗街道来人排查")


@pytest.mark.parametrize("scripts", [True, False], ids=["with_javascript", "without_javascript"])
def test_a_household_of_five_unchanged_takes_two_taps(sit_down: Callable[..., Page], scripts: bool) -> None:
    page = sit_down("qian", scripts=scripts)
    page.goto("/")
    page.locator("main a", has_text="待入户：邵店镇来人排查").click()
    door = page.locator("main .rows a", has_text=OF_FIVE).first
    address = door.locator("b").inner_text()
    door.click()  # the first tap
    page.get_by_role("button", name=AS_BEFORE).click()  # the second
    page.wait_for_url(re.compile(r"/visits/\d+\?grid="))
    expect(page.locator("body")).to_contain_text(f"{address}：已应答")
    assert page.locator("main .rows a", has_text=address).count() == 0


def test_a_household_is_answered_for_by_keyboard_alone(sit_down: Callable[..., Page]) -> None:
    page = sit_down("qian", phone=False)
    page.goto("/")
    page.locator("main a", has_text="待入户：邵店镇来人排查").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/visits/\d+"))
    door = page.locator("main .rows a", has_text="待入户").first
    address = door.locator("b").inner_text()
    door.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/visits/\d+/\d+"))
    reached = [tab(page) for _press in range(30)]
    person = next(place for place, what in enumerate(reached) if what == "SUMMARY")
    as_before = next(place for place, what in enumerate(reached) if "无变化" in what)
    assert as_before < person, "the one button comes before everybody"
    page.locator("main summary").first.focus()
    page.keyboard.press("Enter")
    page.locator("main details[open] input[name^=temperature]").focus()
    page.keyboard.type("36.8")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/visits/\d+\?grid="))
    expect(page.locator("body")).to_contain_text(f"{address}：已应答")


def tab(page: Page) -> str:
    """What the next press of the tabulator reaches within the page: the words of a button, else what it is."""
    page.keyboard.press("Tab")
    found: str = page.evaluate(
        """() => {
            const one = document.activeElement.closest("main *")
            return one ? (one.tagName === "BUTTON" ? one.innerText : one.tagName) : ""
        }"""
    )
    return found


def test_nobody_home_takes_two_taps_and_is_tried_again(sit_down: Callable[..., Page]) -> None:
    page = sit_down("qian", scripts=False)
    page.goto("/")
    page.locator("main a", has_text="待入户：邵店镇来人排查").click()
    door = page.locator("main .rows a", has_text="待入户").first
    address = door.locator("b").inner_text()
    door.click()
    page.get_by_role("button", name="家中无人", exact=True).click()
    page.get_by_role("link", name="再访", exact=True).click()
    expect(page.locator("main .rows")).to_contain_text(address)
