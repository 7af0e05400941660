"""Reporting clocks really used, offered when an order is written (field-reference.md §2.4).

``source`` is who used them and when, as it is to be shown; it is data and not translated. Sources name the hour at
which the level above wants it; the hours of the levels below are our proposal.
"""

from typing import Any

from flask_babel import lazy_gettext as _l

from portal.access.acting import Level
from portal.orders.measures import Preset

HOUR = 60


def _clock(cut_off: int, **due: int) -> dict[str, Any]:
    return {"levels": {level: {"cut_off": cut_off, "due": at} for level, at in due.items()}}


PRESETS = (
    Preset(
        "five_to_the_county",
        _l("17:00 to the county, figures until 16:00"),
        "郸城县疫情防控指挥部令（郸防指〔2020〕3号）：每日17时前上报监管情况",
        _clock(
            16 * HOUR,
            grid=16 * HOUR + 15,
            group=16 * HOUR + 25,
            community=16 * HOUR + 40,
            street=17 * HOUR,
        ),
        ours=True,
    ),
    Preset(
        "until_five",
        _l("Figures until 17:00, to the street by 18:00"),
        "民政部、国家卫生健康委 民发〔2020〕9号：日报告和零报告",
        _clock(
            17 * HOUR,
            grid=17 * HOUR + 15,
            group=17 * HOUR + 30,
            community=18 * HOUR,
            street=18 * HOUR + 30,
        ),
        ours=True,
    ),
    Preset(
        "whole_day",
        _l("The whole day, by 08:00 of the next morning"),
        "上海市发热门诊“零报告”：各区定时汇总街镇前24小时报告（2020）",
        _clock(
            24 * HOUR,
            grid=31 * HOUR,
            group=31 * HOUR + 15,
            community=31 * HOUR + 30,
            street=32 * HOUR,
        ),
        ours=True,
    ),
)
LEVELS = (Level.GRID, Level.GROUP, Level.COMMUNITY, Level.STREET, Level.COUNTY)
