"""What can be printed as a worksheet and keyed. Areas bring it: ``area.contributes["worksheet"] = {name: …}``.

A value goes through three forms: what is typed, the one text in which it is kept and compared (``read``), and what the
screen shows of it (``shown``).
"""

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.access.acting import Place
from portal.access.guard import contributed
from portal.access.policy import May

YES, NO = "yes", "no"
YES_WORDS = ("是", "有", "在", "√", "对", "1", "y", "yes")
NO_WORDS = ("否", "无", "不", "不在", "×", "x", "0", "n", "no")
YES_NO_LABELS: dict[str, Any] = {YES: _l("Yes"), NO: _l("No")}


class WrongValue(ValueError):
    """What was typed cannot be right; ``sentence`` (lazy) says what to enter."""

    def __init__(self, sentence: Any) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Width(StrEnum):
    """How much room there is to write: a sign or a word, a number, a sentence."""

    NARROW = "narrow"
    MEDIUM = "medium"
    WIDE = "wide"


@dataclass(frozen=True)
class WorksheetColumn:
    """A blank column. ``heading`` and ``hint`` stand on paper, in Chinese; ``label`` (lazy) on the screen.

    ``read(typed)`` gives the text that is kept; ``WrongValue`` says what to enter. ``write(subject, text)`` does what
    follows from it, with whatever may be ``Refused``; None: it is kept with the sheet, and that is all.
    """

    name: str
    heading: str
    label: Any
    read: Callable[[str], str]
    write: Callable[[Any, str], None] | None = None
    shown: Callable[[str], Any] = str
    hint: str = ""
    width: Width = Width.MEDIUM


@dataclass(frozen=True)
class WorksheetLine:
    """A row as it is printed: where to go, and whom it is about, masked. ``unit_id`` is where it belongs."""

    subject_id: int
    unit_id: int
    where: str
    who: str


@dataclass(frozen=True)
class WorksheetKind:
    """A list that can be printed as a worksheet. ``label`` is lazy, ``title`` stands on paper.

    ``needs``: to print and to key. ``columns()`` and ``choices()`` [(value, label)] are what is open now.
    ``ids(choice, place, most)`` are the subjects as people walk; ``lines(ids)`` what is printed of them, in this
    order; ``find(id)`` the subject, None where the one acting does not see it.
    """

    label: Any
    title: str
    needs: May
    columns: Callable[[], Sequence[WorksheetColumn]]
    choices: Callable[[], list[tuple[str, Any]]]
    ids: Callable[[str, Place, int], Sequence[int]]
    lines: Callable[[Sequence[int]], Iterable[WorksheetLine]]
    find: Callable[[int], Any]


def kinds() -> dict[str, WorksheetKind]:
    """Every kind by its name, in the order of AREAS."""
    return {name: kind for _area, brought in contributed("worksheet") for name, kind in brought.items()}


# ── kinds of values ──────────────────────────────────────────────────────────────────────────────────────────────


def yes_no(typed: str) -> str:
    """是 or 否, also as 1 or 0, y or n, or with the mark that stands on the paper."""
    return one_of({YES: YES_WORDS, NO: NO_WORDS})(typed)


def one_of(words: Mapping[str, Sequence[str]]) -> Callable[[str], str]:
    """One of a few: {text that is kept: what may be typed for it}. The first word of each is offered."""
    meant = {said.casefold(): text for text, some in words.items() for said in some}

    def read(typed: str) -> str:
        found = meant.get(_plain(typed).casefold())
        if found is None:
            offered = "、".join(some[0] for some in words.values())
            raise WrongValue(_l("Enter one of these: %(allowed)s.", allowed=offered))
        return found

    return read


def number(low: Decimal, high: Decimal, places: int = 0) -> Callable[[str], str]:
    """A number within bounds, kept with so many decimals."""

    def read(typed: str) -> str:
        try:
            found = Decimal(_plain(typed))
        except InvalidOperation:
            raise WrongValue(_l("Enter a number in figures")) from None
        if not found.is_finite() or not low <= found <= high:
            raise WrongValue(_l("Enter a number from %(min)s to %(max)s", min=low, max=high))
        if found != round(found, places):
            raise WrongValue(_l("Enter at most %(places)s decimals", places=places))
        return f"{found:.{places}f}"

    return read


def words(limit: int) -> Callable[[str], str]:
    """A line of text."""

    def read(typed: str) -> str:
        text = " ".join(typed.split())
        if len(text) > limit:
            raise WrongValue(_l("Write this in at most %(most)s characters.", most=limit))
        if not text.isprintable():
            raise WrongValue(_l("Check this entry"))
        return text

    return read


def _plain(typed: str) -> str:
    return "".join(unicodedata.normalize("NFKC", typed).split())
