"""The key ring: a key a month with a week of overlap, kept safe, shared by processes, lost ones dead."""

import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.hashes import SHA256

from portal.passes.keys import LIFE, OVERLAP, KeyRing

NOW = datetime(2026, 11, 23, tzinfo=UTC)
MOMENT = timedelta(minutes=1)


def test_the_first_key_is_made_when_it_is_needed(tmp_path: Path) -> None:
    ring = KeyRing.open(tmp_path / "keys")
    assert ring.all() == ()
    key = ring.signing_key(NOW)
    assert ring.public(key.key_id) == (key.public,)
    assert key.public.not_after - key.public.not_before == LIFE


def test_both_halves_belong_together(tmp_path: Path) -> None:
    key = KeyRing.open(tmp_path).signing_key(NOW)
    key.public.point.verify(key.private.sign(b"x", ECDSA(SHA256())), b"x", ECDSA(SHA256()))


def test_a_private_half_of_another_key_is_not_used(tmp_path: Path) -> None:
    ring, other = KeyRing.open(tmp_path / "a"), KeyRing.open(tmp_path / "b")
    mine, theirs = ring.signing_key(NOW).public.name, other.signing_key(NOW).public.name
    (tmp_path / "a" / f"{mine}.pem").write_bytes((tmp_path / "b" / f"{theirs}.pem").read_bytes())
    with pytest.raises(ValueError, match="not the private half"):
        ring.signing_key(NOW)


def test_only_the_owner_reads_the_private_half(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    KeyRing.open(folder).signing_key(NOW)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [stat.S_IMODE(file.stat().st_mode) for file in folder.glob("*.pem")] == [0o600]


def test_a_key_signs_until_its_window_ends_and_the_next_is_known_a_week_before(tmp_path: Path) -> None:
    ring = KeyRing.open(tmp_path)
    first = ring.signing_key(NOW)
    assert ring.signing_key(NOW + LIFE - OVERLAP).key_id == first.key_id
    assert len(ring.all()) == 1
    assert ring.signing_key(NOW + LIFE - OVERLAP + MOMENT).key_id == first.key_id
    assert len(ring.all()) == 2
    second = ring.signing_key(NOW + LIFE + MOMENT)
    assert second.key_id != first.key_id
    assert second.public.not_before == NOW + LIFE - OVERLAP + MOMENT


def test_a_year_makes_a_key_a_month(tmp_path: Path) -> None:
    ring = KeyRing.open(tmp_path)
    for day in range(365):
        ring.signing_key(NOW + timedelta(days=day))
    assert len(ring.all()) == 12


def test_a_key_may_issue_in_its_window_only(tmp_path: Path) -> None:
    key = KeyRing.open(tmp_path).signing_key(NOW).public
    assert key.may_issue(NOW)
    assert key.may_issue(NOW + LIFE)
    assert not key.may_issue(NOW - MOMENT)
    assert not key.may_issue(NOW + LIFE + MOMENT)


def test_without_its_private_half_a_key_still_verifies_but_signs_no_more(tmp_path: Path) -> None:
    ring = KeyRing.open(tmp_path)
    first = ring.signing_key(NOW)
    (tmp_path / f"{first.public.name}.pem").unlink()
    assert ring.signing_key(NOW).key_id != first.key_id
    assert ring.public(first.key_id) == (first.public,)


def test_a_lost_key_neither_signs_nor_verifies(tmp_path: Path) -> None:
    ring, elsewhere = KeyRing.open(tmp_path), KeyRing.open(tmp_path)
    first = ring.signing_key(NOW)
    assert elsewhere.public(first.key_id)
    ring.lost(first.key_id)
    assert elsewhere.public(first.key_id) == ()
    assert elsewhere.signing_key(NOW).key_id != first.key_id
    assert [key.is_lost for key in elsewhere.all() if key.key_id == first.key_id] == [True]
    assert not (tmp_path / f"{first.public.name}.pem").exists()


def test_only_a_key_that_exists_can_be_lost(tmp_path: Path) -> None:
    with pytest.raises(LookupError):
        KeyRing.open(tmp_path).lost(b"no")


def test_all_keys_that_share_an_id_are_tried(tmp_path: Path) -> None:
    one, two = KeyRing.open(tmp_path / "a"), KeyRing.open(tmp_path / "b")
    first, second = one.signing_key(NOW).public, two.signing_key(NOW).public
    described = (tmp_path / "b" / f"{second.name}.json").read_text()
    twin = tmp_path / "a" / "2026-11-23-twin.json"
    twin.write_text(described.replace(second.key_id.hex(), first.key_id.hex()))
    assert {key.name for key in one.public(first.key_id)} == {first.name, "2026-11-23-twin"}


def test_processes_that_start_together_make_one_key(tmp_path: Path) -> None:
    program = (
        "import sys; from datetime import datetime, UTC; from pathlib import Path\n"
        "from portal.passes.keys import KeyRing\n"
        "key = KeyRing.open(Path(sys.argv[1])).signing_key(datetime(2026, 11, 23, tzinfo=UTC))\n"
        "print(key.key_id.hex())"
    )
    together = [
        subprocess.Popen([sys.executable, "-c", program, str(tmp_path / "keys")], stdout=subprocess.PIPE)
        for _ in range(4)
    ]
    made = {process.communicate()[0] for process in together}
    assert all(process.returncode == 0 for process in together)
    assert len(made) == 1
