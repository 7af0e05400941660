"""The list of postings: notices as groups, places as rows, what is urgent first. Columns, not rows."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from flask import abort, request, url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Row, and_, func, or_, select

from portal.access.acting import acting, may
from portal.access.policy import COMMAND, May
from portal.clock import now
from portal.database import db
from portal.notices.kinds import NoticeState
from portal.notices.models import Notice
from portal.notices.postings.kinds import POSTING_LABELS, PostingState
from portal.notices.postings.models import HANG, REPORT_TORN, TAKE_DOWN, Posting
from portal.notices.rules import ISSUED
from portal.units.models import Unit
from portal.workflow.listing import PAGE, cut
from portal.workflow.states import Step

LATE = timedelta(hours=24)  # a notice that does not hang a day after it was published is asked about


class Show(StrEnum):
    """The filters, what is urgent first."""

    TO_TAKE_DOWN = "to_take_down"
    TORN = "torn"
    LATE = "late"
    TO_HANG = "to_hang"
    HANGING = "hanging"
    ALL = "all"

    @property
    def label(self) -> str:
        return str(SHOW_LABELS[self])

    @property
    def step(self) -> Step | None:
        """What is done with those of this filter, for who may do it."""
        return STEPS.get(self) if may(May.POST_NOTICES) else None

    @property
    def for_several(self) -> str:
        """The same for several at once, in words."""
        return str(FOR_SEVERAL[STEPS[self].name])


SHOW_LABELS = {
    Show.TO_TAKE_DOWN: POSTING_LABELS[PostingState.TO_TAKE_DOWN],
    Show.TORN: POSTING_LABELS[PostingState.TORN],
    Show.LATE: _l("To hang for over a day"),
    Show.TO_HANG: POSTING_LABELS[PostingState.TO_HANG],
    Show.HANGING: POSTING_LABELS[PostingState.HANGING],
    Show.ALL: _l("All"),
}
STEPS = {
    Show.TO_TAKE_DOWN: TAKE_DOWN,
    Show.TORN: HANG,
    Show.LATE: HANG,
    Show.TO_HANG: HANG,
    Show.HANGING: REPORT_TORN,
}
FOR_SEVERAL = {
    HANG.name: _l("Those ticked hang"),
    REPORT_TORN.name: _l("Those ticked are torn down"),
    TAKE_DOWN.name: _l("Those ticked are taken down"),
}
WAITING = (Show.TO_TAKE_DOWN, Show.TORN, Show.TO_HANG)
LOOKS = {
    PostingState.TO_HANG: "look",
    PostingState.HANGING: "ok",
    PostingState.TORN: "no",
    PostingState.TO_TAKE_DOWN: "no",
    PostingState.TAKEN_DOWN: "nil",
    PostingState.DROPPED: "nil",
}


@dataclass(frozen=True)
class Line:
    """One notice at one place."""

    id: int
    unit: str
    place: str
    state: PostingState
    since: datetime

    @property
    def look(self) -> str:
        return LOOKS[self.state]

    @property
    def where(self) -> str:
        return f"{self.unit} {self.place}"


@dataclass(frozen=True)
class Group:
    """A notice with its places on this page."""

    notice_id: int
    title: str
    state: NoticeState
    lines: list[Line] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        return self.state is not NoticeState.PUBLISHED

    @property
    def url(self) -> str:
        return url_for("notices.show", notice_id=self.notice_id)


@dataclass(frozen=True)
class Narrowed:
    """To one notice, to one unit with what lies below it (or its ``own`` places only), or to neither."""

    notice: Notice | None = None
    unit: Unit | None = None
    own: bool = False

    @property
    def conditions(self) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if self.notice:
            found.append(Posting.notice_id == self.notice.id)
        if self.unit:
            column = Posting.unit_id if self.own else getattr(Posting, self.unit.level.column)
            found.append(column == self.unit.id)
        return found

    @property
    def asked(self) -> dict[str, Any]:
        """The same as parts of an address."""
        rows = (("notice", self.notice), ("unit", self.unit))
        return {name: row.id for name, row in rows if row} | ({"own": 1} if self.own else {})


def narrowed() -> Narrowed:
    """What the address asks for; 404 for what the one acting now does not see."""
    notice_id, unit_id = (request.args.get(name, type=int) for name in ("notice", "unit"))
    notice = db.get_or_404(Notice, notice_id) if notice_id else None
    if notice is not None and notice.state not in ISSUED:
        abort(404)
    return Narrowed(
        notice,
        db.get_or_404(Unit, unit_id) if unit_id else None,
        "own" in request.args,
    )


def counts(narrow: Narrowed) -> dict[Show, int]:
    """How many wait, by filter; in one question."""
    states = [PostingState(show.value) for show in WAITING]
    late = func.count().filter(and_(Posting.state == PostingState.TO_HANG, _is_late()))
    rows = db.session.execute(
        select(Posting.state, func.count(), late)
        .where(Posting.state.in_(states), *narrow.conditions)
        .group_by(Posting.state)
    ).all()
    found = {Show(state.value): count for state, count, _late in rows}
    return {show: found.get(show, 0) for show in WAITING} | {Show.LATE: sum(late for *_, late in rows)}


def chosen(text: str | None, numbers: dict[Show, int]) -> Show:
    """The filter asked for, else the first with something to do, else what hangs."""
    if text in list(Show):
        return Show(text)
    return next((show for show in WAITING if numbers[show]), Show.HANGING)


def left_of(text: str | None, narrow: Narrowed) -> str | None:
    """The filter that somebody works through, while there is something left; else None."""
    if text not in list(Show):
        return None
    return text if counts(narrow).get(Show(text), 1) else None


def filters(show: Show, numbers: dict[Show, int], narrow: Narrowed) -> list[tuple[str, str, Any, bool]]:
    """The links of the list: (address, label, count or None, is the present one). Empty ones that wait are left out.

    Only those who command are asked about what is late.
    """
    return [
        (url_for("postings.index", show=one.value, **narrow.asked), one.label, numbers.get(one), one is show)
        for one in Show
        if one is show or (numbers.get(one, 1) and (one is not Show.LATE or acting().role in COMMAND))
    ]


def groups(show: Show, after: int | None, narrow: Narrowed) -> tuple[list[Group], int | None]:
    """One page, newest notice first, places as people walk; and the ``after`` of the next page, or None."""
    found = _postings().where(_condition(show), *narrow.conditions)
    if after is not None:
        notice_id = db.session.scalar(select(Posting.notice_id).where(Posting.id == after))
        if notice_id is not None:
            same = and_(Posting.notice_id == notice_id, Posting.id > after)
            found = found.where(or_(Posting.notice_id < notice_id, same))
    ordered = found.order_by(Posting.notice_id.desc(), Posting.id)
    rows, following = cut(db.session.execute(ordered.limit(PAGE + 1)).all())
    return _grouped(rows), following


def _postings() -> Any:
    return (
        select(
            Posting.id,
            Posting.place,
            Posting.state,
            Posting.changed_at,
            Posting.notice_id,
            Unit.full_name,
            Notice.title,
            Notice.state.label("notice_state"),
        )
        .join(Notice, Notice.id == Posting.notice_id)
        .join(Unit, Unit.id == Posting.unit_id)
    )


def _condition(show: Show) -> ColumnElement[bool]:
    if show is Show.ALL:
        return Posting.id > 0
    if show is Show.LATE:
        return and_(Posting.state == PostingState.TO_HANG, _is_late())
    return Posting.state == PostingState(show.value)


def _is_late() -> ColumnElement[bool]:
    return Posting.created_at <= now() - LATE


def _grouped(rows: Any) -> list[Group]:
    found: dict[int, Group] = {}
    for row in rows:
        group = found.setdefault(row.notice_id, Group(row.notice_id, row.title, row.notice_state))
        group.lines.append(_line(row))
    return list(found.values())


def _line(row: Row[Any]) -> Line:
    return Line(row.id, row.full_name, row.place, row.state, row.changed_at)
