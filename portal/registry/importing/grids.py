"""Which of one's own grids a row names: by its code, its full name, or its name with the group and community."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from portal.access.acting import Level, acting
from portal.access.scope import lies_in
from portal.database import db
from portal.units.models import Unit

FIGURES = {sign: number for number, sign in enumerate("零一二三四五六七八九")}
NUMERAL = re.compile(r"[一二三四五六七八九]?十[一二三四五六七八九]?|[零一二三四五六七八九]")
WORDINGS = (
    ("第", ""),
    ("网格", "格"),
    ("居民小组", "组"),
    ("村民小组", "组"),
    ("小组", "组"),
    ("社区居民委员会", "社区"),
    ("社区居委会", "社区"),
    ("居委会", "社区"),
    ("村民委员会", "村"),
    ("村委会", "村"),
    ("号格", "格"),
)


class Unclear(ValueError):
    """Several grids are called so; ``sentence`` says what to write."""


class Outside(LookupError):
    """None of one's own. Whether there is such a grid elsewhere isn't told."""


@dataclass(frozen=True)
class _Grid:
    id: int
    names: frozenset[str]
    group: frozenset[str]
    community: frozenset[str]


class Grids:
    """One's own grids. ``otherwise``: the grid of rows that name none."""

    def __init__(self, otherwise: int | None) -> None:
        self.grids = _own()
        only = self.grids[0].id if len(self.grids) == 1 else None
        self.otherwise = otherwise if otherwise in {grid.id for grid in self.grids} else only
        self.by_name: dict[str, list[_Grid]] = defaultdict(list)
        for grid in self.grids:
            for name in grid.names:
                self.by_name[name].append(grid)
        self.asked: dict[tuple[str, str, str], int | Exception] = {}

    def find(self, grid: str, group: str, community: str) -> int | None:
        """The grid's id; None where the row names none and there is no other. ``Outside``, ``Unclear``."""
        asked = (grid, group, community)
        if asked not in self.asked:
            try:
                found = self._find(*map(canonical, asked))
            except (Outside, Unclear) as refusal:
                self.asked[asked] = refusal
            else:
                self.asked[asked] = found if found is not None else LookupError()
        answer = self.asked[asked]
        if isinstance(answer, Outside | Unclear):
            raise answer
        return answer if isinstance(answer, int) else None

    def _find(self, grid: str, group: str, community: str) -> int | None:
        named = self.by_name.get(f"{grid}格" if grid.isdecimal() else grid, []) if grid else self.grids
        narrowed = [one for one in named if not community or community in one.community]
        narrowed = [one for one in narrowed if not group or group in one.group] or ([] if grid else narrowed)
        if not narrowed:
            raise Outside
        if len(narrowed) == 1:
            return narrowed[0].id
        if grid:
            raise Unclear(_("There are several grids of this name. Write it with its group, like 三组二格."))
        return self.otherwise if any(one.id == self.otherwise for one in narrowed) else None


def canonical(name: str) -> str:
    """第二网格, 2号网格 and 二格 are the same."""
    flat = re.sub(r"\s", "", unicodedata.normalize("NFKC", name)).casefold()
    for said, meant in WORDINGS:
        flat = flat.replace(said, meant)
    return NUMERAL.sub(lambda found: str(_number(found[0])), flat)


def _number(numeral: str) -> int:
    if "十" not in numeral:
        return FIGURES[numeral]
    tens, _ten, ones = numeral.partition("十")
    return 10 * FIGURES.get(tens, 1) + FIGURES.get(ones, 0)


def _own() -> list[_Grid]:
    place = acting().place
    columns = (Unit.id, Unit.name, Unit.full_name, Unit.code, Unit.level, Unit.group_id, Unit.community_id)
    units = select(*columns).where(Unit.closed_at.is_(None))
    rows: Sequence[Any] = db.session.execute(units.order_by(Unit.id)).all()
    by_id = {row.id: row for row in rows}
    mine = select(Unit.id).where(Unit.level == Level.GRID, Unit.closed_at.is_(None))
    if place is not None:
        mine = mine.where(lies_in(Unit, place))
    return [_described(by_id[id_], by_id) for id_ in db.session.scalars(mine.order_by(Unit.id))]


def _described(row: Any, by_id: dict[int, Any]) -> _Grid:
    group, community = by_id.get(row.group_id), by_id.get(row.community_id)
    group_name, community_name = (unit.name if unit else "" for unit in (group, community))
    names = {
        row.name,
        row.full_name,
        f"{group_name}{row.name}",
        f"{community_name}{group_name}{row.name}",
        f"{community_name}{row.name}",
        row.code or row.name,
    }
    return _Grid(
        row.id,
        frozenset(map(canonical, names)),
        _names_of(group) | frozenset({canonical(f"{community_name}{group_name}")}),
        _names_of(community) | frozenset({canonical(community_name).removesuffix("社区")}),
    )


def _names_of(unit: Any) -> frozenset[str]:
    if unit is None:
        return frozenset()
    return frozenset(map(canonical, {unit.name, unit.full_name, unit.code or unit.name}))
