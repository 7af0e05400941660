"""The vectors in a browser: the gate's modules decide, read and refuse exactly as Python does."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cbor2
import pytest
from playwright.sync_api import Browser, Page

from portal.passes import cbor, serials
from portal.passes.quota import local_day, local_minute
from tests.browser.workbench import workbench
from tests.passes.test_code import OTHER_SPELLINGS
from tests.vectors.codes import OURS, raw_signature
from tests.vectors.mutations import mutations
from tests.vectors.published import CODES, GATE, NOW, fault_of, moment, printed_codes, ring_in

pytestmark = pytest.mark.browser

MANY = 10_000
NEVER = [
    "c000",
    "f93c00",
    "9f00ff",
    "1800",
    "0000",
    "62c328",
    "a201000102",
    "f7",
    "1b0020000000000000",
    "5bff" + "ff" * 7,
]
WHEREVER = pytest.mark.parametrize("phone", ["Asia/Shanghai", "America/New_York"], indirect=True)

# The first case in which the phone says something else, whole; null where there is none.
FIRST_OTHER = """
const inOrder = (value) => Array.isArray(value) ? value.map(inOrder) : value !== null && typeof value === "object"
  ? Object.keys(value).sort().map((name) => [name, inOrder(value[name])]) : value;
const same = (one, other) => JSON.stringify(inOrder(one)) === JSON.stringify(inOrder(other));
"""
DECIDE = (
    "async ([url, file]) => { const { decide, shownState } = await import(url);"
    + FIRST_OTHER
    + """
  for (const one of JSON.parse(file)) {
    const held = one.facts.held;
    const decision = decide(one.facts);
    const shown = held ? shownState(held.standing, held.rule, one.facts.at) : null;
    if (!same(decision, one.decision) || shown !== one.shown) return { one, phone: { decision, shown } };
  }
  return null;
}"""
)
READ = (
    "async ([url, keys, cases]) => { const { read } = await import(url);"
    + FIRST_OTHER
    + """
  for (const one of cases) {
    const told = await read(one.text, keys, one.at).then(
      (claims) => ({ claims, fault: null }),
      ({ fault, claims }) => ({ claims, fault })
    );
    if (told.fault !== one.fault || !same(told.claims, one.claims)) return { one, phone: told };
  }
  return null;
}"""
)
FAULTS = """async ([url, keys, at, texts]) => {
  const { read } = await import(url);
  const faults = [];
  const why = (error) => error.fault || String(error);
  for (const text of texts) faults.push(await read(text, keys, at).then(() => null, why));
  return faults;
}"""


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Callable[[str], str]]]:
    """A page with the portal's files and content policy: its address, and the URL of a file by its name."""
    with workbench(tmp_path_factory.mktemp("rules")) as serving:
        yield serving


@pytest.fixture(scope="module")
def phone(browser: Browser, bench: tuple[str, Any], request: pytest.FixtureRequest) -> Iterator[Page]:
    """A phone whose clock was set for that place."""
    context = browser.new_context(timezone_id=getattr(request, "param", "Asia/Shanghai"))
    page = context.new_page()
    page.goto(bench[0])
    yield page
    context.close()


@pytest.fixture
def url(bench: tuple[str, Callable[[str], str]]) -> Callable[[str], str]:
    """The address of a module of the gate."""
    return lambda name: bench[1](f"js/gate/{name}.js")


@WHEREVER
def test_every_decision_is_the_one_of_the_file_wherever_the_phone_was_set(
    phone: Page, url: Callable[[str], str]
) -> None:
    other = phone.evaluate(DECIDE, [url("rules"), json.dumps(GATE)])
    assert other is None, json.dumps(other, ensure_ascii=False)


def test_every_code_says_what_the_file_says(phone: Page, url: Callable[[str], str]) -> None:
    other = phone.evaluate(READ, [url("code"), CODES["keys"], CODES["cases"]])
    assert other is None, json.dumps(other, ensure_ascii=False)


def test_of_ten_thousand_spoilt_codes_none_is_accepted(
    phone: Page, url: Callable[[str], str], tmp_path: Path
) -> None:
    """Each is refused for the same fault as in Python, and nothing else goes wrong."""
    texts, ring = list(mutations(printed_codes(), MANY)), ring_in(tmp_path)
    faults = phone.evaluate(FAULTS, [url("code"), CODES["keys"], NOW, texts])
    assert len(faults) == MANY
    assert None not in faults
    told = zip(texts, faults, strict=True)
    others = [(text, fault) for text, fault in told if fault != fault_of(text, ring)]
    assert not others, others[0]


