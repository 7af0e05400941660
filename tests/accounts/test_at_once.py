"""Tries that arrive at the same moment: each is counted, and a code that is good once is taken once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import time_machine
from flask import Flask, Response
from flask.testing import FlaskClient
from lxml import html

from portal.clock import now
from portal.database import db
from tests.accounts.doing import Doing
from tests.people import PASSWORD, wang

AT_ONCE = 12


def token(client: FlaskClient, path: str) -> str:
    page = html.document_fromstring(client.get(path).get_data(as_text=True))
    return str(page.xpath("string(//input[@name='csrf_token']/@value)"))


def all_at_once(app: Flask, path: str, data: dict[str, str]) -> Counter[int]:
    """The statuses of ``AT_ONCE`` browsers that send the same at the same moment."""
    db.session.remove()

    def go(_number: int) -> Any:
        client = FlaskClient(app, Response, use_cookies=True)
        return client.post(path, data=data | {"csrf_token": token(client, path)}).status_code

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return Counter(pool.map(go, range(AT_ONCE)))


def test_guesses_at_the_same_moment_are_counted_one_by_one(app: Flask, doing: Doing) -> None:
    with time_machine.travel(now(), tick=False):
        statuses = all_at_once(app, "/login", {"name": "wang", "password": "not-the-password"})
    assert statuses == {422: 4, 429: AT_ONCE - 4}
    assert len(doing.entries("sign_in.failed")) == 4


def test_a_code_sent_by_two_at_the_same_moment_lets_one_in(
    app: Flask, doing: Doing, with_second_factor: None
) -> None:
    secret = doing.enrol(wang)
    with time_machine.travel(now(), tick=False):
        first = FlaskClient(app, Response, use_cookies=True)
        first.post(
            "/login", data={"csrf_token": token(first, "/login"), "name": "wang", "password": PASSWORD}
        )
        data = {"code": doing.code(secret), "csrf_token": token(first, "/login/code")}
        db.session.remove()
        cookie = first.get_cookie("sid")
        assert cookie is not None

        def go(_number: int) -> int:
            client = FlaskClient(app, Response, use_cookies=True)
            client.set_cookie("sid", cookie.value)
            return int(client.post("/login/code", data=data).status_code)

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(go, range(4)))
    assert doing.live_sign_ins(wang) == 1
