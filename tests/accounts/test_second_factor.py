"""The second factor: set up on the way in, asked for afterwards, each code good once."""

import re
from datetime import timedelta
from typing import Any

import pyotp
import pytest
import time_machine
from flask import g

from portal.accounts import second_factor
from portal.clock import now
from portal.printing.screen_code import screen_code
from portal.units.installation import mark_as_demo
from tests.accounts.doing import Doing
from tests.people import PASSWORD, an, li, qian, root, wang

pytestmark = pytest.mark.usefixtures("with_second_factor")


def typed_key(page: Any) -> str:
    """The secret as it is written on the page, without its gaps."""
    return str(page.tree.xpath("string(//b[@translate='no'])")).replace(" ", "")


@pytest.mark.parametrize("person", [li, wang, an, root], ids=str)
def test_whoever_needs_one_sets_it_up_at_the_first_sign_in(doing: Doing, person: Any) -> None:
    page = doing.sign_in(person)
    assert page.heading == "Set up the second step"
    assert not doing.is_signed_in(person)
    page = page.send("Confirm", code=doing.code(typed_key(page)))
    assert page.heading == "Recovery codes"
    assert len(page.tree.xpath("//main//ol/li")) == 10
    assert doing.is_signed_in(person)


def test_the_key_on_the_page_is_the_one_that_is_stored_and_sealed(doing: Doing) -> None:
    page = doing.sign_in(wang)
    secret = typed_key(page)
    assert re.fullmatch(r"[A-Z2-7]{32}", secret)
    assert page.response.headers["Cache-Control"] == "no-store"
    page.send("Confirm", code=doing.code(secret))
    account = doing.account(wang)
    assert account.totp == secret
    assert secret.encode() not in (account.totp_sealed or b"")


def test_the_code_to_scan_is_drawn_of_the_address() -> None:
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    address = second_factor.enrolment(secret, "wang").address
    assert address == f"otpauth://totp/Gridgate:wang?secret={secret}&issuer=Gridgate"
    assert read_back(screen_code(address)) == address


def test_a_wrong_first_code_sets_nothing_up(doing: Doing) -> None:
    page = doing.sign_in(wang)
    secret = typed_key(page)
    page = page.send("Confirm", code="000000", status=422)
    assert page.has("This is not the code")
    assert typed_key(page) == secret
    assert doing.account(wang).totp is None
    assert not doing.is_signed_in(wang)


def test_grid_members_are_not_asked(doing: Doing) -> None:
    doing.sign_in(qian)
    assert doing.is_signed_in(qian)


def test_between_password_and_code_nothing_is_visible(doing: Doing) -> None:
    doing.enrol(wang)
    page = doing.sign_in(wang)
    assert page.heading == "Second step"
    client = doing.browser.client(wang)
    for path in (
        "/",
        "/me",
        "/accounts/",
        "/me/second-factor",
        "/login/password",
        "/login/second-factor",
        "/login/kept",
    ):
        response = client.get(path)
        assert response.status_code == 303
        assert response.location.startswith("/login")
    assert "_user_id" not in cookie(doing, wang)
    assert doing.live_sign_ins(wang) == 0


def test_the_code_completes_the_sign_in_and_leads_on(doing: Doing) -> None:
    secret = doing.enrol(wang)
    page = doing.sign_in(wang, path="/login?next=/accounts/")
    assert (
        page.send("Sign in", code=f" {doing.code(secret)[:3]} {doing.code(secret)[3:]} ").url == "/accounts/"
    )
    assert doing.is_signed_in(wang)


def test_a_code_is_good_once(doing: Doing) -> None:
    secret = doing.enrol(wang)
    with time_machine.travel(now(), tick=False):
        code = doing.code(secret)
        doing.sign_in(wang).send("Sign in", code=code)
        page = doing.sign_in(wang).send("Sign in", code=code, status=422)
    assert page.has("This code is wrong, or it was used before")
    assert [entry.details for entry in doing.entries("sign_in.failed")] == [{"why": "code"}]


