"""Screening decided: who goes to the office, what a temperature says, when to try again, who is seen twice. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import blake2b
from typing import Any

from portal.clock import LOCAL, local
from portal.screenings.kinds import Category, Outcome, Symptom

REPORTED_AT = time(8)
MORNING, NOON, EVENING = time(8), time(12), time(19)
SOONEST_RETRY = timedelta(hours=1)
OFFERED = 3
A_MOMENT = timedelta(minutes=2)  # clocks of phones run ahead


@dataclass(frozen=True)
class Asks:
    """What an order asks of screening. ``categories`` are looked for; from ``threshold`` up the office decides.

    ``fever`` is in tenths of a degree; ``rechecks`` households a grid are visited twice; ``restricts``: the passes of
    the household wait for the decision.
    """

    categories: tuple[Category, ...]
    threshold: Category
    fever: int
    rechecks: int
    restricts: bool

    @classmethod
    def of(cls, parameters: dict[str, Any]) -> "Asks":
        """From an order's parameters, as they are kept."""
        return cls(
            tuple(category for category in Category if category.value in parameters["categories"]),
            Category(parameters["threshold"]),
            int(parameters["fever"]),
            int(parameters["rechecks"]),
            bool(parameters["restricts"]),
        )

    def to_json(self) -> dict[str, Any]:
        """As an order keeps them."""
        return {
            "categories": [category.value for category in self.categories],
            "threshold": self.threshold.value,
            "fever": self.fever,
            "rechecks": self.rechecks,
            "restricts": self.restricts,
        }

    def goes_to_the_office(self, category: Category) -> bool:
        """Whether somebody of this category is decided about: the gravest come first."""
        return gravity(category) <= gravity(self.threshold)

    def is_fever(self, temperature: int | None, symptoms: Iterable[str]) -> bool:
        """Whether a check found fever."""
        return (temperature or 0) >= self.fever or Symptom.FEVER.value in symptoms


def gravity(category: Category) -> int:
    """0 is the gravest."""
    return list(Category).index(category)


def graver(one: Category, other: Category) -> Category:
    """The graver of two."""
    return min(one, other, key=gravity)


# ── hours ────────────────────────────────────────────────────────────────────────────────────────────────────────


def next_morning(at: datetime) -> datetime:
    """When the totals are looked at next: 08:00, of the same day only before it."""
    today = datetime.combine(local(at).date(), REPORTED_AT, LOCAL)
    return today if at < today else today + timedelta(days=1)


def retries(at: datetime) -> list[datetime]:
    """When to try again: the next hours at which others are at home, the next one first."""
    days = (local(at).date() + timedelta(days=days) for days in range(3))
    hours = (datetime.combine(day, hour, LOCAL) for day in days for hour in (MORNING, NOON, EVENING))
    return [hour for hour in hours if hour >= at + SOONEST_RETRY][:OFFERED]


# ── visits ───────────────────────────────────────────────────────────────────────────────────────────────────────


def outcome_after(before: Outcome | None, found: Outcome) -> Outcome:
    """What a household's visit says after another knock: who has answered stays answered."""
    return Outcome.ANSWERED if before is Outcome.ANSWERED else found


def who(people: Iterable[int]) -> str:
    """Tells one set of people from another one, so that a page knows whether somebody has come or gone since."""
    return blake2b(",".join(map(str, sorted(people))).encode(), digest_size=6).hexdigest()


def drawn(households: Collection[int], how_many: int, key: bytes, round_id: int) -> set[int]:
    """Which of a grid's households are visited twice in a round: the same ones whenever it is asked.

    ``key`` is secret, so that nobody can tell beforehand.
    """

    def lot(household: int) -> bytes:
        return blake2b(f"{round_id}:{household}".encode(), key=key, digest_size=16).digest()

    return set(sorted(households, key=lot)[:how_many])


def differs(people: tuple[int, int], noted: tuple[Collection[int], Collection[int]]) -> bool:
    """Whether a re-check found something else than the visit: how many live there, or about whom something is noted."""
    return people[0] != people[1] or set(noted[0]) != set(noted[1])


def age(born: date | None, on: date) -> int | None:
    """Full years; None where the date of birth is not known."""
    return None if born is None else on.year - born.year - ((on.month, on.day) < (born.month, born.day))
