"""A letterhead, a proper text, and notices that have got so far."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from portal.access.scope import everywhere
from portal.database import db
from portal.notices import numbering, service
from portal.notices.kinds import NoticeKind
from portal.notices.models import Letterhead, Notice
from portal.notices.service import Terms, Text
from tests.passes.conftest import acting_as
from tests.people import Person, li, unit, wang

BODY = """根据《中华人民共和国传染病防治法》，现通告如下：
一、封闭范围。豫苑社区辖区内各居民小区。
二、人员出入。居民非必要不外出，凭通行证出入。
本通告自2026年11月23日8时起施行，至2026年12月7日24时止。咨询电话：0396-0123456。"""
TEXT = Text("关于实行封闭管理的通告", BODY)
CODES = {"豫苑社区": "豫苑社", "重阳街道": "重街办", "建设路社区": "建设社"}
Make = Callable[..., int]


def letterhead(of: str = "豫苑社区", code: str = "") -> None:
    """Give a unit its letterhead, unless it has one."""
    place = unit(of)
    with everywhere(because="tests make rows of every unit"):
        if numbering.letterhead_of(place.id) is None:
            name = f"{of}居民委员会"
            row = Letterhead(
                unit_id=place.id, head=f"{name}文件", code=code or CODES[of], signature=name, printed_by=name
            )
            db.session.add(row)
            db.session.commit()


def written(app: Flask, by: Person = wang, *, kind: NoticeKind = NoticeKind.ANNOUNCEMENT, **said: Any) -> int:
    """A draft of somebody's own unit."""
    terms = said.pop("terms", Terms())
    text = Text(**{"title": TEXT.title, "body": TEXT.body} | said)
    with acting_as(app, by):
        return service.draft(unit(by.unit).id, kind, text, terms).id


@pytest.fixture
def make(app: Flask) -> Make:
    """``make("published")`` → the id of a notice of wang's that has got so far; li approves."""

    def made(state: str = "published", **said: Any) -> int:
        letterhead()
        notice_id = written(app, **said)
        steps = ("submitted", "approved", "published")
        for verb, who, reached in zip(("submit", "approve", "publish"), (wang, li, wang), steps, strict=True):
            if state == "draft":
                break
            with acting_as(app, who):
                take(verb, db.session.get_one(Notice, notice_id))
            if state == reached:
                break
        return notice_id

    return made


def take(verb: str, notice: Notice, *why: str) -> None:
    """One step of a notice, by its verb; whoever approves has read the latest version."""
    read = (notice.version,) if verb == "approve" else ()
    getattr(service, verb)(notice, *read, *why)


def row(notice_id: int) -> Notice:
    """The notice as it stands."""
    with everywhere(because="the test looks"):
        db.session.rollback()
        return db.session.get_one(Notice, notice_id)


__all__ = ["BODY", "TEXT", "acting_as", "letterhead", "make", "row", "written"]
