"""Deadlines to start from when an order is written (field-reference.md §2.4).

``source`` is who asked for it and when, as it is to be shown; it is data and not translated. Sources say how fast
something is reported, and that what is urgent goes at once; the rest is our proposal.
"""

from flask_babel import lazy_gettext as _l

from portal.assessments.deadlines import UNLESS_ORDERED, Deadlines
from portal.orders.measures import Preset
from portal.screenings.kinds import Category

PRESETS = (
    Preset(
        "four_hours",
        _l("Urgent within 1 hour, others within 4"),
        "淄博市周村区通告（2020）：到达1小时内报告社区，社区4小时内上报",
        UNLESS_ORDERED.to_json(),
        ours=True,
    ),
    Preset(
        "six_hours",
        _l("Urgent within 1 hour, others within 6"),
        "平顶山市报告制度通告 2020-02-04：6小时内报告；民发〔2020〕9号：紧急情况随时报告",
        Deadlines(Category.CONTACT, urgent=1, others=6, again=3, close=24, answer=6).to_json(),
        ours=True,
    ),
    Preset(
        "one_day",
        _l("Urgent within 2 hours, others within a day"),
        "许昌市联防联控信息系统通告 2020-02-21：当日24时前登记",
        Deadlines(Category.FROM_RISK_AREA, urgent=2, others=24, again=6, close=48, answer=12).to_json(),
        ours=True,
    ),
)
