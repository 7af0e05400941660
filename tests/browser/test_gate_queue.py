"""What waits on a phone arrives once: through lost answers, errors, time-outs, reloads, two tabs, new software."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.gate_phone import STORE, cut_off, forgive, on_duty, rows, unlock

pytestmark = pytest.mark.browser
SitDown = Callable[..., Page]
EVENTS = "**/gate/device/events"
MANY = 1000
# As the page's own modules write them, without a tap for each.
WRITE = """async ([store, gate, count]) => {
    const { add } = await import(store);
    for (let one = 0; one < count; one += 1) {
        await add({ id: crypto.randomUUID(), kind: "turned_back", gate, at: Date.now(), count: 1 });
    }
}"""

NO_SUCH_PASS = """async store => (await import(store)).add({
    id: crypto.randomUUID(), kind: "exit", gate: 1, at: Date.now(), index: 99999999 })"""


@pytest.fixture
def phone(sit_down: SitDown) -> Iterator[Page]:
    """On duty, with everything sent."""
    page = on_duty(sit_down)
    sent(page)
    yield page
    for one in page.context.pages:
        forgive(one)


def sent(page: Page, patience: int = 30_000) -> None:
    expect(page.locator("#status small")).to_contain_text("已全部上报", timeout=patience)


def store_of(page: Page) -> str:
    """The address of the module that keeps what waits."""
    return str(page.evaluate(STORE))


def another_tab(page: Page) -> Page:
    other = page.context.new_page()
    other.complaints = []  # type: ignore[attr-defined]
    return other


def write(page: Page, count: int) -> None:
    store = store_of(page)
    page.evaluate(WRITE, [store, 1, count])


def signal(page: Page) -> None:
    """As when the phone finds a signal again."""
    page.evaluate("dispatchEvent(new Event('online'))")


def newest_device(folder: Path) -> int:
    return int(str(rows(folder, "select max(id) from gate_device")[0][0]))


def numbers(folder: Path, device: int) -> list[int]:
    found = rows(folder, "select n from gate_arrival where device_id = ? order by n", device)
    return [int(str(n)) for (n,) in found]


def test_a_thousand_events_under_faults_arrive_once_each(phone: Page, site_folder: Path) -> None:
    drawn = random.Random(20261124)
    device = newest_device(site_folder)
    met = {"lost answer": 0, "error": 0, "no answer": 0, "well": 0}

    def trouble(route: Route) -> None:
        kind = drawn.choice(["lost answer", "error", "no answer", "well", "well"])
        met[kind] += 1
        if kind == "lost answer":  # the portal has taken everything over, and the phone never hears of it
            route.fetch()
            route.abort()
        elif kind == "error":
            route.fulfill(status=502, body="bad gateway")
        elif kind == "no answer":
            route.abort()
        else:
            route.continue_()

    phone.context.route(EVENTS, trouble)
    other = another_tab(phone)
    other.goto("/gate/")
    for _round in range(8):
        write(phone, MANY // 8)
        signal(phone)
        signal(other)
        if drawn.random() < 0.5:
            other.reload()
    for _try in range(60):
        signal(phone)
        signal(other)
        phone.wait_for_timeout(300)
        if len(numbers(site_folder, device)) > MANY and not waiting_count(phone):
            break
    assert min(met.values()) > 0, f"every kind of trouble was met: {met}"
    found = numbers(site_folder, device)
    assert found == list(range(1, MANY + 2)), "on duty and a thousand more: none lost, none double, no gap"
    records = rows(
        site_folder,
        """select count(*) from gate_arrival a join gate_record r on r.id = a.record_id
        where a.device_id = ? and r.event = 'turned_back'""",
        device,
    )
    assert records == [(MANY,)]


def waiting_count(page: Page) -> int:
    store = store_of(page)
    return int(page.evaluate("async store => (await import(store)).count()", store))


def test_a_tab_that_is_killed_and_new_software_keep_what_waits(phone: Page, site_folder: Path) -> None:
    device = newest_device(site_folder)
    cut_off(phone)
    write(phone, 50)
    context = phone.context
    killed = another_tab(phone)
    phone.close(run_before_unload=False)
    cut_off(killed, cut=False)
    old = killed.request.get("/gate/sw.js").text()
    newer = old.replace(old.split('"')[1], "another build", 1)
    context.route("**/gate/sw.js", lambda route: route.fulfill(body=newer, content_type="text/javascript"))
    killed.goto("/gate/")
    killed.evaluate(
        "navigator.serviceWorker.getRegistration('/gate/').then(one => one.update()).then(() => 1)"
    )
    killed.reload()
    unlock(killed)
    sent(killed)
    assert numbers(site_folder, device) == list(range(1, 52)), "the shift, which goes on, and fifty"


def test_one_bad_event_blocks_no_other(phone: Page, site_folder: Path) -> None:
    device = newest_device(site_folder)
    store = store_of(phone)
    phone.evaluate(NO_SUCH_PASS, store)
    write(phone, 3)
    signal(phone)
    expect(phone.locator("#status small")).to_contain_text("1 条未被接收")
    assert len(numbers(site_folder, device)) == 5
    phone.locator("#status button").click()
    with phone.expect_download() as saved:
        phone.get_by_role("button", name="存为文件").click()
    assert "99999999" in Path(saved.value.path()).read_text()


def test_a_reply_that_names_nothing_takes_nothing_away(phone: Page, site_folder: Path) -> None:
    device = newest_device(site_folder)
    phone.context.route(EVENTS, lambda route: route.fulfill(json={"results": [], "now": 0}))
    write(phone, 2)
    signal(phone)
    phone.wait_for_timeout(500)
    assert waiting_count(phone) == 2
    phone.context.unroute(EVENTS)
    signal(phone)
    sent(phone)
    assert len(numbers(site_folder, device)) == 3
