"""Letterheads, and a week of notices: published, replaced, waiting for approval, and a draft."""

import re

from portal.database import db
from portal.notices import blanks, looks, numbering, service
from portal.notices.kinds import NoticeKind
from portal.notices.models import Notice
from portal.notices.service import Terms, Text
from portal.rehearsal.calendar import Calendar
from portal.rehearsal.staff import COMMUNITY, STREET, unit_named

HOTLINE = "0396-0000120"
COMMUNITY_HOTLINE = "0396-0000121"
STREET_MARK, COMMUNITY_MARK = "重街办", "豫苑社"
GIVEN_ON_PAPER = 11  # numbers of this year that the street gave before the portal


def tell(on: Calendar) -> None:
    """What hangs on the walls of the demo street, what came before it, and what is on its way."""
    _tell_letterheads(on)
    closure = _tell_closure(on)
    _tell_more_of_the_street(on)
    _tell_replacement(on, closure)
    _tell_of_the_community(on)
    _tell_what_waits(on)


def _tell_letterheads(on: Calendar) -> None:
    with on.scene("li", -3, 7, 5):
        name = "上蔡县重阳街道办事处"
        heading = numbering.Heading(f"{name}文件", STREET_MARK, name, f"{name}党政办公室", HOTLINE)
        numbering.keep_letterhead(unit_named(STREET), heading, GIVEN_ON_PAPER)
    with on.scene("wang", -3, 7, 40):
        name = "重阳街道豫苑社区居民委员会"
        heading = numbering.Heading(f"{name}文件", COMMUNITY_MARK, name, name, COMMUNITY_HOTLINE)
        numbering.keep_letterhead(unit_named(COMMUNITY), heading, None)


def _tell_closure(on: Calendar) -> int:
    with on.scene("li", -3, 7, 20):
        closure = _write(NoticeKind.ANNOUNCEMENT, "closure")
        service.submit(_the(closure))
    _approve_and_publish(on, closure, by="hu", at=(-3, 7, 45), published_by="li")
    return closure


def _tell_more_of_the_street(on: Calendar) -> None:
    with on.scene("li", -3, 9):
        duty = _write(NoticeKind.CIRCULAR, "duty", "17时", terms=Terms(is_public=False, note="此件不公开"))
        letter = _write(NoticeKind.LETTER, "letter")
        for notice_id in (duty, letter):
            service.submit(_the(notice_id))
    for notice_id in (duty, letter):
        _approve_and_publish(on, notice_id, by="hu", at=(-3, 9, 30), published_by="li")


def _tell_replacement(on: Calendar, closure: int) -> None:
    """On the second day the hours of the gates are added."""
    with on.scene("li", -1, 10):
        following = service.replace(_the(closure))
        said = following.body.replace("配合测温和登记。", "配合测温和登记。卡点开放时间为每日6时至22时。")
        service.change(following, Text(following.title, said, order_id=following.order_id))
        service.submit(following)
        following_id = following.id
    _approve_and_publish(on, following_id, by="hu", at=(-1, 10, 30), published_by="li")


def _tell_of_the_community(on: Calendar) -> None:
    with on.scene("wang", -2, 8):
        errands = _write(NoticeKind.REMINDER, "errands", "10时", "北门内快递架")
        service.submit(_the(errands))
    _approve_and_publish(on, errands, by="demo1", at=(-2, 8, 30), published_by="wang")
    with on.scene("wang", -1, 15):
        rumours = _write(NoticeKind.REMINDER, "rumours")
        service.submit(_the(rumours))
    _approve_and_publish(on, rumours, by="demo2", at=(-1, 15, 30), published_by="wang")
    with on.scene("wang", -1, 17):
        service.withdraw(_the(rumours), "与街道发布的内容重复")


def _tell_what_waits(on: Calendar) -> None:
    with on.scene("wang", 0, 8, 15):
        service.submit(_the(_write(NoticeKind.REMINDER, "gatherings")))
        _write(NoticeKind.INFORMATION, "home_isolation")
    with on.scene("hu", 0, 8, 25):
        service.submit(_the(_write(NoticeKind.ANNOUNCEMENT, "pass_rules", _evening_of_tomorrow(on))))
        _write(NoticeKind.CIRCULAR, "screening")


def _approve_and_publish(
    on: Calendar, notice_id: int, *, by: str, at: tuple[int, int, int], published_by: str
) -> None:
    days, hour, minute = at
    with on.scene(by, days, hour, minute):
        notice = _the(notice_id)
        service.approve(notice, notice.version)
    with on.scene(published_by, days, hour, minute + 10):
        service.publish(_the(notice_id))


def _write(kind: NoticeKind, template: str, *filled_in: str, terms: Terms | None = None) -> int:
    """A draft from a template; ``filled_in`` goes into the blanks that the portal leaves open, in their order."""
    unit, order = looks.own_unit(), looks.order_chosen(None)
    begins = looks.beginning(unit, kind, template, order)
    answers = iter(filled_in)
    body = re.sub(r"〔请填写：[^〔〕]*〕", lambda blank: next(answers, blank[0]), begins.body)
    text = Text(begins.title, body, begins.addressees, order_id=order.id if order else None)
    return service.draft(unit.id, kind, text, terms or looks.usual_terms(kind), template=template).id


def _evening_of_tomorrow(on: Calendar) -> str:
    return blanks.official_moment(on.hour(1, 18))


def _the(notice_id: int) -> Notice:
    """The notice, as the one acting now may see it: rows don't outlive a scene."""
    return db.session.get_one(Notice, notice_id)
