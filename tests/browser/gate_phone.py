"""A gate's phone in the tests: paired with a code of the command post, unlocked, its network cut and given back."""

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from portal.rehearsal.stories.gate import PIN

CODE = re.compile(r"\b\d{4} \d{4}\b")
SitDown = Callable[..., Page]
# The address of the module that keeps what waits.
STORE = "Array.from(document.querySelectorAll('link')).map(one => one.href).find(one => /store/.test(one))"


def paired(sit_down: SitDown, **options: object) -> Page:
    """A phone that has just been paired with the north gate: it asks who is on duty."""
    phone = sit_down(None, **options)
    phone.goto("/gate/")
    pair(phone, new_code(sit_down))
    return phone


def new_code(sit_down: SitDown) -> str:
    """What the commander shows."""
    wang = sit_down("wang")
    wang.goto("/gates/devices/1/pair")
    wang.locator("main form button").first.click()
    found = CODE.search(wang.locator("main").inner_text())
    assert found
    return found.group()


def pair(phone: Page, code: str) -> None:
    """Type the code, and wait until the list is there."""
    phone.fill("[name=code]", code)
    phone.fill("[name=name]", "北门试机")
    phone.click("form button")
    expect(phone.locator(".people button")).to_have_count(1)


def unlock(phone: Page, pin: str = PIN) -> None:
    """The gatekeeper of the demo begins the shift."""
    phone.locator(".people button").click()
    phone.fill("[name=pin]", pin)
    phone.click("form button")


def on_duty(sit_down: SitDown, **options: object) -> Page:
    """Paired, unlocked, and waiting for the first person."""
    phone = paired(sit_down, **options)
    unlock(phone)
    expect(phone.locator("video")).to_be_attached()
    return phone


def scan(phone: Page, text: str) -> None:
    """As a scanner types: all at once, with Enter."""
    phone.focus("[name=code]")
    phone.keyboard.insert_text(text)
    phone.keyboard.press("Enter")


def cut_off(phone: Page, *, cut: bool = True) -> None:
    """Take the network away, or give it back. What the browser says about that is no complaint."""
    phone.context.set_offline(cut)


def forgive(phone: Page) -> None:
    """Of a page whose network was cut or disturbed only other complaints count."""
    noise = ("ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "status of 5", "status of 401", "ERR_NETWORK")
    phone.complaints[:] = [one for one in phone.complaints if not any(word in one for word in noise)]  # type: ignore[attr-defined]


def rows(folder: Path, question: str, *values: object) -> list[tuple[object, ...]]:
    """What stands in the portal's database."""
    with sqlite3.connect(folder / "gridgate.db") as database:
        return database.execute(question, values).fetchall()
