"""One's own account."""

from typing import Any

import pytest

from tests.accounts.doing import A_GOOD_PASSWORD, Doing
from tests.people import AT_WORK, PASSWORD, gu, li, qian, sun, wang

pytestmark = pytest.mark.any_database


def test_everybody_sees_the_own_account(doing: Doing) -> None:
    for person in AT_WORK:
        page = doing.browser.visit("/me", as_=person)
        assert page.heading == "My account"
        assert page.has(f"演示·{person}")
        assert page.has("You act under this one now")


def test_in_chinese_too(doing: Doing) -> None:
    for path in ("/me", "/me/password"):
        assert doing.browser.visit(path, as_=gu, language="zh_Hans").status == 200


def test_changing_the_password_asks_for_the_present_one(doing: Doing) -> None:
    doing.sign_in(qian)
    page = doing.browser.visit("/me/password", as_=qian)
    typed = {"password": A_GOOD_PASSWORD, "again": A_GOOD_PASSWORD}
    page.send("Change the password", **typed, status=422)
    page = page.send("Change the password", present="wrong-password", **typed, status=422)
    assert page.has("This is not your present password")
    page = page.send("Change the password", present=PASSWORD, **typed)
    assert page.has("Your password is changed. All other sign-ins have ended.")
    doing.sign_in(qian, A_GOOD_PASSWORD)
    doing.sign_in(qian, PASSWORD, status=422)
    assert len(doing.entries("accounts.change_password")) == 1


def test_the_same_password_again_is_no_change(doing: Doing) -> None:
    page = doing.browser.visit("/me/password", as_=qian)
    typed = {"present": A_GOOD_PASSWORD, "password": A_GOOD_PASSWORD, "again": A_GOOD_PASSWORD}
    assert page.send("Change the password", **typed, status=422).has("that you have not used here before")


def test_changing_the_password_ends_all_other_sign_ins(doing: Doing) -> None:
    doing.sign_in(qian)
    elsewhere = doing.browser.client(qian)
    doing.sign_in(qian)
    page = doing.browser.visit("/me/password", as_=qian)
    page.send("Change the password", present=PASSWORD, password=A_GOOD_PASSWORD, again=A_GOOD_PASSWORD)
    assert doing.is_signed_in(qian)
    assert elsewhere.get("/me").status_code == 303


def test_whoever_sits_at_an_open_screen_cannot_guess_the_password(doing: Doing) -> None:
    page = doing.browser.visit("/me/password", as_=qian)
    typed = {"password": A_GOOD_PASSWORD, "again": A_GOOD_PASSWORD}
    for guess in range(4):
        page = page.send("Change the password", present=f"guess-{guess}", **typed, status=422)
    page.send("Change the password", present=PASSWORD, **typed, status=429)


def test_where_one_is_signed_in_is_listed_and_can_be_ended(doing: Doing) -> None:
    doing.sign_in(qian)
    elsewhere = doing.browser.client(qian)
    doing.arrive(qian)
    agent = "Mozilla/5.0 (Linux; Android 9; HUAWEI) AppleWebKit/537.36 Chrome/70.0 Mobile Safari/537.36"
    doing.browser.client(qian).environ_base["HTTP_USER_AGENT"] = agent
    doing.try_again(qian, PASSWORD, status=303)
    page = doing.browser.visit("/me", as_=qian)
    assert page.has("Chrome, Android (this one)")
    assert page.buttons().count("Sign out there") == 1
    assert page.send("Sign out there").has("That sign-in has ended.")
    assert doing.is_signed_in(qian)
    assert elsewhere.get("/me").status_code == 303


def test_nobody_ends_another_persons_sign_in(doing: Doing, token_of: Any) -> None:
    doing.sign_in(sun)
    from sqlalchemy import select

    from portal.accounts.models import SignIn
    from portal.database import db

    theirs = db.session.scalars(select(SignIn.id).order_by(SignIn.id.desc())).first()
    response = doing.browser.client(qian).post(
        f"/me/sign-ins/{theirs}/end", data={"csrf_token": token_of(qian)}
    )
    assert response.status_code == 404
    assert doing.is_signed_in(sun)


def test_ending_the_present_one_is_signing_out(doing: Doing, token_of: Any) -> None:
    doing.sign_in(qian)
    from sqlalchemy import select

    from portal.accounts.models import SignIn
    from portal.database import db

    token = token_of(qian)
    mine = db.session.scalars(select(SignIn.id).order_by(SignIn.id.desc())).first()
    response = doing.browser.client(qian).post(f"/me/sign-ins/{mine}/end", data={"csrf_token": token})
    assert response.location == "/login"
    assert not doing.is_signed_in(qian)


def test_signing_out_everywhere(doing: Doing) -> None:
    doing.sign_in(qian)
    elsewhere = doing.browser.client(qian)
    page = doing.sign_in(qian)
    page = doing.browser.visit("/me", as_=qian).send("Sign out everywhere")
    assert page.heading == "Sign in"
    assert elsewhere.get("/me").status_code == 303
    assert doing.live_sign_ins(qian) == 0


def test_the_second_step_is_not_spoken_of_where_it_is_not_asked_for(doing: Doing) -> None:
    assert not doing.browser.visit("/me", as_=li).has("Second step")
    assert doing.browser.client(li).get("/me/second-factor").status_code == 404


def test_the_second_step_is_offered_where_it_is_asked_for(doing: Doing, with_second_factor: None) -> None:
    assert doing.browser.visit("/me", as_=wang).has("not set up")
    assert not doing.browser.visit("/me", as_=qian).has("Second step")
