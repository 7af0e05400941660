"""What a phone asks for while it has network: the pass behind a short code, or those of a room."""

from dataclasses import dataclass
from typing import Any

from portal.access.acting import acting
from portal.access.scope import everywhere
from portal.audit import service as audit
from portal.database import db
from portal.gate import finding
from portal.gate.checking import find
from portal.gate.devices import reading
from portal.passes.code import MAX_CHARACTERS
from portal.passes.kinds import PassState
from portal.passes.models import Pass
from portal.passes.signing import place_in_short
from portal.passes.standing import own_rule
from portal.units.models import Checkpoint
from portal.web.formats import mask_name, mask_plate

DOCUMENT_END = 4
LONGEST_ROOM = 60
# Applied for only: there is no paper of these yet.
WITHOUT_PAPER = (PassState.DRAFT, PassState.APPLIED, PassState.ENDORSED, PassState.REJECTED)


@dataclass(frozen=True)
class Asked:
    """A text that was typed, or a room; ``staff`` is the appointment of whoever asks."""

    text: str
    room: str
    staff: int | None


def read(told: Any) -> Asked | None:
    """What a phone asks; None where it is neither a text nor a room."""
    if not isinstance(told, dict):
        return None
    try:
        text = reading.line_of(MAX_CHARACTERS)(told.get("text") or "")
        room = reading.line_of(LONGEST_ROOM)(told.get("room") or "")
        staff = told.get("staff") and reading.whole(1, reading.LARGEST_NUMBER)(told["staff"])
    except ValueError:
        return None
    return Asked(text, room, staff) if bool(text) != bool(room) else None


def find_for_phone(asked: Asked) -> list[dict[str, Any]]:
    """[{claims, label}] of what the phone's own gate may be told. Each look leaves an entry in the trail."""
    gate = db.session.get_one(Checkpoint, acting().checkpoint_id)
    found = by_room(asked.room, gate) if asked.room else by_text(asked.text)
    audit.record(
        "gate.look_up", gate, found=len(found), staff=asked.staff, by="room" if asked.room else "code"
    )
    return found


def by_text(text: str) -> list[dict[str, Any]]:
    """The pass whose code, short code or serial number this is, as its paper shows it; nothing where there is none."""
    with everywhere(because="a gate's phone is told what the paper of any community's pass says"):
        pass_ = find(text).pass_
        known = pass_ is not None and pass_.state not in WITHOUT_PAPER
        return [_told(pass_, masked=False)] if pass_ and known else []


def by_room(room: str, gate: Checkpoint) -> list[dict[str, Any]]:
    """The issued passes of a room of the gate's community, masked, as no paper is there to compare."""
    with everywhere(because="a gate's phone finds forgotten passes of its community by room, masked"):
        return [_told(pass_, masked=True) for pass_ in finding.issued_at(room, gate)[: finding.MOST]]


def _told(pass_: Pass, *, masked: bool) -> dict[str, Any]:
    label = finding.in_one_line(pass_)
    return {"claims": _claims(pass_) | (_masked(pass_) if masked else {}), "label": label}


def _claims(pass_: Pass) -> dict[str, Any]:
    """As the phone reads them from a code: moments in whole seconds."""
    rule = own_rule(pass_)
    return {
        "serial": pass_.serial,
        "kind": pass_.kind.value,
        "holder": pass_.holder_name,
        "document_tail": (pass_.document or "")[-DOCUMENT_END:],
        "place": place_in_short(pass_),
        "issued_at": int(pass_.issued_at.timestamp()) if pass_.issued_at else 0,
        "valid_from": int(pass_.valid_from.timestamp()),
        "valid_until": int(pass_.valid_until.timestamp()),
        "status_index": pass_.status_index,
        "windows": [{"weekdays": w.weekdays, "start": w.start, "end": w.end} for w in rule.windows],
        "gates": list(pass_.checkpoint_ids),
        "max_minutes": rule.max_minutes,
        "series": pass_.series,
        "order": pass_.order_id,
    }


def _masked(pass_: Pass) -> dict[str, Any]:
    place = mask_plate(pass_.plate) if pass_.plate else place_in_short(pass_)
    return {"holder": mask_name(pass_.holder_name), "document_tail": "", "place": place}
