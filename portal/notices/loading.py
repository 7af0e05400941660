"""Loading one notice for a page: who may see it, who may change it."""

from flask import abort

from portal.database import db
from portal.notices import rules, service
from portal.notices.kinds import NoticeState
from portal.notices.models import Notice
from portal.web.errors import Refused
from portal.workflow.states import Step, refuse_closed


def one_to_see(notice_id: int) -> Notice:
    """A notice that the one acting now may see: 404 for one that isn't published yet and is not theirs to write."""
    notice = db.get_or_404(Notice, notice_id)
    if notice.state not in rules.ISSUED and not service.may_write(notice):
        abort(404)
    return notice


def one_to_write(notice_id: int) -> Notice:
    """A notice that the one acting now may decide on; 403 for one of a unit above."""
    notice = one_to_see(notice_id)
    if not service.may_write(notice):
        abort(403)
    return notice


def draft_of(notice_id: int) -> Notice:
    """One that can be changed; ``Refused`` for one that is on its way or further."""
    notice = one_to_write(notice_id)
    if notice.state is not NoticeState.DRAFT:
        raise Refused(service.ONLY_DRAFTS)
    return notice


def for_step(notice_id: int, step: Step) -> Notice:
    """One in a state from which this step can be taken; ``Refused`` before anything is asked otherwise."""
    notice = one_to_write(notice_id)
    refuse_closed(notice, step)
    return notice
