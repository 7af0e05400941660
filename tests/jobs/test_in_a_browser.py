"""The bar moves by itself, the page turns when the work has ended, and without scripts there is a link."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page
from werkzeug.serving import make_server

from portal.database import db
from portal.jobs import running
from portal.jobs.task import Task
from tests.people import PASSWORD, wang

pytestmark = pytest.mark.browser


@pytest.fixture
def sit_down(app: Flask, browser: Chromium) -> Iterator[Callable[..., Page]]:
    """The smallest phone, signed in as wang."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    complaints: list[str] = []

    def sit(*, scripts: bool = True) -> Page:
        db.session.commit()
        db.session.remove()
        address = f"http://127.0.0.1:{server.server_port}"
        context = browser.new_context(
            viewport={"width": 320, "height": 640}, base_url=address, java_script_enabled=scripts
        )
        context.add_cookies([{"name": "language", "value": "en", "url": address}])
        page = context.new_page()
        page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto("/login")
        page.fill("[name=name]", str(wang))
        page.fill("[name=password]", PASSWORD)
        page.click("main button")
        return page

    yield sit
    for context in browser.contexts:
        context.close()
    server.shutdown()
    thread.join()
    assert complaints == []


def test_the_bar_moves_and_the_page_turns_at_the_end(
    app: Flask, kind: Any, start: Any, sit_down: Any
) -> None:
    begin, half, rest = threading.Event(), threading.Event(), threading.Event()

    def count(task: Task) -> None:
        begin.wait()
        for number in task.steps(range(10), looks=True):
            if number == 5:
                half.set()
                rest.wait()
        task.result("txt").write_text("ten")

    job_id = start(kind(count))
    page = sit_down()
    worker = threading.Thread(target=running.run, args=(app, job_id))
    worker.start()
    page.goto(f"/jobs/{job_id}")
    page.evaluate("window.sameDocument = true")
    assert page.locator("progress").count() == 0
    begin.set()
    half.wait()
    page.wait_for_selector("progress[value='5']")
    assert page.evaluate("window.sameDocument")
    assert page.get_by_text("5/10").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    rest.set()
    page.wait_for_selector("text=Download")
    assert page.locator("progress").count() == 0
    worker.join()
    with page.expect_download() as fetched:
        page.click("text=Download")
    assert fetched.value.suggested_filename == f"Count sheep-{job_id}.txt"
    assert fetched.value.path().read_text() == "ten"


def test_without_scripts_the_page_waits_for_its_reader(start: Any, work: Any, sit_down: Any) -> None:
    job_id = start("households", count=1)
    page = sit_down(scripts=False)
    page.goto(f"/jobs/{job_id}")
    assert page.get_by_text("waiting to begin").first.is_visible()
    work(job_id)
    page.click("text=Refresh >> nth=0")
    assert page.get_by_text("Download").is_visible()
