"""The camera of the gate's page: a real printed pass, worn, before Chromium's camera; the phone six times slower."""

import base64
import hashlib
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserType, Page

from portal.config import ROOT
from portal.passes.keys import KeyRing
from tests.browser.paper import film, nothing_there, printed, seen
from tests.browser.workbench import workbench

pytestmark = pytest.mark.browser

VENDOR = ROOT / "static/js/vendor/zxing"
START = """async (urls) => {
    window.said = [];
    window.lost = [];
    const { start } = await import(urls.camera);
    const settings = { ...urls, onLost: (why) => lost.push(why) };
    try {
        window.camera = await start(document.querySelector("video"), (text) => said.push(text), settings);
        return null;
    } catch (error) {
        return error.why;
    }
}"""

SO_MANY = """([what, count]) => new Promise((resolve) => {
    const until = performance.now() + 60000;
    const look = () => {
        const done = window[what].length >= count || performance.now() > until;
        if (done) resolve(window[what]); else setTimeout(look, 20);
    };
    look();
})"""


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Callable[[str], str]]]:
    with workbench(tmp_path_factory.mktemp("workbench")) as made:
        yield made


@pytest.fixture(scope="module")
def urls(bench: tuple[str, Callable[[str], str]]) -> dict[str, str]:
    names = {
        "camera": "js/gate/camera.js",
        "wasm": "js/vendor/zxing/zxing_reader.wasm",
        "reader": "js/vendor/zxing/reader.js",
    }
    return {key: bench[1](name) for key, name in names.items()}


@pytest.fixture(scope="module")
def passes(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, Image.Image]]:
    ring = KeyRing.open(tmp_path_factory.mktemp("keys"))
    return [printed(ring, number) for number in (123, 124)]


