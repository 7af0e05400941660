"""Two versions of a notice side by side, or a notice and the one whose place it takes."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from portal.database import db
from portal.notices import looks, versions
from portal.notices.models import Notice, NoticeVersion
from portal.notices.versions import Difference

MOST_DIFFERENCES = 80
LONGEST_SHOWN = 400  # characters of a paragraph's piece that stand on the page


@dataclass(frozen=True)
class Side:
    """One of the two texts, and what it is called."""

    label: str
    title: str
    addressees: str
    body: str


def with_former_version(notice: Notice, old: int | None, new: int | None) -> dict[str, Any]:
    """Two versions by their numbers; the latest and the one before it where nothing is asked for."""
    latest = new if new and 1 <= new <= notice.version else notice.version
    before = old if old and 1 <= old < latest else max(latest - 1, 1)
    return _compared(notice, _version(notice, before), _version(notice, latest))


def with_replaced(notice: Notice) -> dict[str, Any]:
    """The notice as it stands, and the one whose place it takes; ValueError where there is none."""
    old = looks.replaced_by(notice)
    if old is None:
        raise ValueError("this notice replaces none")
    return _compared(notice, _whole(old), _whole(notice))


def _version(notice: Notice, number: int) -> Side:
    wanted = (NoticeVersion.notice_id == notice.id, NoticeVersion.number == number)
    kept = db.session.scalars(select(NoticeVersion).where(*wanted)).one()
    return Side(_("version %(number)s", number=number), kept.title, kept.addressees, kept.body)


def _whole(notice: Notice) -> Side:
    return Side(notice.number or notice.title, notice.title, notice.addressees, notice.body)


def _compared(notice: Notice, old: Side, new: Side) -> dict[str, Any]:
    found: list[Difference] = []
    for before, after in ((old.title, new.title), (old.addressees, new.addressees)):
        found += versions.compare(before, after) if before != after else []
    found += versions.compare(old.body, new.body)
    changed = [one for one in found if isinstance(one, versions.Changed)]
    return {
        "notice": notice,
        "old": old,
        "new": new,
        "differences": found[:MOST_DIFFERENCES],
        "changed": len(changed),
        "more": len(found) > MOST_DIFFERENCES,
        "longest": LONGEST_SHOWN,
        "kept": looks.latest_versions(notice),
    }
