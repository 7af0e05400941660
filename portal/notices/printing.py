"""From a notice to what its paper says. Paper is Chinese in both languages."""

from dataclasses import replace

from flask import Response

from portal.access import scope
from portal.access.acting import acting
from portal.audit import service as audit
from portal.clock import local, today
from portal.database import db
from portal.notices import numbering, paper, rules, text
from portal.notices.kinds import NoticeState
from portal.notices.models import Notice
from portal.notices.paper import NoticePaper
from portal.printing.words import day_in_words
from portal.units.installation import is_demo
from portal.units.models import Unit
from portal.web.formats import lines_of

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
    return replace(_text_of(notice), title_number=_ended(notice))


def _draft(notice: Notice) -> NoticePaper:
    heading = numbering.heading_of(db.session.get_one(Unit, notice.unit_id))
    official = notice.kind.is_official
    said = _text_of(notice)
    return replace(
        said,
        head=heading.head if official else "",
        number=f"{heading.code}〔{today().year}〕　号" if official else "",
        signers=said.signers or (heading.signature,),
        dated=today(),
        printed_by=heading.printed_by,
        printed_on=today(),
        draft=True,
    )


def _text_of(notice: Notice) -> NoticePaper:
    """What the notice has of its own so far."""
    return NoticePaper(
        kind=notice.kind,
        title=notice.title,
        blocks=text.parse(notice.body),
        head=notice.head,
        letter_format=notice.letter_format,
        number=notice.number,
        addressees=notice.addressees,
        attachments=lines_of(notice.attachments),
        signers=lines_of(notice.signers),
        sealing=notice.sealing,
        dated=notice.dated,
        note=notice.note,
        copies_to=notice.copies_to,
        printed_by=notice.printed_by,
        printed_on=notice.dated,
        contact=f"咨询电话：{notice.contact}" if notice.contact else "",
        is_demo=is_demo(),
    )


def _ended(notice: Notice) -> str:
    """（2026年11月23日已撤回）, under the title of what is no longer in force."""
    word = ENDED_WORDS.get(notice.state)
    if word is None or notice.ended_at is None:
        return ""
    return f"（{day_in_words(local(notice.ended_at))}{word}）"
