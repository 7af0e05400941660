"""The test client that nags: every page it gets is checked as a reader would meet it.

``visit("passes.index", as_=wang)`` and ``page.send("Issue")`` speak of people and of what is written on the page.
"""

import gzip
import re
import secrets
from contextvars import Context
from typing import Any

from flask import Flask, url_for
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select
from tinyhtml5.parser import HTMLParser
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from portal.access.guard import ANYONE, SIGNED_IN
from portal.access.policy import POLICY, May
from portal.access.scope import everywhere
from portal.accounts import sessions
from portal.accounts.models import Account, Appointment, SignIn
from portal.clock import now
from portal.database import db
from portal.web.assets import SEEN_COOKIE
from tests.markup import keep, tags_of
from tests.people import Person

PAGE_LIMIT = 4_000  # bytes, gzip (performance.md)
# Not within a digest, whose hexadecimal digits may happen to look like a number.
FULL_DOCUMENT = re.compile(r"(?<![\da-f])\d{17}[\dXx](?![\da-f])")
FULL_MOBILE = re.compile(r"(?<![\da-f])1[3-9]\d{9}(?![\da-f])")
WELL_FORMED: set[str] = set()  # the tags of the pages that were parsed: a page like them need not be
CONTROLS = "//input[not(@type='hidden')]|//select|//textarea"


class Page:
    """A page as somebody sees it."""

    def __init__(self, browser: "Browser", response: TestResponse, person: Person | None, url: str) -> None:
        self.browser, self.response, self.person, self.url = browser, response, person, url
        self.status = response.status_code
        self.source = response.get_data(as_text=True)
        self.tree = html.document_fromstring(self.source)

    @property
    def text(self) -> str:
        """What is written on the page, white space folded."""
        return " ".join(self.tree.text_content().split())

    @property
    def heading(self) -> str:
        return " ".join(self.tree.xpath("string(//h1)").split())

    def has(self, text: str) -> bool:
        return text in self.text

    def links(self) -> list[str]:
        """Where the page's own links lead."""
        return [a.get("href") for a in self.tree.xpath("//a[@href]") if a.get("href").startswith("/")]

    def buttons(self) -> list[str]:
        return [" ".join(b.text_content().split()) for b in self.tree.xpath("//button")]

    def send(self, button: str, *, status: int = 303, **values: Any) -> Any:
        """Press the button with this text (or this name=value), with these values typed in.

        Returns the next page after a 303, else the page that came back.
        """
        found = [b for b in self.tree.xpath("//button") if " ".join(b.text_content().split()) == button]
        found = found or self.tree.xpath(f"//button[@value='{button}']")
        assert found, f"no button {button!r} on {self.url}: {self.buttons()}"
        form = next(found[0].iterancestors("form"), None)
        if form is None:
            form = self.tree.get_element_by_id(found[0].get("form"))
        data = dict_of(form) | {name: value for name, value in values.items() if value is not None}
        for name in [name for name, value in values.items() if value is None]:
            data.pop(name, None)
        if found[0].get("name"):
            data[found[0].get("name")] = found[0].get("value", "")
        action = found[0].get("formaction") or form.get("action") or self.url
        return self.browser.send(action, data, self.person, status)


def dict_of(form: Any) -> dict[str, Any]:
    """What a browser would send of a form as it stands."""
    data: dict[str, Any] = {}
    for name, value in form.form_values():
        if name in data:
            data[name] = [*(data[name] if isinstance(data[name], list) else [data[name]]), value]
        else:
            data[name] = value
    return data


class ApartClient(FlaskClient):
    """A test client whose requests have nothing in common with the test: a context and a session of their own.

    Flask would let a request share the application context that the test has pushed, and with it ``g``.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        db.session.commit()
        db.session.remove()
        return Context().run(super().open, *args, **kwargs)


class Browser:
    """A browser for everybody: each person has cookies of their own."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.clients: dict[str, Any] = {}
        self.tokens: dict[str, str] = {}

    def client(self, person: Person | None) -> Any:
        """The person's browser, signed in."""
        name = str(person) if person else ""
        if name not in self.clients:
            client = self.app.test_client()
            client.set_cookie(SEEN_COOKIE, self.app.extensions["assets"].style_version)
            if person:
                _sign_in(client, person)
            self.clients[name] = client
        return self.clients[name]

    def visit(
        self,
        endpoint: str,
        *,
        as_: Person | None = None,
        status: int = 200,
        language: str = "en",
        unmasked: bool = False,
        limit: int = PAGE_LIMIT,
        **values: Any,
    ) -> Page:
        """Open a page by its endpoint, or by its path, and check it."""
        url = endpoint if endpoint.startswith("/") else self._url(endpoint, values)
        client = self.client(as_)
        client.set_cookie("language", language)
        response = client.get(url)
        if response.status_code == 303 and status == 200:
            raise AssertionError(f"{as_} was led from {url} to {response.location}")
        page = Page(self, response, as_, url)
        assert page.status == status, f"{as_} got {page.status} for {url}: {page.heading or page.text[:200]}"
        nag(self.app, page, unmasked=unmasked, limit=limit)
        keep(page.source, re.sub(r"\W+", "-", endpoint).strip("-") or "home")
        return page

    def post(
        self,
        endpoint: str,
        *,
        as_: Person | None = None,
        data: dict[str, Any] | None = None,
        status: int = 303,
        **values: Any,
    ) -> Any:
        """Post without a page before it: the CSRF token and a fresh ``once`` are added."""
        url = endpoint if endpoint.startswith("/") else self._url(endpoint, values)
        filled = {"csrf_token": self.csrf_token(as_), "once": secrets.token_urlsafe(16), **(data or {})}
        return self.send(url, filled, as_, status)

    def csrf_token(self, person: Person | None) -> str:
        """A token from any page that has a form: it is good for as long as the person's cookies are."""
        name = str(person) if person else ""
        if name not in self.tokens:
            source = self.client(person).get("/v/").get_data(as_text=True)
            tree = html.document_fromstring(source)
            self.tokens[name] = str(tree.xpath("string(//input[@name='csrf_token']/@value)"))
        return self.tokens[name]

    def send(self, url: str, data: dict[str, Any], person: Person | None, status: int) -> Any:
        client = self.client(person)
        client.set_cookie("language", "en")
        response = client.post(url, data=data)
        said = "" if response.mimetype != "text/html" else Page(self, response, person, url).text[-600:]
        assert status in (0, response.status_code), f"{person} got {response.status_code} for {url}: {said}"
        if response.status_code == 303:
            return self.visit(response.location, as_=person)
        return Page(self, response, person, url) if response.mimetype == "text/html" else response

    def _url(self, endpoint: str, values: dict[str, Any]) -> str:
        with self.app.test_request_context():
            return url_for(endpoint, **values)


