"""A guard's shift on a phone: paired once, then without any network, and nothing lost."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.gate_phone import (
    STORE,
    cut_off,
    forgive,
    new_code,
    on_duty,
    pair,
    paired,
    rows,
    scan,
    unlock,
)
from tests.browser.test_every_page import AXE

pytestmark = pytest.mark.browser
# As a list that was written before the order: its segment of rules is an empty array.
WITHOUT_RULES = """async () => {
    const store = await import(STORE), kept = await store.get("bundle");
    kept.segments.rules = Uint8Array.of(0x80);
    await store.set("bundle", kept);
}"""
COUNT = """async told => {
    const url = Array.from(document.querySelectorAll("link")).map(one => one.href).find(one => /figures/.test(one));
    const { after } = await import(url);
    return told.reduce(after, undefined);
}"""
SitDown = Callable[..., Page]


@pytest.fixture
def phones(sit_down: SitDown) -> Iterator[list[Page]]:
    """What a page says of a network that was cut is no complaint."""
    used: list[Page] = []
    yield used
    for phone in used:
        forgive(phone)


def a_code(folder: Path, state: str = "issued", kind: str = "household") -> tuple[str, int]:
    """A signed code of a pass of that state, as a scanner reads it, and its number in the list."""
    question = """select code, status_index from pass where code is not null and state = ? and kind = ? and not replaced
        and id not in (select pass_id from trip where in_at is null and pass_id is not null) order by id desc"""
    code, index = rows(folder, question, state, kind)[0]
    return str(code), int(str(index))


def waiting(phone: Page) -> None:
    """Until everything has been sent."""
    expect(phone.locator("#status small")).to_contain_text("已全部上报", timeout=20_000)


def test_a_shift_without_network(sit_down: SitDown, site_folder: Path, phones: list[Page]) -> None:
    phone = on_duty(sit_down)
    phones.append(phone)
    waiting(phone)
    phone.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    code, index = a_code(site_folder)
    revoked, _index = a_code(site_folder, "revoked")
    cut_off(phone)
    before = len(rows(site_folder, "select id from gate_arrival"))

    scan(phone, code)
    expect(phone.locator("main.gate.ok h1")).to_contain_text("可通行")
    expect(phone.locator("main.gate.ok h1")).to_contain_text("Go")
    expect(phone.locator(".sheet")).to_contain_text("演示·")
    phone.get_by_role("button", name="出", exact=True).click()
    expect(phone.locator("[role=status].ok")).to_contain_text("已登记：出")

    scan(phone, code)
    expect(phone.locator("main.gate.ok")).to_be_visible(), "whoever is out comes back"
    phone.get_by_label("体温").fill("379")
    phone.get_by_role("button", name="入", exact=True).click()
    expect(phone.locator("main.gate.no")).to_contain_text("37.9")
    phone.get_by_role("button", name="劝返").click()

    scan(phone, revoked)
    expect(phone.locator("main.gate.no")).to_contain_text("作废")
    phone.get_by_role("button", name="劝返").click()
    phone.get_by_role("button", name="劝返一车").click()
    expect(phone.locator("main")).to_contain_text("1 车")

    phone.reload()
    unlock(phone)
    expect(phone.locator("#status small")).to_contain_text("4 条待上报")
    scan(phone, code)
    phone.get_by_role("button", name="入", exact=True).click()
    assert len(rows(site_folder, "select id from gate_arrival")) == before, "nothing has a way out"

    cut_off(phone, cut=False)
    phone.evaluate("dispatchEvent(new Event('online'))")
    waiting(phone)
    assert len(rows(site_folder, "select id from gate_arrival")) == before + 5, (
        "who unlocks again goes on with the shift"
    )
    trips = rows(
        site_folder,
        """select t.in_at is not null from trip t join pass p on p.id = t.pass_id
        where p.status_index = ? order by t.id desc""",
        index,
    )
    assert trips[0] == (1,), "one trip, ended"
    sent = rows(site_folder, "select body from gate_arrival order by received_at desc, n desc limit 6")
    assert "演示" not in str(sent), "no names on their way"


def test_a_clock_that_is_wrong_by_a_day(sit_down: SitDown, site_folder: Path, phones: list[Page]) -> None:
    phone = on_duty(sit_down)
    phones.append(phone)
    waiting(phone)
    phone.clock.install(time=(phone.evaluate("Date.now()") + 86_400_000) / 1000)
    phone.reload()
    unlock(phone)
    waiting(phone)
    expect(phone.locator("#status")).to_contain_text("快")
    phone.get_by_role("button", name="劝返一人").click()
    waiting(phone)
    (hours,) = rows(
        site_folder,
        """select round((julianday(claimed_at) - julianday(happened_at)) * 24)
        from gate_arrival order by received_at desc, n desc limit 1""",
    )[0]
    assert float(str(hours)) >= 24, "what the phone claimed, and when it was"
    (late,) = rows(
        site_folder,
        """select abs(julianday(received_at) - julianday(happened_at)) * 86400 < 60
        from gate_arrival order by received_at desc, n desc limit 1""",
    )[0]
    assert late == 1


def test_ended_with_a_full_queue_and_paired_again(
    sit_down: SitDown, site_folder: Path, phones: list[Page]
) -> None:
    phone = on_duty(sit_down)
    phones.append(phone)
    waiting(phone)
    cut_off(phone)
    for _time in range(3):
        phone.get_by_role("button", name="劝返一人").click()
        expect(phone.locator("[role=status].ok")).to_be_visible()
    before = len(rows(site_folder, "select id from gate_arrival"))
    wang = sit_down("wang")
    wang.goto("/gates/devices/1")
    wang.locator("main a[href*='/end']").first.click()
    wang.locator("main textarea, main input[type=text]").last.fill("手机丢了")
    wang.locator("main form button").first.click()
    cut_off(phone, cut=False)
    phone.evaluate("dispatchEvent(new Event('online'))")
    expect(phone.locator("#status")).to_contain_text("解除配对")
    expect(phone.locator("#status small")).to_contain_text("3 条待上报")
    phone.get_by_role("button", name="锁屏").click()
    pair(phone, new_code(sit_down))
    unlock(phone)
    waiting(phone)
    assert len(rows(site_folder, "select id from gate_arrival")) == before + 3


def test_a_pin_keeps_colleagues_apart(sit_down: SitDown, phones: list[Page]) -> None:
    phone = paired(sit_down)
    phones.append(phone)
    phone.clock.install()
    phone.locator(".people button").click()
    for _time in range(5):
        phone.fill("[name=pin]", "000001")
        phone.click("form button")
        expect(phone.locator("[role=alert]")).not_to_be_empty()
        expect(phone.locator("[name=pin]")).to_have_value("")
    expect(phone.locator("[role=alert]")).to_contain_text("请等")
    expect(phone.locator("form button")).to_be_disabled()
    phone.reload()
    phone.locator(".people button").click()
    expect(phone.locator("form button")).to_be_disabled(), "neither another try nor a reload makes it shorter"
    phone.clock.run_for(400_000)
    phone.fill("[name=pin]", "135790")
    phone.click("form button")
    expect(phone.locator("video")).to_be_attached()
    phone.clock.run_for(121_000)
    expect(phone.locator("h1")).to_contain_text("谁在值守")


def test_whoever_comes_home_is_let_in(sit_down: SitDown, site_folder: Path, phones: list[Page]) -> None:
    phone = on_duty(sit_down)
    phones.append(phone)
    cut_off(phone)
    code, _index = a_code(site_folder, kind="work")
    scan(phone, code)
    expect(phone.locator("main.gate.ok")).to_be_visible()
    phone.evaluate(
        "() => { const [out] = document.querySelectorAll('.thumb button'); out.click(); out.click(); }"
    )
    expect(phone.locator("[role=status].ok")).to_contain_text("已登记：出")
    assert [event["kind"] for event in kept_events(phone)].count("exit") == 1, "two taps are not two exits"
    scan(phone, code)
    expect(phone.locator("main.gate.ok .thumb button").first).to_have_text("入")
    phone.get_by_role("button", name="出", exact=True).click()
    expect(phone.locator("main.gate.no")).to_be_visible()
    phone.get_by_role("button", name="改为入").click()
    phone.locator("main.gate.ok").get_by_role("button", name="入", exact=True).click()
    expect(phone.locator("[role=status].ok")).to_contain_text("已登记：入")
    assert [event["kind"] for event in kept_events(phone)][-2:] == ["exit", "entry"], "nobody was refused"


def test_a_pass_of_an_order_that_the_list_does_not_know(
    sit_down: SitDown, site_folder: Path, phones: list[Page]
) -> None:
    phone = on_duty(sit_down)
    phones.append(phone)
    waiting(phone)
    cut_off(phone)
    phone.evaluate(WITHOUT_RULES.replace("STORE", STORE))
    phone.reload()
    unlock(phone)
    scan(phone, a_code(site_folder, kind="vehicle")[0])
    expect(phone.locator("main.gate.look [role=status]")).to_contain_text("依据的指令")
    expect(phone.locator("main.gate")).not_to_contain_text("来访"), "nothing is said about visitors"
    expect(phone.locator("main.gate .thumb button")).to_have_count(2)


def test_figures_outlive_the_lock_and_the_list(
    sit_down: SitDown, site_folder: Path, phones: list[Page]
) -> None:
    phone = on_duty(sit_down)
    phones.append(phone)
    for name in ("劝返一人", "劝返一车"):
        phone.get_by_role("button", name=name).click()
        expect(phone.locator("[role=status].ok")).to_be_visible()
    waiting(phone)
    phone.evaluate(f"async () => (await import({STORE})).dropKnown(Date.now() + 86400000)")
    phone.get_by_role("button", name="锁屏").click()
    unlock(phone)
    expect(phone.locator(".done")).to_contain_text("1 人")
    expect(phone.locator(".done")).to_contain_text("1 车")
    phone.get_by_role("button", name="交班").click()
    expect(phone.locator("[role=status].ok")).to_contain_text("劝返 2")
    unlock(phone)
    waiting(phone)
    device = rows(site_folder, "select max(id) from gate_device")[0][0]
    sent = rows(
        site_folder,
        "select json_extract(body, '$.kind') from gate_arrival where device_id = ? order by n",
        device,
    )
    assert [kind for (kind,) in sent] == ["on_duty", "turned_back", "turned_back", "handed_over", "on_duty"]


def test_somebody_else_takes_over_with_figures_of_their_own(sit_down: SitDown, phones: list[Page]) -> None:
    phone = sit_down(None)
    phones.append(phone)
    phone.goto("/gate/")
    told = [
        {"kind": "on_duty", "staff": 7, "at": 1_000},
        {"kind": "exit", "direction": "exit", "at": 2_000},
        {"kind": "entry", "direction": "entry", "at": 3_000},
        {"kind": "visitor", "direction": "entry", "at": 4_000},
        {"kind": "special_exit", "at": 5_000},
        {"kind": "refused", "direction": "exit", "at": 6_000},
        {"kind": "turned_back", "vehicle": True, "count": 1, "at": 7_000},
    ]
    figures = phone.evaluate(COUNT, told)
    assert (figures["staff"], figures["exits"], figures["entries"], figures["back"]) == (7, 2, 2, 1)
    ended = phone.evaluate(COUNT, [*told, {"kind": "handed_over", "at": 8_000}])
    assert (ended["staff"], ended["exits"], ended["back"], ended["vehicles"]) == (None, 0, 0, 1)
    next_day = phone.evaluate(COUNT, [*told, {"kind": "exit", "at": 90_000_000}])
    assert (next_day["exits"], next_day["vehicles"]) == (3, 0)


def test_a_visitor_with_fever_is_stopped(sit_down: SitDown, phones: list[Page]) -> None:
    phone = on_duty(sit_down)
    phones.append(phone)
    cut_off(phone)
    phone.get_by_role("button", name="无证人员").click()
    phone.get_by_role("button", name="来访").click()
    phone.get_by_label("住址").fill("3号院6号楼2单元301")
    phone.get_by_label("已与被访户核实").check()
    phone.get_by_label("体温").fill("3.8")
    phone.get_by_role("button", name="登记").click()
    expect(phone.locator("[role=alert]")).to_contain_text("36.5")
    phone.get_by_label("体温").fill("38.1")
    phone.get_by_role("button", name="登记").click()
    expect(phone.locator("main.gate.no")).to_contain_text("38.1")
    phone.get_by_role("button", name="劝返").click()
    expect(phone.locator("[role=status].ok")).to_be_visible()
    assert kept_events(phone)[-1]["temperature"] == 381


def kept_events(phone: Page) -> list[dict[str, object]]:
    """What this phone has recorded, the first first."""
    events: list[dict[str, object]] = phone.evaluate(f"async () => (await import({STORE})).own()")
    return sorted(events, key=lambda event: int(str(event["n"])))


def test_each_kind_without_a_pass(sit_down: SitDown, site_folder: Path, phones: list[Page]) -> None:
    phone = on_duty(sit_down)
    phones.append(phone)
    waiting(phone)
    cut_off(phone)
    for name, confirm in (("忘带", False), ("特殊外出", False), ("来访", True)):
        phone.get_by_role("button", name="无证人员").click()
        phone.get_by_role("button", name=name).click()
        phone.get_by_role("button", name="登记").click()
        expect(phone.locator("[role=alert]")).to_contain_text("住址")
        phone.get_by_label("住址").fill("3号院6号楼2单元301")
        if confirm:
            phone.get_by_role("button", name="登记").click()
            expect(phone.locator("[role=alert]")).to_contain_text("核实")
            phone.get_by_label("已与被访户核实").check()
        phone.get_by_role("button", name="登记").click()
        expect(phone.locator("[role=status].ok")).to_be_visible()
    scan(phone, rows(site_folder, "select short_code from pass where short_code is not null limit 1")[0][0])  # type: ignore[arg-type]
    expect(phone.locator("[role=status]").last).to_contain_text("查验码要联网才能查")
    cut_off(phone, cut=False)
    phone.evaluate("dispatchEvent(new Event('online'))")
    waiting(phone)
    kinds = {row[0] for row in rows(site_folder, "select json_extract(body, '$.kind') from gate_arrival")}
    assert {"forgotten", "special_exit", "visitor"} <= kinds
    short = rows(
        site_folder, "select short_code from pass where state = 'issued' and short_code is not null limit 1"
    )[0][0]
    scan(phone, str(short))
    expect(phone.locator("main.gate .sheet")).to_be_visible()


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_every_screen_fits_and_reads(
    sit_down: SitDown, site_folder: Path, phones: list[Page], language: str
) -> None:
    phone = sit_down(None, color_scheme="dark" if language == "en" else "light")
    phones.append(phone)
    phone.goto("/gate/")
    if language == "en":
        phone.get_by_role("button", name="English").click()
    looks(phone)
    pair(phone, new_code(sit_down))
    looks(phone)
    unlock(phone)
    expect(phone.locator("video")).to_be_attached()
    looks(phone)
    for state in ("issued", "revoked"):
        scan(phone, a_code(site_folder, state)[0])
        expect(phone.locator("main.gate")).to_be_visible()
        looks(phone)
        height = phone.evaluate("document.documentElement.scrollHeight")
        assert height <= 640 or language == "en", f"a verdict of {height} px has to be scrolled"
        phone.locator(".line button").click()
        expect(phone.locator("video")).to_be_attached()
    phone.locator("#status button").click()
    expect(phone.locator("#list-file")).to_be_visible()
    looks(phone)


def looks(phone: Page) -> None:
    """Nothing wider than the phone, and axe finds nothing."""
    assert phone.evaluate("document.documentElement.scrollWidth") <= 320
    phone.evaluate(Axe().axe_script)
    found = phone.evaluate("options => axe.run(document, options).then(results => results.violations)", AXE)
    assert not found, [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in found]
