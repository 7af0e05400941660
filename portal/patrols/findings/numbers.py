"""The numbers of notices, referrals and hand-overs: 豫苑巡告〔2026〕3号, without gaps for each community and year."""

from portal.access.scope import place_of
from portal.clock import local, now
from portal.database import db
from portal.units.models import Unit
from portal.workflow import numbers

NOTICE, REFERRAL, HANDOVER = "巡告", "巡移", "巡交"
# The longest first: 社区居委会 before 居委会.
LEFT_OUT = (
    "社区居民委员会",
    "社区居委会",
    "居民委员会",
    "村民委员会",
    "居委会",
    "村委会",
    "社区",
    "街道",
    "村",
    "镇",
    "乡",
    "县",
)
LONGEST_NAME = 20


def next_number(word: str, unit_id: int) -> str:
    """The next number of this kind of paper for the community of the unit, or for the unit above communities."""
    place, year = place_of(unit_id), local(now()).year
    issuer = db.session.get_one(Unit, place.community_id or unit_id)
    number = numbers.take(f"{word} {issuer.id} {year}")
    return f"{short_name(issuer.name)}{word}〔{year}〕{number}号"


def short_name(name: str) -> str:
    """豫苑社区 is 豫苑; a name of nothing else stays."""
    for word in LEFT_OUT:
        if name.endswith(word) and name != word:
            return name.removesuffix(word)[:LONGEST_NAME]
    return name[:LONGEST_NAME]
