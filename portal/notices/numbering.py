"""版头 and 发文字号: how a unit signs, and the numbers that its documents get, without gaps and without doubles."""

from dataclasses import asdict, dataclass

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.access.acting import Level
from portal.audit import service as audit
from portal.clock import today
from portal.database import db
from portal.notices.models import Letterhead, Notice
from portal.units.models import Unit
from portal.web.errors import Refused
from portal.workflow import numbers

COMMITTEE = {Level.STREET: "办事处", Level.COMMUNITY: "居民委员会", Level.COUNTY: "人民政府"}
ISSUER_MARK = {Level.STREET: "街办", Level.COMMUNITY: "社", Level.COUNTY: "政"}
LEVEL_WORDS = ("街道", "社区", "居委会", "村", "镇", "乡", "县", "市", "区")


@dataclass(frozen=True)
class Heading:
    """What a letterhead says, also where nobody has written one down yet."""

    head: str
    code: str
    signature: str
    printed_by: str
    phone: str = ""


def letterhead_of(unit_id: int) -> Letterhead | None:
    """The letterhead of a unit, if it has one."""
    return db.session.scalars(select(Letterhead).where(Letterhead.unit_id == unit_id)).one_or_none()


def heading_of(unit: Unit) -> Heading:
    """What the unit's letterhead says; without one, what it would most likely say."""
    kept = letterhead_of(unit.id)
    if kept is None:
        return proposal(unit)
    return Heading(kept.head, kept.code, kept.signature, kept.printed_by, kept.phone)


def proposal(unit: Unit) -> Heading:
    """上蔡县重阳街道办事处文件, 重阳街办: what such a unit's letterhead usually says."""
    above = unit.parent.full_name if unit.parent else ""
    own = unit.full_name
    if unit.level is Level.COMMUNITY and own.endswith("村"):
        name = f"{above}{own}民委员会"
    else:
        name = f"{above}{own}{COMMITTEE.get(unit.level, '')}"
    stem = next((own.removesuffix(word) for word in LEVEL_WORDS if own.endswith(word)), own)
    mark = f"{stem}{ISSUER_MARK.get(unit.level, '')}"
    return Heading(f"{name}文件", mark, name, name, unit.duty_phone)


def keep_letterhead(unit: Unit, heading: Heading, last_on_paper: int | None) -> Letterhead:
    """Write the unit's letterhead down. ``last_on_paper`` numbers of this year were given before the portal.

    The counter is raised to it and never lowered. ``Refused`` where the mark is another unit's.
    """
    kept = letterhead_of(unit.id) or Letterhead(unit_id=unit.id)
    changed = [name for name, value in asdict(heading).items() if getattr(kept, name) != value]
    for name in changed:
        setattr(kept, name, getattr(heading, name))
    try:
        with db.session.begin_nested():
            db.session.add(kept)
    except IntegrityError as error:
        raise Refused(_("The mark %(mark)s belongs to another unit.", mark=heading.code)) from error
    if last_on_paper:
        numbers.raise_to(series(heading.code, today().year), last_on_paper)
    audit.record("notice.letterhead", kept, changed=changed, last_on_paper=last_on_paper or 0)
    return kept


def series(code: str, year: int) -> str:
    """The series of a year's numbers: they begin anew with each year."""
    return f"notice:{code}:{year}"


def last_number(code: str) -> int:
    """The last number given out this year under this mark; 0: none."""
    return numbers.last(series(code, today().year))


def give_number(notice: Notice, code: str) -> None:
    """The next number of this year, in the transaction that publishes: what fails gives it back."""
    year = today().year
    serial = numbers.take(series(code, year))
    notice.code, notice.year, notice.serial = code, year, serial
    audit.record("notice.number", notice, number=notice.number)
