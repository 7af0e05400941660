"""Every page that each role can reach by its links, in a real browser: it fits 320 px, axe finds nothing, and the
console stays empty (which includes the content policy)."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import DESK

pytestmark = pytest.mark.browser

ROLES = ("li", "wang", "zhao", "qian", "gu", "an", "root")
AXE = {"resultTypes": ["violations"], "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
NUMBER = re.compile(r"\d+")


@pytest.mark.parametrize("name", ROLES)
@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_every_page_fits_reads_and_keeps_the_policy(
    sit_down: Callable[..., Page], name: str, language: str
) -> None:
    page = sit_down(name)
    if language == "en":
        page.context.add_cookies([{"name": "language", "value": "en", "url": page.url}])
    seen: set[str] = set()
    waiting = ["/", "/me", "/v/"]
    while waiting:
        address = waiting.pop(0)
        shape = NUMBER.sub("n", address.split("?")[0])
        if shape in seen:
            continue
        seen.add(shape)
        response = page.goto(address)
        assert response is not None
        if "html" not in response.headers.get("content-type", ""):
            continue
        assert response.status == 200, f"{address}: {response.status}"
        fits(page, address)
        reads(page, address, on_the_desk_too=language == "zh_Hans")
        waiting += links(page)
    assert len(seen) >= 4, f"{name} saw only {seen}"


def links(page: Page) -> list[str]:
    """The page's own links that lead to pages."""
    found: list[str] = page.eval_on_selector_all(
        "a[href^='/']", "all => all.map(a => a.getAttribute('href'))"
    )
    return [href.split("#")[0] for href in found if not href.startswith("/static")]


def fits(page: Page, address: str) -> None:
    """Nothing scrolls sideways at 320 px."""
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 320, f"{address} is {wide} px wide at 320"


def reads(page: Page, address: str, *, on_the_desk_too: bool) -> None:
    """axe finds nothing."""
    _axe(page, address)
    if not on_the_desk_too:
        return
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    _axe(page, f"{address} on the desk")
    page.set_viewport_size({"width": 320, "height": 640})


def _axe(page: Page, where: str) -> None:
    violations: list[dict[str, Any]] = Axe().run(page, options=AXE).response["violations"]
    told = [f"{found['id']}: {[node['html'][:120] for node in found['nodes']]}" for found in violations]
    assert not told, f"{where}: {told}"
