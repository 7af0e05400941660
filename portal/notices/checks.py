"""What must be true of a notice before it is sent for approval, and again before it is published."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import pgettext
from sqlalchemy import select

from portal.access.scope import place_of
from portal.clock import now
from portal.database import db
from portal.notices import numbering, personal, rules, text
from portal.notices.kinds import NoticeKind
from portal.notices.models import Notice
from portal.registry.models import Resident
from portal.units.models import Unit
from portal.web.errors import Refused

# The fields of a notice that come onto paper or onto a public page.
SHOWN = ("title", "addressees", "body", "attachments", "contact", "signers", "note", "copies_to")


def obstacles(notice: Notice) -> list[str]:
    """Why this notice cannot be sent or published as it stands, a sentence each. Names are asked about apart."""
    return [*_missing(notice), *_too_personal(notice, *(getattr(notice, name) for name in SHOWN))]


def warnings(notice: Notice) -> list[str]:
    """What most likely should be mended, but need not: parts that are missing, headings that are miscounted."""
    missing = [
        str(part.label) for part in rules.parts(notice.kind, notice.body, notice.contact) if not part.present
    ]
    found = [_("This part seems to be missing: %(part)s", part=part) for part in missing]
    if notice.order is not None and notice.order.ends_at <= now():
        found.append(_("The order that it rests on has ended: %(number)s", number=notice.order.number))
    for problem in text.numbering_problems(text.parse(notice.body))[:5]:
        sentence = _("The headings are miscounted at “%(heading)s”", heading=problem.lead[:20])
        found.append(sentence)
    return found


def words_to_look_at(notice: Notice) -> list[str]:
    """The words of a notice that residents of its unit are called by."""
    place = place_of(notice.unit_id)
    living_here = getattr(Resident, place.level.column) == notice.unit_id
    return personal.names_of_residents_in("\n".join(getattr(notice, name) for name in SHOWN), living_here)


def refuse_unfinished(notice: Notice) -> None:
    """``Refused`` with the first obstacle."""
    for sentence in obstacles(notice)[:1]:
        raise Refused(sentence)


def refuse_names(notice: Notice, looked_at: Sequence[str]) -> None:
    """``Refused`` where words that residents are called by stand in it and nobody said that they are no names."""
    left = rules.not_yet_looked_at(words_to_look_at(notice), looked_at)
    if left:
        raise Refused(
            _(
                "Residents are called like this: %(words)s. Take the names out, or confirm that they are none.",
                words=pgettext("between items", ", ").join(left),
            )
        )


def refuse_numbers(notice: Notice, *texts: str) -> None:
    """``Refused`` where a number of a person stands in what would be shown with the notice."""
    for sentence in _too_personal(notice, *texts):
        raise Refused(sentence)


def _missing(notice: Notice) -> list[str]:
    found: list[Any] = []
    if problem := rules.title_problem(notice.kind, notice.title):
        found.append(str(problem))
    left = rules.left_to_fill_in(*(getattr(notice, name) for name in SHOWN))
    if left:
        words = pgettext("between items", ", ").join(left)
        found.append(_("Fill in first, or take out: %(blanks)s", blanks=words))
    if notice.kind is NoticeKind.CIRCULAR and not notice.addressees:
        found.append(_("A circular says whom it is addressed to: fill in the addressees."))
    if notice.kind.is_official and numbering.letterhead_of(notice.unit_id) is None:
        found.append(_("Documents with a number need a letterhead: fill it in once under Notices."))
    return found


def _too_personal(notice: Notice, *texts: str) -> list[str]:
    published = _published_phones(notice)
    return [
        _(
            "There is %(what)s in it (%(ends)s): a notice hangs in public, take it out.",
            what=one.label,
            ends=one.ends,
        )
        for one in personal.numbers_in("\n".join(texts), published)
    ]


def _published_phones(notice: Notice) -> set[str]:
    """Figures of the duty phones that hang on boards, and of the unit's hotline."""
    phones = list(db.session.scalars(select(Unit.duty_phone).where(Unit.duty_phone != "")))
    letterhead = numbering.letterhead_of(notice.unit_id)
    return {personal.figures(phone) for phone in [*phones, letterhead.phone if letterhead else ""]}
