"""Several gates at the same moment: one of them wins, and nothing is written twice."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from portal.access.scope import everywhere
from portal.database import db
from portal.gate.models import GateEvent
from portal.registry.models import Household
from tests.gate.world import issued, records, scan, trips
from tests.people import gu, he

GATES = 8


def at_once(desk, requests):
    """Send all posts at the same moment, each from a browser of its own; the statuses."""
    together = Barrier(len(requests))
    prepared = [(_another_browser(desk, person), url, data) for person, url, data in requests]

    def send(request):
        browser, url, data = request
        together.wait()
        with desk.app.app_context():
            return browser.post(url, data=data).status_code

    db.session.remove()
    with ThreadPoolExecutor(len(requests)) as pool:
        return sorted(pool.map(send, prepared))


def _another_browser(desk, person):
    """The same sign-in and form tokens in a client of its own: a client sends one request at a time."""
    browser = desk.app.test_client()
    with desk.client(person).session_transaction() as known, browser.session_transaction() as mine:
        mine.update(known)
    return browser


def exits(desk, pass_, people):
    """What each of these guards would send to let this pass out."""
    asked = []
    for person in people:
        page = scan(desk, person, pass_.code)
        form = page.tree.xpath("//form[contains(@action, '/record')]")[0]
        data = {field.get("name"): field.get("value") or "" for field in form.xpath(".//input")}
        asked.append((person, form.get("action"), data | {"direction": "exit"}))
    return asked


def test_one_pass_leaves_by_many_gates_at_once(desk):
    pass_ = issued()
    at_once(desk, exits(desk, pass_, [gu, he] * (GATES // 2)))
    assert len(trips(pass_)) == 1
    assert len(records(GateEvent.EXIT)) == 1
    assert len(records(GateEvent.COPY)) == 1, "the others were refused, and the commander is told once"


def test_passes_that_count_together_leave_at_once(desk):
    """A household with one trip left and two passes: one of them goes."""
    first = issued()
    with_same_home = issued(home=_home_of(first))
    scan(desk, gu, first.code).send("exit")
    scan(desk, gu, first.code).send("entry")
    at_once(desk, exits(desk, first, [gu, gu]) + exits(desk, with_same_home, [he, he]))
    assert len(trips()) == 2


def test_a_button_pressed_many_times_counts_once(desk):
    pass_ = issued()
    (request,) = exits(desk, pass_, [gu])
    at_once(desk, [request] * GATES)
    assert len(records(GateEvent.EXIT)) == 1
    assert records(GateEvent.COPY) == []


def test_an_entry_from_two_gates_at_once(desk, visit):
    pass_ = issued()
    scan(desk, gu, pass_.code).send("exit")
    asked = [(who, url, data | {"direction": "entry"}) for who, url, data in exits(desk, pass_, [gu, he])]
    at_once(desk, asked)
    assert len(trips(pass_)) == 1
    assert trips(pass_)[0].in_at is not None


def _home_of(pass_):
    with everywhere(because="the test looks"):
        home = db.session.get_one(Household, pass_.household_id)
        db.session.expunge(home)
    return home
