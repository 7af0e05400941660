"""Periods really ordered in 2020-2022, offered when an order is written (field-reference.md §2.3).

``source`` is who ordered them and when, as it is to be shown; it is data and not translated. No source names the
hours of both cut-offs, so all of them are ``ours`` there.
"""

from typing import Any

from flask_babel import lazy_gettext as _l

from portal.isolations.kinds import IsolationKind
from portal.orders.measures import Preset

MORNING, EVENING = 10 * 60, 17 * 60
THRESHOLD = 373  # tenths of a degree (field-reference.md §3.1, 湖北返繁昌人员告知书 2020-01-26)
NINTH = "国务院联防联控机制《新型冠状病毒肺炎防控方案（第九版）》2022-06"
ENTRY = "五类返（来）百人员健康管理明细表 2021（14+7+7）"


def _parameters(days: int, *, tests: bool = False, suspends: bool = True) -> dict[str, Any]:
    return {
        "days": days,
        "morning": MORNING,
        "evening": EVENING,
        "threshold": THRESHOLD,
        "needs_tests": tests,
        "suspends_passes": suspends,
    }


def _preset(code: str, name: Any, source: str, parameters: dict[str, Any]) -> Preset:
    return Preset(code, name, source, parameters, ours=True)


PRESETS: dict[IsolationKind, tuple[Preset, ...]] = {
    IsolationKind.COLLECTIVE: (
        _preset(
            "contacts_2020",
            _l("Close contacts: 14 days"),
            "密切接触者集中医学观察 14 天（2020）",
            _parameters(14),
        ),
        _preset(
            "contacts_ninth", _l("Close contacts: 7 days, with tests"), NINTH, _parameters(7, tests=True)
        ),
        _preset("entry_2021", _l("After entry: 14 days, with tests"), ENTRY, _parameters(14, tests=True)),
    ),
    IsolationKind.HOME: (
        _preset(
            "returnees_2020",
            _l("From elsewhere: 14 days"),
            "辽宁省城乡社区严查严控措施30条 2020-02-05；郸城县令 郸防指〔2020〕3号",
            _parameters(14),
        ),
        _preset(
            "second_contacts_ninth",
            _l("Contacts of contacts: 7 days, with tests"),
            NINTH,
            _parameters(7, tests=True),
        ),
        _preset("entry_2021", _l("After collective isolation: 7 days"), ENTRY, _parameters(7, tests=True)),
    ),
    IsolationKind.HOME_MONITORING: (
        _preset(
            "after_collective_ninth",
            _l("After collective isolation: 3 days, with tests"),
            NINTH,
            _parameters(3, tests=True),
        ),
        _preset(
            "asymptomatic_2020",
            _l("After release without symptoms: 14 days"),
            "新冠病毒无症状感染者管理规范 2020-04-09",
            _parameters(14),
        ),
    ),
    IsolationKind.MONITORING: (
        _preset("entry_2021", _l("Last step: 7 days"), ENTRY, _parameters(7, suspends=False)),
    ),
}
