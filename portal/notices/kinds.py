"""What notices and their postings can be."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp


class NoticeKind(StrEnum):
    """文种 (field-reference §5.1). Never 公告: a street has nothing to announce to home and abroad."""

    ANNOUNCEMENT = "announcement"
    CIRCULAR = "circular"
    INFORMATION = "information"
    REMINDER = "reminder"
    LETTER = "letter"

    @property
    def label(self) -> str:
        return str(KIND_LABELS[self])

    @property
    def is_official(self) -> bool:
        """A statutory document: with a red head and a number, by GB/T 9704-2012."""
        return self in (NoticeKind.ANNOUNCEMENT, NoticeKind.CIRCULAR)


KIND_LABELS: dict[NoticeKind, Any] = {
    NoticeKind.ANNOUNCEMENT: _lp("notice", "Public notice"),
    NoticeKind.CIRCULAR: _lp("notice", "Circular"),
    NoticeKind.INFORMATION: _lp("notice", "Information sheet"),
    NoticeKind.REMINDER: _lp("notice", "Friendly reminder"),
    NoticeKind.LETTER: _lp("notice", "Letter to residents"),
}


class NoticeState(StrEnum):
    """What is stored."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    PUBLISHED = "published"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return str(STATE_LABELS[self])


STATE_LABELS: dict[NoticeState, Any] = {
    NoticeState.DRAFT: _l("Draft"),
    NoticeState.SUBMITTED: _lp("notice", "Waits for approval"),
    NoticeState.APPROVED: _lp("notice", "Approved"),
    NoticeState.PUBLISHED: _lp("notice", "Published"),
    NoticeState.REPLACED: _lp("notice", "Replaced"),
    NoticeState.WITHDRAWN: _lp("notice", "Withdrawn"),
}


class Sealing(StrEnum):
    """印章方式: whose seal comes onto the paper, by hand. Never an image of a seal."""

    OWN = "own"
    ON_BEHALF = "on_behalf"
    BORROWED = "borrowed"
    NONE = "none"

    @property
    def label(self) -> str:
        return str(SEALING_LABELS[self])


SEALING_LABELS: dict[Sealing, Any] = {
    Sealing.OWN: _lp("seal", "Own seal"),
    Sealing.ON_BEHALF: _lp("seal", "Seal on behalf (代章)"),
    Sealing.BORROWED: _lp("seal", "Borrowed seal (借章)"),
    Sealing.NONE: _lp("seal", "No seal, printed only"),
}
