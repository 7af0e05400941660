"""Both sides at one moment: it is acknowledged or withdrawn, on both sides the same, and everybody else is told."""

import secrets
import threading
from collections import Counter
from typing import Any

import pytest
from flask import Flask

from portal.database import db
from portal.patrols.handovers.kinds import HandoverState
from tests.handovers.test_story import step_names
from tests.handovers.world import a_handover, mirror_of, row
from tests.page import Browser
from tests.people import Person, sun, zhao

OF_EACH = 8


def at_once(app: Flask, posts: list[tuple[Person, str, dict[str, Any]]]) -> list[tuple[str, int]]:
    """(address, status) of each post, all sent in the same moment from browsers of their own."""
    ready = []
    for person, url, typed in posts:
        browser = Browser(app)
        token = browser.csrf_token(person)
        ready.append((browser.client(person), url, {"csrf_token": token, **typed}))
    db.session.remove()
    start, answers = threading.Barrier(len(ready)), []

    def click(client: Any, url: str, typed: dict[str, Any]) -> None:
        start.wait()
        with app.app_context():
            response = client.post(url, data={**typed, "once": secrets.token_urlsafe(16)})
            answers.append((url, response.status_code))

    threads = [threading.Thread(target=click, args=one) for one in ready]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.slow
def test_acknowledged_and_withdrawn_at_once(app):
    handover_id = a_handover()
    mirror = mirror_of(handover_id)
    acknowledging = (sun, f"/handovers/{mirror}/acknowledge", {})
    withdrawing = (zhao, f"/handovers/{handover_id}/withdraw", {"words": "误登"})
    answers = at_once(app, [acknowledging, withdrawing] * OF_EACH)
    assert Counter(status for _url, status in answers) == {303: 1, 409: 2 * OF_EACH - 1}
    (winner,) = [url for url, status in answers if status == 303]
    won = HandoverState.ACKNOWLEDGED if winner.endswith("acknowledge") else HandoverState.WITHDRAWN
    assert row(handover_id).state is row(mirror).state is won
    assert len(step_names(handover_id)) == len(step_names(mirror)) == 2


@pytest.mark.slow
def test_acknowledged_and_disputed_at_once(app):
    """Who disputed first may still acknowledge; who acknowledged first cannot dispute."""
    handover_id = a_handover()
    mirror = mirror_of(handover_id)
    acknowledging = (sun, f"/handovers/{mirror}/acknowledge", {})
    disputing = (sun, f"/handovers/{mirror}/dispute", {"words": "未见到人"})
    at_once(app, [acknowledging, disputing] * OF_EACH)
    assert row(handover_id).state is row(mirror).state is HandoverState.ACKNOWLEDGED
    assert row(handover_id).answer == row(mirror).answer
    assert len(step_names(handover_id)) == len(step_names(mirror))
