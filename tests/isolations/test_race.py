"""Many at one moment: one orders, one releases, one enters a slot; the others are told."""

import secrets
import threading
from collections import Counter
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.access.scope import everywhere
from portal.database import db
from portal.isolations.kinds import IsolationState
from portal.isolations.models import HealthCheck, Isolation
from tests.isolations import world
from tests.page import Browser, Page
from tests.people import Person, qian, wang

AT_ONCE = 8


def all_at_once(app: Flask, person: Person, url: str, **values: Any) -> list[Page]:
    """The answers to as many posts of one form, sent in the same moment from many browsers."""
    browsers = [Browser(app) for _ in range(AT_ONCE)]
    forms = [(browser.client(person), browser.csrf_token(person)) for browser in browsers]
    db.session.remove()
    start = threading.Barrier(AT_ONCE)
    responses: list[TestResponse] = []

    def click(client: Any, token: str) -> None:
        start.wait()
        data = {"csrf_token": token, "once": secrets.token_urlsafe(16), **values}
        with app.app_context():
            responses.append(client.post(url, data=data))

    threads = [threading.Thread(target=click, args=form) for form in forms]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [Page(browsers[0], response, person, url) for response in responses]


def outcomes(answers: list[Page]) -> Counter[bool]:
    """How many got through; everybody else was told why, and nothing broke."""
    assert {answer.status for answer in answers} <= {303, 409, 422}
    return Counter(answer.status == 303 for answer in answers)


@pytest.mark.slow
def test_of_many_who_release_one_wins(app) -> None:
    world.order()
    isolation_id = world.ready()
    answers = all_at_once(app, wang, f"/isolations/{isolation_id}/release", **world.MEDIC)
    assert outcomes(answers)[True] == 1
    assert world.row(isolation_id).state is IsolationState.RELEASED
    assert world.restrictions(world.row(isolation_id).household_id) == [False]


@pytest.mark.slow
def test_of_many_who_order_one_wins(app) -> None:
    world.order()
    person = world.somebody()
    url = f"/isolations/new?household_id={person.household_id}"
    values = {
        "who": person.id,
        "kind": "home",
        "start_day": "2026-11-23",
        "start_time": "09:00",
        "reason": "返乡",
    }
    assert outcomes(all_at_once(app, wang, url, **values))[True] == 1
    with everywhere(because="the test looks"):
        assert len(db.session.scalars(select(Isolation)).all()) == 1
    assert world.restrictions(person.household_id) == [True]


@pytest.mark.slow
def test_of_many_who_fill_a_slot_one_wins(app) -> None:
    world.order()
    person = world.somebody()
    isolation_id = world.isolated(person)
    values = {
        f"t{isolation_id}": "36.5",
        "day": "2026-11-23",
        "slot": "morning",
        "time": "09:30",
        "method": "door",
    }
    assert outcomes(all_at_once(app, qian, f"/isolations/check/{person.household_id}", **values))[True] == 1
    with everywhere(because="the test looks"):
        assert len(db.session.scalars(select(HealthCheck)).all()) == 1
