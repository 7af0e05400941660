"""What a phone sends is checked field by field; the portal's estimate of a moment; trips from any order. All pure."""

import itertools
import math
import uuid
from datetime import UTC, datetime, timedelta

import pytest

from portal.gate.devices import pins
from portal.gate.devices.moments import happened, ms_of
from portal.gate.devices.reading import FIELDS, NEEDED, Refusal, digest, kept_of, read
from portal.gate.devices.trips import Moment, spans
from portal.passes.verdicts import Direction

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY_MS = 86_400_000
MINUTE = timedelta(minutes=1)


def event(**values):
    plain = {"id": str(uuid.UUID(int=7)), "n": 1, "kind": "exit", "gate": 3, "at": ms_of(NOON), "index": 9}
    return plain | values


def test_an_event_is_read_and_nothing_stands_for_null():
    told = read(event(temperature=365, mask=True, verdict="ok", reason="may_go", why="illness", vehicle=None))
    assert (told.direction, told.temperature, told.mask, told.vehicle) == (Direction.EXIT, 365, True, False)
    assert read(event(kind="visitor", index=None)).direction is Direction.ENTRY
    assert (
        read(event(kind="forgotten", room="302", index=None, direction="entry")).direction is Direction.ENTRY
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id", "7"),
        ("id", 7),
        ("n", 0),
        ("n", True),
        ("n", 1.0),
        ("n", 2**31),
        ("kind", "copy"),
        ("kind", []),
        ("gate", "3"),
        ("at", -1),
        ("at", 10**30),
        ("mono", math.inf),
        ("mono", "1"),
        ("start", "here"),
        ("offset", 0.5),
        ("index", -1),
        ("index", None),
        ("direction", "up"),
        ("temperature", 36.5),
        ("temperature", 3650),
        ("mask", 1),
        ("verdict", "green"),
        ("reason", {}),
        ("staff", "gu"),
        ("room", "x" * 61),
        ("room", "a\x00b"),
        ("note", "\ud800"),
        ("note", "two\nlines"),
        ("why", "fun"),
        ("from", 5),
        ("vehicle", "yes"),
        ("count", 0),
        ("count", 1000),
        ("name", "演示·张学敏"),
    ],
)
def test_what_is_not_as_it_should_be_is_named(name, value):
    with pytest.raises(Refusal) as refused:
        read(event(**{name: value}))
    assert refused.value.field == name


@pytest.mark.parametrize("told", [None, [], "exit", 5, {}])
def test_what_is_no_event_at_all(told):
    with pytest.raises(Refusal):
        read(told)


def test_every_entry_that_is_needed_is_missed():
    for name, (_check, default) in FIELDS.items():
        if default is NEEDED:
            with pytest.raises(Refusal):
                read({key: value for key, value in event().items() if key != name})


def test_the_order_of_names_is_no_other_content():
    told = event(note="取药")
    assert digest(told) == digest(dict(reversed(told.items())))
    assert digest(told) != digest(told | {"note": "取粮"})


def test_of_what_is_refused_only_what_has_a_place_is_kept():
    assert kept_of({"kind": "exit", "holder": "演示·张", "room": ["x"], "mono": math.inf}) == {"kind": "exit"}


# ── moments ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("wrong_by", [-DAY_MS, -1, 0, 1, DAY_MS, -20_000 * DAY_MS])
@pytest.mark.parametrize("had_contact", [True, False])
def test_a_wrong_clock_makes_no_wrong_moment(wrong_by, had_contact):
    at, received = ms_of(NOON) + wrong_by, NOON + 90 * MINUTE
    offset = -wrong_by if had_contact else None
    assert happened(at, offset, received, ms_of(received) + wrong_by) == NOON


def test_nothing_happened_after_it_was_received():
    assert happened(ms_of(NOON) + DAY_MS, 0, NOON, ms_of(NOON)) == NOON
    assert happened(4_000_000_000_000, 10**12, NOON, 0) == NOON


def test_nothing_happened_long_before():
    assert happened(0, 0, NOON, ms_of(NOON)) == NOON - timedelta(days=60)


def test_the_order_of_the_phone_is_kept():
    before, after = NOON - 20 * MINUTE, NOON - 10 * MINUTE
    assert happened(ms_of(NOON - 60 * MINUTE), 0, NOON, ms_of(NOON), before, after) == before
    assert happened(ms_of(NOON - 5 * MINUTE), 0, NOON, ms_of(NOON), before, after) == after
    assert happened(ms_of(NOON - 15 * MINUTE), 0, NOON, ms_of(NOON), before, after) == NOON - 15 * MINUTE


# ── trips ────────────────────────────────────────────────────────────────────────────────────────────────────────


def moments(way):
    """x an exit, e an entry, one a minute."""
    return [Moment(NOON + minute * MINUTE, minute, sign == "x") for minute, sign in enumerate(way)]


@pytest.mark.parametrize(
    ("way", "trips", "twice"),
    [
        ("", [], []),
        ("xe", [(0, 1)], []),
        ("xexe", [(0, 1), (2, 3)], []),
        ("x", [(0, None)], []),
        ("xx", [(0, None)], [1]),
        ("xxe", [(0, 2)], [1]),
        ("e", [], []),
        ("exe", [(1, 2)], []),
        ("xeex", [(0, 1), (3, None)], []),
    ],
)
def test_exits_and_entries_make_trips(way, trips, twice):
    for order in itertools.permutations(moments(way)):
        made, again = spans(order)
        assert [(s.begin.order, s.end and s.end.order) for s in made] == trips
        assert [moment.order for moment in again] == twice


def test_what_bears_the_same_time_keeps_its_order():
    made, twice = spans([Moment(NOON, 2, True), Moment(NOON, 1, False), Moment(NOON, 0, True)])
    assert [(s.begin.order, s.end and s.end.order) for s in made] == [(0, 1), (2, None)]
    assert twice == []


# ── PINs ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "pin", ["000000", "777777", "123456", "654321", "012345", "567890", "199107", "910724"]
)
def test_pins_that_are_soon_guessed(pin):
    assert pins.weakness(pin)


@pytest.mark.parametrize("pin", ["135790", "208831", "747329", "990231"])
def test_pins_that_will_do(pin):
    assert pins.weakness(pin) is None