def _sign_in(client: Any, person: Person) -> None:
    token = secrets.token_urlsafe(32)
    with everywhere(because="tests sign people in without a password"):
        account = db.session.scalars(select(Account).where(Account.sign_in_name == person.sign_in_name)).one()
        first = select(Appointment.id).where(Appointment.account_id == account.id).order_by(Appointment.id)
        db.session.add(
            SignIn(
                token_digest=sessions._digest(token),
                account_id=account.id,
                appointment_id=db.session.scalars(first).first(),
                started_at=now(),
                seen_at=now(),
            )
        )
        db.session.commit()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token


# ── nagging ──────────────────────────────────────────────────────────────────────────────────────────────────────


def nag(app: Flask, page: Page, *, unmasked: bool, limit: int) -> None:
    """Everything that must be true of every page."""
    where = f"{page.url} as {page.person}"
    if (tags := tags_of(page.source)) not in WELL_FORMED:
        parser = HTMLParser()
        parser.parse(page.source)
        assert not parser.errors, f"{where} is not well-formed: {parser.errors[:3]}"
        WELL_FORMED.add(tags)
    tree = page.tree
    assert len(tree.xpath("//h1")) == 1, f"{where} needs exactly one h1, has {len(tree.xpath('//h1'))}"
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids)), (
        f"{where} uses an id twice: {sorted(i for i in ids if ids.count(i) > 1)}"
    )
    for control in tree.xpath(CONTROLS):
        assert _has_label(tree, control), f"{where}: {html.tostring(control)[:120]!r} has no label"
    assert not tree.xpath("//script[not(@src)]"), f"{where} has an inline script: move it to static/js"
    assert not tree.xpath("//@style"), f"{where} has an inline style: use a class"
    assert not tree.xpath("//@*[starts-with(name(), 'on')]"), f"{where} has an inline handler"
    for form in tree.xpath("//form[@method='post']"):
        assert form.xpath(".//input[@name='csrf_token']"), f"{where}: a form without its CSRF token"
    for href in page.links():
        _link_leads_somewhere(app, page, href)
    weight = len(gzip.compress(page.source.encode(), 9))
    assert weight <= limit, f"{where} weighs {weight} bytes (gzip), {limit} are allowed"
    if not unmasked:
        for pattern in (FULL_DOCUMENT, FULL_MOBILE):
            assert not pattern.search(page.text), (
                f"{where} shows an unmasked number: {pattern.search(page.text)}"
            )
    assert not FULL_DOCUMENT.search(page.url), f"a document number in {page.url}"
    assert not FULL_MOBILE.search(page.url), f"a phone number in {page.url}"


def _has_label(tree: Any, control: Any) -> bool:
    if control.get("aria-label") or control.get("aria-labelledby") or control.get("type") == "submit":
        return True
    labelled = control.get("id") and tree.xpath(f"//label[@for='{control.get('id')}']")
    return bool(labelled or list(control.iterancestors("label")))


def _link_leads_somewhere(app: Flask, page: Page, href: str) -> None:
    path = href.split("#", maxsplit=1)[0].split("?", maxsplit=1)[0]
    try:
        endpoint, _values = app.url_map.bind("").match(path, method="GET")
    except HTTPException as error:
        raise AssertionError(f"{page.url} links to {href}, which does not exist") from error
    need = app.extensions["gatehouse"].needs.get(endpoint)
    allowed = need in (ANYONE, SIGNED_IN) or (
        page.person is not None and isinstance(need, May) and need in POLICY[page.person.role]
    )
    assert allowed or endpoint == "static", f"{page.url} offers {page.person} a link that is refused: {href}"
