"""Several at the same moment: confirming, sending back, adding, and whatever is recorded meanwhile. Nothing is lost."""

import secrets
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from portal.access.scope import everywhere
from portal.database import db, expect_writing
from portal.reports.kinds import ReportState
from portal.reports.service import report_of
from portal.workflow import figures
from tests.page import Browser
from tests.passes.conftest import acting_as
from tests.people import Person, li, qian, unit, wang, zhao
from tests.reports.world import GRID, GROUP, OTHER_GRID, TODAY, confirmed, happens, order, row

AT_ONCE = 12


def all_at_once(*doings: Callable[[], Any]) -> None:
    """Everything in the same moment, each in a thread of its own; what fails, fails the test."""
    start, failed = threading.Barrier(len(doings)), []

    def do(doing: Callable[[], Any]) -> None:
        start.wait()
        try:
            doing()
        except Exception as error:  # noqa: BLE001 (told below)
            failed.append(error)

    threads = [threading.Thread(target=do, args=(doing,)) for doing in doings]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed


def poster(app: Flask, person: Person, url: str, told: list[int], **values: Any) -> Callable[[], None]:
    browser = Browser(app)
    client, token = browser.client(person), browser.csrf_token(person)

    def post() -> None:
        with app.app_context():
            data = {"csrf_token": token, "once": secrets.token_urlsafe(16), **values}
            told.append(client.post(url, data=data).status_code)

    return post


def counter(app: Flask, where: str) -> Callable[[], None]:
    def count() -> None:
        expect_writing(True)
        with app.app_context(), acting_as(app, li):
            figures.add("gate.exits", unit(where).id)
            figures.add("gate.entries", unit(where).id)

    return count


@pytest.mark.slow
def test_many_count_at_once_and_none_is_lost(app):
    all_at_once(*(counter(app, (GRID, OTHER_GRID)[n % 2]) for n in range(AT_ONCE)))
    with everywhere(because="the test looks"):
        told = figures.sums(unit(GROUP).place, TODAY)
    assert (told["gate.exits"], told["gate.entries"]) == (AT_ONCE, AT_ONCE)


@pytest.mark.slow
def test_of_two_who_confirm_one_is_first_and_the_other_is_told(app):
    order()
    happens()
    told: list[int] = []
    url = f"/reports/confirm?unit={unit(GRID).id}&day={TODAY.isoformat()}"
    people = [qian, zhao, wang, li]
    all_at_once(*(poster(app, person, url, told) for person in people))
    assert Counter(told) == {303: 1, 409: len(people) - 1}
    with everywhere(because="the test looks"):
        db.session.rollback()
        report = report_of(unit(GRID).id, TODAY)
    assert (report.version, report.state) == (1, ReportState.CONFIRMED)


@pytest.mark.slow
def test_confirming_sending_back_adding_and_recording_at_once_lose_nothing(app):
    order()
    happens(GRID, 5)
    grid = confirmed(GRID)
    happens(GRID, 2)
    told: list[int] = []
    day = f"day={TODAY.isoformat()}"
    all_at_once(
        poster(app, zhao, f"/reports/confirm?unit={unit(GROUP).id}&{day}", told),
        poster(app, wang, f"/reports/{grid}/send-back", told, words="核对", with_below="y"),
        poster(app, zhao, f"/reports/{grid}/receive", told),
        poster(app, qian, f"/reports/{grid}/supplement", told, words="漏记"),
        *(counter(app, GRID) for _ in range(8)),
    )
    assert set(told) <= {303, 409}
    assert 303 in told
    with everywhere(because="the test looks"):
        db.session.rollback()
        now = figures.sums(unit(GRID).place, TODAY)
        group = report_of(unit(GROUP).id, TODAY)
    assert now["gate.exits"] == 15
    if row(grid).state is ReportState.OPEN:
        confirmed(GRID)
    elif row(grid).told["gate.exits"] != 15:
        with acting_as(app, qian):
            from portal.reports import service
            from portal.reports.models import DailyReport

            service.supplement(db.session.get_one(DailyReport, grid), "补报")
    assert row(grid).told["gate.exits"] == 15
    assert group.figures["gate.exits"] in range(7, 16)
