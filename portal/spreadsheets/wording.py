"""Headings as people word them, compared with the words a caller knows for each of its fields."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum

REMARK = re.compile(
    r"\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}|<[^<>]*>|【[^【】]*】|〔[^〔〕]*〕|〈[^〈〉]*〉|《[^《》]*》"
)
UNSAID = re.compile(
    r"[\s\u200b-\u200f\u2060\ufeff*＊※★☆●#:;,.。、/\\|_\-—－·•?!\"'“”‘’()\[\]{}<>【】〔〕〈〉《》]+"
)
ADVICE = re.compile(r"(必填项?|选填项?|必录|可不填|可空)")
COUNTED = re.compile(r"[0-9]+$|[一二三]$")
QUESTIONS = (
    "是否",
    "有无",
    "是不是",
    "有没有",
)  # such a column answers yes or no, whatever else is named in it
SHORTEST_WITHIN = 2


class Fit(IntEnum):
    """How well a heading and a word agree, the better the higher."""

    NONE = 0
    WITHIN = 1  # 户主联系电话 holds 电话
    LAST = 2  # … and ends with it: in Chinese the last word names the thing
    COUNTED = 3  # 联系电话1
    EXACT = 4


@dataclass(frozen=True, order=True)
class Match:
    """``length`` of the word that agrees: a longer one says more."""

    fit: Fit = Fit.NONE
    length: int = 0

    @property
    def is_sure(self) -> bool:
        """Whether nothing had to be guessed."""
        return self.fit >= Fit.COUNTED


def normal(label: str) -> str:
    """``＊ 姓 名（必填）`` → ``姓名``. A heading that is nothing but a remark in brackets keeps its words."""
    flat = re.sub(r"\s+", "", unicodedata.normalize("NFKC", label)).casefold()
    bare = flat
    while (shorter := REMARK.sub("", bare)) != bare:
        bare = shorter
    said = UNSAID.sub("", ADVICE.sub("", bare))
    said = said or UNSAID.sub("", flat)
    again = unicodedata.normalize("NFKC", said).casefold()
    return again if again == said else normal(again)


class Dictionary:
    """Which words stand for which field. Made from ``{"phone": ("联系电话", "手机号码", "电话"), …}``.

    What a person has decided for this unit's sheets is added by ``with_words``.
    """

    def __init__(self, words: Mapping[str, Iterable[str]]) -> None:
        self.words = {field: tuple(dict.fromkeys(map(normal, some))) for field, some in words.items()}

    def with_words(self, words: Mapping[str, Iterable[str]]) -> "Dictionary":
        """The same with more words; a word that now stands for another field stands for its old one no more."""
        added = {field: tuple(map(normal, some)) for field, some in words.items()}
        taken = {word for some in added.values() for word in some}
        kept = {field: [word for word in some if word not in taken] for field, some in self.words.items()}
        return Dictionary(
            {field: [*kept.get(field, ()), *added.get(field, ())] for field in {**kept, **added}}
        )

    def matches(self, label: str) -> dict[str, Match]:
        """Field → how well it fits, for every field that fits at all."""
        heading = normal(label)
        found = {
            field: max((_match(heading, word) for word in words), default=Match())
            for field, words in self.words.items()
        }
        return {field: match for field, match in found.items() if match.fit}


def _match(heading: str, word: str) -> Match:
    if not heading or not word:
        return Match()
    if heading == word:
        return Match(Fit.EXACT, len(word))
    if COUNTED.sub("", heading) == word:
        return Match(Fit.COUNTED, len(word))
    if len(word) < SHORTEST_WITHIN or word not in heading:
        return Match()
    if heading.startswith(QUESTIONS) and not word.startswith(QUESTIONS):
        return Match()
    fit = Fit.LAST if COUNTED.sub("", heading).endswith(word) else Fit.WITHIN
    return Match(fit, len(word))


def best(matches: Mapping[str, Match]) -> tuple[str, ...]:
    """The fields that fit best: one, or several that a person has to choose from, or none."""
    top = max(matches.values(), default=Match())
    return tuple(field for field, match in matches.items() if match == top)
