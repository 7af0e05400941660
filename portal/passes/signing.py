"""What makes a pass a pass: its numbers and its signed code."""

from datetime import datetime

from flask import current_app
from sqlalchemy import select

from portal.access.acting import Level
from portal.access.scope import everywhere
from portal.database import db
from portal.passes.code import PassClaims, sign
from portal.passes.keys import KeyRing
from portal.passes.kinds import Kind
from portal.passes.models import Pass
from portal.passes.serials import new_short_code, serial
from portal.passes.standing import own_rule
from portal.units.models import Unit
from portal.workflow import numbers

TAIL = 4


def key_ring() -> KeyRing:
    """The keys of this installation, in a folder outside the database."""
    ring: KeyRing = current_app.extensions.setdefault(
        "pass_keys", KeyRing.open(current_app.config["INSTANCE"] / "keys")
    )
    return ring


def number(pass_: Pass) -> None:
    """Give the pass its serial number, short code and place in the status list.

    The status list, which all units share, comes first: everybody who issues stands in one line there, so that
    nobody waits for a second counter while holding the first.
    """
    pass_.status_index = numbers.take("pass status")
    community = _community_number(pass_)
    pass_.serial = serial(community, numbers.take(f"passes of {community}"))
    pass_.short_code = _free_short_code()


def signed_code(pass_: Pass, at: datetime) -> str:
    """The code that goes onto the paper, signed with the key of the hour."""
    if pass_.serial is None or pass_.status_index is None:
        raise ValueError("a pass gets its numbers before its code")
    rule = own_rule(pass_)
    claims = PassClaims(
        serial=pass_.serial,
        kind=pass_.kind,
        holder=pass_.holder_name,
        document_tail=_tail(pass_.document),
        place=place_in_short(pass_),
        issued_at=at.replace(microsecond=0),
        valid_from=pass_.valid_from,
        valid_until=pass_.valid_until,
        status_index=pass_.status_index,
        order_id=pass_.order_id,
        windows=rule.windows,
        gates=tuple(pass_.checkpoint_ids),
        max_minutes=rule.max_minutes,
        series=pass_.series,
    )
    return sign(claims, key_ring().signing_key(at))


def place_in_short(pass_: Pass) -> str:
    """Where the holder belongs: the plate and route of a vehicle, else the address, else who sent the holder."""
    if pass_.kind is Kind.VEHICLE:
        return f"{pass_.plate} {pass_.route}".strip()
    return pass_.household.address if pass_.household else pass_.employer


def _community_number(pass_: Pass) -> int:
    """The last three figures of the community's official code; units that have none give their own id.

    Two places with the same number share one counter, so that no serial number is given twice.
    """
    unit_id = getattr(pass_, Level.COMMUNITY.column) or pass_.unit_id
    with everywhere(because="a serial number begins with the number of the community above"):
        code = db.session.scalar(select(Unit.code).where(Unit.id == unit_id))
    return int((code or "")[-3:] or 0) or unit_id


def _free_short_code() -> str:
    with everywhere(because="a short code is given once in the whole installation"):
        while db.session.scalar(select(Pass.id).where(Pass.short_code == (code := new_short_code()))):
            pass
    return code


def _tail(document: str | None) -> str:
    tail = (document or "")[-TAIL:]
    return tail if tail.isascii() else ""
