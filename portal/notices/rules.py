"""What makes a notice a proper one. No database, no request, no clock of its own."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from portal.notices.kinds import NoticeKind, NoticeState

LONGEST_TITLE = 120
LONGEST_BODY = 60_000  # about a hundred pages set by GB/T 9704-2012, about fifty of a text with many headings
ISSUED = (NoticeState.PUBLISHED, NoticeState.REPLACED, NoticeState.WITHDRAWN)
UNFINISHED = (NoticeState.DRAFT, NoticeState.SUBMITTED, NoticeState.APPROVED)
LOOKS = {
    NoticeState.SUBMITTED: "look",
    NoticeState.APPROVED: "look",
    NoticeState.PUBLISHED: "ok",
    NoticeState.WITHDRAWN: "no",
}

# 文种: the word that the title of a statutory document ends with.
TITLE_WORDS = {NoticeKind.ANNOUNCEMENT: "通告", NoticeKind.CIRCULAR: "通知"}
NEVER = "公告"
NOT_OURS = _l("A 公告 is issued by higher authorities to home and abroad: write 通告 instead.")

TO_FILL_IN = re.compile(r"〔请填写(?:：|:)?([^〔〕\n]{0,60})〕")
PARTS: tuple[tuple[Any, re.Pattern[str]], ...] = (
    (_lp("part of a notice", "Legal basis"), re.compile(r"根据|依据|依照|按照")),
    (
        _lp("part of a notice", "What is to be done"),
        re.compile(r"^\s*(一、|[（(]一[）)]|1[.．、])", re.MULTILINE),
    ),
    (_lp("part of a notice", "From when"), re.compile(r"自.{1,40}起|即日起|印发之日起|发布之日起")),
    (
        _lp("part of a notice", "Until when, or what ends it"),
        re.compile(r"至.{1,40}止|截止|解除|另行通[告知]|结束时止|延长至"),
    ),
)
CONTACT = _lp("part of a notice", "Telephone number for questions")
TELEPHONE = re.compile(r"0\d{2,3}[-－—]?\d{7,8}|\d{7,8}|电话")


@dataclass(frozen=True)
class Part:
    """A part that an official document has, and whether this one has it."""

    label: Any
    present: bool


def title_problem(kind: NoticeKind, title: str) -> Any:
    """What is wrong with a title, as a lazy sentence; empty if nothing is."""
    if NEVER in title:
        return NOT_OURS
    word = TITLE_WORDS.get(kind, "")
    if word and not title.endswith(word):
        return _l("The title of this kind ends in “%(word)s”: 关于……的%(word)s", word=word)
    return ""


def left_to_fill_in(*texts: str) -> list[str]:
    """The blanks that nobody has filled in yet, each once, in their order."""
    found = [blank.strip() for text in texts for blank in TO_FILL_IN.findall(text)]
    return list(dict.fromkeys(found))


def parts(kind: NoticeKind, body: str, contact: str) -> list[Part]:
    """The mandatory parts of an official document (field-reference §5.1); of the other kinds, the telephone."""
    official = (
        [Part(label, bool(pattern.search(body))) for label, pattern in PARTS] if kind.is_official else []
    )
    return [*official, Part(CONTACT, bool(contact.strip() or TELEPHONE.search(body)))]


def is_own(account_id: int, created_by_id: int | None, changed_by_id: int | None) -> bool:
    """Whether this account wrote the notice or changed it last: then it is not the second person who approves."""
    return account_id in (created_by_id, changed_by_id)


def is_for(audience: Collection[int], line: Collection[int]) -> bool:
    """Whether a notice is for a place below its unit: for all, or for one of the units on the place's line."""
    return not audience or not set(audience).isdisjoint(line)


def not_yet_looked_at(found: Sequence[str], looked_at: Sequence[str]) -> list[str]:
    """The words found that nobody has declared to be no names."""
    return [word for word in found if word not in looked_at]