@pytest.fixture(scope="module")
def reel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The film that the camera plays; read anew whenever the camera is opened."""
    return tmp_path_factory.mktemp("camera") / "film.mjpeg"


@pytest.fixture(scope="module")
def filmed(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any], reel: Path
) -> Iterator[Browser]:
    arguments = (
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={reel}",
        "--host-resolver-rules=MAP gate.lan 127.0.0.1",
    )
    options = {**browser_type_launch_args, "args": [*browser_type_launch_args["args"], *arguments]}
    with browser_type.launch(**options) as browser:
        yield browser


@pytest.fixture
def page(filmed: Browser, bench: tuple[str, Callable[[str], str]]) -> Iterator[Page]:
    with filmed.new_context(base_url=bench[0]) as context:
        page = context.new_page()
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto("/")
        yield page
        assert complaints == []


def slow_down(page: Page, times: int = 6) -> None:
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": times})


def wait_for(page: Page, count: int = 1, what: str = "said") -> list[str]:
    """What was read, once it is so much. Asked by the page itself: its policy lets nobody evaluate texts."""
    told: list[str] = page.evaluate(SO_MANY, [what, count])
    assert len(told) >= count
    return told


@pytest.mark.parametrize("wear", [1, 2, 3])
def test_a_worn_pass_is_read(
    page: Page, urls: dict[str, str], passes: list[tuple[str, Image.Image]], reel: Path, wear: int
) -> None:
    code, picture = passes[0]
    film(seen(picture, wear, seed=wear), reel)
    slow_down(page)
    began = time.monotonic()
    assert page.evaluate(START, urls) is None
    ready = time.monotonic()
    assert wait_for(page) == [code]
    done = time.monotonic()
    print(f"wear {wear}, six times slower: ready {ready - began:.2f} s, read {done - ready:.2f} s later")


def test_the_same_paper_is_not_read_twice_unless_it_was_taken_away(
    page: Page, urls: dict[str, str], passes: list[tuple[str, Image.Image]], reel: Path
) -> None:
    code, picture = passes[0]
    film(seen(picture, 1, seed=7), reel)
    page.evaluate(START, urls)
    wait_for(page)
    page.wait_for_timeout(2500)
    assert page.evaluate("said") == [code], "it still lay there"
    page.evaluate("camera.stop()")
    film([*seen(picture, 1, seed=7, frames=8), *nothing_there(72)], reel)
    page.evaluate(START, urls)
    assert wait_for(page, 2) == [code, code]


def test_the_next_paper_is_read_at_once(
    page: Page, urls: dict[str, str], passes: list[tuple[str, Image.Image]], reel: Path
) -> None:
    film([frame for _, picture in passes for frame in seen(picture, 1, 5, frames=8) * 5], reel)
    page.evaluate(START, urls)
    assert sorted(wait_for(page, 2)[:2]) == sorted(code for code, _ in passes)


def test_the_reader_is_fetched_once(
    page: Page, urls: dict[str, str], passes: list[tuple[str, Image.Image]], reel: Path
) -> None:
    film(seen(passes[0][1], 1, seed=3, frames=4), reel)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for _ in range(2):
        assert page.evaluate(START, urls) is None
        wait_for(page)
        page.evaluate("camera.stop()")
        assert page.evaluate("document.querySelector('video').srcObject") is None
    assert len([url for url in asked if "zxing" in url]) == 2, asked


def test_a_hidden_page_lets_go_of_the_camera(
    page: Page, urls: dict[str, str], passes: list[tuple[str, Image.Image]], reel: Path
) -> None:
    film(seen(passes[0][1], 1, seed=3, frames=4), reel)
    page.evaluate(START, urls)
    wait_for(page)
    page.evaluate("window.track = document.querySelector('video').srcObject.getVideoTracks()[0]")
    hide = """(hidden) => {
        Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
        document.dispatchEvent(new Event("visibilitychange"));
    }"""
    page.evaluate(hide, arg=True)
    assert page.evaluate("track.readyState") == "ended"
    film(seen(passes[1][1], 1, seed=3, frames=4), reel)
    page.evaluate(hide, arg=False)
    assert wait_for(page, 2)[1] == passes[1][0]


OWN_READER = """(how) => {
    let looks = 0;
    window.BarcodeDetector = class {
        static getSupportedFormats() { return Promise.resolve(how === "no qr" ? ["ean_13"] : ["qr_code"]); }
        detect() {
            looks += 1;
            if (how === "blind") return Promise.resolve([]);
            if (looks === 1) return Promise.resolve([{ rawValue: "GG" }]);
            if (how === "fails") return Promise.reject(new DOMException("service unavailable", "InvalidStateError"));
            if (how === "hangs") return new Promise(() => {});
            return Promise.resolve([{ rawValue: "READ BY THE PHONE" }]);
        }
    };
}"""


@pytest.mark.parametrize("how", ["works", "no qr", "blind", "fails", "hangs"])
def test_the_browsers_own_reader_is_used_where_it_works(
    page: Page, urls: dict[str, str], passes: list[tuple[str, Image.Image]], reel: Path, how: str
) -> None:
    film(seen(passes[0][1], 1, seed=3, frames=4), reel)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate(OWN_READER, how)
    page.evaluate(START, urls)
    assert wait_for(page) == ["READ BY THE PHONE" if how == "works" else passes[0][0]]
    assert any("zxing" in url for url in asked) == (how != "works")


@pytest.mark.parametrize(
    ("error", "why"),
    [("NotAllowedError", "refused"), ("NotFoundError", "none"), ("NotReadableError", "busy")],
)
def test_the_page_learns_why_there_is_no_camera(
    page: Page, urls: dict[str, str], error: str, why: str
) -> None:
    refuse = "(name) => { navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', name); }; }"
    page.evaluate(refuse, error)
    assert page.evaluate(START, urls) == why


def test_plain_http_has_no_camera(filmed: Browser, bench: tuple[str, Any], urls: dict[str, str]) -> None:
    with filmed.new_page() as page:
        page.goto(bench[0].replace("127.0.0.1", "gate.lan"))
        assert page.evaluate(START, urls) == "insecure"


def test_a_camera_that_goes_for_good_is_reported(
    page: Page, urls: dict[str, str], passes: list[tuple[str, Image.Image]], reel: Path
) -> None:
    film(seen(passes[0][1], 1, seed=3, frames=4), reel)
    page.evaluate(START, urls)
    unplug = """() => {
        navigator.mediaDevices.getUserMedia = async () => { throw new DOMException("", "NotFoundError"); };
        document.querySelector("video").srcObject.getVideoTracks()[0].dispatchEvent(new Event("ended"));
    }"""
    page.evaluate(unplug)
    assert wait_for(page, what="lost") == ["none"]


@pytest.mark.parametrize("missing", ["wasm", "reader"])
def test_without_network_the_reader_can_be_fetched_later(
    page: Page, urls: dict[str, str], passes: list[tuple[str, Image.Image]], reel: Path, missing: str
) -> None:
    film(seen(passes[0][1], 1, seed=3, frames=4), reel)
    page.route(f"**{urls[missing]}", lambda route: route.abort())
    assert page.evaluate(START, urls) == "not_loaded"
    assert page.evaluate("document.querySelector('video').srcObject") is None
    page.unroute(f"**{urls[missing]}")
    assert page.evaluate(START, urls) is None
    assert wait_for(page) == [passes[0][0]]


def test_the_reader_is_what_its_authors_published(page: Page, urls: dict[str, str]) -> None:
    noted = dict(
        re.findall(r"^(\S+) +dist/\S+\n +sha384-(\S+)$", (VENDOR / "README.txt").read_text(), re.MULTILINE)
    )
    assert sorted(noted) == ["reader.js", "zxing_reader.wasm"]
    for name, url in (("reader.js", urls["reader"]), ("zxing_reader.wasm", urls["wasm"])):
        for content in ((VENDOR / name).read_bytes(), page.request.get(url).body()):
            assert base64.b64encode(hashlib.sha384(content).digest()).decode() == noted[name]
