"""What everybody may read of notices, without signing in: those in force that are meant for everybody.

Columns are named one by one, so that nothing else can get onto a public page; and what holds the number of a person
after all is held back.
"""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, or_, select

from portal.access.acting import Level
from portal.access.scope import PLACE_COLUMNS, everywhere
from portal.clock import local
from portal.database import db
from portal.notices import personal, rules
from portal.notices.kinds import NoticeState
from portal.notices.models import Letterhead, Notice, number_of
from portal.notices.public_pages import Here, Listed, PublicNotice, PublicPlace
from portal.notices.service import publicly_visible
from portal.notices.text import parse
from portal.units.models import Unit
from portal.web.formats import lines_of
from portal.web.logs import log

PAGE = 30
MOST_READ = 500  # of what is in force in a whole county
LARGEST_ID = 99_999_999  # division codes of streets and communities have nine and twelve digits
NUMBERED = (Notice.code, Notice.year, Notice.serial)


def streets() -> list[Here]:
    """The streets where notices are in force, with how many: their own, those of their communities and from above."""
    with _read_by_everybody():
        own = select(Notice.street_id, func.count()).where(publicly_visible(), Notice.street_id.is_not(None))
        rows = db.session.execute(own.group_by(Notice.street_id)).all()
        from_above = _in_force(Notice.street_id.is_(None))
        lines = _audiences(from_above)
        wanted = select(*_place_of(Unit), Unit.full_name).where(Unit.level == Level.STREET)
        units = db.session.execute(wanted.order_by(Unit.code, Unit.id)).all()
    counts = {street_id: count for street_id, count in rows}  # noqa: C416 (a row is no pair for the type checker)
    counted = [
        Here(
            unit.id,
            unit.full_name,
            counts.get(unit.id, 0) + sum(_meets(lines[one.id], unit.id, unit) for one in from_above),
        )
        for unit in units
    ]
    return [here for here in counted if here.count]


def place(which: int, before: int | None) -> PublicPlace | None:
    """A street or community by its id or division code; None where there is none. ``before`` asks for older notices."""
    by = Unit.id == which if which <= LARGEST_ID else Unit.code == str(which)
    with _read_by_everybody():
        levels = (Level.STREET, Level.COMMUNITY)
        columns = (*_place_of(Unit), Unit.full_name, Unit.parent_id, Unit.level)
        unit = db.session.execute(select(*columns).where(by, Unit.level.in_(levels))).one_or_none()
        if unit is None:
            return None
        notices = _in_force(_may_concern(unit))
        lines = _audiences(notices)
        above = _here(unit.parent_id) if unit.level is Level.COMMUNITY else None
        below = () if above else tuple(_below(unit.id))
    shown = [one for one in notices if _meets(lines[one.id], unit.id, unit)]
    return _public_place(unit, shown, before, above, below)


def notice(notice_id: int) -> PublicNotice | None:
    """A notice in force, or what is left to say of one that is over; None for any other, and for one held back."""
    with _read_by_everybody():
        row = db.session.execute(_whole().where(Notice.id == notice_id, _was_public())).one_or_none()
        if row is None or _hold_back(row):
            return None
        successor = _successor(notice_id) if row.state is not NoticeState.PUBLISHED else None
    return _public_notice(row, successor)


def _read_by_everybody() -> AbstractContextManager[None]:
    """Every question below names that it asks for what is published and public."""
    return everywhere(because="published notices are for everybody to read")


# ── what is asked ────────────────────────────────────────────────────────────────────────────────────────────────


def _in_force(*conditions: Any) -> list[Any]:
    wanted = (
        select(
            Notice.id,
            Notice.title,
            *NUMBERED,
            Notice.dated,
            Notice.published_at,
            Notice.audience,
            Notice.unit_id,
            Unit.full_name,
        )
        .join(Unit, Unit.id == Notice.unit_id)
        .where(publicly_visible(), *conditions)
        .order_by(Notice.published_at.desc(), Notice.id.desc())
    )
    return [row for row in db.session.execute(wanted.limit(MOST_READ)) if not _told(row.id, row.title)]


def _may_concern(unit: Any) -> Any:
    """Notices of the unit itself, of those above and of those below a community."""
    line = [i for column in PLACE_COLUMNS if (i := getattr(unit, column)) is not None]
    return or_(Notice.unit_id.in_(line), Notice.community_id == unit.id)


def _audiences(notices: list[Any]) -> dict[int, list[Any]]:
    """For each notice the units that it is for."""
    ids = {unit_id for one in notices for unit_id in (one.audience or [one.unit_id])}
    rows = db.session.execute(select(*_place_of(Unit)).where(Unit.id.in_(ids))).all() if ids else []
    units = {row.id: row for row in rows}
    return {one.id: [units[i] for i in (one.audience or [one.unit_id]) if i in units] for one in notices}


