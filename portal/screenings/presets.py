"""Categories really asked for, offered when an order is written (field-reference.md §2.2).

``source`` is who asked for them and when, as it is to be shown; it is data and not translated. ``ours``: threshold,
re-checks and what suspends passes are our proposal.
"""

from flask_babel import lazy_gettext as _l

from portal.orders.measures import Preset
from portal.screenings.kinds import Category
from portal.screenings.rules import Asks

FEVER = 373
RECHECKS = 3
FOUR_KINDS = (Category.CONFIRMED, Category.SUSPECTED, Category.FEVER, Category.CONTACT)

PRESETS = (
    Preset(
        "neighbours",
        _l("Who came from elsewhere, neighbouring townships too"),
        "上蔡县重阳街道“支部+网格”管理 2020-02-14",
        Asks(
            (
                *FOUR_KINDS,
                Category.FROM_RISK_AREA,
                Category.FROM_AFFECTED_COUNTY,
                Category.FROM_NEIGHBOUR,
                Category.RETURNED,
                Category.OTHER,
            ),
            Category.FROM_NEIGHBOUR,
            FEVER,
            RECHECKS,
            True,
        ).to_json(),
        ours=True,
    ),
    Preset(
        "four_kinds",
        _l("The four kinds: confirmed, suspected, fever, close contact"),
        "武汉“四类人员”集中收治 2020-02",
        Asks((*FOUR_KINDS, Category.OTHER), Category.CONTACT, FEVER, RECHECKS, True).to_json(),
        ours=True,
    ),
    Preset(
        "ninth_edition",
        _l("Contacts, risk areas and arrivals from abroad"),
        "新型冠状病毒肺炎防控方案（第九版）2022-06",
        Asks(
            (
                *FOUR_KINDS,
                Category.SECOND_CONTACT,
                Category.FROM_ABROAD,
                Category.FROM_RISK_AREA,
                Category.FROM_AFFECTED_COUNTY,
                Category.RECOVERED,
                Category.OTHER,
            ),
            Category.FROM_RISK_AREA,
            FEVER,
            RECHECKS,
            True,
        ).to_json(),
        ours=True,
    ),
    Preset(
        "least",
        _l("As little as possible: who has a fever"),
        "襄阳市指挥部令第9号：入户只问姓名、住址、健康状况",
        Asks((Category.FEVER, Category.OTHER), Category.FEVER, FEVER, 0, False).to_json(),
        ours=True,
    ),
)
