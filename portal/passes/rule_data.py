"""The rule of one kind of pass as data, and its strict JSON form. An order holds it; gates judge by it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any, TypeVar

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from portal.passes.kinds import CountsFor, OnOvertime, Period
from portal.registry.restrictions import RestrictionKind

EVERY_DAY = 0b1111111
DAY_MINUTES = 24 * 60
MOST_WINDOWS = 14
LONGEST_TEXT = 500

# field: lowest and highest value that a rule may have
LIMITS = {
    "period_days": (1, 31),
    "trips": (1, 20),
    "persons": (1, 10),
    "max_minutes": (1, 7 * DAY_MINUTES),
    "grace_minutes": (0, 240),
    "tolerance_minutes": (0, 30),
    "longest_days": (1, 366),
}


class WrongRule(ValueError):
    """A rule that contradicts itself: the ``field`` to change and a lazy ``sentence`` that says what to do."""

    def __init__(self, field: str, sentence: LazyString) -> None:
        super().__init__(field, sentence)
        self.field, self.sentence = field, sentence

    def __str__(self) -> str:
        return f"{self.field}: {self.sentence}"


@dataclass(frozen=True)
class Window:
    """Hours in which a trip may begin. ``weekdays`` is a mask, Monday is bit 0; minutes count from midnight.

    A window over midnight is two windows.
    """

    weekdays: int
    start: int
    end: int

    def __post_init__(self) -> None:
        if not 1 <= self.weekdays <= EVERY_DAY:
            raise WrongRule("windows", _l("Choose at least one day of the week"))
        if not 0 <= self.start < self.end <= DAY_MINUTES:
            raise WrongRule(
                "windows", _l("The end must be later than the start; write a night as two windows")
            )

    def is_on(self, weekday: int) -> bool:
        """Whether it applies on that weekday, Monday being 0."""
        return bool(self.weekdays >> weekday & 1)


ALL_DAY = Window(EVERY_DAY, 0, DAY_MINUTES)


@dataclass(frozen=True)
class PassRule:
    """One kind's rule (field-reference.md §1.1). Always sound: ``WrongRule`` where it would not be.

    ``trips`` in each period, each of at most ``persons`` people, beginning within ``windows`` (none: any
    hour), back after ``max_minutes`` at most (None: no limit). ``grace_minutes`` late is not late.
    ``tolerance_minutes`` allows for clocks at the edges of a window. ``longest_days`` is the longest
    validity of one pass. ``exempt`` and ``extra_proofs`` are texts for people; nothing is computed from them.
    """

    counts_for: CountsFor
    period: Period
    period_days: int = 1
    trips: int = 1
    persons: int = 1
    windows: tuple[Window, ...] = ()
    max_minutes: int | None = None
    grace_minutes: int = 15
    on_overtime: OnOvertime = OnOvertime.NOTHING
    tolerance_minutes: int = 5
    longest_days: int = 14
    suspended_by: tuple[RestrictionKind, ...] = ()
    exempt: str = ""
    extra_proofs: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name, (low, high) in LIMITS.items():
            value = getattr(self, name)
            if value is not None and not low <= value <= high:
                raise WrongRule(name, _l("Enter a number from %(min)s to %(max)s", min=low, max=high))
        if len(self.windows) > MOST_WINDOWS:
            raise WrongRule("windows", _l("Use %(limit)s windows or fewer", limit=MOST_WINDOWS))
        if self.on_overtime is OnOvertime.SKIP_NEXT_TRIP and not self.has_a_next_trip:
            raise WrongRule(
                "on_overtime",
                _l("A next trip can be cancelled only where trips are counted and have a longest time"),
            )

    @property
    def has_a_next_trip(self) -> bool:
        """Whether a trip can be late and the one after it is counted."""
        return self.max_minutes is not None and self.period is not Period.UNLIMITED

    def narrowed_to(self, hours: Iterable[tuple[int, int]], max_minutes: int | None) -> "PassRule":
        """The rule of one pass: only these hours (start, end in minutes; none: those of the rule), and no
        longer out than ``max_minutes``. ``WrongRule`` where the hours lie outside those of the rule."""
        wanted = [Window(EVERY_DAY, start, end) for start, end in hours]
        windows = tuple(
            Window(open_.weekdays, max(open_.start, wish.start), min(open_.end, wish.end))
            for wish in wanted
            for open_ in self.windows or (ALL_DAY,)
            if max(open_.start, wish.start) < min(open_.end, wish.end)
        )
        if wanted and not windows:
            raise WrongRule("windows", _l("Choose hours within those of the rule"))
        longest = [minutes for minutes in (self.max_minutes, max_minutes) if minutes is not None]
        return replace(self, windows=windows or self.windows, max_minutes=min(longest, default=None))

    def to_json(self) -> dict[str, Any]:
        """Plain values for a JSON column; ``from_json`` gives the same rule back."""
        plain = {field.name: getattr(self, field.name) for field in fields(self)}
        return plain | {
            "counts_for": self.counts_for.value,
            "period": self.period.value,
            "on_overtime": self.on_overtime.value,
            "windows": [{"weekdays": w.weekdays, "start": w.start, "end": w.end} for w in self.windows],
            "suspended_by": [kind.value for kind in self.suspended_by],
            "extra_proofs": list(self.extra_proofs),
        }

    @classmethod
    def from_json(cls, data: object) -> "PassRule":
        """The rule that was written. ValueError names the entry that is missing, unknown or wrong."""
        plain = _entries(data, {field.name for field in fields(cls)}, "the rule")
        longest = plain["max_minutes"]
        return cls(
            counts_for=_member(CountsFor, plain, "counts_for"),
            period=_member(Period, plain, "period"),
            period_days=_whole(plain, "period_days"),
            trips=_whole(plain, "trips"),
            persons=_whole(plain, "persons"),
            windows=_each(plain, "windows", _window),
            max_minutes=None if longest is None else _whole(plain, "max_minutes"),
            grace_minutes=_whole(plain, "grace_minutes"),
            on_overtime=_member(OnOvertime, plain, "on_overtime"),
            tolerance_minutes=_whole(plain, "tolerance_minutes"),
            longest_days=_whole(plain, "longest_days"),
            suspended_by=_each(
                plain, "suspended_by", lambda kind: _member(RestrictionKind, {"kind": kind}, "kind")
            ),
            exempt=_text(plain["exempt"]),
            extra_proofs=_each(plain, "extra_proofs", _text),
        )


T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


def _entries(data: object, names: set[str], what: str) -> Mapping[str, Any]:
    table: Mapping[str, Any] | None = data if isinstance(data, Mapping) else None
    if table is None:
        raise ValueError(f"{what} must be a table of names and values, not {data!r}")
    for problem, odd in (("missing", names - table.keys()), ("unknown", table.keys() - names)):
        if odd:
            raise ValueError(f"{problem} in {what}: {', '.join(sorted(map(str, odd)))}")
    return table


def _member(enum: type[E], plain: Mapping[str, Any], name: str) -> E:
    if plain[name] not in [member.value for member in enum]:
        raise ValueError(f"{name} must be one of {', '.join(enum)}, not {plain[name]!r}")
    return enum(plain[name])


def _whole(plain: Mapping[str, Any], name: str) -> int:
    value = plain[name]
    if type(value) is not int:  # True is an int to isinstance
        raise ValueError(f"{name} must be a whole number, not {value!r}")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise ValueError(f"a text of at most {LONGEST_TEXT} characters is needed, not {value!r}")
    return value


def _each(plain: Mapping[str, Any], name: str, read: Callable[[Any], T]) -> tuple[T, ...]:
    if isinstance(plain[name], list | tuple):
        return tuple(read(one) for one in plain[name])
    raise ValueError(f"{name} must be a list, not {plain[name]!r}")


def _window(data: object) -> Window:
    plain = _entries(data, {"weekdays", "start", "end"}, "a window")
    return Window(*(_whole(plain, name) for name in ("weekdays", "start", "end")))