def _meets(audience: Iterable[Any], unit_id: int, unit: Any) -> bool:
    """Whether any unit of the audience lies above the unit, below it, or is it."""
    line = {getattr(unit, column) for column in PLACE_COLUMNS}
    return any(
        one.id in line or unit_id in {getattr(one, column) for column in PLACE_COLUMNS} for one in audience
    )


def _place_of(model: type[Unit]) -> list[Any]:
    return [model.id, *(getattr(model, column) for column in PLACE_COLUMNS)]


def _here(unit_id: int) -> Here:
    row = db.session.execute(select(Unit.id, Unit.full_name).where(Unit.id == unit_id)).one()
    return Here(row.id, row.full_name)


def _below(street_id: int) -> Iterable[Here]:
    wanted = select(Unit.id, Unit.full_name).where(Unit.parent_id == street_id).order_by(Unit.code, Unit.id)
    return [Here(row.id, row.full_name) for row in db.session.execute(wanted)]


def _was_public() -> Any:
    """In force, or over after having been so."""
    return Notice.state.in_(rules.ISSUED) & Notice.is_public & Notice.published_at.is_not(None)


def _whole() -> Any:
    return (
        select(
            Notice.id,
            Notice.state,
            Notice.title,
            *NUMBERED,
            Notice.dated,
            Notice.changed_at,
            Notice.ended_at,
            Notice.addressees,
            Notice.body,
            Notice.attachments,
            Notice.signers,
            Unit.id.label("unit_id"),
            Unit.level,
            Unit.full_name,
            Unit.duty_phone,
            Letterhead.phone,
        )
        .join(Unit, Unit.id == Notice.unit_id)
        .outerjoin(Letterhead, Letterhead.unit_id == Notice.unit_id)
    )


def _successor(notice_id: int) -> int | None:
    return db.session.scalar(
        select(Notice.id).where(Notice.replaces_id == notice_id, publicly_visible()).limit(1)
    )


# ── what is told ─────────────────────────────────────────────────────────────────────────────────────────────────


def _public_place(
    unit: Any, notices: list[Any], before: int | None, above: Here | None, below: tuple[Here, ...]
) -> PublicPlace:
    ids = [one.id for one in notices]
    start = ids.index(before) + 1 if before in ids else 0
    page = notices[start : start + PAGE]
    listed = tuple(_listed(one) for one in page)
    older = page[-1].id if len(notices) > start + PAGE else None
    return PublicPlace(
        id=unit.id,
        name=unit.full_name,
        above=above,
        below=below,
        notices=listed,
        older=older,
        stamp=_stamp(unit.id, unit.full_name, older, *listed, *below),
    )


def _listed(row: Any) -> Listed:
    return Listed(row.id, row.title, number_of(row.code, row.year, row.serial), row.full_name, row.dated)


def _public_notice(row: Any, successor: int | None) -> PublicNotice:
    is_over = row.state is not NoticeState.PUBLISHED
    return PublicNotice(
        id=row.id,
        title=row.title,
        number=number_of(row.code, row.year, row.serial),
        signers=lines_of(row.signers) or (row.full_name,),
        place=Here(row.unit_id, row.full_name),
        day=row.dated,
        addressees="" if is_over else _addressed(row.addressees),
        blocks=() if is_over else parse(row.body),
        attachments=() if is_over else lines_of(row.attachments),
        hotline=row.phone or row.duty_phone,
        stamp=_stamp(row.id, row.state, row.changed_at, row.phone, row.duty_phone, row.full_name, successor),
        ended=_day(row.ended_at) if is_over else None,
        successor=successor,
    )


def _addressed(to: str) -> str:
    """各社区：, whether or not the colon was written."""
    return f"{to.rstrip('：:')}：" if to else ""


def _day(when: datetime | None) -> date | None:
    return local(when).date() if when else None


def _stamp(*parts: Any) -> str:
    return "notices:" + "|".join(map(str, parts))


def _hold_back(row: Any) -> bool:
    """Whether a number of a person stands in what would be shown. Published duty phones may."""
    shown = "\n".join((row.title, row.addressees, row.body, row.attachments, row.signers))
    if not personal.numbers_in(shown):
        return False
    phones = select(Unit.duty_phone).where(Unit.duty_phone != "").distinct()
    published = {personal.figures(phone) for phone in (*db.session.scalars(phones), row.phone or "")}
    return _told(row.id, shown, published)


def _told(notice_id: int, shown: str, published: Iterable[str] = ()) -> bool:
    """Whether something personal stands there: then the log says of which notice, and nothing of it."""
    found = bool(personal.numbers_in(shown, set(published)))
    if found:
        log.warning("public_notice_held_back", notice_id=notice_id)
    return found
