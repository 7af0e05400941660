"""Errors say what to do, keep what was typed, and show nothing of the inside."""

import json
import re

import pytest

from portal.database import db
from tests.web.test_headers import VISIT, token_on

FRAGMENT = {"HX-Request": "true"}
STATUSES = [400, 403, 404, 405, 409, 413, 422, 429, 500]


@pytest.fixture
def in_earnest(app):
    """As in production, where faults are answered and not raised."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


@pytest.mark.parametrize("status", STATUSES)
def test_every_error_is_a_page_with_a_heading_advice_and_a_way_back(client, status):
    response = client.get(f"/visits/status/{status}")
    assert response.status_code == status
    assert len(re.findall("<h1>", response.text)) == 1
    assert re.search(r'<a class="btn[^"]*" href="/visits/">Back</a>', response.text)


@pytest.mark.parametrize("status", STATUSES)
def test_every_error_is_in_both_languages(app, client, status):
    english = client.get(f"/visits/status/{status}").text
    chinese = app.test_client().get(f"/visits/status/{status}").text
    assert re.search(r"<h1>[A-Z]", english)
    assert re.search(r"<h1>[\u4e00-\u9fff]", chinese)


@pytest.mark.parametrize("status", STATUSES)
def test_htmx_gets_an_error_as_a_fragment(client, status):
    response = client.get(f"/visits/status/{status}", headers=FRAGMENT)
    assert response.status_code == status
    assert response.text.startswith('<div class="error" role="alert">')


def test_an_unusual_error_is_a_page_too(client):
    response = client.get("/visits/status/418")
    assert response.status_code == 418
    assert "This could not be read" in response.text


def test_what_may_be_asked_instead_is_said(client):
    assert "GET" not in client.get("/visits/7/refuse").headers["Allow"]


def test_a_rule_that_refuses_says_why_and_leads_back_to_the_record(client):
    response = client.post("/visits/7/refuse", data={"csrf_token": token_on(client)})
    assert response.status_code == 409
    assert "This visit has ended" in response.text
    assert '<a class="btn" href="/visits/7">Back</a>' in response.text


@pytest.mark.parametrize("address", ["/nowhere", "/visits/status/403"])
def test_a_raised_error_undoes_what_was_begun(app, client, address):
    undone = []
    app.before_request(lambda: db.session.connection() and None)

    @db.event.listens_for(db.session, "after_soft_rollback")
    def _note(session, previous):
        undone.append(address)

    try:
        client.get(address)
    finally:
        db.event.remove(db.session, "after_soft_rollback", _note)
    assert undone


# ── Faults of ours ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_fault_shows_a_number_to_report_and_nothing_of_the_inside(in_earnest, client):
    response = client.get("/visits/broken")
    assert response.status_code == 500
    assert f"Request number: {response.headers['X-Request-Id']}" in response.text
    for inside in ("Traceback", "RuntimeError", "Zhang San", ".py"):
        assert inside not in response.text


def test_a_fault_is_logged_by_place_and_kind_without_personal_data(in_earnest, client, capfd):
    response = client.get("/visits/broken?name=ZhangSan")
    written = capfd.readouterr().err
    failure, request = (json.loads(line) for line in written.splitlines())
    assert failure["kind"] == "RuntimeError"
    assert failure["places"][-1].endswith(" broken")
    assert failure["request_id"] == request["request_id"] == response.headers["X-Request-Id"]
    assert "Zhang" not in written
    assert "1380" not in written


def test_in_tests_a_fault_is_raised(client):
    with pytest.raises(RuntimeError):
        client.get("/visits/broken")


def test_a_request_is_one_line_without_what_was_asked_or_typed(client, capfd):
    client.post("/visits/new?q=ZhangSan", data=VISIT | {"name": "LiSi"})
    (line,) = capfd.readouterr().err.splitlines()
    entry = json.loads(line)
    assert entry["method"] == "POST"
    assert entry["endpoint"] == "visits.new"
    assert entry["status"] == 400
    assert entry["milliseconds"] >= 0
    assert "ZhangSan" not in line
    assert "LiSi" not in line


# ── A form that is too old ───────────────────────────────────────────────────────────────────────────────────


def resend(text):
    return dict(
        re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', text.partition("<footer>")[0])
    )


def test_a_form_that_is_too_old_can_be_sent_again_as_it_was(client):
    token_on(client)
    stale = client.post("/visits/new", data=VISIT | {"csrf_token": "old", "remark": '"><b>'})
    assert stale.status_code == 400
    assert "This form is too old" in stale.text
    kept = resend(stale.text)
    assert kept["remark"] == "&#34;&gt;&lt;b&gt;"
    assert client.post("/visits/new", data=kept | {"remark": "fine"}).status_code == 303


def test_htmx_can_send_it_again_too(client):
    token_on(client)
    stale = client.post("/visits/new", data=VISIT, headers=FRAGMENT)
    assert stale.status_code == 400
    assert "<html" not in stale.text
    assert resend(stale.text)["name"] == "Chen"


def test_no_password_is_written_into_the_page(client):
    token_on(client)
    text = client.post("/visits/new", data=VISIT | {"new_password": "swordfish", "code": "123456"}).text
    assert "swordfish" not in text
    assert "123456" not in text


def test_who_brings_no_session_is_not_helped_to_send_it(client):
    response = client.post("/visits/new", data=VISIT)
    assert response.status_code == 400
    assert "Go back, load the page again" in response.text
    assert "Chen" not in response.text


def test_a_browser_that_says_it_is_our_page_is_believed(client):
    text = client.post("/visits/new", data=VISIT, headers={"Sec-Fetch-Site": "same-origin"}).text
    assert resend(text)["name"] == "Chen"