def test_an_earlier_code_is_void_once_a_later_one_was_used(doing: Doing) -> None:
    secret = doing.enrol(wang)
    moment = now()
    with time_machine.travel(moment, tick=False):
        doing.sign_in(wang).send("Sign in", code=doing.code(secret))
        earlier = pyotp.TOTP(secret).at(moment - timedelta(seconds=30))
        doing.sign_in(wang).send("Sign in", code=earlier, status=422)


@pytest.mark.parametrize(("seconds", "taken"), [(-30, True), (30, True), (-90, False), (90, False)])
def test_a_phone_may_be_half_a_minute_wrong(doing: Doing, seconds: int, taken: bool) -> None:
    secret = doing.enrol(wang)
    with time_machine.travel(now(), tick=False):
        code = pyotp.TOTP(secret).at(now() + timedelta(seconds=seconds))
        doing.sign_in(wang).send("Sign in", code=code, status=303 if taken else 422)


def test_half_a_sign_in_lasts_five_minutes(doing: Doing) -> None:
    secret = doing.enrol(wang)
    page = doing.sign_in(wang)
    with time_machine.travel(now() + timedelta(minutes=5, seconds=1)):
        page = page.send("Sign in", code=doing.code(secret))
        assert page.heading == "Sign in"
        assert page.has("Signing in took too long")
    assert not doing.is_signed_in(wang)


def test_half_a_sign_in_of_another_browser_is_of_no_use(doing: Doing) -> None:
    secret = doing.enrol(wang)
    doing.sign_in(wang)
    doing.arrive(wang)
    assert doing.browser.client(wang).get("/login/code").location == "/login"
    assert doing.code(secret)


def test_half_a_sign_in_ends_when_the_password_changes(doing: Doing) -> None:
    secret = doing.enrol(wang)
    page = doing.sign_in(wang)
    token = doing.browser.visit("/accounts/", as_=li).tree.xpath("string(//input[@name='csrf_token']/@value)")
    path = f"/accounts/{doing.account(wang).id}/one-time-password"
    data = {"csrf_token": token, "reason": "lost"}
    assert doing.browser.client(li).post(path, data=data).status_code == 303
    assert page.send("Sign in", code=doing.code(secret)).has("Signing in took too long")


def test_guessing_codes_is_slowed_down(doing: Doing) -> None:
    secret = doing.enrol(wang)
    with time_machine.travel(now(), tick=False):
        page = doing.sign_in(wang)
        for guess in range(4):
            page = page.send("Sign in", code=f"00000{guess}", status=422)
        page = page.send("Sign in", code=doing.code(secret), status=429)
        assert page.has("Too many tries")


def test_a_recovery_code_stands_in_once(doing: Doing) -> None:
    page = doing.sign_in(wang)
    page = page.send("Confirm", code=doing.code(typed_key(page)))
    codes = [item.text_content() for item in page.tree.xpath("//main//ol/li")]
    doing.sign_in(wang).send("Sign in", code=codes[3].upper())
    assert doing.is_signed_in(wang)
    assert doing.browser.visit("/me", as_=wang).has("9 recovery codes left")
    doing.sign_in(wang).send("Sign in", code=codes[3], status=422)
    doing.sign_in(wang).send("Sign in", code=codes[4].replace("-", ""))


def test_recovery_codes_are_shown_for_ten_minutes_to_their_owner(doing: Doing) -> None:
    page = doing.sign_in(wang)
    page = page.send("Confirm", code=doing.code(typed_key(page)))
    assert page.response.headers["Cache-Control"] == "no-store"
    assert doing.browser.client(li).get(page.url).status_code == 404
    printed = doing.browser.client(wang).post(f"{page.url.partition('?')[0]}/print?as=page", data=token(page))
    assert page.tree.xpath("string(//main//ol/li[1])") in printed.get_data(as_text=True)
    with time_machine.travel(now() + timedelta(minutes=11)):
        assert doing.browser.client(wang).get(page.url).status_code == 404


