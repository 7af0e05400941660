"""How the tree is built and named: which level hangs under which, what people call a unit, what a code looks like."""

import re

from portal.access.acting import Level

ABOVE: dict[Level, tuple[Level | None, ...]] = {
    Level.COUNTY: (None,),
    Level.STREET: (Level.COUNTY, None),  # an installation may serve one street only
    Level.COMMUNITY: (Level.STREET,),
    Level.GROUP: (Level.COMMUNITY,),
    Level.GRID: (Level.GROUP,),
}

# Statistical division codes: county 6 digits, street or township 3 more, community or village 3 more
# (GB/T 2260 and GB/T 10114). Groups and grids have none.
CODE_LENGTH = {Level.COUNTY: 6, Level.STREET: 9, Level.COMMUNITY: 12}

COMMITTEES = (
    (re.compile(r"(社区)?(居民委员会|居委会)$"), "社区"),
    (re.compile(r"村?(村民委员会|村委会)$"), "村"),
)


def level_below(level: Level | None) -> Level | None:
    """What hangs directly under this level; counties under None, the installation. None under a grid."""
    levels = list(Level)
    below = levels if level is None else levels[levels.index(level) + 1 :]
    return below[0] if below else None


def may_hang_under(level: Level, parent_level: Level | None) -> bool:
    """Whether a unit of ``level`` may stand under one of ``parent_level`` (None: at the top)."""
    return parent_level in ABOVE[level]


def full_name(level: Level, name: str, above: str) -> str:
    """What people call it: 豫苑社区三组二格. ``above`` is the full name of the unit above.

    The register names the committee, people name the place: 豫苑社区居委会 is 豫苑社区, 新庄村民委员会 is 新庄村.
    """
    if level == Level.COMMUNITY:
        for committee, place in COMMITTEES:
            name = committee.sub(place, name)
        return name
    return f"{above}{name}" if level in (Level.GROUP, Level.GRID) else name


def is_code(code: str, level: Level) -> bool:
    """Whether ``code`` can be the division code of a unit of this level."""
    return bool(re.fullmatch(r"[1-9][0-9]*", code)) and len(code) == CODE_LENGTH.get(level)


def hangs_by_code(code: str, parent_code: str) -> bool:
    """A division code begins with the code of the unit above."""
    return code.startswith(parent_code)
