"""Every page that each role can reach by its links, in a real browser: it fits 320 px, axe finds nothing, and the
console stays empty (which includes the content policy)."""

import re
from collections import Counter
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import DESK, PHONE

pytestmark = pytest.mark.browser

ROLES = ("li", "wang", "zhao", "qian", "gu", "an", "root")
AXE = {"resultTypes": ["violations"], "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
NUMBER = re.compile(r"\d+")
RECORD = re.compile(r"/[a-z-]+/n?")  # leads to other pages in each state: so many more are asked where to
OTHERS = 6
LINK = re.compile(r'<a [^>]*?href="(/[^"#]*)')

# What axe judges, without the words, of what is in main and of what is around it: once seen, not looked at again.
OUTLINE = """() => {
    const main = document.querySelector('main');
    const parts = {main: [], around: []};
    for (const one of document.querySelectorAll('*')) {
        parts[main?.contains(one) ? 'main' : 'around'].push([
            one.tagName, one.parentElement?.tagName, one.className, one.type, one.getAttribute('role'), one.hidden,
            one.getAttributeNames().join(), one.childNodes.length > 0].join(' '));
    }
    return [parts.main.join('\\n'), parts.around.join('\\n')];
}"""
looked_at: set[str] = set()  # by any role of this run


@pytest.mark.parametrize("name", ROLES)
def test_every_page_fits_reads_and_keeps_the_policy(sit_down: Callable[..., Page], name: str) -> None:
    page = sit_down(name)
    seen: Counter[str] = Counter()
    asked: set[str] = set()
    waiting = ["/", "/me", "/v/"]
    while waiting:
        address = waiting.pop(0)
        if address in asked:
            continue
        asked.add(address)
        shape = NUMBER.sub("n", address.split("?")[0])
        seen[shape] += 1
        if seen[shape] > 1:
            if RECORD.fullmatch(shape) and seen[shape] <= 1 + OTHERS:
                waiting += leads_to(page, address)
            continue
        if "html" in open_in(page, address, "en"):
            waiting += links(page)
            outline = set(page.evaluate(OUTLINE))
            if not outline <= looked_at:
                reads(page, address)
                open_in(page, address, "zh_Hans")
                looked_at.update(outline)
    assert len(seen) >= 4, f"{name} saw only {seen}"
    assert len(looked_at) > len(seen) / 3, f"{name} saw {len(seen)} pages of which few differ"


def open_in(page: Page, address: str, language: str) -> str:
    """Open a page in a language; returns what it is. English is the longer one of the two."""
    page.context.add_cookies([{"name": "language", "value": language, "url": page.url}])
    response = page.goto(address)
    assert response is not None
    kind = response.headers.get("content-type", "")
    if "html" in kind:
        assert response.status == 200, f"{address}: {response.status}"
        fits(page, f"{address} in {language}")
    return kind


def links(page: Page) -> list[str]:
    """The page's own links that lead to pages."""
    found: list[str] = page.eval_on_selector_all(
        "a[href^='/']", "all => all.map(a => a.getAttribute('href'))"
    )
    return [href.split("#")[0] for href in found if not href.startswith("/static")]


def leads_to(page: Page, address: str) -> list[str]:
    """The same of a page that need not be opened."""
    told = page.request.get(address)
    if "html" not in told.headers.get("content-type", ""):
        return []
    found = (unescape(href) for href in LINK.findall(told.text()))
    return [href for href in found if not href.startswith("/static")]


def fits(page: Page, address: str) -> None:
    """Nothing scrolls sideways at 320 px."""
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 320, f"{address} is {wide} px wide at 320"


def reads(page: Page, address: str) -> None:
    """axe finds nothing on the phone, nor on the desk, where only tables look different."""
    page.evaluate(Axe().axe_script)
    _axe(page, address)
    if page.locator("main table").count():
        page.set_viewport_size(DESK)  # type: ignore[arg-type]
        _axe(page, f"{address} on the desk")
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]


def _axe(page: Page, where: str) -> None:
    found: list[dict[str, Any]] = page.evaluate(
        "options => axe.run(document, options).then(results => results.violations)", AXE
    )
    told = [f"{one['id']}: {[node['html'][:120] for node in one['nodes']]}" for one in found]
    assert not told, f"{where}: {told}"