def test_another_phone_voids_the_first_and_ends_the_other_sign_ins(doing: Doing) -> None:
    secret = doing.enrol(wang)
    with time_machine.travel(now(), tick=False) as clock:
        doing.sign_in(wang).send("Sign in", code=doing.code(secret))
        elsewhere = doing.browser.client(wang)
        clock.shift(60)
        doing.sign_in(wang).send("Sign in", code=doing.code(secret))
        page = doing.browser.visit("/me/second-factor", as_=wang)
        page.send("Go on", present="wrong-password", status=422)
        page = page.send("Go on", present=PASSWORD)
        new_secret = typed_key(page)
        assert page.send("Confirm", code=doing.code(new_secret)).heading == "Recovery codes"
        assert doing.is_signed_in(wang)
        assert elsewhere.get("/me").status_code == 303
    assert new_secret != secret
    assert doing.account(wang).totp == new_secret
    assert doing.entries("accounts.second_factor")


def test_new_recovery_codes_void_the_old_ones(doing: Doing) -> None:
    page = doing.sign_in(wang)
    page = page.send("Confirm", code=doing.code(typed_key(page)))
    old = page.tree.xpath("string(//main//ol/li[1])")
    page = doing.browser.visit("/me/recovery-codes", as_=wang).send("Go on", present=PASSWORD)
    new = page.tree.xpath("string(//main//ol/li[1])")
    doing.sign_in(wang).send("Sign in", code=old, status=422)
    doing.sign_in(wang).send("Sign in", code=new)


def test_somebody_above_resets_it_and_says_how_the_person_was_known(doing: Doing) -> None:
    doing.enrol(wang)
    path = f"/accounts/{doing.account(wang).id}/reset-second-factor"
    page = doing.browser.visit(path, as_=li)
    page.send("Reset", status=422)
    page.send("Reset", reason="Came to the office with her identity card")
    assert doing.account(wang).totp is None
    (entry,) = doing.entries("accounts.reset_second_factor")
    assert entry.reason == "Came to the office with her identity card"
    assert doing.sign_in(wang).heading == "Set up the second step"


def test_where_the_installation_asks_for_none_nobody_is_asked(doing: Doing, asked_for: Any) -> None:
    doing.enrol(wang)
    asked_for(SECOND_FACTOR=False)
    doing.sign_in(wang)
    assert doing.is_signed_in(wang)


def cookie(doing: Doing, person: Any) -> dict[str, Any]:
    with doing.browser.client(person).session_transaction() as held:
        return dict(held)


def token(page: Any) -> dict[str, str]:
    return {"csrf_token": page.tree.xpath("string(//input[@name='csrf_token']/@value)")}


def read_back(code: Any) -> str:
    """Draw the path in pixels and let a reader have a look at it."""
    import zxingcpp
    from PIL import Image

    image = Image.new("L", (code.side, code.side), 255)
    for row in re.findall(r"M[^M]+", code.path):
        x, y = (int(number) for number in re.match(r"M(\d+) (\d+)", row).groups())
        for kind, length in re.findall(r"([hm])(\d+)", row[row.index(".5") + 2 :]):
            if kind == "h":
                for dark in range(x, x + int(length)):
                    image.putpixel((dark, y), 0)
            x += int(length)
    (found,) = zxingcpp.read_barcodes(image.resize((code.side * 6, code.side * 6), Image.Resampling.NEAREST))
    return str(found.text)


def test_unless_told_only_the_demo_goes_without(app: Any, asked_for: Any) -> None:
    asked_for(SECOND_FACTOR=None)
    assert second_factor.is_on()
    g.pop("is_demo")
    mark_as_demo()
    assert not second_factor.is_on()
    asked_for(SECOND_FACTOR=True)
    assert second_factor.is_on()
