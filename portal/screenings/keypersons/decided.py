"""What the floors above know of key persons: what was decided, and whether that is over.

They tell by ``contributes["key_person_decided"] = Deciding(told, is_over)``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, false, or_

from portal.access.guard import contributed
from portal.clock import local
from portal.web.formats import day


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

    @property
    def in_words(self) -> str:
        """居家隔离，11月20日 至 12月4日; empty where nothing is done."""
        if self.since is None:
            return self.measure
        start = day(local(self.since).date())
        end = day(local(self.until).date()) if self.until else ""
        when = _("%(start)s to %(end)s", start=start, end=end) if end else _("since %(start)s", start=start)
        return _(", ").join((self.measure, when))


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


def measures(ids: Sequence[int]) -> dict[int, str]:
    """What is done with these key persons, since when and until when, in words."""
    return {id_: one.in_words for id_, one in decided(ids).items()}


def is_over() -> ColumnElement[bool]:
    """The condition that nothing is done any more with a key person under a measure: somebody has to close it."""
    return or_(false(), *(deciding.is_over() for _area, deciding in contributed("key_person_decided")))
