"""Notices on paper: 通告 and 通知 as GB/T 9704-2012 has them, the others large and friendly. Only data, no database.

The place of the seal stays empty, for it is put there by hand.
"""

import re
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from flask import Response

from portal.notices.kinds import NoticeKind, Sealing
from portal.notices.text import Block, Heading, Items, Paragraph, Table
from portal.printing.document import pdf, printed
from portal.printing.title_lines import title_lines
from portal.printing.words import day_in_words

LINE = 28  # characters, as official paper has them
TITLE_LINE = 19  # characters of the title's size that fit, less one
HEAD_MM, HEAD_MOST_PT, HEAD_LEAST_PT = 155.0, 44.0, 26.0
MM_PT = 72 / 25.4
SEALS_IN_A_ROW = 3
SEAL_LINE = 8  # characters of a signature between two seals
FRIENDLY_SIZES = (30, 26, 23, 20, 18, 16)  # points: the largest that goes on one page
FRIENDLY_TITLE = 1.6  # times the size of the text
FRIENDLY_MM = {  # across and down, without the receipt
    NoticeKind.INFORMATION: (166, 190),
    NoticeKind.REMINDER: (155, 232),
    NoticeKind.LETTER: (166, 255),
}
BETWEEN_SCRIPTS = re.compile(r"(?<=[^\x00-\xff]) +(?=[!-~])|(?<=[!-~]) +(?=[^\x00-\xff])")
KIND_WORDS = {  # as paper says them, in both languages
    NoticeKind.ANNOUNCEMENT: "通告",
    NoticeKind.CIRCULAR: "通知",
    NoticeKind.INFORMATION: "告知书",
    NoticeKind.REMINDER: "温馨提示",
    NoticeKind.LETTER: "致居民的一封信",
}
SUBSTITUTED = {Sealing.ON_BEHALF: "（代章）", Sealing.BORROWED: "（借章）"}


@dataclass(frozen=True)
class Signed:
    """One line of the signature, so many characters from the right edge of the text."""

    text: str
    from_right: float


