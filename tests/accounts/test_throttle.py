"""Guessing slows down; nobody is locked out for good, and nobody can keep another person out from elsewhere."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from portal.accounts.throttle import ADDRESS, CODE, NAME, PAIR, Patience
from portal.clock import now
from portal.database import db
from tests.accounts.doing import Doing
from tests.people import PASSWORD, li, qian, wang, zhao

WRONG = "not-the-password"


@pytest.mark.parametrize(
    ("patience", "waits"),
    [
        (PAIR, {1: 0, 3: 0, 4: 1, 5: 2, 6: 4, 8: 16, 12: 256, 13: 300, 5000: 300}),
        (NAME, {7: 0, 8: 1, 13: 32, 14: 60, 5000: 60}),
        (ADDRESS, {19: 0, 20: 1, 26: 60, 5000: 60}),
        (CODE, {3: 0, 4: 1, 13: 512, 14: 900, 5000: 900}),
    ],
)
def test_waits_grow_and_have_an_end(patience: Patience, waits: dict[int, int]) -> None:
    assert {failures: patience.wait_after(failures) for failures in waits} == waits


def test_after_some_failures_the_answer_is_to_wait_and_says_how_long(doing: Doing) -> None:
    for _i in range(4):
        doing.sign_in(qian, WRONG, status=422)
    page = doing.sign_in(qian, PASSWORD, status=429)
    assert page.has("Too many tries. Try again in 1 second.")
    assert page.response.headers["Retry-After"] == "1"
    with time_machine.travel(now() + timedelta(seconds=2)):
        doing.sign_in(qian)
        assert doing.is_signed_in(qian)


def test_a_thousand_guesses_a_second_are_five_guesses(doing: Doing) -> None:
    with time_machine.travel(now(), tick=False):
        client = doing.arrive(qian)
        page = doing.browser.visit("/login", as_=qian)
        token = page.tree.xpath("string(//input[@name='csrf_token']/@value)")
        guesses = [{"csrf_token": token, "name": "qian", "password": f"guess-{i}"} for i in range(1000)]
        answers = [client.post("/login", data=guess).status_code for guess in guesses[:40]]
    assert answers == [422] * 4 + [429] * 36
    assert len(doing.entries("sign_in.failed")) == 4


def test_a_failed_try_counts_although_its_answer_is_an_error(doing: Doing) -> None:
    doing.sign_in(li, WRONG, status=422)
    failed = doing.entries("sign_in.failed")
    assert [(entry.details, entry.account_id) for entry in failed] == [
        ({"why": "password"}, doing.account(li).id)
    ]


def test_from_elsewhere_nobody_waits_longer_than_a_minute(doing: Doing) -> None:
    start = now()
    for attempt in range(60):
        with time_machine.travel(start + timedelta(hours=attempt % 20, minutes=attempt), tick=False):
            from_address(doing, f"203.0.113.{attempt}", WRONG)
    with time_machine.travel(start + timedelta(hours=19, minutes=59), tick=False):
        assert from_address(doing, "198.51.100.7", PASSWORD) == 429
    with time_machine.travel(start + timedelta(hours=20, minutes=61), tick=False):
        assert from_address(doing, "198.51.100.7", PASSWORD) == 303


def test_where_somebody_signed_in_lately_an_attack_from_elsewhere_is_not_felt(doing: Doing) -> None:
    with time_machine.travel(now(), tick=False):
        assert from_address(doing, "198.51.100.7", PASSWORD) == 303
        answers = [from_address(doing, f"203.0.113.{i}", WRONG) for i in range(12)]
        assert answers[-1] == 429
        assert from_address(doing, "198.51.100.7", PASSWORD) == 303


def test_one_address_cannot_try_many_names(doing: Doing) -> None:
    with time_machine.travel(now(), tick=False):
        answers = [from_address(doing, "203.0.113.9", WRONG, name=f"nobody{i}") for i in range(25)]
    assert answers == [422] * 20 + [429] * 5


def test_a_whole_ipv6_network_is_one_address(doing: Doing) -> None:
    with time_machine.travel(now(), tick=False):
        answers = [from_address(doing, f"2001:db8:1:2::{i:x}", WRONG) for i in range(5)]
        assert answers == [422] * 4 + [429]
        assert from_address(doing, "2001:db8:9:9::1", WRONG) == 422


def test_signing_in_forgives_the_failures_before(doing: Doing) -> None:
    with time_machine.travel(now(), tick=False):
        for _i in range(3):
            doing.sign_in(wang, WRONG, status=422)
        doing.sign_in(wang)
        for _i in range(4):
            doing.sign_in(wang, WRONG, status=422)


def test_failures_are_forgotten_after_a_day(doing: Doing) -> None:
    for _i in range(4):
        doing.sign_in(zhao, WRONG, status=422)
    with time_machine.travel(now() + timedelta(days=2), tick=False):
        for _i in range(4):
            doing.sign_in(zhao, WRONG, status=422)


def test_the_counts_hold_no_names_and_no_addresses(doing: Doing, app: Flask) -> None:
    doing.sign_in(li, WRONG, status=422)
    from portal.accounts.models import FailedSignIn

    keys = [row.key for row in db.session.query(FailedSignIn)]
    assert len(keys) == 3
    assert all(len(key) == 32 and int(key, 16) for key in keys)


def from_address(doing: Doing, address: str, password: str, name: str = "qian") -> int:
    """The status of a try from this address."""
    client = doing.arrive(qian)
    page = doing.browser.visit("/login", as_=qian)
    token = page.tree.xpath("string(//input[@name='csrf_token']/@value)")
    data = {"csrf_token": token, "name": name, "password": password}
    response = client.post("/login", data=data, environ_base={"REMOTE_ADDR": address})
    return int(response.status_code)
