"""Published notices and their postings, made directly: how a notice comes to be published is told elsewhere."""

from contextlib import AbstractContextManager
from typing import Any

from flask import current_app
from sqlalchemy import select

from portal.access.scope import everywhere
from portal.audit.models import AuditEntry
from portal.clock import now
from portal.database import db
from portal.notices.kinds import NoticeKind, NoticeState
from portal.notices.models import Notice, NoticeVersion
from portal.notices.postings import plan
from portal.notices.postings.kinds import PostingState
from portal.notices.postings.models import Posting, PostingPlace
from portal.workflow.models import StepTaken
from tests.passes.conftest import acting_as
from tests.people import Person, li, unit


def written(row: Any) -> Any:
    """The row, committed, to be read only."""
    with everywhere(because="tests make rows of every unit"):
        db.session.add(row)
        db.session.commit()
        db.session.refresh(row)
        db.session.expunge(row)
    return row


def notice(unit_name: str = "重阳街道", *, audience: tuple[str, ...] = (), **values: Any) -> Notice:
    """A notice in force."""
    given = {
        "kind": NoticeKind.REMINDER,
        "state": NoticeState.PUBLISHED,
        "title": "关于做好核酸检测的温馨提示",
        "body": "请居民按通知的时间到场。",
        "signers": f"{unit_name}办事处",
        "published_at": now(),
        "dated": now().date(),
    }
    at = {"unit_id": unit(unit_name).id, "audience": [unit(name).id for name in audience]}
    held = Notice(**given | at | values)
    held.versions = [
        NoticeVersion(
            unit_id=held.unit_id, number=1, title=held.title, body=held.body, at=now(), by="演示·li"
        )
    ]
    return written(held)


def place(unit_name: str, name: str = "公告栏", **values: Any) -> PostingPlace:
    """A posting place."""
    return written(PostingPlace(unit_id=unit(unit_name).id, name=name, **values))


def posting(
    state: PostingState = PostingState.TO_HANG, grid: str = "豫苑社区三组二格", **values: Any
) -> Posting:
    """One notice at one place, in this state."""
    given = {"unit_id": unit(grid).id, "place": "公告栏", "state": state}
    if "notice_id" not in values:
        given["notice_id"] = notice().id
    return written(Posting(**given | values))


def acts(person: Person) -> AbstractContextManager[None]:
    """Inside a request of this person."""
    return acting_as(current_app._get_current_object(), person)  # type: ignore[attr-defined]


def publish(held: Notice, person: Person = li) -> int:
    """What follows when a notice is published: how many postings."""
    with acts(person):
        return plan.hang_everywhere(db.session.get_one(Notice, held.id))


def over(held: Notice, person: Person = li, state: NoticeState = NoticeState.WITHDRAWN) -> int:
    """What follows when a notice is withdrawn or replaced."""
    with acts(person):
        found = db.session.get_one(Notice, held.id)
        found.state, found.ended_at = state, now()
        return plan.call_back(found)


def postings(**wanted: Any) -> list[Posting]:
    """All postings with these values, in the order in which they were planned."""
    with everywhere(because="the test looks"):
        db.session.rollback()
        return list(db.session.scalars(select(Posting).filter_by(**wanted).order_by(Posting.id)))


def state_of(posting_id: int) -> PostingState:
    """The posting's state now."""
    return next(one.state for one in postings(id=posting_id))


def steps(posting_id: int) -> list[str]:
    """The names of the steps of a posting."""
    with everywhere(because="the test looks"):
        wanted = select(StepTaken.step).where(
            StepTaken.record == "posting", StepTaken.record_id == posting_id
        )
        return list(db.session.scalars(wanted.order_by(StepTaken.id)))


def trail(action: str) -> list[dict[str, Any]]:
    """The details of the trail's entries of an action."""
    with everywhere(because="the test looks"):
        wanted = select(AuditEntry.details).where(AuditEntry.action == action)
        return list(db.session.scalars(wanted.order_by(AuditEntry.id)))
