"""What a phone sends, checked field by field: nothing is taken over that is not what it should be."""

import hashlib
import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_babel import lazy_pgettext

from portal.gate.models import GateEvent
from portal.passes.purposes import Purpose
from portal.passes.verdicts import Direction, Reason, Verdict

MOST_EVENTS = 100
MOST_BYTES = 256 * 1024  # of a batch
LARGEST_EVENT = 4000  # characters of JSON
LARGEST_NUMBER = 2**31 - 1
LATEST = 4_102_444_800_000  # ms: the year 2100
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

KINDS = {
    "exit": GateEvent.EXIT,
    "entry": GateEvent.ENTRY,
    "turned_back": GateEvent.TURNED_BACK,
    "special_exit": GateEvent.SPECIAL_EXIT,
    "visitor": GateEvent.VISITOR,
    "forgotten": GateEvent.FORGOTTEN,
    "on_duty": GateEvent.ON_DUTY,
    "handed_over": GateEvent.HANDED_OVER,
    "refused": GateEvent.CHECK,
}


class Why(StrEnum):
    """Why an event cannot be recorded."""

    UNREADABLE = "unreadable"
    OTHER_GATE = "other_gate"
    UNKNOWN_PASS = "unknown_pass"  # noqa: S105 (a paper, not a password)
    FAULT = "fault"

    @property
    def label(self) -> str:
        return str(WHY_LABELS[self])


WHY_LABELS = {
    Why.UNREADABLE: lazy_pgettext("why an event is not recorded", "Something in it is not as it should be"),
    Why.OTHER_GATE: lazy_pgettext("why an event is not recorded", "It was recorded at another gate"),
    Why.UNKNOWN_PASS: lazy_pgettext("why an event is not recorded", "There is no such pass here"),
    Why.FAULT: lazy_pgettext("why an event is not recorded", "The portal failed on it"),
}


class Refusal(Exception):
    """This event cannot be recorded. ``field`` is the entry that is wrong."""

    def __init__(self, why: Why, field: str = "") -> None:
        super().__init__(why.value)
        self.why, self.field = why, field


@dataclass(frozen=True)
class Event:
    """One event as the phone tells it: moments in milliseconds by its own clock, ``temperature`` in tenths.

    ``direction`` is that of the event itself where its kind says it; else exit for what was forgotten, entry for a
    visitor, unless the phone tells another one.
    """

    id: str
    n: int
    kind: str
    gate: int
    at: int
    mono: float | None
    start: str | None
    offset: int | None
    index: int | None
    direction: Direction | None
    temperature: int | None
    mask: bool | None
    verdict: Verdict | None
    reason: Reason | None
    bundle: int | None
    staff: int | None
    room: str
    why: Purpose | None
    note: str
    from_: str
    vehicle: bool
    count: int

    @property
    def event(self) -> GateEvent:
        return KINDS[self.kind]


def read(told: Any) -> Event:
    """The event; ``Refusal`` names the first entry that is missing, unknown or wrong."""
    if not isinstance(told, dict):
        raise Refusal(Why.UNREADABLE)
    if unknown := sorted(str(name) for name in told.keys() - FIELDS.keys()):
        raise Refusal(Why.UNREADABLE, "".join(filter(str.isprintable, unknown[0]))[:40])
    values = {name: _checked(name, told) for name in FIELDS}
    values["direction"] = _direction(values)
    values["from_"] = values.pop("from")
    event = Event(**values)
    if lacking := _lacking(event):
        raise Refusal(Why.UNREADABLE, lacking)
    return event


def digest(told: Any) -> str:
    """Of the canonical JSON: equal if and only if the same was sent, in whatever order of names."""
    return hashlib.sha256(canonical(told).encode()).hexdigest()


def canonical(told: Any) -> str:
    """Names sorted, no spaces, nothing but ASCII."""
    return json.dumps(told, sort_keys=True, separators=(",", ":"))


def id_of(told: Any) -> str | None:
    """The event's own id, if it has one."""
    given = told.get("id") if isinstance(told, dict) else None
    return given if isinstance(given, str) and UUID.fullmatch(given) else None


