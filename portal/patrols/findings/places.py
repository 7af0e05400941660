"""Places of findings written in one way, and what was found at the same place before."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from portal.database import db
from portal.patrols.findings.kinds import FindingState
from portal.patrols.findings.models import Finding
from portal.patrols.findings.texts import what_was_found

AGAIN_WITHIN = timedelta(days=14)
KEY_LENGTH = 120
MOST_NAMED = 5

BUILDING = re.compile(r"(\d+)(?:号楼|号栋|号幢|[栋幢座#]楼?)")
COMPOUND = re.compile(r"(\d+)号?(?:大院|院子|院)")
LEADING_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")
MARKS = re.compile(r"[^\w#]|_")


def place_key(place: str) -> str:
    """``place`` as it is compared: 3 号院，2栋东门 and 3号院2号楼 东门 are the same. At most 120 characters."""
    plain = MARKS.sub("", unicodedata.normalize("NFKC", place)).upper()
    plain = LEADING_ZEROS.sub("", plain)
    plain = COMPOUND.sub(r"\1号院", BUILDING.sub(r"\1号楼", plain))
    return (plain or place)[:KEY_LENGTH]


@dataclass(frozen=True)
class Earlier:
    """Something that was found at the same place before."""

    id: int
    what: str
    found_at: datetime
    state: FindingState


def earlier_at(finding: Finding) -> list[Earlier]:
    """What was found at the same place of the community in the 14 days before, the latest first; five at most."""
    before = or_(
        Finding.found_at < finding.found_at,
        and_(Finding.found_at == finding.found_at, Finding.id < finding.id),
    )
    found = select(Finding.id, Finding.found_at, Finding.kind, Finding.kind_note, Finding.state).where(
        Finding.place_key == finding.place_key,
        Finding.community_id.is_not_distinct_from(finding.community_id),
        Finding.found_at >= finding.found_at - AGAIN_WITHIN,
        before,
    )
    latest_first = found.order_by(Finding.found_at.desc(), Finding.id.desc())
    return [
        Earlier(row.id, what_was_found(row.kind, row.kind_note), row.found_at, row.state)
        for row in db.session.execute(latest_first.limit(MOST_NAMED))
    ]


def times_found(findings: Sequence[Finding]) -> dict[int, int]:
    """How often something was found at the place of each within the 14 days up to it, itself counted: id → times."""
    if not findings:
        return {}
    since = min(finding.found_at for finding in findings) - AGAIN_WITHIN
    found = select(Finding.place_key, Finding.community_id, Finding.found_at, Finding.id).where(
        Finding.place_key.in_({finding.place_key for finding in findings}), Finding.found_at >= since
    )
    moments = defaultdict(list)
    for row in db.session.execute(found):
        moments[row.place_key, row.community_id].append((row.found_at, row.id))
    return {finding.id: _up_to(finding, moments[_where(finding)]) for finding in findings}


def _where(finding: Finding) -> tuple[str, int | None]:
    return finding.place_key, finding.community_id


def _up_to(finding: Finding, moments: list[tuple[datetime, int]]) -> int:
    first, last = finding.found_at - AGAIN_WITHIN, (finding.found_at, finding.id)
    return sum(when >= first and (when, id_) <= last for when, id_ in moments)


def again(at: datetime) -> ColumnElement[bool]:
    """The condition of a finding of the 14 days before ``at`` that is not the only one at its place."""
    other, since = aliased(Finding), at - AGAIN_WITHIN
    same_place = and_(
        other.place_key == Finding.place_key,
        other.community_id.is_not_distinct_from(Finding.community_id),
        other.id != Finding.id,
        other.found_at >= since,
    )
    return and_(Finding.found_at >= since, exists(select(other.id).where(same_place)))


def found_again_since_notice() -> ColumnElement[bool]:
    """The condition that something was found at the place after a written notice about it."""
    other = aliased(Finding)
    later = and_(
        other.place_key == Finding.place_key,
        other.community_id.is_not_distinct_from(Finding.community_id),
        other.id != Finding.id,
        other.found_at > Finding.noticed_at,
    )
    return exists(select(other.id).where(later))


def places_known(unit_id: int, since: datetime) -> list[str]:
    """Where something was found lately in this unit, the most frequent first: to be offered for the next one."""
    found = (
        select(Finding.place)
        .where(Finding.unit_id == unit_id, Finding.found_at >= since)
        .group_by(Finding.place)
        .order_by(func.count(Finding.id).desc(), Finding.place)
        .limit(MOST_NAMED)
    )
    return list(db.session.scalars(found))
