"""Notices, as the conformance suite sees them."""

from enum import StrEnum
from typing import Any

from flask import current_app

from portal.database import db
from portal.notices import service
from portal.notices.kinds import NoticeKind, NoticeState
from portal.notices.models import TRANSITIONS, Notice
from portal.workflow.states import Step
from tests.notices.conftest import TEXT, acting_as, letterhead, row, take
from tests.people import li, sun, unit, wang
from tests.workflows.cases import Blank, Case

WAY = {  # state → who does what to come there, after wang has written the draft
    NoticeState.DRAFT: (),
    NoticeState.SUBMITTED: ("submit",),
    NoticeState.APPROVED: ("submit", "approve"),
    NoticeState.PUBLISHED: ("submit", "approve", "publish"),
    NoticeState.REPLACED: ("submit", "approve", "publish", "replaced"),
    NoticeState.WITHDRAWN: ("submit", "approve", "publish", "withdraw"),
}
DONE_BY = {"submit": wang, "approve": li, "return_": li, "publish": wang, "withdraw": wang}


def typed() -> dict[str, Any]:
    return {"title": "关于实行封闭管理的通告", "body": TEXT.body}


def in_state(state: StrEnum) -> int:
    letterhead()
    notice_id = _drafted()
    for verb in WAY[NoticeState(state)]:
        if verb == "replaced":
            _replace(notice_id)
        else:
            _take(verb, notice_id)
    return notice_id


def path(step: Step, notice_id: int) -> tuple[str, dict[str, Any]]:
    read = {"version": row(notice_id).version} if step.name == "approve" else {}
    return f"/notices/{notice_id}/{step.name.rstrip('_')}", read


def _drafted() -> int:
    with acting_as(_app(), wang):
        return service.draft(unit("豫苑社区").id, NoticeKind.ANNOUNCEMENT, TEXT, service.Terms()).id


def _take(verb: str, notice_id: int) -> None:
    with acting_as(_app(), DONE_BY[verb]):
        why = ("按规定办理",) if verb == "withdraw" else ()
        take(verb, db.session.get_one(Notice, notice_id), *why)


def _replace(notice_id: int) -> None:
    with acting_as(_app(), wang):
        new_id = service.replace(db.session.get_one(Notice, notice_id)).id
    for verb in ("submit", "approve", "publish"):
        _take(verb, new_id)


def _app() -> Any:
    return current_app._get_current_object()  # type: ignore[attr-defined]


CASE = Case(
    area="notices",
    model=Notice,
    transitions=TRANSITIONS,
    writer=wang,
    stranger=sun,
    form=Blank(button="Save the draft", values=lambda: {"kind": "announcement"}, typed=typed),
    in_state=in_state,
    path=path,
    taken_by=DONE_BY,
    prints=lambda: [
        (wang, f"/notices/{in_state(NoticeState.PUBLISHED)}/print?as=page"),
        (wang, f"/notices/{in_state(NoticeState.DRAFT)}/preview?as=pdf"),
        (li, f"/notices/{in_state(NoticeState.WITHDRAWN)}/print?as=page"),
    ],
)
