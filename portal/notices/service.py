"""What is done with notices, from draft to their end, and who sees them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, or_, select, true

from portal.access import scope
from portal.access.acting import acting, may
from portal.access.guard import contributed
from portal.access.policy import May
from portal.access.scope import lies_in
from portal.clock import now, today
from portal.database import db
from portal.notices import checks, models, numbering, rules
from portal.notices.kinds import NoticeKind, NoticeState, Sealing
from portal.notices.models import Notice, NoticeVersion
from portal.units.models import Unit
from portal.web.errors import Refused
from portal.workflow import states

OWN = _l("You wrote this notice or changed it last: somebody else has to approve it.")
ONLY_DRAFTS = _l("Only a draft can be changed. Have it returned, or replace it once it is published.")
TEXT = ("title", "addressees", "body")


@dataclass(frozen=True)
class Text:
    """What a notice says."""

    title: str
    body: str
    addressees: str = ""
    attachments: str = ""
    order_id: int | None = None


@dataclass(frozen=True)
class Terms:
    """How it goes out: what the paper says around the text, and for whom it is.

    ``signers`` empty: the letterhead's signature. ``audience`` empty: the whole unit.
    """

    contact: str = ""
    signers: str = ""
    sealing: Sealing = Sealing.OWN
    note: str = ""
    copies_to: str = ""
    letter_format: bool = False
    audience: tuple[int, ...] = ()
    is_public: bool = True


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────


def may_write(notice: Notice) -> bool:
    """Whether the one acting now writes notices here: it is not of a unit above."""
    return may(May.WRITE_NOTICES) and scope.current().covers(notice)


def is_own(notice: Notice) -> bool:
    """Whether the one acting now wrote it or changed it last."""
    return rules.is_own(acting().account_id, notice.created_by_id, notice.changed_by_id)


def draft(unit_id: int, kind: NoticeKind, text: Text, terms: Terms, *, template: str = "") -> Notice:
    """A new notice that nobody below sees yet."""
    return _begin(Notice(unit_id=unit_id, kind=kind, template=template), text, terms)


def replace(old: Notice) -> Notice:
    """A draft that begins with the text of a published notice and takes its place when it is published.

    Where somebody has begun one already, that one. ``Refused`` for a notice that isn't published (any more).
    """
    states.lock(old)
    if old.state is not NoticeState.PUBLISHED:
        raise Refused(
            _("Only a published notice is replaced. Its state is now “%(state)s”.", state=old.state.label)
        )
    following = successor(old)
    if following is not None:
        return following
    text = Text(**{name: getattr(old, name) for name in (*TEXT, "attachments", "order_id")})
    new = Notice(unit_id=old.unit_id, kind=old.kind, template=old.template, replaces_id=old.id)
    return _begin(new, text, terms_of(old))


def change(notice: Notice, what: Text | Terms) -> None:
    """Change the text, or the terms, of a draft. A changed text becomes a version of its own."""
    values = _values(what)
    changed = [name for name, value in values.items() if getattr(notice, name) != value]
    if not changed:
        return
    states.take(notice, models.CHANGE, changed=changed)
    for name in changed:
        setattr(notice, name, values[name])
    notice.changed_by_id = acting().account_id
    if set(changed) & set(TEXT):
        notice.version += 1
        _keep_version(notice)


def submit(notice: Notice, not_names: Sequence[str] = ()) -> None:
    """Send a draft for approval. ``not_names``: words in it that a resident is called by, and that are no name here."""
    checks.refuse_unfinished(notice)
    checks.refuse_names(notice, not_names)
    states.take(notice, models.SUBMIT)
    notice.not_names = list(not_names)
    notice.returned_because = ""


def approve(notice: Notice, version: int | None) -> None:
    """A second person has read this version of it. ``Refused`` where it was changed and sent anew meanwhile."""
    if is_own(notice):
        raise Refused(OWN)
    states.take(notice, models.APPROVE, version=notice.version)
    if version != notice.version:
        raise Refused(_l("The text was changed meanwhile. Read it as it is now, then approve it."))
    notice.approved_by_id = acting().account_id


def return_(notice: Notice, reason: str) -> None:
    """Back to who wrote it. What was approved before needs approval again."""
    states.take(notice, models.RETURN, reason=reason)
    notice.returned_because = reason
    notice.approved_by_id = None


def publish(notice: Notice) -> None:
    """From now on it is in force: with number and date, and in the place of the one that it replaces."""
    checks.refuse_unfinished(notice)
    checks.refuse_names(notice, notice.not_names)
    states.take(notice, models.PUBLISH)
    heading = numbering.heading_of(db.session.get_one(Unit, notice.unit_id))
    notice.published_at, notice.dated = now(), today()
    notice.head, notice.printed_by = heading.head, heading.printed_by
    notice.signers = notice.signers or heading.signature
    if notice.kind.is_official:
        numbering.give_number(notice, heading.code)
    _take_the_place_of(notice)
    for _area, follow in contributed("on_notice_published"):
        follow(notice)


def withdraw(notice: Notice, reason: str) -> None:
    """It is no longer in force, and nothing takes its place."""
    checks.refuse_numbers(notice, reason)
    states.take(notice, models.WITHDRAW, reason=reason)
    notice.ended_because = reason
    _end(notice)


def terms_of(notice: Notice) -> Terms:
    """How a notice goes out."""
    values = {name: getattr(notice, name) for name in Terms.__dataclass_fields__}
    return Terms(**values | {"audience": tuple(notice.audience)})


def _begin(notice: Notice, text: Text, terms: Terms) -> Notice:
    for name, value in (_values(text) | _values(terms)).items():
        setattr(notice, name, value)
    notice.created_by_id = notice.changed_by_id = acting().account_id
    states.begin(notice, step="draft", kind=str(notice.kind), template=notice.template)
    _keep_version(notice)
    return notice


def _values(what: Text | Terms) -> dict[str, Any]:
    values = asdict(what)
    return values | {"audience": list(values["audience"])} if "audience" in values else values


def _keep_version(notice: Notice) -> None:
    said = {name: getattr(notice, name) for name in TEXT}
    about = {"unit_id": notice.unit_id, "number": notice.version, "at": now(), "by": acting().name}
    notice.versions.append(NoticeVersion(**said, **about))
    db.session.flush()


def _take_the_place_of(notice: Notice) -> None:
    old = db.session.get(Notice, notice.replaces_id) if notice.replaces_id else None
    if old is None or old.state is NoticeState.WITHDRAWN:
        return
    states.take(old, models.GIVE_WAY, by=notice.number)
    _end(old)


def _end(notice: Notice) -> None:
    notice.ended_at = now()
    for _area, follow in contributed("on_notice_ended"):
        follow(notice)


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────


def visible() -> ColumnElement[bool]:
    """The condition that a notice is shown: before it is published only to those who write it."""
    issued = Notice.state.in_(rules.ISSUED)
    return or_(issued, writable()) if may(May.WRITE_NOTICES) else issued


def writable() -> ColumnElement[bool]:
    """The condition that a notice is of the place of the one acting now, or of one below."""
    place = acting().place
    if place is None:
        return true()
    return lies_in(Notice, place)


def publicly_visible() -> ColumnElement[bool]:
    """The condition that a notice stands on the public page: in force, and meant for everybody."""
    return (Notice.state == NoticeState.PUBLISHED) & Notice.is_public


def audience_of(notice: Notice) -> list[Unit]:
    """The units that a notice is for, each with everything below it; its own unit if it is for all."""
    ids = notice.audience or [notice.unit_id]
    return list(db.session.scalars(select(Unit).where(Unit.id.in_(ids)).order_by(Unit.code, Unit.id)))


def successor(notice: Notice) -> Notice | None:
    """The notice that has replaced this one, or is being written to do so; None: there is none that one sees."""
    replacing = select(Notice).where(Notice.replaces_id == notice.id, visible())
    return db.session.scalars(replacing.order_by(Notice.id.desc()).limit(1)).first()
