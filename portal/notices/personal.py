"""Nothing personal gets into a notice: numbers of people are refused, words that are residents' names are asked about.

A notice hangs on walls and stands on a public page, and what was published cannot be called back.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_pgettext as _lp
from sqlalchemy import ColumnElement, select

from portal.database import db
from portal.registry.models import Resident
from portal.web.formats import DEMO_MARK

SHORTEST_NAME = 2
GAP = r"[ \-.·‐‑–—_]?"  # between the figures, as people write them to be read, or to get them past a check


def _spaced(*figures: str) -> str:
    return GAP.join(figures)


DIGIT = r"\d"
YEAR, MONTH, DAY = (
    _spaced("(?:18|1" + GAP + "[89]|2" + GAP + "0)", DIGIT, DIGIT),
    "(?:" + _spaced("0", "[1-9]") + "|" + _spaced("1", "[0-2]") + ")",
    "(?:" + _spaced("0", "[1-9]") + "|" + _spaced("[12]", DIGIT) + "|" + _spaced("3", "[01]") + ")",
)
# Written in one piece, any 18 or 15 figures; with gaps, those that hold a date of birth in its place.
IDENTITY = (
    r"\d{17}[\dXx]",
    r"\d{15}",
    _spaced(*[DIGIT] * 6, YEAR, MONTH, DAY, DIGIT, DIGIT, DIGIT, "[0-9Xx]"),
    _spaced(*[DIGIT] * 6, DIGIT, DIGIT, MONTH, DAY, DIGIT, DIGIT, DIGIT),
)
BANK = (r"\d{16,19}", r"\d{4}(?:[ \-]\d{4}){3}(?:[ \-]?\d{1,3})?")
MOBILE = (_spaced(r"1", r"[3-9]", *[DIGIT] * 9),)


@dataclass(frozen=True)
class Kind:
    """A kind of number that belongs to a person: its lazy name, and how it is written."""

    label: Any
    pattern: re.Pattern[str]


KINDS = tuple(
    Kind(label, re.compile(rf"(?<!\d)(?:{'|'.join(written)})(?!\d)"))
    for label, written in (
        (_lp("personal", "an identity number"), IDENTITY),
        (_lp("personal", "a card or account number"), BANK),
        (_lp("personal", "somebody's mobile number"), MOBILE),
    )
)


@dataclass(frozen=True)
class Found:
    """A number that may not stand in a notice, with its ends only, so that it can be found and is told to nobody."""

    label: Any
    ends: str


def numbers_in(text: str, published: Collection[str] = ()) -> list[Found]:
    """The numbers in a text that belong to people. ``published`` are phones, figures only, which may stand there."""
    plain = unicodedata.normalize("NFKC", text)
    return list(dict.fromkeys(_numbers(plain, published)))


def names_in(text: str, names: Iterable[str]) -> list[str]:
    """Which of the names stand in the text, each once, in the order of the text. Those of one character don't count.

    Spaces within a name don't hide it. The mark of invented people may be missing.
    """
    plain = re.sub(r"[^\S\n]+", "", unicodedata.normalize("NFKC", text))
    short = {name.replace(" ", "").removeprefix(DEMO_MARK) for name in names}
    found = {name for name in short if len(name) >= SHORTEST_NAME and name in plain}
    return sorted(found, key=lambda name: (plain.index(name), name))


def names_of_residents_in(text: str, place: ColumnElement[bool]) -> list[str]:
    """The words of a text that residents of a place are called by; ``place`` is a condition on ``Resident``."""
    names = db.session.scalars(select(Resident.name).where(place).distinct())
    return names_in(text, names)


def figures(phone: str) -> str:
    """A telephone number without anything but its figures."""
    return re.sub(r"\D", "", unicodedata.normalize("NFKC", phone))


def _numbers(plain: str, published: Collection[str]) -> Iterator[Found]:
    told: set[int] = set()  # where a number begins that was found already as one of another kind
    for kind in KINDS:
        for hit in kind.pattern.finditer(plain):
            if hit.start() not in told and figures(hit[0]) not in published:
                told.add(hit.start())
                yield Found(kind.label, f"{hit[0][:2]}…{hit[0][-2:]}")
