"""What the floors above know of key persons: what was decided, and whether that is over.

They tell by ``contributes["key_person_decided"] = Deciding(told, is_over)``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, false, or_

from portal.access.guard import contributed


@dataclass(frozen=True)
class Decided:
    """研判结论, 管控措施 and 起止日期 of one key person, in the language of the page; what there is not is empty.

    ``conclusion`` is what was decided last, ``reason`` why: words of somebody, which may be personal. ``measure`` is
    what is done since ``since``, until ``until``; ``is_over``: it has ended, and nothing has followed it.
    """

    conclusion: str = ""
    reason: str = ""
    measure: str = ""
    since: datetime | None = None
    until: datetime | None = None
    is_over: bool = False


@dataclass(frozen=True)
class Deciding:
    """``told(ids)``: what was decided of these key persons, {id: Decided}, without those of whom nothing was.

    ``is_over()``: the condition that the measure of a ``KeyPerson`` under one has ended.
    """

    told: Callable[[Sequence[int]], Mapping[int, Decided]]
    is_over: Callable[[], ColumnElement[bool]]


NOTHING = Decided()


def decided(ids: Sequence[int]) -> dict[int, Decided]:
    """What was decided of these key persons, {id: Decided}."""
    told: dict[int, Decided] = {}
    for _area, deciding in contributed("key_person_decided") if ids else ():
        told |= deciding.told(ids)
    return told


def is_over() -> ColumnElement[bool]:
    """The condition that nothing is done any more with a key person under a measure: somebody has to close it."""
    return or_(false(), *(deciding.is_over() for _area, deciding in contributed("key_person_decided")))
