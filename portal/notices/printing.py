"""From a notice to what its paper says. Paper is Chinese in both languages."""

from flask import Response

from portal.access import scope
from portal.access.acting import acting
from portal.audit import service as audit
from portal.clock import local, today
from portal.database import db
from portal.notices import blanks, numbering, paper, rules, text
from portal.notices.kinds import NoticeState
from portal.notices.models import Notice
from portal.notices.paper import NoticePaper
from portal.units.installation import is_demo
from portal.units.models import Unit

ENDED_WORDS = {NoticeState.REPLACED: "已被新的文件替代", NoticeState.WITHDRAWN: "已撤回"}


def preview(notice: Notice) -> Response:
    """What the paper will look like, marked as a draft."""
    return paper.on_paper(_draft(notice), file_name=f"draft-{notice.id}")


def issued(notice: Notice) -> Response:
    """The paper of a published notice, or of one that was, which then says so."""
    return paper.on_paper(paper_of(notice), file_name=f"notice-{notice.id}")


def mark_printed(notice: Notice) -> None:
    """Note in the trail who printed it: of a notice from above, the entry belongs to where it was printed."""
    place = acting().place
    from_above = place is not None and not scope.current().covers(notice)
    audit.record(
        "notice.print", notice, unit_id=place.unit_id if place and from_above else None, number=notice.number
    )


def paper_of(notice: Notice) -> NoticePaper:
    """What the paper of a published notice says; ValueError for one that never was published."""
    if notice.state not in rules.ISSUED or notice.dated is None:
        raise ValueError("only what was published has a paper of its own")
    return NoticePaper(
        kind=notice.kind,
        title=notice.title,
        blocks=text.parse(notice.body),
        head=notice.head,
        letter_format=notice.letter_format,
        number=notice.number,
        title_number=_ended(notice),
        addressees=notice.addressees,
        attachments=rules.lines_of(notice.attachments),
        signers=rules.lines_of(notice.signers),
        sealing=notice.sealing,
        dated=notice.dated,
        note=notice.note,
        copies_to=notice.copies_to,
        printed_by=notice.printed_by,
        printed_on=notice.dated,
        contact=_contact(notice),
        is_demo=is_demo(),
    )


def _draft(notice: Notice) -> NoticePaper:
    heading = numbering.heading_of(db.session.get_one(Unit, notice.unit_id))
    official = notice.kind.is_official
    return NoticePaper(
        kind=notice.kind,
        title=notice.title,
        blocks=text.parse(notice.body),
        head=heading.head if official else "",
        letter_format=notice.letter_format,
        number=f"{heading.code}〔{today().year}〕　号" if official else "",
        addressees=notice.addressees,
        attachments=rules.lines_of(notice.attachments),
        signers=rules.lines_of(notice.signers) or (heading.signature,),
        sealing=notice.sealing,
        dated=today(),
        note=notice.note,
        copies_to=notice.copies_to,
        printed_by=heading.printed_by,
        printed_on=today(),
        contact=_contact(notice),
        draft=True,
        is_demo=is_demo(),
    )


def _contact(notice: Notice) -> str:
    return f"咨询电话：{notice.contact}" if notice.contact else ""


def _ended(notice: Notice) -> str:
    """（2026年11月23日已撤回）, under the title of what is no longer in force."""
    word = ENDED_WORDS.get(notice.state)
    if word is None or notice.ended_at is None:
        return ""
    return f"（{blanks.official_day(local(notice.ended_at).date())}{word}）"
