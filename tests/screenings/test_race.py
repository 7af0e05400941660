"""Many at one door, many at many doors, and one person noted twice at once: nothing is lost, nothing counted twice."""

import secrets
import threading
from collections import Counter
from typing import Any

import pytest
from flask import Flask

from portal.screenings.models import KeyPerson, VisitTry
from portal.screenings.tallies import RoundTally
from tests.page import Browser
from tests.people import qian, zhao
from tests.screenings.world import covered, every, family, living, only, order, screening

AT_ONCE = 12


def all_at_once(app: Flask, posts: list[tuple[str, dict[str, Any]]]) -> Counter[int]:
    """What came of these posts in one moment, half of them qian's, half zhao's: {status: how many}."""
    people = [qian, zhao] * (len(posts) // 2)
    browsers = [Browser(app) for _post in posts]
    ready = [(one.client(who), one.csrf_token(who)) for one, who in zip(browsers, people, strict=True)]
    start, statuses = threading.Barrier(len(posts)), list[int]()

    def press(client: Any, token: str, url: str, data: dict[str, Any]) -> None:
        start.wait()
        with app.app_context():
            filled = {"csrf_token": token, "once": secrets.token_urlsafe(16), **data}
            statuses.append(client.post(url, data=filled).status_code)

    threads = [
        threading.Thread(target=press, args=(*one, *post)) for one, post in zip(ready, posts, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(statuses)


@pytest.mark.slow
def test_of_many_at_one_door_one_is_first_and_the_others_are_told(app: Flask) -> None:
    order()
    home, made = family(2), screening()
    data = {"do": "answered", "seen": "0"}
    assert all_at_once(app, [(f"/visits/{made.id}/{home.id}", data)] * AT_ONCE) == {303: 1, 422: AT_ONCE - 1}
    assert len(every(VisitTry)) == 1
    assert only(RoundTally).answered == 1


@pytest.mark.slow
def test_many_at_many_doors_are_all_counted(app: Flask) -> None:
    order()
    homes = [family(1) for _number in range(AT_ONCE)]
    made = screening()
    posts = [(f"/visits/{made.id}/{home.id}", {"do": "answered", "seen": "0"}) for home in homes]
    assert all_at_once(app, posts) == {303: AT_ONCE}
    found = covered(made)
    assert (found.answered, found.households, found.people) == (AT_ONCE, AT_ONCE, AT_ONCE)


@pytest.mark.slow
def test_somebody_noted_by_several_at_once_has_one_record(app: Flask) -> None:
    order()
    home = family(1)
    data = {"resident": str(living(home)[0].id), "mark": "cfrom_neighbour"}
    all_at_once(app, [(f"/key-persons/new/{home.id}", data)] * AT_ONCE)
    assert len(every(KeyPerson)) == 1
