"""One pass from the door to the gate and to its end: five people, a phone each, real paper, a real code."""

import re
from collections.abc import Callable

import pypdfium2 as pdfium
import pytest
import zxingcpp
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

HAS_A_PASS = "main a[href^='/passes/']:not([href*=new])"
SERIAL = re.compile(r"001-\d{6}-\w")


def test_from_the_door_to_the_gate_and_to_the_end(sit_down: Callable[..., Page]) -> None:
    qian, zhao, wang, gu = (sit_down(name) for name in ("qian", "zhao", "wang", "gu"))
    address = apply_at_the_door(qian)
    press(zhao, address, "核实")
    press(wang, address, "签发")
    serial = wang.locator("h1").inner_text()
    assert SERIAL.fullmatch(serial)
    code = read_off_the_paper(wang, address)

    check(gu, code)
    expect(gu.locator("h1")).to_contain_text("可通行")
    expect(gu.locator("main")).to_contain_text(serial[-8:])
    gu.get_by_role("button", name="出", exact=True).click()
    gu.wait_for_url("**/gate/desk")
    check(gu, code)
    gu.get_by_role("button", name="入", exact=True).click()
    gu.wait_for_url("**/gate/desk")

    wang.goto(f"{address}/revoke")
    wang.locator("main input[type=radio]").first.check(force=True)
    wang.locator("main form button").first.click()
    wang.wait_for_url(re.compile(r"/passes/\d+$"))
    check(gu, code)
    expect(gu.locator("h1")).to_contain_text("不放行")
    expect(gu.locator("main")).to_contain_text("作废")


def apply_at_the_door(page: Page) -> str:
    """A grid member applies for the last household of the list without a pass or a restriction; the pass's address."""
    page.goto("/registry/")
    page.goto(page.get_by_role("link", name="更多", exact=True).get_attribute("href") or "")
    homes = page.eval_on_selector_all(".rows a", "all => all.map(a => a.getAttribute('href'))")
    for home in reversed(homes):
        page.goto(home)
        if page.locator(HAS_A_PASS).count() == page.locator("main").get_by_text("限制").count() == 0:
            break
    page.locator("a[href*='/passes/new']").first.click()
    page.wait_for_url("**/passes/new**")
    page.locator("input[name=who]").first.check(force=True)
    page.get_by_role("button", name="送核实").click()
    page.wait_for_url(re.compile(r"/passes/\d+$"))
    return page.url


def press(page: Page, address: str, button: str) -> None:
    page.goto(address)
    page.get_by_role("button", name=button, exact=True).click()
    page.wait_for_load_state()
    expect(page.locator("[role=status]")).to_be_visible()


def read_off_the_paper(page: Page, address: str) -> str:
    """Print on A5 and read the code off the picture of the page."""
    page.goto(f"{address}/print")
    form = page.locator("main form")
    fields = {name: form.locator(f"[name={name}]").first.input_value() for name in ("csrf_token", "once")}
    answer = page.context.request.post(f"{address}/print", form={**fields, "layout": "a5"})
    assert answer.headers["content-type"] == "application/pdf"
    picture = pdfium.PdfDocument(answer.body())[0].render(scale=300 / 72).to_pil()
    (code,) = zxingcpp.read_barcodes(picture)
    return str(code.text)


def check(page: Page, code: str) -> None:
    """Type the code as a scanner does: fast, with Enter at the end."""
    page.goto("/gate/desk")
    page.locator("main input[type=text], main input:not([type])").first.fill(code)
    page.keyboard.press("Enter")
    page.wait_for_url("**/gate/checks/**")
