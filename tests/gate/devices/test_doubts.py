"""After reconnecting: who was let through wrongly, who was at two gates, who went out twice. Named to the commander."""

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.access.scope import everywhere
from portal.clock import now
from portal.database import db
from portal.gate.models import DOUBTS, GateEvent
from portal.passes.kinds import OnOvertime, PassState
from portal.passes.models import Pass
from portal.passes.verdicts import Reason
from portal.registry.models import Household
from tests.factories import restriction
from tests.gate.devices.phone import Phone, ms
from tests.gate.world import RULE, change, issued, records, scan, told, trips, verdict, went_out
from tests.people import gu, sun, wang

pytestmark = pytest.mark.any_database
MINUTE = timedelta(minutes=1)
ONCE = replace(RULE, trips=1)


@pytest.fixture
def phone(desk):
    return Phone(desk).paired()


@pytest.fixture
def far(desk):
    """A phone of the other community's gate."""
    return Phone(desk, "东门", sun).paired()


def doubts():
    """(what, why) of all that nobody has looked into."""
    return [(row.event, row.reason) for event in DOUBTS for row in records(event) if row.done_at is None]


def home_of(pass_):
    with everywhere(because="the test looks"):
        home = db.session.get_one(Household, pass_.household_id)
        db.session.expunge(home)
    return home


def test_what_was_right_is_no_doubt(phone):
    pass_ = issued()
    phone.send(
        phone.passes("exit", pass_, now() - 40 * MINUTE), phone.passes("entry", pass_, now() - 20 * MINUTE)
    )
    assert doubts() == []


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"state": PassState.REVOKED, "ended_at": 60}, Reason.REVOKED),
        ({"state": PassState.SURRENDERED, "ended_at": 60}, Reason.SURRENDERED),
        ({"state": PassState.REVOKED, "replaced": True, "ended_at": 60}, Reason.REPLACED),
        ({"series_ends_at": 60}, Reason.SERIES_ENDED),
        ({"valid_until": 50}, Reason.EXPIRED),
        ({"checkpoint_ids": [99]}, Reason.WRONG_GATE),
    ],
)
def test_who_was_let_through_although_the_portal_says_no(phone, visit, values, why):
    pass_ = issued(valid_from=now() - timedelta(hours=20))
    moments = {name: now() - value * MINUTE for name, value in values.items() if name[-2:] in ("at", "il")}
    change(pass_, **(values | moments))
    assert phone.send(phone.passes("exit", pass_, now() - 40 * MINUTE)) == ["stored"]
    assert len(trips(pass_)) == 1, "it has happened"
    assert doubts() == [(GateEvent.LET_THROUGH, why)]
    assert told("gate.let_through")[0].details["because"] == why.value
    page = visit("gates.index", as_=wang)
    for sentence in (pass_.serial, "演示·张*", "Let through by mistake", "豫苑社区 北门"):
        assert page.has(sentence), sentence
    assert not page.has("学敏")
    assert visit("today.index", as_=wang).has("Doubtful passes")
    assert not visit("today.index", as_=sun).has("Doubtful passes")


@pytest.mark.parametrize("state", [PassState.REVOKED, PassState.SURRENDERED])
def test_what_was_ended_afterwards_was_in_force_then(phone, state):
    pass_ = issued()
    change(pass_, state=state, ended_at=now() - 10 * MINUTE, replaced=state is PassState.REVOKED)
    phone.send(phone.passes("exit", pass_, now() - 40 * MINUTE))
    assert doubts() == []


def test_a_household_that_was_restricted(phone):
    pass_ = issued()
    restriction(home_of(pass_), since=now() - 50 * MINUTE)
    phone.send(
        phone.passes("exit", pass_, now() - 55 * MINUTE), phone.passes("entry", pass_, now() - 52 * MINUTE)
    )
    assert doubts() == []
    phone.send(phone.passes("exit", pass_, now() - 40 * MINUTE))
    assert doubts() == [(GateEvent.LET_THROUGH, Reason.SUSPENDED)]


def test_whoever_had_fever(phone):
    phone.send(phone.passes("exit", issued(), temperature=373))
    assert doubts() == [(GateEvent.LET_THROUGH, Reason.FEVER)]


