"""The daily report in a real browser: confirmed with one tap, and its text taken to a chat group."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_every_page import fits, reads

pytestmark = pytest.mark.browser
CLIPBOARD = ("clipboard-read", "clipboard-write")
SELECTED = "one => one.value.slice(one.selectionStart, one.selectionEnd)"


def test_the_text_for_the_group_is_copied_with_one_tap(sit_down: Callable[..., Page]) -> None:
    page = sit_down("wang", permissions=CLIPBOARD)
    page.goto("/reports/")
    page.get_by_role("link", name="群发文字", exact=True).click()
    page.get_by_role("button", name="复制", exact=True).click()
    text = page.locator("#text").input_value()
    assert text.startswith("【豫苑社区】")
    assert page.evaluate("navigator.clipboard.readText()") == text
    assert page.locator("#text").evaluate(SELECTED) == text, "seen to be taken"


def test_where_a_browser_keeps_the_clipboard_to_itself_the_old_way_copies(
    sit_down: Callable[..., Page],
) -> None:
    """As on an address without TLS, inside the building."""
    page = sit_down("wang", permissions=CLIPBOARD)
    page.add_init_script("Object.defineProperty(window.Navigator.prototype, 'clipboard', {value: undefined})")
    page.goto("/reports/text")
    page.get_by_role("button", name="复制", exact=True).click()
    text = page.locator("#text").input_value()
    box = page.locator("main").evaluate_handle(
        "main => main.appendChild(Object.assign(document.createElement('textarea'), {id: 'here'}))"
    )
    assert box
    page.locator("#here").press("Control+v")
    assert page.locator("#here").input_value() == text


def test_without_javascript_the_text_can_be_selected(sit_down: Callable[..., Page]) -> None:
    page = sit_down("wang", scripts=False)
    page.goto("/reports/text")
    expect(page.get_by_role("button", name="复制", exact=True)).to_have_count(0)
    page.get_by_label("点一下，全选，复制").press("Control+a")
    text = page.locator("#text")
    assert text.evaluate(SELECTED) == text.input_value() != ""


def test_a_grid_member_confirms_with_one_tap(sit_down: Callable[..., Page]) -> None:
    page = sit_down("qian", scripts=False)
    page.goto("/reports/")
    page.locator("main form button:not(.q)").first.click()
    expect(page.locator("h1 + .state")).to_contain_text("已报")


@pytest.mark.parametrize("address", ["/reports/1", "/reports/1/supplement"])
def test_pages_that_few_links_lead_to_fit_and_read_well(sit_down: Callable[..., Page], address: str) -> None:
    page = sit_down("li")
    page.goto(address)
    expect(page.locator("h1")).not_to_be_empty()
    fits(page, address)
    reads(page, address)
