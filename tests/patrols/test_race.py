"""Many who log one round at one moment: one wins, everybody else is told who was first."""

import secrets
import threading
from collections import Counter
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.page import Browser, Page
from tests.patrols.world import all_patrols, hour, key, order, patrol, route
from tests.people import wang, zhao

AT_ONCE = 16


def all_at_once(app: Flask, url: str, **values: Any) -> list[Page]:
    """The answers to posts of one form in the same moment, half of them zhao's, half wang's."""
    people = [zhao, wang] * (AT_ONCE // 2)
    browsers = [Browser(app) for _ in people]
    forms = [(one.client(who), one.csrf_token(who), who) for one, who in zip(browsers, people, strict=True)]
    start = threading.Barrier(AT_ONCE)
    answers: list[tuple[TestResponse, Any]] = []

    def click(client: Any, token: str, who: Any) -> None:
        start.wait()
        data = {"csrf_token": token, "once": secrets.token_urlsafe(16), **values}
        with app.app_context():
            answers.append((client.post(url, data=data), who))

    threads = [threading.Thread(target=click, args=form) for form in forms]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [Page(browsers[0], answer, who, url) for answer, who in answers]


@pytest.mark.slow
def test_of_many_who_log_one_round_one_wins(app):
    order()
    way = route()
    values = {"start_day": "2026-11-23", "start_time": "09:05", "leader": "演示·带队"}
    answers = all_at_once(app, f"/patrols/new?round={key(way, hour(9))}", **values)
    statuses = Counter(answer.status for answer in answers)
    assert statuses[303] == 1
    assert set(statuses) <= {303, 409, 422}
    for answer in answers:
        if answer.status != 303:
            assert answer.has("演示·带队")
            assert "has logged this round already" in answer.text or "已记录这一班" in answer.text
    assert len(all_patrols()) == 1


@pytest.mark.slow
def test_of_many_who_begin_with_one_tap_one_is_out(app):
    order()
    way = route()
    answers = all_at_once(app, "/patrols/begin", round=key(way, hour(9)))
    assert {answer.status for answer in answers} <= {303, 409}
    assert len(all_patrols()) == 1


@pytest.mark.slow
def test_of_many_who_hand_one_log_in_one_wins(app):
    order()
    from portal.patrols.kinds import PatrolState

    made = patrol(PatrolState.DRAFT)
    answers = all_at_once(app, f"/patrols/{made}/send")
    assert Counter(answer.status for answer in answers) == {303: 1, 409: AT_ONCE - 1}
    assert all_patrols()[0].state is PatrolState.SENT


@pytest.mark.slow
def test_of_many_who_correct_one_log_all_write_the_same_correction(app):
    order()
    made = patrol()
    answers = all_at_once(app, f"/patrols/{made}/correct")
    assert {answer.response.location for answer in answers} == {f"/patrols/{made + 1}/edit"}
    assert len(all_patrols()) == 2