def test_a_quota_used_at_another_gate(phone, far):
    pass_ = issued(rule=ONCE)
    phone.send(
        phone.passes("exit", pass_, now() - 50 * MINUTE), phone.passes("entry", pass_, now() - 40 * MINUTE)
    )
    far.send(far.passes("exit", pass_, now() - 20 * MINUTE))
    assert doubts() == [(GateEvent.LET_THROUGH, Reason.QUOTA_USED)]


def test_a_quota_that_turns_out_to_have_been_used_before(phone, far):
    """What arrives last happened first: the later exit is the wrong one, whoever recorded it."""
    pass_ = issued(rule=ONCE)
    other = issued(rule=ONCE, home=home_of(pass_))
    far.send(far.passes("exit", other, now() - 20 * MINUTE))
    assert doubts() == []
    phone.send(
        phone.passes("exit", pass_, now() - 50 * MINUTE), phone.passes("entry", pass_, now() - 40 * MINUTE)
    )
    assert doubts() == [(GateEvent.LET_THROUGH, Reason.QUOTA_USED)]
    assert records(GateEvent.LET_THROUGH)[0].pass_id == other.id


def test_an_exit_recorded_online_is_weighed_again_too(desk, phone):
    pass_ = issued(rule=ONCE)
    scan(desk, gu, pass_.code).send("exit")
    phone.send(
        phone.passes("exit", pass_, now() - 50 * MINUTE), phone.passes("entry", pass_, now() - 40 * MINUTE)
    )
    assert doubts() == [(GateEvent.LET_THROUGH, Reason.QUOTA_USED)]


def test_a_doubt_that_was_none_goes_away(phone, far):
    """The entry in time arrives after the exit that it made right."""
    rule = replace(RULE, trips=1, period_days=1, grace_minutes=0, max_minutes=30)
    pass_ = issued(rule=replace(rule, trips=2), valid_from=now() - timedelta(hours=5))
    phone.send(phone.passes("exit", pass_, now() - 100 * MINUTE))
    far.send(far.passes("exit", pass_, now() - 20 * MINUTE))
    assert (GateEvent.COPY, None) in doubts()
    late = Phone(phone.desk).paired()
    late.send(late.passes("entry", pass_, now() - 80 * MINUTE))
    assert doubts() == []
    assert [trip.in_at is None for trip in sorted(trips(pass_), key=lambda trip: trip.out_at)] == [
        False,
        True,
    ]


def test_two_exits_without_an_entry(phone, visit):
    pass_ = issued()
    phone.send(
        phone.passes("exit", pass_, now() - 50 * MINUTE), phone.passes("exit", pass_, now() - 20 * MINUTE)
    )
    assert doubts() == [(GateEvent.COPY, None)]
    assert len(trips(pass_)) == 1, "never two open trips of one pass"
    assert visit("gates.index", as_=wang).has("Left twice")
    phone.send(phone.passes("exit", pass_, now() - 10 * MINUTE))
    assert records(GateEvent.COPY)[0].count == 2


def test_what_a_late_entry_explains_is_no_copy(phone):
    pass_ = issued()
    first, _skipped, second = (
        phone.passes("exit", pass_, now() - 50 * MINUTE),
        entry := phone.passes("entry", pass_, now() - 40 * MINUTE),
        phone.passes("exit", pass_, now() - 30 * MINUTE),
    )
    phone.send(first, second)
    assert doubts() == [(GateEvent.COPY, None)]
    phone.send(entry)
    assert doubts() == []
    assert len(trips(pass_)) == 2


@pytest.mark.parametrize(
    ("ways", "apart", "is_doubtful"),
    [
        (("exit", "exit"), 9, True),
        (("exit", "exit"), 11, False),
        (("entry", "entry"), 9, True),
        (("exit", "entry"), 5, False),
        (("exit", "entry"), 0.5, True),
    ],
)
def test_the_same_pass_at_two_gates(phone, far, ways, apart, is_doubtful, visit):
    pass_, at = issued(), now() - 40 * MINUTE
    phone.send(phone.passes(ways[0], pass_, at))
    far.send(far.passes(ways[1], pass_, at + apart * MINUTE))
    assert ((GateEvent.TWO_GATES, None) in doubts()) is is_doubtful
    if is_doubtful:
        page = visit("gates.index", as_=wang)
        assert page.has("At two gates at once")
        assert page.has("豫苑社区 北门")
        assert page.has("建设路社区 东门")


