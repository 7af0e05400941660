"""Which police station a community refers to: the last one is offered again."""

from sqlalchemy import select

from portal.database import db
from portal.patrols.findings.models import Finding


def last_station(finding: Finding) -> str:
    """The station of the last referral in the finding's community; nothing before the first."""
    found = select(Finding.referred_to).where(
        Finding.community_id.is_not_distinct_from(finding.community_id), Finding.referred_to != ""
    )
    return db.session.scalar(found.order_by(Finding.referred_at.desc()).limit(1)) or ""
