"""What a gate knows and what it answers, as plain data. Every moment is an aware datetime."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.passes.kinds import Kind, PassState
from portal.passes.quota import Trip
from portal.passes.rule_data import PassRule
from portal.passes.verdicts import Alternative, Direction, Reason, Verdict
from portal.registry.restrictions import RestrictionKind


@dataclass(frozen=True)
class Restriction:
    """A household's restriction, from ``since`` until (not including) ``until``; None: until it is lifted."""

    kind: RestrictionKind
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True)
class Standing:
    """What decides a pass's state. A pass is valid from ``valid_from`` until (not including) ``valid_until``.

    ``order_until`` is when the order ends or was ended, ``series_ended_at`` when a changeover ends this
    pass's series, ``ended_at`` when it was revoked, surrendered or replaced.
    """

    state: PassState
    valid_from: datetime
    valid_until: datetime
    order_from: datetime
    order_until: datetime
    replaced: bool = False
    ended_at: datetime | None = None
    series_ended_at: datetime | None = None
    restrictions: tuple[Restriction, ...] = ()


@dataclass(frozen=True)
class PassFacts:
    """A pass as a gate must know it. No ``gates``: every gate. ``rule`` is the pass's own (``narrowed_to``).

    ``trips`` are those counted together (``quota.allowance``), ``open_trip`` this pass's own that has not
    ended.
    """

    kind: Kind
    standing: Standing
    rule: PassRule
    gates: frozenset[int] = frozenset()
    trips: tuple[Trip, ...] = ()
    open_trip: Trip | None = None


class CodeProblem(StrEnum):
    """Why a code leads to no pass."""

    FOREIGN = Reason.CODE_FOREIGN.value
    DAMAGED = Reason.CODE_DAMAGED.value
    ALTERED = Reason.CODE_ALTERED.value
    UNKNOWN = Reason.UNKNOWN.value


@dataclass(frozen=True)
class GateFacts:
    """All that a gate's verdict rests on. ``held`` is None where the code leads to no pass.

    ``direction`` None: to be guessed. ``key_in_window`` is False for a pass issued outside the issue window
    of the key that signed it. ``claimed_at`` is the time by the device. ``temperature`` in tenths of a degree.
    """

    at: datetime
    gate: int
    held: PassFacts | None
    code: CodeProblem | None = None
    key_in_window: bool = True
    direction: Direction | None = None
    persons: int = 1
    temperature: int | None = None
    claimed_at: datetime | None = None


@dataclass(frozen=True)
class Decision:
    """The verdict, and what its sentence names (``portal.passes.wording``).

    ``since`` is the moment the reason speaks of (expired when, out since when, back by when), ``next_at``
    when a refused trip may begin, ``back_by`` when an allowed one must end, ``minutes_late`` by how much a
    trip was overdue, ``cancels_next`` whether that costs the next, ``clock_off`` by how many minutes the
    device is ahead (None: near enough).
    """

    verdict: Verdict
    reason: Reason
    direction: Direction
    alternatives: tuple[Alternative, ...] = ()
    since: datetime | None = None
    next_at: datetime | None = None
    back_by: datetime | None = None
    minutes_late: int | None = None
    cancels_next: bool = False
    persons: int | None = None
    temperature: int | None = None
    clock_off: int | None = None
