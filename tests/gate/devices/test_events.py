"""Events come in: each once, in whatever order, and one that is bad in nobody's way."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine

from portal.access.scope import everywhere
from portal.clock import now
from portal.database import db
from portal.gate.devices.models import ArrivalState
from portal.gate.models import DOUBTS, GateEvent
from portal.passes.kinds import Kind
from portal.passes.verdicts import Direction, Reason, Verdict
from portal.workflow.figures import sums
from tests.conftest import A_MORNING
from tests.factories import household
from tests.gate.devices.phone import Phone, appointment_of, arrivals, ms
from tests.gate.world import RULE, issued, records, told, trips
from tests.page import Browser
from tests.people import gu, he, unit, wang

AT_ONCE = 32
MINUTE = timedelta(minutes=1)
MANY = replace(RULE, trips=9)


@pytest.fixture
def phone(desk: Browser) -> Phone:
    return Phone(desk).paired()


def home(room="302"):
    return household(compound="豫苑小区", building="6号楼", stairwell="2", room=room)


def test_an_exit_and_an_entry_make_a_trip(phone):
    pass_, out = issued(), now() - 30 * MINUTE
    batch = [
        phone.passes("exit", pass_, out, temperature=365, mask=True),
        phone.passes("entry", pass_, out + 20 * MINUTE),
    ]
    assert phone.send(*batch) == ["stored", "stored"]
    (trip,) = trips(pass_)
    assert (ms(trip.out_at), ms(trip.in_at)) == (ms(out), ms(out + 20 * MINUTE))
    assert trip.back_by == trip.out_at + timedelta(minutes=120)
    assert trip.out_checkpoint_id == trip.in_checkpoint_id == phone.gate
    record = records(GateEvent.EXIT)[0]
    assert (record.temperature, record.with_mask, record.by_device) == (365, True, True)
    assert (record.verdict, record.reason, record.trip_id) == (Verdict.GREEN, Reason.MAY_GO, trip.id)
    assert told("gate.exit")[0].details["happened"]


def test_sent_again_it_counts_once(phone):
    pass_ = issued()
    batch = [phone.passes("exit", pass_), phone.event("turned_back", count=3)]
    assert phone.send(*batch) == ["stored", "stored"]
    assert phone.send(*batch) == ["duplicate", "duplicate"]
    assert phone.send(batch[1], phone.event("turned_back", vehicle=True), batch[0]) == [
        "duplicate",
        "stored",
        "duplicate",
    ]
    assert (len(trips()), len(arrivals())) == (1, 3)
    assert [(record.count, record.vehicle) for record in records(GateEvent.TURNED_BACK)] == [
        (3, False),
        (1, True),
    ]


@pytest.mark.any_database
def test_the_same_id_with_another_content_is_never_overwritten(phone):
    first = phone.event("turned_back", count=2)
    phone.send(first)
    assert phone.send(first | {"count": 9}) == ["conflict"]
    assert phone.send(first, first | {"count": 5}) == ["duplicate", "conflict"]
    assert records(GateEvent.TURNED_BACK)[0].count == 2
    assert told("gate.event_conflict")[0].details["event"] == first["id"]


def test_many_posts_of_the_same_batch_at_once(phone):
    """Retries of a slow line, two tabs, an impatient proxy: whatever arrives, each event counts once."""
    pass_, early = issued(), now() - 50 * MINUTE
    batch = phone.batch(
        phone.passes("exit", pass_, early),
        phone.event("turned_back", count=2),
        phone.passes("entry", pass_, early + 9 * MINUTE),
        {"id": str(uuid.uuid4()), "n": 4, "kind": "exit"},
    )
    together = Barrier(AT_ONCE)

    def send(_number):
        browser = phone.desk.app.test_client()
        together.wait()
        with phone.desk.app.app_context():
            return browser.post(
                "/gate/device/events", json=batch, headers={"Authorization": f"Bearer {phone.token}"}
            ).json["results"]

    db.session.remove()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(send, range(AT_ONCE)))
    outcomes = [tuple(result["status"] for result in results) for results in answers]
    assert outcomes.count(("stored", "stored", "stored", "refused")) == 1
    assert outcomes.count(("duplicate", "duplicate", "duplicate", "refused")) == AT_ONCE - 1
    assert (len(arrivals()), len(trips()), len(records(GateEvent.TURNED_BACK))) == (4, 1, 1)


def test_two_phones_with_the_same_passes_at_once(phone):
    """Each batch holds what the other one wants: they wait in one order, and none gives up."""
    first, second, early = issued(), issued(), now() - 60 * MINUTE
    other = Phone(phone.desk).paired()
    batches = [
        (phone, [phone.passes("exit", one, early) for one in (first, second)]),
        (other, [other.passes("entry", one, early + 20 * MINUTE) for one in (second, first)]),
    ] * 4
    together = Barrier(len(batches))

    def send(task):
        sender, events = task
        browser = sender.desk.app.test_client()
        body = sender.batch(*events)
        together.wait()
        with sender.desk.app.app_context():
            return browser.post(
                "/gate/device/events", json=body, headers={"Authorization": f"Bearer {sender.token}"}
            ).status_code

    db.session.remove()
    with ThreadPoolExecutor(len(batches)) as pool:
        assert set(pool.map(send, batches)) == {200}
    assert [trip.in_at is not None for trip in trips()] == [True, True]


def test_one_bad_event_is_in_nobodys_way(phone, visit):
    pass_, good = issued(), phone.event("turned_back")
    bad = [
        phone.event("exit"),
        phone.event("exit", index=999_999),
        phone.event("turned_back") | {"name": "演示·张学敏"},
        phone.event("dance"),
        "nothing",
        {"id": "x"},
        phone.event("turned_back", note="x" * 5000),
    ]
    assert phone.send(bad[0], good, *bad[1:], phone.passes("exit", pass_)) == [
        "refused",
        "stored",
        *["refused"] * 6,
        "stored",
    ]
    kept = [row for row in arrivals() if row.state is ArrivalState.REFUSED]
    assert [row.why for row in kept] == [
        "unreadable index",
        "unknown_pass index",
        "unreadable name",
        "unreadable kind",
    ]
    assert "name" not in kept[2].body
    assert phone.send(bad[1]) == ["refused"], "asked again, it is told the same"
    assert visit("today.index", as_=wang).has("Events of gates that could not be recorded")


@pytest.mark.any_database
def test_a_refused_exit_is_recorded_by_hand_or_dismissed(phone, visit):
    pass_, at = issued(), now() - 20 * MINUTE
    phone.send(phone.event("exit", at, index=999_999), phone.event("entry", index=999_998))
    index = visit("gate_devices.index", as_=wang, checkpoint_id=phone.gate)
    first, second = [link for link in index.links() if "/refused/" in link]
    page = visit(first, as_=wang)
    assert page.has("There is no such pass here")
    assert page.send("Record by hand", code="2345ABCD", status=409).has("no pass with this number")
    page.send("Record by hand", code=pass_.serial)
    assert ms(trips(pass_)[0].out_at) == ms(at)
    visit(second, as_=wang).send("Dismiss")
    assert not [
        link
        for link in visit("gate_devices.index", as_=wang, checkpoint_id=phone.gate).links()
        if "/refused/" in link
    ]
    visit(first, as_=wang, status=404)
    assert [row.state for row in arrivals()] == [ArrivalState.STORED, ArrivalState.DISMISSED]


@pytest.mark.any_database
@pytest.mark.parametrize(
    "change",
    [
        {"device": "somebody"},
        {"device": str(uuid.uuid4())},
        {"now": "soon"},
        {"waiting": -1},
        {"software": 1},
        {"events": {}},
        {"events": [{}] * 101},
    ],
)
def test_what_is_no_batch_is_not_taken_over(phone, change):
    answer = phone.send(phone.event("turned_back"), status=400, **change)
    assert answer.json["why"]
    assert arrivals() == []


@pytest.mark.any_database
def test_a_batch_has_its_limits(phone):
    headers = {"Authorization": f"Bearer {phone.token}"}
    too_large = phone.client.post("/gate/device/events", data=b" " * 300_000, headers=headers)
    assert too_large.status_code == 413
    assert phone.client.post("/gate/device/events", data=b"[" * 99_999, headers=headers).status_code == 400
    assert phone.send(*(phone.event("turned_back") for _ in range(100))) == ["stored"] * 100


def test_a_clock_that_is_wrong_by_a_day(phone):
    pass_, out = issued(), now() - 30 * MINUTE
    for wrong_by in (86_400_000, -86_400_000):
        phone.clock = wrong_by
        phone.send(
            phone.passes("exit", pass_, out, offset=None), phone.passes("entry", pass_, out + 5 * MINUTE)
        )
    first = trips(pass_)[0]
    assert abs(ms(first.out_at) - ms(out)) < 2_000
    arrived = arrivals()[0]
    assert arrived.claimed_at - arrived.happened_at > timedelta(hours=23)
    assert arrived.received_at >= arrived.happened_at


@pytest.mark.any_database
def test_numbers_keep_the_order_where_the_clock_does_not(phone):
    early, late = now() - 50 * MINUTE, now() - 10 * MINUTE
    first, second, third = (
        phone.event("turned_back", late),
        phone.event("visitor", early),
        phone.event("on_duty"),
    )
    phone.send(third, first)
    phone.send(second)
    rows = arrivals()
    assert [row.n for row in rows] == [1, 2, 3]
    assert rows[0].happened_at <= rows[1].happened_at <= rows[2].happened_at
    assert phone.row.last_n == 3


@pytest.mark.any_database
def test_a_batch_is_taken_in_the_order_of_its_numbers(phone):
    pass_, at = issued(), now() - 30 * MINUTE
    out, back = phone.passes("exit", pass_, at), phone.passes("entry", pass_, at)
    assert phone.send(back, out) == ["stored", "stored"]
    assert trips(pass_)[0].in_at is not None


def test_an_entry_that_arrives_before_its_exit(desk, phone):
    pass_, out = issued(), now() - 60 * MINUTE
    other = Phone(desk).paired()
    other.send(other.passes("entry", pass_, out + 40 * MINUTE, verdict="look", reason="not_out"))
    assert trips(pass_) == []
    phone.send(phone.passes("exit", pass_, out))
    (trip,) = trips(pass_)
    assert (ms(trip.out_at), ms(trip.in_at)) == (ms(out), ms(out + 40 * MINUTE))
    assert records(GateEvent.ENTRY)[0].trip_id == trip.id


@pytest.mark.any_database
@pytest.mark.parametrize("order", [(4, 3, 2, 1, 0), (2, 4, 0, 3, 1), (1, 0, 4, 2, 3), (3, 1, 4, 0, 2)])
def test_the_same_trips_whatever_arrives_first(desk, phone, order):
    """Two phones, three times out: all orders of arrival end the same."""
    begin, pass_, other = now() - 50 * MINUTE, issued(rule=MANY), Phone(desk).paired()
    ways = (("exit", phone), ("entry", other), ("exit", other), ("entry", phone), ("exit", phone))
    events = [
        (sender, sender.passes(way, pass_, begin + place * 10 * MINUTE))
        for place, (way, sender) in enumerate(ways)
    ]
    for place in order:
        sender, event = events[place]
        assert sender.send(event) == ["stored"]
    assert [
        (ms(trip.out_at), trip.in_at and ms(trip.in_at)) for trip in sorted(trips(pass_), key=_begin)
    ] == [
        (ms(begin), ms(begin + 10 * MINUTE)),
        (ms(begin + 20 * MINUTE), ms(begin + 30 * MINUTE)),
        (ms(begin + 40 * MINUTE), None),
    ]
    assert not open_doubts()


def _begin(trip):
    return trip.out_at


def open_doubts():
    return [row for event in DOUBTS for row in records(event) if row.done_at is None]


@pytest.mark.any_database
def test_whoever_was_on_duty_is_the_one_who_recorded(phone):
    phone.send(
        phone.event("turned_back"),
        phone.event("turned_back", staff=appointment_of(he)),
        phone.event("turned_back", staff=None),
    )
    mine, strange, nobody = (record.account_id for record in records(GateEvent.TURNED_BACK))
    assert strange == nobody == phone.row.paired_by_id
    assert mine not in (strange, None)
    assert [entry.account_id for entry in told("gate.turn_back")] == [mine, strange, nobody]


@pytest.mark.any_database
def test_who_comes_and_goes_without_a_pass(phone, visit):
    one = home()
    home("303")
    phone.send(
        phone.event("visitor", room="6-2-302", why="repair", **{"from": "邻镇"}),
        phone.event("visitor", room="6号楼", direction="exit"),
        phone.event("special_exit", room="6-2-302", why="illness", note="送医"),
        phone.event("special_exit", room="河边板房"),
        phone.event("on_duty"),
        phone.event("handed_over", note="外出 3"),
        phone.event("turned_back", vehicle=True, **{"from": "邻镇"}),
        phone.event("refused", verdict="no", reason="code_altered", index=None),
    )
    first, second = records(GateEvent.VISITOR)
    assert (first.household_id, first.place, first.note) == (one.id, "6-2-302, from 邻镇", "Repairs")
    assert (second.household_id, second.direction) == (None, Direction.EXIT)
    special, nowhere = trips()
    assert (special.household_id, special.pass_id, nowhere.unit_id) == (one.id, None, unit("豫苑社区").id)
    assert records(GateEvent.SPECIAL_EXIT)[0].note == "Illness, 送医"
    assert records(GateEvent.HANDED_OVER)[0].note == "外出 3"
    assert records(GateEvent.TURNED_BACK)[0].place == "邻镇"
    refused = records(GateEvent.CHECK)[0]
    assert (refused.verdict, refused.reason, refused.done_at) == (Verdict.RED, Reason.CODE_ALTERED, None)
    cells = [
        cell.text_content() for cell in visit("gates.index", as_=wang).tree.xpath("//tr[td]")[0].xpath("td")
    ]
    assert cells[1:] == ["2", "0", "1", "0", "1"]


@pytest.mark.any_database
def test_back_from_a_special_exit_with_a_pass(phone):
    pass_ = issued()
    phone.send(phone.event("special_exit", now() - 40 * MINUTE, index=pass_.status_index))
    phone.send(phone.passes("entry", pass_, now() - 10 * MINUTE))
    (trip,) = trips()
    assert (trip.pass_id, trip.household_id) == (None, pass_.household_id)
    assert trip.in_at is not None


@pytest.mark.any_database
def test_a_visitors_trip_begins_with_the_entry(phone):
    pass_, at = issued(kind=Kind.VISITOR), now() - 50 * MINUTE
    phone.send(phone.passes("exit", pass_, at + 30 * MINUTE), phone.passes("entry", pass_, at))
    assert [trip.in_at for trip in trips(pass_)] == [None], "numbers keep the order"


@pytest.mark.any_database
def test_what_is_late_by_all_gates_is_late(desk, phone):
    pass_ = issued()
    other = Phone(desk).paired()
    other.send(other.passes("exit", pass_, now() - 200 * MINUTE))
    phone.send(phone.passes("entry", pass_, now(), verdict="look", reason="not_out"))
    assert records(GateEvent.ENTRY)[0].reason is Reason.OVERTIME


@pytest.mark.any_database
def test_a_boundary_gate_names_its_neighbour(desk, visit, phone):
    page = visit("units.checkpoint", as_=wang, checkpoint_id=phone.gate)
    page.send("Save", neighbour="邻镇")
    assert visit("gates.index", as_=wang).has("boundary with 邻镇")
    assert visit("gate_devices.index", as_=wang, checkpoint_id=phone.gate).has("boundary with 邻镇")


@pytest.mark.any_database
def test_the_desk_shows_what_the_phone_did(phone, visit):
    phone.send(phone.passes("exit", issued()))
    page = visit("gate.index", as_=gu)
    assert page.has("1 outside now")
    assert page.has("演示·张*")


@pytest.mark.any_database
def test_late_figures_fall_on_their_own_day(phone):
    pass_ = issued(valid_from=A_MORNING - timedelta(days=2), valid_until=A_MORNING + timedelta(days=2))
    with time_machine.travel(A_MORNING):
        phone.send(phone.passes("exit", pass_, A_MORNING - timedelta(days=1)))
    with everywhere(because="the test looks"):
        place, yesterday = unit("豫苑社区").place, (A_MORNING - timedelta(days=1)).date()
        assert sums(place, yesterday)["gate.exits"] == 1
        assert sums(place, A_MORNING.date())["gate.exits"] == 0
