"""Scanners that type into the gate's page: Caps Lock, Chinese input methods, other layouts, no Enter, haste."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, Page

from portal.passes.keys import KeyRing
from tests.browser.workbench import workbench
from tests.printing.paper import certificate

pytestmark = pytest.mark.browser

ON_KEYS = {
    **dict.fromkeys(" ", "Space"),
    **dict.fromkeys("-_", "Minus"),
    **dict.fromkeys("=+", "Equal"),
    **dict.fromkeys(".>", "Period"),
    **dict.fromkeys("/?", "Slash"),
    **dict.fromkeys(";:", "Semicolon"),
}
ON_DIGITS = ")!@#$%^&*("
SHIFTED = ON_DIGITS + '_+:>?"'
SHIFT, CTRL = 8, 2
ENTER = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13, "text": "\r"}
TAB = {"key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9}
AS_GERMAN = str.maketrans("YZ:/-+*", "ZYÖ-ß`(")  # what that layout makes of the keys
LISTEN = """async (url) => {
    window.said = [];
    const { listen } = await import(url);
    const field = document.querySelector("#field");
    field.focus();
    document.querySelector("#button").addEventListener("click", () => said.push("PRESSED"));
    window.listener = listen(field, (text) => { said.push(text); return window.busy; });
}"""
AFTER = "(ms) => new Promise((resolve) => { setTimeout(() => resolve(window.said), ms); })"


class Scanner:
    """A scanner at the page: it sends keys as an American keyboard would."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.wire: CDPSession = page.context.new_cdp_session(page)

    def press(self, key: dict[str, Any], modifiers: int = 0) -> None:
        """Down is enough: the page does not listen for a key that comes up again."""
        kind = "keyDown" if key.get("text") else "rawKeyDown"
        self.wire.send("Input.dispatchKeyEvent", {"type": kind, "modifiers": modifiers, **key})

    def type(self, text: str, written: str | None = None) -> None:
        """The keys of ``text``; the computer makes ``written`` of them (Caps Lock, another layout)."""
        for character, result in zip(text, written or text, strict=True):
            self.press({**key_of(character), "key": result, "text": result}, shift(character))

    def type_into_input_method(self, text: str) -> None:
        """A Chinese input method takes every key and shows what it makes of them as a composition."""
        for end, character in enumerate(text, 1):
            self.press(
                {**key_of(character), "key": "Process", "windowsVirtualKeyCode": 229}, shift(character)
            )
            self.compose("规" * (1 + end // 4))

    def compose(self, text: str) -> None:
        place = {"selectionStart": len(text), "selectionEnd": len(text)}
        self.wire.send("Input.imeSetComposition", {"text": text, **place})

    def commit(self, text: str) -> None:
        self.wire.send("Input.insertText", {"text": text})

    def said(self, after: int = 0) -> list[str]:
        told: list[str] = self.page.evaluate(AFTER, after)
        return told

    def left(self) -> str:
        return self.page.input_value("#field")


def key_of(character: str) -> dict[str, Any]:
    if character.isalpha():
        return {"code": f"Key{character.upper()}", "windowsVirtualKeyCode": ord(character.upper())}
    digit = character if character.isdigit() else str(ON_DIGITS.find(character))
    if digit != "-1":
        return {"code": f"Digit{digit}", "windowsVirtualKeyCode": ord(digit)}
    return {"code": ON_KEYS[character], "windowsVirtualKeyCode": 0}


def shift(character: str) -> int:
    return SHIFT if character.isupper() or character in SHIFTED else 0


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Callable[[str], str]]]:
    with workbench(tmp_path_factory.mktemp("workbench")) as made:
        yield made


