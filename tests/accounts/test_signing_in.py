"""Name and password, through the real form."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
import time_machine
from flask import Flask

from portal.access.policy import Role
from portal.accounts.models import Title
from portal.accounts.next_page import safe_path
from portal.clock import now, today
from tests.accounts.doing import Doing
from tests.people import PASSWORD, an, gu, li, qian, root, sun, wang, zhao

NOT_OURS = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/%5Cevil.example",
    "/%2f%2fevil.example",
    "http:evil.example",
    "javascript:alert(1)",
    "/\t/evil.example",
    "/\n/evil.example",
    "/me\r\nSet-Cookie: a=b",
    " //evil.example",
    "/.//evil.example",
    "/me?next=//evil.example",
    "/me#x",
    "@evil.example",
    "me",
    "",
    "/login",
    "/login/code",
    "/logout",
    "/language",
    "/no-such-page",
    "/act-as",
]


@pytest.mark.parametrize("person", [li, an, wang, zhao, qian, sun, root], ids=str)
def test_everybody_signs_in_with_name_and_password(doing: Doing, person: Any) -> None:
    page = doing.sign_in(person)
    assert page.url == "/"
    entry = doing.entries("sign_in.succeeded")[-1]
    assert entry.account_id == doing.account(person).id
    assert entry.actor == f"演示·{person}"


def test_the_name_is_taken_however_a_phone_writes_it(doing: Doing) -> None:
    doing.arrive(qian)
    page = doing.browser.visit("/login", as_=qian)
    page.send("Sign in", name=" Ｑian ", password=PASSWORD)
    assert doing.is_signed_in(qian)


def test_an_empty_form_says_what_to_enter(doing: Doing) -> None:
    doing.arrive(qian)
    page = doing.browser.visit("/login", as_=qian).send("Sign in", status=422)
    assert page.has("Enter your sign-in name")
    assert page.has("Enter your password")


def test_a_wrong_name_and_a_wrong_password_answer_the_same(doing: Doing) -> None:
    wrong_password = doing.sign_in(qian, "wrong-password", status=422)
    doing.arrive(qian)
    wrong_name = doing.browser.visit("/login", as_=qian).send(
        "Sign in", name="nobody", password=PASSWORD, status=422
    )
    assert wrong_password.has("Name or password is wrong")
    assert wrong_name.text == wrong_password.text
    assert "wrong-password" not in wrong_password.source
    assert doing.live_sign_ins(qian) == 0


def test_what_was_tried_with_an_unknown_name_is_not_in_the_trail(doing: Doing) -> None:
    doing.arrive(qian)
    doing.browser.visit("/login", as_=qian).send(
        "Sign in", name="13800138000", password="secret-words", status=422
    )
    (entry,) = doing.entries("sign_in.failed")
    assert "13800138000" not in str(entry.details)
    assert "secret-words" not in str(entry.details)
    assert len(entry.details["name_hash"]) == 32


def test_a_disabled_account_is_told_so_only_with_its_password(doing: Doing) -> None:
    doing.set(qian, disabled_at=now())
    assert doing.sign_in(qian, status=422).has("This account is disabled")
    assert doing.sign_in(qian, "wrong-password", status=422).has("Name or password is wrong")


def test_disabling_ends_what_is_open(doing: Doing) -> None:
    doing.sign_in(qian)
    doing.set(qian, disabled_at=now())
    assert not doing.is_signed_in(qian)


def test_a_sign_in_gives_a_new_token_and_ends_the_one_before(doing: Doing) -> None:
    doing.sign_in(qian)
    first = cookie_of(doing, qian)
    doing.sign_in(qian)
    assert cookie_of(doing, qian) != first
    assert doing.live_sign_ins(qian) == 2  # two browsers


def test_what_was_in_the_cookie_before_signing_in_is_dropped(doing: Doing) -> None:
    client = doing.arrive(qian)
    with client.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"
        cookie["_user_id"] = "a-token-that-an-attacker-knows"
    doing.try_again(qian, PASSWORD, status=303)
    with client.session_transaction() as cookie:
        assert "planted" not in cookie
        assert cookie["_user_id"] != "a-token-that-an-attacker-knows"
    assert doing.is_signed_in(qian)


def test_the_form_token_of_before_is_void_after_signing_in(doing: Doing) -> None:
    client = doing.arrive(qian)
    before = doing.browser.visit("/login", as_=qian).tree.xpath("string(//input[@name='csrf_token']/@value)")
    doing.try_again(qian, PASSWORD, status=303)
    assert client.post("/logout", data={"csrf_token": before}).status_code == 400


def test_the_cookie_is_kept_from_scripts_and_other_sites(doing: Doing) -> None:
    client = doing.arrive(qian)
    (header,) = [
        value for value in client.get("/login").headers.getlist("Set-Cookie") if value.startswith("sid=")
    ]
    assert "HttpOnly" in header
    assert "SameSite=Lax" in header
    assert "Path=/" in header
    assert "Expires" not in header


def test_on_https_the_cookie_is_bound_to_the_host(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    from portal import config

    monkeypatch.setenv("HTTPS", "1")
    monkeypatch.setenv("INSTANCE", str(tmp_path))
    settings = config.from_environment()
    assert settings["SESSION_COOKIE_NAME"] == "__Host-sid"
    assert settings["SESSION_COOKIE_SECURE"] is True


def test_nothing_of_the_database_can_be_used_as_a_cookie(doing: Doing) -> None:
    doing.sign_in(qian)
    from portal.accounts.models import SignIn
    from portal.database import db

    digests = {row.token_digest for row in db.session.query(SignIn)}
    with doing.browser.client(qian).session_transaction() as cookie:
        assert cookie["_user_id"] not in digests


def test_whoever_is_signed_in_is_led_home_from_the_form(doing: Doing) -> None:
    doing.sign_in(qian)
    response = doing.browser.client(qian).get("/login")
    assert (response.status_code, response.location) == (303, "/")


def test_after_signing_in_one_is_where_one_wanted_to_be(doing: Doing) -> None:
    response = doing.arrive(wang).get("/accounts/")
    assert (response.status_code, response.location) == (303, "/login?next=/accounts/")
    assert doing.try_again(wang, PASSWORD, status=303, path=response.location).url == "/accounts/"


@pytest.mark.parametrize("path", NOT_OURS)
def test_nobody_is_led_away_after_signing_in(doing: Doing, path: str) -> None:
    page = doing.sign_in(wang, path=f"/login?next={quote(path)}")
    assert page.url == "/"


def test_paths_of_our_own_pages_are_followed(app: Flask) -> None:
    with app.test_request_context():
        assert [safe_path(path) for path in ("/", "/me", "/accounts/")] == ["/", "/me", "/accounts/"]
        assert safe_path(None) == "/"


def test_signing_out_ends_it_on_the_server(doing: Doing) -> None:
    page = doing.sign_in(qian)
    client = doing.browser.client(qian)
    with client.session_transaction() as cookie:
        copied = dict(cookie)
    assert page.send("Sign out").heading == "Sign in"
    with client.session_transaction() as cookie:
        cookie.update(copied)
    assert not doing.is_signed_in(qian)
    assert [entry.account_id for entry in doing.entries("sign_in.ended")] == [doing.account(qian).id]


@pytest.mark.parametrize(("rest", "still"), [(timedelta(minutes=59), True), (timedelta(minutes=61), False)])
def test_an_idle_sign_in_lapses(doing: Doing, rest: timedelta, still: bool) -> None:
    doing.sign_in(qian)
    with time_machine.travel(now() + rest):
        assert doing.is_signed_in(qian) is still


def test_a_sign_in_in_use_lapses_after_a_shift(doing: Doing) -> None:
    doing.sign_in(qian)
    start = now()
    for minutes in range(30, 12 * 60, 30):
        with time_machine.travel(start + timedelta(minutes=minutes)):
            assert doing.is_signed_in(qian)
    with time_machine.travel(start + timedelta(hours=12, minutes=1)):
        assert not doing.is_signed_in(qian)


def test_an_old_hash_is_renewed_when_its_owner_signs_in(doing: Doing, asked_for: Callable[..., None]) -> None:
    asked_for(PASSWORD_COST=(16, 2))
    doing.sign_in(qian)
    assert "m=16,t=2" in doing.account(qian).password_hash
    doing.sign_in(qian)


def test_an_account_without_an_appointment_is_told_and_can_leave(doing: Doing) -> None:
    doing.end_all_appointments(qian)
    doing.arrive(qian)
    client = doing.browser.client(qian)
    page = doing.browser.visit("/login", as_=qian)
    token = page.tree.xpath("string(//input[@name='csrf_token']/@value)")
    client.post("/login", data={"csrf_token": token, "name": "qian", "password": PASSWORD})
    page = doing.browser.visit("/", as_=qian, status=403)
    assert page.heading == "No appointment in force"
    assert page.send("Sign out").heading == "Sign in"


def test_an_appointment_that_ends_leaves_the_others(doing: Doing) -> None:
    doing.sign_in(zhao)
    doing.end_all_appointments(zhao)
    doing.appoint(zhao, "豫苑社区三组二格", Role.GRID_MEMBER, Title.VOLUNTEER)
    page = doing.browser.visit("/me", as_=zhao, status=403)
    assert page.send("Change to 豫苑社区三组二格, Grid member").url == "/"
    assert doing.browser.visit("/me", as_=zhao).has("Volunteer")


def test_changing_to_another_appointment(doing: Doing) -> None:
    other = doing.appoint(zhao, "建设路社区一组一格", Role.GRID_MEMBER, Title.VOLUNTEER)
    page = doing.sign_in(zhao)
    assert page.has("豫苑社区三组")
    page = page.send("Change to 建设路社区一组一格, Grid member")
    assert page.tree.xpath("//header//summary")[0].text_content().split() == [
        "建设路社区一组一格",
        "Grid",
        "member",
    ]
    (entry,) = doing.entries("accounts.act_as")
    assert entry.subject_id == other


@pytest.mark.parametrize("since", [today() + timedelta(days=1)])
def test_nobody_changes_to_an_appointment_that_is_not_his_or_not_yet(doing: Doing, since: Any) -> None:
    to_come = doing.appoint(zhao, "豫苑社区三组二格", Role.GRID_MEMBER, Title.VOLUNTEER, since=since)
    somebody_elses = doing.appointments(sun)[0].id
    page = doing.sign_in(zhao)
    token = page.tree.xpath("string(//input[@name='csrf_token']/@value)")
    for appointment_id in (to_come, somebody_elses, 999_999, "x", ""):
        data = {"csrf_token": token, "appointment_id": appointment_id}
        assert doing.browser.client(zhao).post("/act-as", data=data).location == "/"
    assert doing.browser.visit("/me", as_=zhao).has("豫苑社区三组 · Shock team")
    assert doing.entries("accounts.act_as") == []


def test_the_language_is_changed_before_signing_in_and_afterwards(doing: Doing) -> None:
    client = doing.arrive(qian)
    page = doing.browser.visit("/login", as_=qian, language="en")
    token = page.tree.xpath("string(//input[@name='csrf_token']/@value)")
    response = client.post("/language", data={"csrf_token": token, "language": "zh_Hans", "next": "/login"})
    assert (response.status_code, response.location) == (303, "/login")
    assert 'lang="zh-Hans"' in client.get("/login").get_data(as_text=True)
    doing.try_again(qian, PASSWORD, status=303)
    page = doing.browser.visit("/me", as_=qian, language="zh_Hans")
    page.send("English")
    assert doing.account(qian).language == "en"
    client.delete_cookie("language")
    assert 'lang="en"' in client.get("/me").get_data(as_text=True)


@pytest.mark.parametrize("wish", ["", "de", "zh-Hans", "../../etc"])
def test_other_languages_change_nothing(doing: Doing, wish: str) -> None:
    page = doing.sign_in(qian)
    token = page.tree.xpath("string(//input[@name='csrf_token']/@value)")
    data = {"csrf_token": token, "language": wish, "next": "//evil.example"}
    response = doing.browser.client(qian).post("/language", data=data)
    assert (response.status_code, response.location) == (303, "/")
    assert doing.account(qian).language == ""


def test_a_gatekeeper_signs_in_too(doing: Doing) -> None:
    client = doing.arrive(gu)
    token = doing.browser.visit("/login", as_=gu).tree.xpath("string(//input[@name='csrf_token']/@value)")
    assert (
        client.post("/login", data={"csrf_token": token, "name": "gu", "password": PASSWORD}).status_code
        == 303
    )
    assert doing.is_signed_in(gu)


def cookie_of(doing: Doing, person: Any) -> str:
    with doing.browser.client(person).session_transaction() as cookie:
        return str(cookie["_user_id"])
