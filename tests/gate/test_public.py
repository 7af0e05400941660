"""The public check: anybody, throttled, masked, without a code in an address."""

from datetime import timedelta

import pytest
import time_machine

from portal.clock import now
from portal.passes.kinds import PassState
from portal.passes.serials import new_short_code
from tests.conftest import A_MORNING
from tests.gate.world import change, issued

pytestmark = pytest.mark.any_database


def ask(desk, text, status=200, language="en"):
    return desk.visit("gate.public_check", language=language).send("Check", code=text, status=status)


def test_a_valid_pass(desk):
    pass_ = issued()
    for text in (pass_.code, pass_.short_code, pass_.short_code.lower()):
        page = ask(desk, text)
        assert page.has("Valid")
        assert page.has("演示·张*")
        assert page.has("Household")
        assert page.has("豫苑社区")


def test_nothing_more_than_tells_the_pass_from_another(desk):
    pass_ = issued()
    page = ask(desk, pass_.code)
    for told in ("学敏", "3号院", pass_.serial, pass_.short_code, pass_.code, "三组"):
        assert told not in page.source
    assert page.url == "/v/"
    assert page.response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("what", "state"),
    [
        ({"state": PassState.REVOKED, "ended_at": A_MORNING}, "Revoked"),
        (
            {"valid_from": A_MORNING - timedelta(days=3), "valid_until": A_MORNING - timedelta(hours=1)},
            "Expired",
        ),
        ({"valid_from": A_MORNING + timedelta(hours=3)}, "Not yet valid"),
        ({"state": PassState.REVOKED, "replaced": True, "ended_at": A_MORNING}, "Replaced"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_pass_that_is_not_valid_says_why(desk, what, state):
    pass_ = issued()
    change(pass_, **what)
    assert ask(desk, pass_.short_code).has(state)


def test_guessing_is_slowed_down_and_an_own_pass_does_not_help(desk):
    pass_ = issued()
    for _guess in range(19):
        ask(desk, pass_.short_code)
        ask(desk, new_short_code())
    ask(desk, new_short_code())
    assert ask(desk, new_short_code(), status=429).has("Try again in")
    with time_machine.travel(now() + timedelta(minutes=2)):
        assert ask(desk, pass_.short_code).has("Valid")


def test_an_empty_question_says_what_to_do(desk):
    assert ask(desk, "", status=422).has("Enter the code")


def test_no_cookie_but_the_one_of_the_form(app):
    answer = app.test_client().get("/v/")
    names = {cookie.partition("=")[0] for cookie in answer.headers.getlist("Set-Cookie")}
    assert names <= {"sid", "css"}
