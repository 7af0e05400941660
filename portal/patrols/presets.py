"""Rounds really walked in 2020-2022, offered when an order is written (field-reference.md §4.1).

``source`` is who walked them and when, as it is to be shown; it is data and not translated. ``ours``: the kinds of
findings are our selection, no single order names them so.
"""

from typing import Any

from flask_babel import lazy_gettext as _l

from portal.orders.measures import Preset
from portal.patrols.findings.kinds import FindingKind
from portal.patrols.kinds import PatrolKind

HOUR = 60
GRACE = 60
FIVE_ROUNDS = [9 * HOUR, 12 * HOUR, 15 * HOUR, 17 * HOUR, 20 * HOUR]
EVENING = [19 * HOUR, 20 * HOUR, 21 * HOUR, 22 * HOUR, 23 * HOUR]
ROUND_THE_CLOCK = [hour * HOUR for hour in range(0, 24, 3)]
AMONG_NEIGHBOURS = [
    FindingKind.GATHERING,
    FindingKind.NO_MASK,
    FindingKind.UNPERMITTED,
    FindingKind.FORCED_GATE,
    FindingKind.LEFT_ISOLATION,
    FindingKind.CEREMONY,
    FindingKind.OPEN_SHOP,
    FindingKind.OUTSIDER,
    FindingKind.OTHER,
]
IN_THE_VILLAGE = [
    FindingKind.GATHERING,
    FindingKind.NO_MASK,
    FindingKind.CONCEALED,
    FindingKind.CEREMONY,
    FindingKind.OUTSIDER,
    FindingKind.RUMOUR,
    FindingKind.OTHER,
]
AT_THE_BOUNDARY = [
    FindingKind.UNPERMITTED,
    FindingKind.FORCED_GATE,
    FindingKind.OUTSIDER,
    FindingKind.DAMAGE,
    FindingKind.OTHER,
]


def _parameters(rounds: list[int], kinds: list[FindingKind]) -> dict[str, Any]:
    return {"rounds": rounds, "grace_minutes": GRACE, "kinds": [kind.value for kind in kinds]}


PRESETS = {
    PatrolKind.COMMUNITY: (
        Preset(
            "five",
            _l("Five rounds: 9, 12, 15, 17 and 20 o'clock"),
            "封闭管理指令中的日巡时点：9、12、15、17、20 时",
            _parameters(FIVE_ROUNDS, AMONG_NEIGHBOURS),
            ours=True,
        ),
        Preset(
            "evening",
            _l("In the evening, every hour from 19:00 to 23:00"),
            "兴宁镇夜间巡逻 2020-02-24",
            _parameters(EVENING, AMONG_NEIGHBOURS),
            ours=True,
        ),
        Preset(
            "day_and_night",
            _l("Round the clock, every three hours"),
            "全镇疫情防控巡逻工作方案（24 小时巡逻）",
            _parameters(ROUND_THE_CLOCK, IN_THE_VILLAGE),
            ours=True,
        ),
    ),
    PatrolKind.BOUNDARY: (
        Preset(
            "five",
            _l("Five rounds: 9, 12, 15, 17 and 20 o'clock"),
            "封闭管理指令中的日巡时点：9、12、15、17、20 时",
            _parameters(FIVE_ROUNDS, AT_THE_BOUNDARY),
            ours=True,
        ),
        Preset(
            "day_and_night",
            _l("Round the clock, every three hours"),
            "",
            _parameters(ROUND_THE_CLOCK, AT_THE_BOUNDARY),
        ),
    ),
}