@pytest.fixture(scope="module")
def codes(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Codes with a space in them, which presses buttons."""
    ring = KeyRing.open(tmp_path_factory.mktemp("keys"))
    made = (certificate(number, ring).code for number in range(1, 200))
    return [code for code in made if " " in code][:2]


@pytest.fixture
def scanner(browser: Browser, bench: tuple[str, Callable[[str], str]]) -> Iterator[Scanner]:
    with browser.new_context(base_url=bench[0]) as context:
        page = context.new_page()
        page.goto("/")
        page.evaluate(LISTEN, bench[1]("js/gate/typing.js"))
        yield Scanner(page)
        assert page.url == f"{bench[0]}/", "the form was sent away"


def test_a_scan_and_the_next_one_at_once(scanner: Scanner, codes: list[str]) -> None:
    for code in codes:
        scanner.type(code)
        scanner.press(ENTER)
    assert scanner.said() == codes
    assert scanner.left() == ""


def test_caps_lock_does_not_matter(scanner: Scanner, codes: list[str]) -> None:
    scanner.type(codes[0], codes[0].swapcase())
    scanner.press(ENTER)
    assert scanner.said() == [codes[0]]


def test_a_chinese_input_method_does_not_matter(scanner: Scanner, codes: list[str]) -> None:
    for code in codes:
        scanner.type_into_input_method(code)
        scanner.press({**ENTER, "key": "Process", "windowsVirtualKeyCode": 229, "text": ""})
        scanner.commit("规规矩矩")
    assert scanner.said() == codes
    assert scanner.left() == ""


def test_an_input_method_that_never_comes_to_its_end(scanner: Scanner, codes: list[str]) -> None:
    scanner.type_into_input_method(codes[0])
    scanner.press({**ENTER, "key": "Process", "windowsVirtualKeyCode": 229, "text": ""})
    assert scanner.said(after=400) == [codes[0]]


CHINESE = str.maketrans(".$/*", "。￥、×")
WIDE = str.maketrans({chr(narrow): chr(narrow + 0xFEE0) for narrow in range(0x21, 0x7F)} | {" ": "\u3000"})


@pytest.mark.parametrize("table", [CHINESE, WIDE], ids=["Chinese signs", "full width"])
def test_a_phone_that_hides_its_keys(scanner: Scanner, codes: list[str], table: dict[int, Any]) -> None:
    written = codes[0].translate(table)
    hidden = {"key": "Unidentified", "code": "", "windowsVirtualKeyCode": 229}
    for end in range(10, len(written), 10):
        scanner.press(hidden)
        scanner.compose(written[:end])
    scanner.commit(written)
    scanner.press({**ENTER, "code": ""})
    assert scanner.said() == [codes[0]]
    assert scanner.left() == ""


def test_another_layout_does_not_matter(scanner: Scanner, codes: list[str]) -> None:
    scanner.type(codes[0], codes[0].translate(AS_GERMAN))
    scanner.press(ENTER)
    assert scanner.said() == [codes[0]]


def test_a_scanner_without_enter(scanner: Scanner, codes: list[str]) -> None:
    half = len(codes[0]) // 2
    scanner.type(codes[0][:half])
    assert scanner.said(after=400) == [], "half a code is not one"
    scanner.type(codes[0][half:])
    assert scanner.said(after=400) == [codes[0]]
    scanner.press(ENTER)
    assert scanner.said(after=100) == [codes[0]], "an Enter that comes late ends nothing"


@pytest.mark.parametrize(
    ("key", "modifiers"),
    [(TAB, 0), (key_of("J") | {"key": "j"}, CTRL), (key_of("M") | {"key": "m"}, CTRL)],
    ids=["tab", "line feed", "carriage return"],
)
def test_other_ends(scanner: Scanner, codes: list[str], key: dict[str, Any], modifiers: int) -> None:
    scanner.type(codes[0])
    scanner.press(key, modifiers)
    assert scanner.said() == [codes[0]]
    assert scanner.page.evaluate("document.activeElement.id") == "field"


def test_nothing_is_lost_while_the_page_is_busy(scanner: Scanner, codes: list[str]) -> None:
    scanner.page.evaluate("() => { window.busy = new Promise((resolve) => { window.ready = resolve; }); }")
    for text in (*codes, codes[0]):
        scanner.type(text)
        scanner.press(ENTER)
    assert scanner.said(after=200) == codes[:1], "one after the other"
    scanner.page.evaluate("ready()")
    assert scanner.said(after=100) == [*codes, codes[0]]


def test_keys_wait_for_a_page_that_hangs(scanner: Scanner, codes: list[str]) -> None:
    hang = "const until = performance.now() + 800; while (performance.now() < until);"
    scanner.page.evaluate(f"() => {{ setTimeout(() => {{ {hang} }}, 50); }}")
    for code in codes:
        scanner.type(code)
        scanner.press(ENTER)
    assert scanner.said() == codes


def test_a_mistake_of_the_page_stops_nothing(scanner: Scanner, codes: list[str]) -> None:
    scanner.page.evaluate(
        "() => { window.busy = Promise.reject(new Error('no verdict')); busy.catch(() => {}); }"
    )
    for code in codes:
        scanner.type(code)
        scanner.press(ENTER)
    assert scanner.said(after=100) == codes


def test_a_scan_presses_no_button(scanner: Scanner, codes: list[str]) -> None:
    scanner.page.focus("#button")
    scanner.type(codes[0])
    scanner.press(ENTER)
    assert scanner.said() == [codes[0]]


def test_people_still_press_buttons_and_fill_in_other_fields(scanner: Scanner) -> None:
    for key in ("Space", "Enter"):
        scanner.page.press("#button", key)
    scanner.page.focus("#other")
    scanner.type("36.5")
    assert scanner.said(after=200) == ["PRESSED", "PRESSED"]
    assert scanner.page.input_value("#other") == "36.5"
    assert scanner.left() == ""


def test_a_short_code_typed_by_hand(scanner: Scanner) -> None:
    scanner.type("abcf2345")
    scanner.press({"key": "Backspace", "code": "Backspace", "windowsVirtualKeyCode": 8})
    scanner.type("6")
    assert scanner.said(after=400) == []
    scanner.press(ENTER)
    assert scanner.said() == ["ABCF2346"]


def test_something_else_before_a_code_does_not_spoil_it(scanner: Scanner, codes: list[str]) -> None:
    scanner.type("abc")
    scanner.type(codes[0])
    scanner.press(ENTER)
    assert scanner.said() == [codes[0]]


def test_another_code_is_told_too(scanner: Scanner) -> None:
    scanner.type("HEALTH-CODE/OF-SOMEWHERE")
    scanner.press(ENTER)
    assert scanner.said() == ["HEALTH-CODE/OF-SOMEWHERE"]


def test_after_the_end_nothing_is_heard(scanner: Scanner, codes: list[str]) -> None:
    scanner.page.evaluate("listener.stop()")
    scanner.type(codes[0])
    assert scanner.said(after=400) == []
