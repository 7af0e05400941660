"""Every route × every role: the door opens exactly for whom the policy names."""

import pytest
from flask import Flask, url_for
from werkzeug.routing import Rule

from portal.access.guard import ANYONE, WITHOUT_COOKIES, Area
from portal.access.policy import May
from tests.access.matrix import FILE, allowed, table
from tests.page import Browser
from tests.people import AT_WORK, Person

SOME_VALUE = {"int": 999_999, "default": "x", "string": "x", "path": "x"}


def test_the_matrix_that_is_checked_in_is_the_one_in_force(app: Flask) -> None:
    assert FILE.read_text(encoding="utf-8") == table(app), (
        "Rights have changed. Look at the difference, and if it is meant: python -m tests.access.matrix"
    )


def test_every_endpoint_says_what_it_needs(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert endpoints == set(app.extensions["gatehouse"].needs), "register areas with guard.register"


def test_a_route_that_says_nothing_cannot_be_written() -> None:
    area = Area("shed", __name__)
    with pytest.raises(TypeError, match="needs"):
        area.get("/")(lambda: "")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match=r"area\.get"):
        area.route("/")
    with pytest.raises(TypeError, match="policy does not know"):
        area.get("/", needs="whatever")


@pytest.mark.any_database
@pytest.mark.parametrize("person", AT_WORK, ids=str)
def test_every_door_opens_for_whom_the_policy_names(app: Flask, desk: Browser, person: Person) -> None:
    needs = app.extensions["gatehouse"].needs
    token = desk.csrf_token(person)
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            if rule.endpoint in ("static", "accounts.sign_out", "accounts.sign_out_everywhere"):
                continue
            if needs[rule.endpoint] in WITHOUT_COOKIES:
                continue
            status = ask(desk, person, rule, method, token)
            if allowed(needs[rule.endpoint], person.role):
                assert status not in (401, 403), f"{person} is refused {method} {rule.rule}"
            else:
                assert status == 403, f"{person} gets {status} for {method} {rule.rule}"


@pytest.mark.any_database
def test_nobody_gets_further_than_the_sign_in(app: Flask, desk: Browser) -> None:
    needs = app.extensions["gatehouse"].needs
    token = desk.csrf_token(None)
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            if needs[rule.endpoint] in (ANYONE, *WITHOUT_COOKIES):
                continue
            response = desk.client(None).open(_url(desk.app, rule), method=method, data={"csrf_token": token})
            led_to_sign_in = response.status_code == 303 and "/login" in response.location
            assert led_to_sign_in, f"a stranger gets {response.status_code} for {method} {rule.rule}"


@pytest.mark.any_database
@pytest.mark.parametrize("person", [None, *AT_WORK], ids=str)
def test_what_is_for_devices_opens_for_no_cookie(app: Flask, desk: Browser, person: Person | None) -> None:
    needs = app.extensions["gatehouse"].needs
    for_devices = [rule for rule in app.url_map.iter_rules() if needs[rule.endpoint] in WITHOUT_COOKIES]
    assert for_devices
    for rule in for_devices:
        for token in ({}, {"Authorization": "Bearer no-such-token"}):
            response = desk.client(person).post(_url(desk.app, rule), json={}, headers=token)
            assert response.status_code in (401, 403), f"{person} gets {response.status_code} for {rule.rule}"


def ask(desk: Browser, person: Person, rule: Rule, method: str, token: str) -> int:
    """The status somebody gets for a row that does not exist."""
    data = {"csrf_token": token} if method == "POST" else None
    return int(desk.client(person).open(_url(desk.app, rule), method=method, data=data).status_code)


def _url(app: Flask, rule: Rule) -> str:
    values = {
        name: SOME_VALUE.get(
            type(converter).__name__.replace("Converter", "").lower().replace("integer", "int"), "x"
        )
        for name, converter in rule._converters.items()
    }
    with app.test_request_context():
        return url_for(rule.endpoint, **values)


def test_every_permission_is_somebodys_and_of_some_use(app: Flask) -> None:
    needed = set(app.extensions["gatehouse"].needs.values())
    from portal.access.policy import POLICY

    held = set().union(*POLICY.values())
    assert held == set(May), f"nobody has {set(May) - held}"
    asked_in_steps = {need for need in May if need not in needed}
    from tests.house.sources import portal_source

    unused = {
        need.name
        for need in asked_in_steps
        if f"May.{need.name}" not in portal_source(but="access/policy.py")
    }
    assert not unused, f"nothing needs {unused}: take it out of the policy"
