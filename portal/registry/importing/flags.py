"""Who needs looking after, as sheets say it: a column for each need, or words for several in one cell.

Only what an order in force asks for where the row belongs is read at all. Words in a list say that somebody has a
need, and nothing of those left out: only a 否 in the need's own column ends one.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Any

from flask_babel import gettext as _

from portal.registry.importing.asked import Asked
from portal.registry.importing.cells import Facts, Reader
from portal.registry.importing.synonyms import NEED, NEEDS, need_field
from portal.registry.kinds import Need
from portal.spreadsheets import values
from portal.spreadsheets.reading import Cell
from portal.spreadsheets.values import NO, NOTHING

WORDS = {
    Need.LIVES_ALONE: ("独居", "孤寡"),
    Need.PREGNANT: ("孕妇", "孕产妇", "怀孕", "孕期", "待产"),
    Need.DISABLED: ("残疾", "残障", "伤残"),
    Need.DIALYSIS: ("透析", "血透", "腹透"),
    Need.CHRONIC: ("慢性病", "慢病", "长期用药", "长期服药", "高血压", "糖尿病"),
    Need.LEFT_BEHIND: ("留守儿童",),
}
NEGATED = ("非", "无", "不", "未", "没", "否", "曾")
ROWS_SHOWN = 5


class Flags:
    """Reads the needs of the people of each row, and remembers what was not taken and why.

    ``names`` are the headings as the sheet has them, by field.
    """

    def __init__(self, names: Mapping[str, str]) -> None:
        self.columns = {name: label for name, label in names.items() if name.startswith((NEED, NEEDS))}
        self.orders = Asked()
        self.grids: set[int] = set()
        self.whose: list[int] = []
        self.unknown: dict[str, list[int]] = defaultdict(list)

    def read(self, reader: Reader, number: int, grid_id: int | None, people: list[Facts]) -> list[Facts]:
        """The people of the row, the one whom it names with ``needs``: {need: whether}."""
        if not self.columns or grid_id is None or not people:
            return people
        self.grids.add(grid_id)
        said = self._said(reader, number, self.orders.at(grid_id)[1])
        if not said:
            return people
        if len(people) > 1:
            self.whose.append(number)
            return people
        return [{**people[0], "needs": said}]

    def _said(self, reader: Reader, number: int, asked: Collection[Need]) -> dict[str, bool]:
        answers = {need.value: reader.read(need_field(need), partial(answer, need)) for need in asked}
        said = {name: is_so for name, is_so in answers.items() if is_so is not None}
        if asked and (listed := reader.read(NEEDS, listed_needs)):
            found, has_unknown = listed
            said |= {need.value: True for need in asked if need in found}
            if has_unknown:
                self.unknown[NEEDS].append(number)
        return said

    def remarks(self) -> list[str]:
        """What is not taken, in sentences that name rows and nobody."""
        said = [self._of_a_column(field, heading) for field, heading in self.columns.items() if self.grids]
        said += [
            _(
                "Of the column “%(heading)s” not everything is understood or asked for: %(rows)s.",
                heading=self.columns[field],
                rows=rows_in_words(numbers),
            )
            for field, numbers in self.unknown.items()
        ]
        if self.whose:
            said.append(
                _(
                    "Who needs looking after is not taken from rows that name several people: %(rows)s."
                    " Send one row a person.",
                    rows=rows_in_words(self.whose),
                )
            )
        return [sentence for sentence in said if sentence]

    def _of_a_column(self, field: str, heading: str) -> str:
        meant = [need for need in Need if field in (NEEDS, need_field(need))]
        asked = [set(self.orders.at(grid_id)[1]) for grid_id in self.grids]
        somewhere = [need for need in meant if any(need in one for one in asked)]
        if not somewhere:
            return _("The column “%(heading)s” is not taken: no order in force asks for it.", heading=heading)
        if all(need in one for need in meant for one in asked):
            return ""
        return _(
            "Of the column “%(heading)s” only that is taken for which an order in force asks: %(needs)s.",
            heading=heading,
            needs=_(", ").join(need.label for need in somewhere),
        )


def answer(need: Need, cell: Cell) -> bool | None:
    """是 √ 1 有, or the need's own words: 残疾二级 in a column 残疾. ``WrongCell`` for anything else."""
    found, _has_unknown = listed_needs(cell)
    return True if need in found else values.yes_no(cell)


def listed_needs(cell: Cell) -> tuple[set[Need], bool]:
    """独居老人、孕妇（三个月） → the needs, and whether there is more that is no need. 非残疾 and 无 name none."""
    written = unicodedata.normalize("NFKC", values.plain_text(cell)).casefold()
    bare = re.sub(r"\([^()]*\)", " ", written)
    pieces = [re.sub(r"^[\d.]+", "", piece) for piece in re.split(r"[、,;/|+\s]+", bare)]
    found: set[Need] = set()
    has_unknown = False
    for piece in pieces:
        if piece in NOTHING or piece in NO:
            continue
        meant = set() if piece.startswith(NEGATED) else _meant(piece)
        found |= meant
        has_unknown = has_unknown or not meant
    return found, has_unknown


def _meant(piece: str) -> set[Need]:
    return {need for need, words in WORDS.items() if any(word in piece for word in words)}


def rows_in_words(numbers: Sequence[int]) -> str:
    """2、5、7…"""
    return "、".join(map(str, numbers[:ROWS_SHOWN])) + ("…" if len(numbers) > ROWS_SHOWN else "")


def changed(person: Mapping[str, Any], needed: Collection[Need]) -> dict[str, bool]:
    """Which needs the row says otherwise than registered: {need: whether so far}."""
    said: dict[str, bool] = person.get("needs", {})
    return {name: not is_so for name, is_so in said.items() if (Need(name) in needed) != is_so}
