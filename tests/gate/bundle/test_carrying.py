"""The list on its way to a gate without a signal: as a file, and as codes on a screen."""

import hashlib
import zlib
from datetime import date

import cbor2
import pytest

from portal.clock import now
from portal.gate.bundle.frames import frames_of, since
from portal.passes import base45
from tests.gate.bundle.test_bundle import signed
from tests.gate.bundle.town import DAY, ended, north_gate
from tests.gate.world import issued, told
from tests.people import sun, wang

TODAY = date(2026, 11, 23)


def put_together(frames: list[str]) -> bytes:
    """What the phone makes of them."""
    parts = {}
    for frame in reversed(frames):
        prefix, place, digest, part = frame.split(":", 3)
        number, total = map(int, place.split("/"))
        assert (prefix, total) == ("GGB", len(frames))
        parts[number] = base45.decode(part)
    packed = b"".join(parts[number] for number in sorted(parts))
    assert hashlib.sha256(packed).hexdigest()[:8].upper() == digest
    return zlib.decompress(packed, wbits=-15)


@pytest.mark.any_database
@pytest.mark.parametrize("size", [0, 1, 539, 540, 541, 5000])
def test_the_frames_make_the_bundle(size):
    bundle = bytes((number * number) % 251 for number in range(size))
    frames = frames_of(bundle)
    assert put_together(frames) == bundle
    assert max(map(len, frames)) <= 900


@pytest.mark.any_database
def test_what_a_phone_of_this_month_knows_is_left_out():
    names = (
        "gate",
        "ours",
        "status/0",
        "changes/2026-11-19",
        "changes/2026-11-20",
        "trips/2026-11-19/1",
        "open",
    )
    bundle = cbor2.dumps([b"", dict.fromkeys(names, b"")])
    left = cbor2.loads(since(bundle, date(2026, 11, 20), TODAY))[1]
    assert left.keys() == {"gate", "changes/2026-11-20", "trips/2026-11-19/1", "open"}
    assert since(bundle, date(2026, 10, 31), TODAY) == bundle


def test_a_commander_takes_the_file_along(app, desk):
    pass_ = issued()
    page = desk.visit("gate_devices.carry", as_=wang, checkpoint_id=north_gate().id)
    answer = page.send("Download the file", status=200)
    manifest, segments = cbor2.loads(answer.data)
    assert signed(manifest)[1] == north_gate().id
    assert segments.keys() == signed(manifest)[4].keys()
    named = answer.headers["Content-Disposition"]
    assert "gate-1-20261123" in named
    assert pass_.holder_name not in named
    assert [entry.subject for entry in told("gate.take_list")] == ["checkpoint"]


def test_a_commander_shows_the_codes(app, desk):
    ended(issued(issued_at=now() - 40 * DAY), at=now() - 30 * DAY)
    page = desk.visit("gate_devices.carry", as_=wang, checkpoint_id=north_gate().id)
    whole = page.send("Show the codes", status=200)
    codes = whole.tree.xpath("//main//*[@data-code]/svg/path[@stroke]/@d")
    assert len(codes) == len(set(codes)) >= 2
    assert whole.tree.xpath("string(//main//*[@data-code][last()]/p)") == f"{len(codes)}/{len(codes)}"


def test_of_a_gate_elsewhere_there_is_nothing(app, desk):
    desk.visit("gate_devices.carry", as_=sun, checkpoint_id=north_gate().id, status=404)
