"""Who answers for a household (包保到户). Pure: no database, no clock.

A household has one responsible person and one deputy, two people. Whoever has a duty serves where the household is:
in its grid, its group or its community.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from portal.registry.kinds import Duty


@dataclass(frozen=True)
class Pair:
    """The accounts that answer for a household; None is a hole, and an alarm."""

    responsible: int | None = None
    deputy: int | None = None

    def of(self, duty: Duty) -> int | None:
        """Who has this duty."""
        return self.responsible if duty is Duty.RESPONSIBLE else self.deputy

    def with_(self, duty: Duty, account_id: int | None) -> "Pair":
        """The same with another person for one duty."""
        return replace(self, **{duty.value: account_id})


def first_pair(standing: Sequence[int]) -> Pair:
    """A new household's: the first two of its grid's standing order."""
    first, second, *_rest = [*standing, None, None]
    return Pair(first, second)


def handed_over(pair: Pair, duty: Duty, to: int, serving: Collection[int]) -> Pair:
    """``to`` takes over a duty. Who had the other duty until now changes places with the predecessor."""
    before = pair.of(duty)
    if before == to:
        return pair
    after = pair.with_(duty, to)
    if pair.of(duty.other) == to:
        after = after.with_(duty.other, before if before in serving else None)
    return after


def succeeded(pair: Pair, serving: Collection[int], standing: Sequence[int]) -> Pair:
    """What is left of a pair where only ``serving`` still serve: nothing falls to nobody.

    The deputy takes over; where there is none, the first of the standing order does. People choose the new deputy,
    and until then the alarm names the hole.
    """
    stayed = [account for account in (pair.responsible, pair.deputy) if account in serving]
    responsible = next(iter([*stayed, *standing]), None)
    return Pair(responsible, next((account for account in stayed if account != responsible), None))


def settled(pair: Pair, serving: Collection[int], standing: Sequence[int]) -> Pair:
    """The pair of a household that has come to a grid where ``serving`` serve: nothing falls to nobody.

    Who serves there, too, keeps the duty; the standing order fills the rest. Where it has nobody for the first
    place, the deputy takes it.
    """
    stayed = [account for account in (pair.responsible, pair.deputy) if account in serving]
    others = iter([account for account in standing if account not in stayed])
    responsible = pair.responsible if pair.responsible in serving else next(others, None)
    deputy = pair.deputy if pair.deputy in serving else next(others, None)
    return Pair(responsible, deputy) if responsible is not None else Pair(deputy)