def test_what_people_type_is_checked_as_in_python(phone: Page, url: Callable[[str], str]) -> None:
    numbers = [serials.serial(3, 123), serials.serial(722003, 1), serials.serial(999_999, 999_999)]
    codes = ["2345678" + one for one in serials.SHORT_CODE_CHARACTERS]
    typed = [*numbers, *(number[:-1] + "A" for number in numbers), *codes, *(code.lower() for code in codes)]
    typed += [
        "",
        "003",
        "3-123-K",
        "003-000000-A",
        "000-000123-A",
        "００３-000123-K",
        "2345-678u",
        "ｚ２３４—５６７８",
        "😀" * 8,
    ]
    asked = """async ([url, typed]) => {
      const { serialOk, shortCodeOk, tidyShortCode } = await import(url);
      return typed.map((text) => [serialOk(text), shortCodeOk(text), tidyShortCode(text)]);
    }"""
    expected = [
        [serials.serial_ok(text), serials.short_code_ok(text), serials.tidy_short_code(text)]
        for text in typed
    ]
    assert any(row[0] for row in expected)
    assert any(row[1] for row in expected)
    assert phone.evaluate(asked, [url("code"), typed]) == expected


@WHEREVER
def test_days_and_minutes_are_those_of_the_wall_clock_here(phone: Page, url: Callable[[str], str]) -> None:
    moments = [
        1_795_449_599 + step for step in (0, 1, 2, 60, 61, 28_799, 28_800, 57_600, 86_399, 400 * 86_400)
    ]
    asked = """async ([url, moments]) => {
      const { localDay, localMinute, momentOf } = await import(url);
      return moments.map((at) => [localDay(at), localMinute(at), momentOf(localDay(at), localMinute(at))]);
    }"""
    first = local_day(moment(0)).toordinal()
    expected = [
        [local_day(moment(at)).toordinal() - first, local_minute(moment(at)), at - at % 60] for at in moments
    ]
    assert phone.evaluate(asked, [url("quota"), moments]) == expected


def test_the_phone_reads_one_spelling_of_a_value_only(phone: Page, url: Callable[[str], str]) -> None:
    """As Python does; a bundle may hold more, but nothing in another spelling either."""
    asked = """async ([url, spellings]) => {
      const { read, OF_A_CODE, OF_A_BUNDLE } = await import(url);
      const bytes = (hex) => Uint8Array.from(hex.match(/../g) || [], (two) => parseInt(two, 16));
      const plain = (value) => value instanceof Map ? Array.from(value, (pair) => pair.map(plain))
        : value instanceof Uint8Array ? Array.from(value) : Array.isArray(value) ? value.map(plain) : value;
      const told = (hex, limits) => {
        try { return [plain(read(bytes(hex), limits))]; } catch (error) { return null; }
      };
      return [OF_A_CODE, OF_A_BUNDLE].map((limits) => spellings.map((hex) => told(hex, limits)));
    }"""
    legal = [[1, -7, 2**33, b"\x00\xff", "\ufeff网格通"], {1: {-65537: [0]}}, b"\x05" * 300, list(range(64))]
    only_in_bundles = [{"name": None, "is_demo": True, "rest": False}, list(range(65)), [[[[[[1]]]]]]]
    hexes = [cbor2.dumps(one, canonical=True).hex() for one in (*legal, *only_in_bundles)]
    of_code, of_bundle = phone.evaluate(asked, [url("cbor"), [*hexes, *OTHER_SPELLINGS, *NEVER]])
    as_read = [[as_the_phone_says(cbor.read(bytes.fromhex(one)))] for one in hexes[: len(legal)]]
    assert of_code[: len(legal)] == of_bundle[: len(legal)] == as_read
    assert of_code[len(legal) :] == [None] * (len(only_in_bundles) + len(OTHER_SPELLINGS) + len(NEVER))
    assert None not in of_bundle[: len(hexes)]
    assert of_bundle[len(hexes) + len(OTHER_SPELLINGS) :] == [None] * len(NEVER)


def as_the_phone_says(value: Any) -> Any:
    """Bytes and maps as lists."""
    if isinstance(value, dict):
        return [[key, as_the_phone_says(inner)] for key, inner in value.items()]
    return [as_the_phone_says(one) for one in value] if isinstance(value, list | bytes) else value


@pytest.mark.parametrize("size", [0, 200, 5_000, 70_000])
def test_a_message_of_any_length_is_verified_with_what_both_sides_know(
    phone: Page, url: Callable[[str], str], size: int
) -> None:
    """As a bundle is: a signature that also covers bytes beside the message."""
    header, payload, beside = cbor2.dumps({1: -7, 4: b"NG"}), b"x" * size, b"gridgate bundle"
    signature = raw_signature(OURS, cbor2.dumps(["Signature1", header, beside, payload]))
    message = cbor2.dumps([header, {}, payload, signature])
    asked = """async ([url, key, message, beside]) => {
      const { parts, keyId, hasSigned } = await import(url);
      const told = parts(Uint8Array.from(message));
      const with_ = (known) => hasSigned(key, told, known);
      return [keyId(told.header), await with_(Uint8Array.from(beside)), await with_(Uint8Array.of(1)), await with_()];
    }"""
    told = phone.evaluate(asked, [url("cose"), CODES["keys"][1], list(message), list(beside)])
    assert told == ["4e47", True, False, False]