def test_one_tap_issues_the_pass_anew(phone, visit):
    pass_ = issued()
    phone.send(
        phone.passes("exit", pass_, now() - 50 * MINUTE), phone.passes("exit", pass_, now() - 20 * MINUTE)
    )
    page = visit("gates.index", as_=wang).send("Re-issue")
    assert page.has("Re-issued as")
    with everywhere(because="the test looks"):
        old = db.session.get_one(Pass, pass_.id)
        new = db.session.query(Pass).filter(Pass.replaces_id == pass_.id).one()
        assert (old.replaced, new.state) == (True, PassState.ISSUED)
    assert doubts() == []
    assert told("gate.settle_copy")


def test_looked_into_settles_all_about_the_pass(phone, far, visit):
    pass_ = issued(rule=ONCE)
    phone.send(phone.passes("exit", pass_, now() - 50 * MINUTE))
    far.send(far.passes("exit", pass_, now() - 45 * MINUTE))
    assert len(doubts()) == 2
    visit("gates.index", as_=wang).send("Looked into")
    assert doubts() == []
    phone.send(phone.passes("entry", pass_, now() - 5 * MINUTE))
    assert doubts() == []


def test_the_doubts_of_a_pass_belong_to_its_own_community(far, desk, visit):
    pass_ = issued()
    change(pass_, state=PassState.REVOKED, ended_at=now() - 50 * MINUTE)
    far.send(far.passes("exit", pass_, now() - 40 * MINUTE))
    assert visit("gates.index", as_=wang).has(pass_.serial)
    assert not visit("gates.index", as_=sun).has(pass_.serial)
    doubt = records(GateEvent.LET_THROUGH)[0]
    for endpoint in ("gates.settle_copy", "gates.reissue"):
        desk.post(endpoint, as_=sun, copy_id=doubt.id, status=404)


def test_being_late_costs_the_next_trip_and_says_so(visit):
    pass_ = issued(valid_from=now() - timedelta(hours=9))
    went_out(pass_, now() - 200 * MINUTE, now() - 80 * MINUTE)
    assert visit("gates.index", as_=wang).has("80 minutes late, the next trip is cancelled")
    change(pass_, rule=replace(RULE, on_overtime=OnOvertime.NOTHING).to_json())
    page = visit("gates.index", as_=wang)
    assert page.has("80 minutes late")
    assert not page.has("the next trip is cancelled")


def test_late_at_one_phone_cancels_at_the_desk(desk, phone):
    pass_ = issued(valid_from=now() - timedelta(hours=9))
    out = now() - 300 * MINUTE
    phone.send(phone.passes("exit", pass_, out), phone.passes("entry", pass_, out + 200 * MINUTE))
    page = scan(desk, gu, pass_.code)
    assert verdict(page) == "no"
    assert page.has("Trip cancelled")


def test_looked_into_stays_looked_into(phone, far, visit):
    """Whatever arrives later about the same time out."""
    pass_ = issued(rule=ONCE)
    change(pass_, state=PassState.REVOKED, ended_at=now() - 55 * MINUTE)
    phone.send(phone.passes("exit", pass_, now() - 30 * MINUTE))
    visit("gates.index", as_=wang).send("Looked into")
    far.send(far.passes("exit", pass_, now() - 50 * MINUTE), far.passes("entry", pass_, now() - 45 * MINUTE))
    assert len(doubts()) == 1, "the earlier exit only"


def test_nothing_is_told_twice(phone):
    pass_ = issued()
    change(pass_, state=PassState.REVOKED, ended_at=now() - 55 * MINUTE)
    batch = [phone.passes("exit", pass_, now() - 50 * MINUTE)]
    phone.send(*batch)
    phone.send(*batch, phone.passes("entry", pass_, now() - 40 * MINUTE))
    assert len(records(GateEvent.LET_THROUGH)) == 1
    assert ms(records(GateEvent.LET_THROUGH)[0].at) == ms(trips(pass_)[0].out_at)
