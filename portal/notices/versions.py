"""What has changed between two texts: paragraph by paragraph, words within those that changed. Bounded work.

Two texts of fifty pages are compared in about a second at most, whatever is in them: long runs and paragraphs in which
there is too much to compare are shown as a whole, once as they were and once as they are.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from portal.web.formats import lines_of

MOST_PARAGRAPHS = 1_000  # that are matched with each other, beyond those equal at the beginning and the end
MOST_WORK = 250_000  # pairs of words compared for one pair of paragraphs
MOST_WORK_IN_ALL = 4_000_000
ALIKE = 0.3  # below this, two paragraphs have nothing to do with each other
WORDS = re.compile(r"[A-Za-z]+|[\d.:：]+|\s+|.")
SAME, GONE, NEW = "same", "gone", "new"


@dataclass(frozen=True)
class Piece:
    """Words that stayed (``same``), were deleted (``gone``) or inserted (``new``)."""

    how: str
    text: str


@dataclass(frozen=True)
class Changed:
    """A paragraph that was changed, deleted or inserted, in its pieces."""

    pieces: tuple[Piece, ...]

    @property
    def how(self) -> str:
        """``gone`` or ``new`` for a whole paragraph, ``changed`` for one with words changed."""
        kinds = {piece.how for piece in self.pieces}
        return kinds.pop() if len(kinds) == 1 else "changed"


@dataclass(frozen=True)
class Unchanged:
    """So many paragraphs that are as they were."""

    count: int


Difference = Changed | Unchanged


def compare(before: str, after: str) -> list[Difference]:
    """What changed from one text to the other, in the order of the text. Paragraphs end with their line."""
    return list(_Comparison().of(list(lines_of(before)), list(lines_of(after))))


class _Comparison:
    """One comparison, which counts its work."""

    def __init__(self) -> None:
        self.work_left = MOST_WORK_IN_ALL

    def of(self, old: list[str], new: list[str]) -> Iterator[Difference]:
        head, tail = _equal_ends(old, new)
        if head:
            yield Unchanged(head)
        yield from self._between(old[head : len(old) - tail], new[head : len(new) - tail])
        if tail:
            yield Unchanged(tail)

    def _between(self, old: list[str], new: list[str]) -> Iterator[Difference]:
        if max(len(old), len(new)) > MOST_PARAGRAPHS:
            yield from _whole(old, GONE)
            yield from _whole(new, NEW)
            return
        for tag, i, j, k, m in SequenceMatcher(None, old, new).get_opcodes():
            if tag == "equal":
                yield Unchanged(j - i)
            else:
                yield from self._pairs(old[i:j], new[k:m])

    def _pairs(self, old: list[str], new: list[str]) -> Iterator[Difference]:
        for was, is_ in zip_longest(old, new):
            if was is None or is_ is None:
                yield Changed((Piece(NEW, is_),) if was is None else (Piece(GONE, was),))
            else:
                yield from self._within(was, is_)

    def _within(self, was: str, is_: str) -> Iterator[Difference]:
        old, new = WORDS.findall(was), WORDS.findall(is_)
        head, tail = _equal_ends(old, new)
        left, right = old[head : len(old) - tail], new[head : len(new) - tail]
        work = len(left) * len(right)
        if work <= min(MOST_WORK, self.work_left):
            self.work_left -= work
            between = _pieces(left, right)
        else:
            between = _swap(left, right)
        ends = ([Piece(SAME, "".join(old[:head]))], [Piece(SAME, "".join(old[len(old) - tail :]))])
        pieces = [piece for piece in (*ends[0], *between, *ends[1]) if piece.text]
        if _alike(pieces, was, is_):
            yield Changed(tuple(pieces))
        else:
            yield Changed((Piece(GONE, was),))
            yield Changed((Piece(NEW, is_),))


def _pieces(old: list[str], new: list[str]) -> list[Piece]:
    found: list[Piece] = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        same = "".join(old[i:j])
        found += [Piece(SAME, same)] if tag == "equal" else _swap(old[i:j], new[k:m])
    return found


def _swap(old: list[str], new: list[str]) -> list[Piece]:
    return [Piece(how, "".join(words)) for how, words in ((GONE, old), (NEW, new)) if words]


def _whole(paragraphs: list[str], how: str) -> Iterator[Difference]:
    return (Changed((Piece(how, paragraph),)) for paragraph in paragraphs)


def _alike(pieces: list[Piece], was: str, is_: str) -> bool:
    same = sum(len(piece.text) for piece in pieces if piece.how == SAME)
    return same >= ALIKE * max(len(was), len(is_))


def _equal_ends(old: list[str], new: list[str]) -> tuple[int, int]:
    """How many are equal at the beginning, and of the rest at the end."""
    most, head, tail = min(len(old), len(new)), 0, 0
    while head < most and old[head] == new[head]:
        head += 1
    while tail < most - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return head, tail
