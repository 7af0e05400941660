"""张贴清单: what there is to hang and to take down, on paper, in the order in which people walk.

Everything on it is Chinese, in both languages of the portal.
"""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import Response
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import defer

from portal.access.acting import acting
from portal.audit import service as audit
from portal.clock import today
from portal.database import db
from portal.notices.models import Notice
from portal.notices.postings.kinds import PostingState
from portal.notices.postings.listing import Narrowed
from portal.notices.postings.models import Posting
from portal.printing.document import printed
from portal.printing.foot import Foot
from portal.printing.words import day_in_words
from portal.units.installation import foot
from portal.units.models import Unit
from portal.web.errors import Refused

MOST_ON_PAPER = 600  # about thirty sheets: more than anybody walks
TO_DO = {
    PostingState.TO_HANG: "张贴",
    PostingState.TORN: "重新张贴",
    PostingState.TO_TAKE_DOWN: "撤下",
}


@dataclass(frozen=True)
class Task:
    """One thing to do at a place: what, and with which notice (its number on the list above)."""

    verb: str
    notice: int


@dataclass(frozen=True)
class Stop:
    """A place on the round."""

    where: str
    place: str
    tasks: tuple[Task, ...]


@dataclass(frozen=True)
class Round:
    """What the sheet says. ``notices`` are their titles with their numbers, in the order of their numbers here."""

    unit: str
    day: str
    notices: tuple[str, ...]
    stops: tuple[Stop, ...]
    foot: Foot

    @property
    def tasks(self) -> int:
        return sum(len(stop.tasks) for stop in self.stops)


def print_round(narrow: Narrowed) -> Response:
    """The list as the answer to a request, noted in the trail. ``Refused`` for nothing to do, or far too much."""
    sheet = round_of(narrow)
    audit.record("posting.print", places=len(sheet.stops), tasks=sheet.tasks, **narrow.asked)
    return printed("postings/round.html", sheet, file_name="posting-list")


def round_of(narrow: Narrowed) -> Round:
    """What there is to do within the scope, sorted by community, group, grid and place."""
    rows = _rows(narrow)
    if not rows:
        raise Refused(_l("There is nothing to hang or to take down here."))
    if len(rows) > MOST_ON_PAPER:
        raise Refused(
            _l("More than %(most)s lines: choose a community under Coverage first.", most=MOST_ON_PAPER)
        )
    notices = _notices({row.notice_id for row in rows})
    numbers = {notice.id: number for number, notice in enumerate(notices, start=1)}
    return Round(
        unit=narrow.unit.full_name if narrow.unit else acting().unit_name,
        day=day_in_words(today()),
        notices=tuple(f"{notice.number}　{notice.title}".strip() for notice in notices),
        stops=tuple(_stops(rows, numbers)),
        foot=foot(with_unit=False),
    )


def _rows(narrow: Narrowed) -> list[Any]:
    wanted = (
        select(
            Posting.unit_id,
            Posting.community_id,
            Posting.group_id,
            Posting.grid_id,
            Posting.place,
            Posting.notice_id,
            Posting.state,
            Unit.full_name,
        )
        .join(Unit, Unit.id == Posting.unit_id)
        .where(Posting.state.in_(TO_DO), *narrow.conditions)
    )
    return sorted(db.session.execute(wanted.limit(MOST_ON_PAPER + 1)), key=_as_people_walk)


def _as_people_walk(row: Any) -> tuple[Any, ...]:
    return row.community_id or 0, row.group_id or 0, row.grid_id or 0, row.place, row.notice_id


def _notices(ids: set[int]) -> list[Notice]:
    wanted = select(Notice).where(Notice.id.in_(ids)).order_by(Notice.id).options(defer(Notice.body))
    return list(db.session.scalars(wanted))


def _stops(rows: list[Any], numbers: dict[int, int]) -> list[Stop]:
    return [
        Stop(where, place, tuple(Task(TO_DO[row.state], numbers[row.notice_id]) for row in there))
        for (where, place, _unit), there in groupby(
            rows, key=lambda row: (row.full_name, row.place, row.unit_id)
        )
    ]
