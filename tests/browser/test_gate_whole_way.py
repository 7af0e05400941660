"""From the paper to the portal on a slow phone without network: printed, worn, filmed, read, judged, recorded, sent."""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest
from playwright.sync_api import Browser, BrowserType, Page, expect

from tests.browser.conftest import PHONE
from tests.browser.gate_phone import cut_off, new_code, pair, rows, unlock
from tests.browser.paper import film, nothing_there, seen

pytestmark = pytest.mark.browser
SLOWER = 6


@pytest.fixture(scope="module")
def reel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("gate") / "film.mjpeg"


@pytest.fixture(scope="module")
def filmed(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any], reel: Path
) -> Iterator[Browser]:
    """A browser whose camera shows the film."""
    camera = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
    arguments = [*browser_type_launch_args["args"], *camera, f"--use-file-for-fake-video-capture={reel}"]
    with browser_type.launch(**browser_type_launch_args | {"args": arguments}) as browser:
        yield browser


def test_from_the_paper_to_the_portal(
    sit_down: Callable[..., Page], filmed: Browser, site: str, site_folder: Path, reel: Path
) -> None:
    index, picture = a_printed_pass(sit_down("wang"), site_folder)
    film([*nothing_there(10), *seen(picture, 2, seed=6)], reel)
    with filmed.new_context(base_url=site, viewport=PHONE, locale="zh-CN") as context:
        phone = context.new_page()
        phone.goto("/gate/")
        pair(phone, new_code(sit_down))
        unlock(phone)
        phone.get_by_role("button", name="用摄像头扫码").click()  # once with a signal: the reader is kept
        expect(phone.locator("main.gate.ok")).to_be_visible(timeout=20_000)
        phone.locator(".line button").click()
        expect(phone.locator("video")).to_be_visible()
        phone.wait_for_timeout(1500)
        expect(phone.locator("main.gate")).to_have_count(
            0
        )  # the paper that still lies there is not read again
        cut_off(phone)
        context.new_cdp_session(phone).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        phone.reload()
        unlock(phone)
        phone.get_by_role("button", name="用摄像头扫码").click()
        expect(phone.locator("main.gate.ok")).to_be_visible(timeout=20_000)
        began = time.monotonic()
        phone.get_by_role("button", name="出", exact=True).click()
        expect(phone.locator("[role=status].ok")).to_contain_text("已登记：出")
        print(f"{SLOWER} times slower: one tap, recorded {time.monotonic() - began:.2f} s later")
        cut_off(phone, cut=False)
        phone.evaluate("dispatchEvent(new Event('online'))")
        for _look in range(100):
            if sent(site_folder, index) == ["exit"]:
                break
            phone.wait_for_timeout(300)
    assert sent(site_folder, index) == ["exit"]


def sent(folder: Path, index: int) -> list[object]:
    """What phones told of this pass."""
    told = "select json_extract(body, '$.kind') from gate_arrival where json_extract(body, '$.index') = ?"
    return [kind for (kind,) in rows(folder, told, index)]


def a_printed_pass(wang: Page, folder: Path) -> tuple[int, Any]:
    """The number of a pass that may go out, and its A5 page at 300 dpi."""
    question = """select id, status_index from pass where state = 'issued' and kind = 'work' and not replaced
        and id not in (select pass_id from trip where pass_id is not null) order by id limit 1"""
    pass_id, index = rows(folder, question)[0]
    wang.goto(f"/passes/{pass_id}/print")
    form = wang.locator("main form")
    fields = {name: form.locator(f"[name={name}]").first.input_value() for name in ("csrf_token", "once")}
    answer = wang.context.request.post(f"/passes/{pass_id}/print", form={**fields, "layout": "a5"})
    assert re.match("application/pdf", answer.headers["content-type"])
    page = pdfium.PdfDocument(answer.body())[0]
    return int(str(index)), page.render(scale=300 / 72).to_pil().convert("L")
