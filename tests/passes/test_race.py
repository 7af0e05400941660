"""Thirty-two commanders' clicks at one moment: one pass is issued once, everybody else is told who was first."""

import secrets
import threading
from collections import Counter
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.access.scope import everywhere
from portal.audit.models import AuditEntry
from portal.database import db
from portal.passes.kinds import PassState
from portal.workflow.models import StepTaken
from tests.page import Browser, Page
from tests.passes.conftest import row
from tests.people import wang

AT_ONCE = 32


def all_at_once(app: Flask, url: str, **values: Any) -> list[Page]:
    """The answers to as many posts of one form, sent in the same moment by the same commander from many browsers."""
    browsers = [Browser(app) for _ in range(AT_ONCE)]
    forms = [(browser.client(wang), browser.csrf_token(wang)) for browser in browsers]
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
    return [Page(browsers[0], response, wang, url) for response in responses]


@pytest.mark.slow
def test_of_thirty_two_who_issue_one_pass_one_wins(app, make):
    pass_id = make("endorsed")
    answers = all_at_once(app, f"/passes/{pass_id}/issue")
    assert Counter(answer.status for answer in answers) == {303: 1, 409: AT_ONCE - 1}
    assert all("演示·wang" in answer.text for answer in answers if answer.status == 409)
    issued = row(pass_id)
    assert issued.state is PassState.ISSUED
    assert (issued.status_index, issued.serial[:10]) == (1, "001-000001"), (
        "the losers' numbers were given back"
    )
    assert taken("issue") == 1


@pytest.mark.slow
def test_of_thirty_two_who_revoke_one_pass_one_wins(app, make):
    pass_id = make()
    answers = all_at_once(app, f"/passes/{pass_id}/revoke", words="all at once")
    assert Counter(answer.status for answer in answers) == {303: 1, 409: AT_ONCE - 1}
    assert row(pass_id).state is PassState.REVOKED
    assert taken("revoke") == 1


def taken(step: str) -> int:
    """How often the step stands in the record; the trail says the same."""
    with everywhere(because="the test counts"):
        steps = len(db.session.scalars(select(StepTaken.id).where(StepTaken.step == step)).all())
        entries = db.session.scalars(select(AuditEntry.id).where(AuditEntry.action == f"pass.{step}")).all()
        assert len(entries) == steps
    return steps