@dataclass(frozen=True)
class NoticePaper:
    """Everything that a notice shows. Texts without a value are empty and leave no gap.

    ``head`` is the 发文机关标志 (none: no red head), ``title_number`` stands under the title (（2026年第3号）),
    ``letter_format`` is the 信函格式. A ``draft`` is marked so that it is not taken for what was issued.
    """

    kind: NoticeKind
    title: str
    blocks: tuple[Block, ...]
    head: str = ""
    letter_format: bool = False
    number: str = ""
    title_number: str = ""
    addressees: str = ""
    attachments: tuple[str, ...] = ()
    signers: tuple[str, ...] = ()
    sealing: Sealing = Sealing.OWN
    dated: date | None = None
    note: str = ""
    copies_to: str = ""
    printed_by: str = ""
    printed_on: date | None = None
    contact: str = ""
    draft: bool = False
    is_demo: bool = False

    @property
    def template(self) -> str:
        return "notices/official.html" if self.kind.is_official else "notices/friendly.html"

    @property
    def layout(self) -> str:
        """The class of the body: official, letterhead, or the kind."""
        if not self.kind.is_official:
            return str(self.kind)
        return "letterhead" if self.letter_format and self.head else "official"

    @property
    def kind_word(self) -> str:
        return KIND_WORDS[self.kind]

    @property
    def title_lines(self) -> tuple[str, ...]:
        if self.kind.is_official:
            return title_lines(self.title, TITLE_LINE)
        return self._friendly_title(self.type_size)

    @property
    def salutation(self) -> str:
        """Whom it is for, ending in a colon."""
        return self.addressees.strip().rstrip("：:") + "：" if self.addressees.strip() else ""

    @property
    def head_lines(self) -> tuple[str, ...]:
        """On one line; a name that would be smaller than the title on two."""
        widest = HEAD_MM * MM_PT / HEAD_LEAST_PT
        name = self.head.strip()
        return (name,) if _width(name) <= widest else title_lines(name, max(widest, _width(name) / 2 + 2))

    @property
    def head_size(self) -> float:
        """Points, as large as goes across the text."""
        longest = max(map(_width, self.head_lines), default=1)
        return round(min(HEAD_MOST_PT, HEAD_MM * MM_PT / max(longest, 1)), 1)

    @property
    def date_in_words(self) -> str:
        return day_in_words(self.dated) if self.dated else ""

    @property
    def printed_on_in_words(self) -> str:
        return f"{day_in_words(self.printed_on)}印发" if self.printed_on else ""

    @property
    def has_imprint(self) -> bool:
        """版记; the letter format has no line for the printer."""
        return bool(self.copies_to or (self.layout == "official" and (self.printed_by or self.printed_on)))

    @property
    def is_sealed(self) -> bool:
        return self.sealing is not Sealing.NONE

    @property
    def signatures(self) -> tuple[str, ...]:
        """Who signs; the last says whose seal it is where that is another's."""
        return tuple(
            signer + (SUBSTITUTED.get(self.sealing, "") if place == len(self.signers) else "")
            for place, signer in enumerate(self.signers, start=1)
        )

    @property
    def signed(self) -> tuple[Signed, ...]:
        """The signature and the date one under another (7.3.5): sealed by one, or not sealed at all."""
        if self.is_sealed:
            return _centred_on_the_date(self.signatures, self.date_in_words)
        return _stepped(self.signatures, self.date_in_words)

    @property
    def rows_of_seals(self) -> tuple[tuple[tuple[str, ...], ...], ...]:
        """Several that seal, three to a row with room for a seal on each, the last row at the right: lines of names."""
        names = [title_lines(name, SEAL_LINE) for name in self.signatures]
        if not self.is_sealed or len(names) < 2:
            return ()
        edges = [*range(0, len(names), SEALS_IN_A_ROW), len(names)]
        return tuple(tuple(names[start:end]) for start, end in pairwise(edges))

    @property
    def type_size(self) -> int:
        """Points of a friendly notice: the largest with which it goes on one page, as far as can be told."""
        down = FRIENDLY_MM[self.kind][1] * MM_PT
        return next((size for size in FRIENDLY_SIZES if self._height(size) <= down), FRIENDLY_SIZES[-1])

    def _friendly_title(self, size: int) -> tuple[str, ...]:
        return title_lines(self.title, FRIENDLY_MM[self.kind][0] * MM_PT / (FRIENDLY_TITLE * size) - 0.5)

    def _height(self, size: int) -> float:
        """Points that everything takes in a type size, estimated from above."""
        across = FRIENDLY_MM[self.kind][0] * MM_PT
        texts = [
            self.salutation,
            *(line for block in self.blocks for line in _lines(block)),
            *self.attachments,
        ]
        rows = sum(-int(-(_width(text) + 2.2) * size // across) for text in texts if text)
        title = 2.2 * len(self._friendly_title(size)) + 1.5 * bool(self.title_number or self.number)
        title += 2.4 * (self.kind is NoticeKind.REMINDER and self.kind_word not in self.title)
        title += 2.3 * (self.kind is NoticeKind.LETTER)  # the double line under it
        below = 2.8 * bool(self.contact) + 1.7 * (len(self.signed) + bool(self.note) + bool(self.attachments))
        return size * (title + 1.7 * rows + 0.16 * len(texts) + below + 2.5)

    def set(self, text: str) -> str:
        """As Chinese is set: without the spaces that people type around figures and Latin words."""
        return BETWEEN_SCRIPTS.sub("", text)

    def column_widths(self, table: Table) -> tuple[float, ...]:
        """Shares of the width in percent, by what the columns have to hold; a long text gets no more than a line."""
        columns = zip(table.head, *table.rows, strict=True)
        wanted = [min(max(4.0, *map(_width, column)), 14.0) for column in columns]
        return tuple(round(100 * each / sum(wanted), 2) for each in wanted)


def on_paper(paper: NoticePaper, *, file_name: str) -> Response:
    """The notice as the answer to a request: a PDF, or with ``?as=page`` a light page."""
    return printed(paper.template, paper, file_name=file_name)


def as_pdf(paper: NoticePaper) -> bytes:
    """The notice as a file; ``PrintingUnavailable`` where this computer cannot make one."""
    return pdf(paper.template, paper)


def _centred_on_the_date(signers: tuple[str, ...], dated: str) -> tuple[Signed, ...]:
    """成文日期右空四字, and the signature centred over it; a long one reaches to the edge of the text at most."""
    middle = 4 + _width(dated) / 2
    lines = [line for signer in signers for line in title_lines(signer, LINE - 1)]
    over = [Signed(line, max(0.0, middle - _width(line) / 2)) for line in lines]
    return (*over, Signed(dated, 4)) if dated else tuple(over)


def _stepped(signers: tuple[str, ...], dated: str) -> tuple[Signed, ...]:
    """署名右空二字, and the date begins two characters to the right of it; a longer date 右空二字 itself."""
    lines = [line for signer in signers for line in title_lines(signer, LINE - 3)]
    longest = max(map(_width, lines), default=0.0)
    date_width = _width(dated)
    from_right = 2.0 if longest >= date_width else 4 + date_width - longest
    left = from_right + longest
    signatures = tuple(Signed(line, left - _width(line)) for line in lines)
    return (*signatures, Signed(dated, max(0.0, left - 2 - date_width))) if dated else signatures


def _width(text: str) -> float:
    """In characters of the text's own size, of which Latin letters and figures take a half."""
    return sum(0.5 if character.isascii() else 1.0 for character in text)


def _lines(block: Block) -> tuple[str, ...]:
    match block:
        case Heading(_, lead, rest, _):
            return (lead + rest,)
        case Paragraph(text):
            return (text,)
        case Items(items):
            return items
        case Table(head, rows):
            return tuple("　".join(row) for row in (head, *rows))
