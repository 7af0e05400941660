"""The bundle of a gate: made when something has changed, numbered, signed, and given out as a difference."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import func, select

from portal.access.scope import everywhere
from portal.audit.models import AuditEntry
from portal.clock import local, now
from portal.database import db
from portal.gate.bundle.models import GateBundle
from portal.gate.bundle.records import gather
from portal.gate.bundle.segments import Segments, segments_of
from portal.gate.bundle.signing import digest_of, manifest
from portal.gate.bundle.written import pack, seconds
from portal.gate.outside import around
from portal.passes.offers import gates_at
from portal.passes.signing import key_ring
from portal.units.installation import is_demo
from portal.units.models import Checkpoint

FORM = 1  # of the segments; a higher one makes all bundles anew
MOST_SEGMENTS = 5000
LONGEST_TRANSACTION = timedelta(minutes=10)


def changed(gate: Checkpoint, have: Mapping[str, str]) -> bytes:
    """[manifest, {name: segment}] in CBOR, without the segments that the phone has (``have``: name → digest, hex).

    While nothing has changed since the last time, a phone that has everything gets a fresh manifest of what it has.
    """
    at = now()
    kept, state = _locked(gate), state_of_records(at)
    if kept.made_from == state and kept.digest == _digest(have):
        digests = {name: bytes.fromhex(digest) for name, digest in have.items()}
        return pack([manifest(gate.id, kept.seq, seconds(at), digests), {}])
    segments = made(gate, at)
    digests = {name: digest_of(segment) for name, segment in segments.items()}
    in_hex = {name: digest.hex() for name, digest in digests.items()}
    _number(kept, _digest(in_hex), state, at)
    news = {name: segment for name, segment in segments.items() if have.get(name) != in_hex[name]}
    return pack([manifest(gate.id, kept.seq, seconds(at), digests), news])


def made(gate: Checkpoint, at: datetime) -> Segments:
    """The segments as they are now."""
    keys, gates, demo = key_ring().all(), dict(gates_at(around(gate))), is_demo()
    with everywhere(
        because="a gate's phone is told which passes are not in order; nothing says whose they are"
    ):
        return segments_of(gather(gate, at), keys, gates, demo=demo)


def state_of_records(at: datetime) -> str:
    """What the records stand at: the same as long as no entry came into the trail, within an hour.

    Of two entries the one with the lower id may be committed last: those of the last hour are counted as well.
    """
    hour = local(at).replace(minute=0, second=0, microsecond=0)
    lately = AuditEntry.at >= hour - LONGEST_TRANSACTION
    with everywhere(because="whether anything has changed is told by the whole trail; nothing of it is read"):
        last = db.session.scalar(select(func.max(AuditEntry.id)))
        count = db.session.scalar(select(func.count()).where(lately))
    keys = hashlib.sha256(repr([(key.name, key.is_lost) for key in key_ring().all()]).encode())
    return f"{FORM}.{hour:%Y%m%d%H}.{last}.{count}.{keys.hexdigest()[:8]}"


def _locked(gate: Checkpoint) -> GateBundle:
    """The gate's row, its first one too, for one transaction at a time."""
    alone = select(Checkpoint.id).where(Checkpoint.id == gate.id).with_for_update(key_share=True)
    db.session.execute(alone).all()
    kept = db.session.get(GateBundle, gate.id, populate_existing=True)
    if kept is None:
        kept = GateBundle(checkpoint_id=gate.id, unit_id=gate.unit_id, seq=0, digest="", made_at=now())
        db.session.add(kept)
    return kept


def _number(kept: GateBundle, digest: str, state: str, at: datetime) -> None:
    """A higher number for another content only."""
    if kept.digest != digest:
        kept.seq, kept.digest, kept.made_at = kept.seq + 1, digest, at
    kept.made_from = state


def _digest(digests: Mapping[str, str]) -> str:
    """Of everything: names and digests (hex)."""
    return hashlib.sha256(repr(sorted(digests.items())).encode()).hexdigest()
