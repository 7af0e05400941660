"""The same work without a script, and with the keyboard alone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_a_commander_issues_a_pass_without_javascript(sit_down: Callable[..., Page]) -> None:
    page = sit_down("wang", scripts=False)
    page.goto("/passes/?show=endorsed")
    page.locator("table a").first.click()
    page.get_by_role("button", name="签发", exact=True).click()
    expect(page.locator("h1")).to_have_text(re.compile(r"001-\d{6}-\w"))
    expect(page.locator(".steps")).to_contain_text("签发")


def test_a_shock_team_leader_endorses_by_keyboard_alone(sit_down: Callable[..., Page]) -> None:
    page = sit_down("zhao", phone=False)
    page.goto("/passes/?show=applied")
    tab_to(page, "table a")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/passes/\d+$"))
    page.wait_for_load_state()
    tab_to(page, "main button")
    page.keyboard.press("Enter")
    expect(page.locator(".state").first).to_contain_text("待签发")


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the first element of this kind has the focus, and see that the focus shows."""
    page.keyboard.press("Tab")
    for _press in range(60):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none", f"{selector} has the focus and doesn't show it"
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} can't be reached by keyboard")


def test_more_households_are_added_in_place(sit_down: Callable[..., Page]) -> None:
    page = sit_down("qian")
    page.goto("/registry/")
    before = page.locator("main .rows a").count()
    page.get_by_role("link", name="更多", exact=True).click()
    expect(page.locator("main .rows a")).not_to_have_count(before)
    assert page.locator("main .rows a").count() > before
    assert page.url.endswith("/registry/"), "the page itself stayed"
    assert page.locator("h1").count() == 1


def test_more_households_without_javascript(sit_down: Callable[..., Page]) -> None:
    page = sit_down("qian", scripts=False)
    page.goto("/registry/")
    page.get_by_role("link", name="更多", exact=True).click()
    page.wait_for_url("**/registry/?after=*")
    assert page.locator("main .rows a").count() > 0
