"""A real browser against a real server: the demo street on SQLite, served by Werkzeug's threads on loopback."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask_migrate import upgrade
from playwright.sync_api import Browser, BrowserContext, Page, Route
from werkzeug.serving import make_server

from portal import create_app
from portal.database import db
from portal.rehearsal import demo
from portal.rehearsal.staff import PASSWORD
from tests.conftest import A_MORNING, settings

PHONE = {"width": 320, "height": 640}
DESK = {"width": 1280, "height": 900}


@pytest.fixture(scope="session")
def site_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the running demo keeps its database, ``gridgate.db``."""
    return tmp_path_factory.mktemp("site")


@pytest.fixture(scope="session")
def site(site_folder: Path) -> Iterator[str]:
    """The address of a running demo, in which it is ten in the morning when it starts."""
    with time_machine.travel(A_MORNING, tick=True):
        yield from _serving(site_folder)


def _serving(folder: Path) -> Iterator[str]:
    app = create_app(settings(folder, f"sqlite:///{folder}/gridgate.db"))
    with app.app_context():
        upgrade()
        demo.load()
        db.session.commit()
        db.session.remove()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def sit_down(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """``sit_down("wang", phone=True)``: a fresh browser, signed in through the form, that notes what goes wrong."""
    contexts: list[BrowserContext] = []

    def sit(name: str | None, *, phone: bool = True, scripts: bool = True, **options: Any) -> Page:
        context = browser.new_context(
            base_url=site,
            viewport=PHONE if phone else DESK,
            java_script_enabled=scripts,
            locale="zh-CN",
            **options,
        )
        contexts.append(context)
        context.route(lambda url: not url.startswith(site), _refuse)
        page = context.new_page()
        page.complaints = []  # type: ignore[attr-defined]
        page.on("console", lambda message: _note(page, message.type, message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))  # type: ignore[attr-defined]
        if name:
            page.goto("/login")
            page.fill("[name=name]", name)
            page.fill("[name=password]", PASSWORD)
            page.click("main button")
        return page

    yield sit
    complaints = [
        complaint for context in contexts for page in context.pages for complaint in page.complaints
    ]  # type: ignore[attr-defined]
    for context in contexts:
        context.close()
    assert not complaints, complaints


def _refuse(route: Route) -> None:
    raise AssertionError(f"the page asked another site: {route.request.url}")


def _note(page: Page, kind: str, text: str) -> None:
    expected = "status of 4" in text  # a test that sends something wrong gets an error page
    if kind in ("error", "warning") and not expected:
        page.complaints.append(text)  # type: ignore[attr-defined]