def number_of(told: dict[str, Any], name: str) -> int:
    """A whole number among what was sent, 0 where it is none: for what is kept although it is refused."""
    value = told.get(name)
    return value if type(value) is int and 0 <= value <= LATEST else 0


def kept_of(told: dict[str, Any]) -> dict[str, Any]:
    """What is kept of an event that is refused: what has its place in one, and nothing else."""
    return {name: value for name, value in told.items() if name in FIELDS and _is_plain(value)}


def _is_plain(value: Any) -> bool:
    return math.isfinite(value) if isinstance(value, float) else not isinstance(value, dict | list)


def whole(low: int, high: int) -> Callable[[Any], int]:
    """A check: a whole number from ``low`` to ``high``."""

    def check(value: Any) -> int:
        if type(value) is not int or not low <= value <= high:  # True is an int to isinstance
            raise ValueError
        return value

    return check


def line_of(limit: int) -> Callable[[Any], str]:
    """A check: a line of printable text, without spaces around it."""

    def check(value: Any) -> str:
        if not isinstance(value, str) or len(value) > limit or not value.isprintable():
            raise ValueError
        return value.strip()

    return check


def uuid(value: Any) -> str:
    """A check: a UUID as browsers write it."""
    if not isinstance(value, str) or not UUID.fullmatch(value):
        raise ValueError
    return value


def _flag(value: Any) -> bool:
    if value is not True and value is not False:
        raise ValueError
    return bool(value)


def _elapsed(value: Any) -> float:
    if type(value) not in (int, float) or not 0 <= value <= LATEST:
        raise ValueError
    return float(value)


def _kind(value: Any) -> str:
    if not isinstance(value, str) or value not in KINDS:
        raise ValueError
    return value


NEEDED = object()
# name → how it is checked, and what stands for null or nothing
FIELDS: dict[str, tuple[Callable[[Any], Any], Any]] = {
    "id": (uuid, NEEDED),
    "n": (whole(1, LARGEST_NUMBER), NEEDED),
    "kind": (_kind, NEEDED),
    "gate": (whole(1, LARGEST_NUMBER), NEEDED),
    "at": (whole(0, LATEST), NEEDED),
    "mono": (_elapsed, None),
    "start": (uuid, None),
    "offset": (whole(-LATEST, LATEST), None),
    "index": (whole(0, LARGEST_NUMBER), None),
    "direction": (Direction, None),
    "temperature": (whole(300, 450), None),
    "mask": (_flag, None),
    "verdict": (Verdict, None),
    "reason": (Reason, None),
    "bundle": (whole(0, LARGEST_NUMBER), None),
    "staff": (whole(1, LARGEST_NUMBER), None),
    "room": (line_of(60), ""),
    "why": (Purpose, None),
    "note": (line_of(100), ""),
    "from": (line_of(40), ""),
    "vehicle": (_flag, False),
    "count": (whole(1, 999), 1),
}


def _checked(name: str, told: dict[str, Any]) -> Any:
    check, default = FIELDS[name]
    value = told.get(name)
    if value is None:
        if default is NEEDED:
            raise Refusal(Why.UNREADABLE, name)
        return default
    try:
        return check(value)
    except (ValueError, TypeError) as wrong:
        raise Refusal(Why.UNREADABLE, name) from wrong


def _direction(values: dict[str, Any]) -> Direction | None:
    told: Direction | None = values["direction"]
    fixed = {"exit": Direction.EXIT, "entry": Direction.ENTRY, "special_exit": Direction.EXIT}
    usual = {"forgotten": Direction.EXIT, "visitor": Direction.ENTRY}
    return fixed.get(values["kind"]) or told or usual.get(values["kind"])


def _lacking(event: Event) -> str:
    """What an event of this kind needs and has not."""
    if event.event in (GateEvent.EXIT, GateEvent.ENTRY) and event.index is None:
        return "index"
    if event.event is GateEvent.FORGOTTEN and not event.room:
        return "room"
    return ""
