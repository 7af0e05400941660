"""Rules really used in 2020-2022, offered when an order is written (field-reference.md §1.1-1.3).

``source`` is who issued the rule and when, as it is to be shown; it is data and not translated. Empty: a
common form that no single place stands for. Where a source names no hours or no longest time, ``ours`` is
True: what fills the gap is our proposal, to be set before use.
"""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from portal.passes.kinds import CountsFor, Kind, OnOvertime, Period
from portal.passes.rule_data import EVERY_DAY, PassRule, Window
from portal.registry.restrictions import RestrictionKind

HOUR = 60
SUSPENDING = (RestrictionKind.RETURNEE, RestrictionKind.ISOLATION)


@dataclass(frozen=True)
class Preset:
    """A rule to start from. ``code`` is stable, ``name`` lazy."""

    code: str
    kind: Kind
    name: LazyString
    source: str
    rule: PassRule
    ours: bool = False


def preset(code: str) -> Preset:
    """The preset of that code; LookupError if there is none."""
    for one in PRESETS:
        if one.code == code:
            return one
    raise LookupError(code)


def presets_for(kind: Kind) -> list[Preset]:
    """The presets of one kind of pass, the usual one first."""
    return [one for one in PRESETS if one.kind is kind]


def _every(
    days: int, counts_for: CountsFor = CountsFor.HOUSEHOLD, *, proofs: tuple[str, ...] = ()
) -> PassRule:
    return PassRule(
        counts_for, Period.ROLLING, period_days=days, suspended_by=SUSPENDING, extra_proofs=proofs
    )


PRESETS = (
    Preset(
        "yangling",
        Kind.HOUSEHOLD,
        _l("Each household every 2 days, 3 hours"),
        "杨陵街道 2020-02-13",
        PassRule(
            CountsFor.HOUSEHOLD,
            Period.ROLLING,
            period_days=2,
            max_minutes=3 * HOUR,
            on_overtime=OnOvertime.SKIP_NEXT_TRIP,
            suspended_by=SUSPENDING,
        ),
    ),
    Preset(
        "pingdingshan",
        Kind.HOUSEHOLD,
        _l("Each household every 3 days"),
        "平顶山市 2020-02-05 1号令",
        _every(3),
    ),
    Preset("yicheng", Kind.HOUSEHOLD, _l("Each household every 5 days"), "驻马店驿城区 2020-02", _every(5)),
    Preset(
        "huaiyang",
        Kind.HOUSEHOLD,
        _l("Each household once a day"),
        "周口淮阳区 2022-05-05",
        _every(1, proofs=("48小时内核酸检测阴性证明",)),
    ),
    Preset(
        "jiayu",
        Kind.HOUSEHOLD,
        _l("Each household on odd dates in the afternoon"),
        "嘉鱼县 2020-02",
        PassRule(
            CountsFor.HOUSEHOLD,
            Period.ODD_DAYS,
            windows=(Window(EVERY_DAY, 13 * HOUR, 18 * HOUR),),
            suspended_by=SUSPENDING,
        ),
        ours=True,
    ),
    Preset(
        "harbin",
        Kind.HOUSEHOLD,
        _l("Each person every 2 days"),
        "哈尔滨市 2020-02",
        _every(2, CountsFor.PERSON, proofs=("户登记卡",)),
    ),
    Preset(
        "mengcheng",
        Kind.HOUSEHOLD,
        _l("Each household every 2 days, within hours, 6 hours"),
        "蒙城县",
        PassRule(
            CountsFor.HOUSEHOLD,
            Period.ROLLING,
            period_days=2,
            windows=(Window(EVERY_DAY, 8 * HOUR, 12 * HOUR),),
            max_minutes=6 * HOUR,
            grace_minutes=0,
            suspended_by=SUSPENDING,
        ),
        ours=True,
    ),
    Preset(
        "work",
        Kind.WORK,
        _l("To work and back, every day"),
        "杨陵街道 2020-02-13",
        PassRule(
            CountsFor.PERSON,
            Period.UNLIMITED,
            longest_days=30,
            suspended_by=SUSPENDING,
            extra_proofs=("单位工作证明", "书面承诺"),
        ),
    ),
    Preset(
        "staff",
        Kind.STAFF,
        _l("Staff and volunteers on duty"),
        "",
        PassRule(
            CountsFor.PERSON,
            Period.UNLIMITED,
            longest_days=30,
            suspended_by=(RestrictionKind.ISOLATION,),
            extra_proofs=("工作证",),
        ),
    ),
    Preset(
        "vehicle",
        Kind.VEHICLE,
        _l("One vehicle, one pass, one route"),
        "重点物资运输车辆通行证 2022-04",
        PassRule(CountsFor.PLATE, Period.UNLIMITED, persons=2, extra_proofs=("驾驶证", "行驶证")),
        ours=True,
    ),
    Preset(
        "special",
        Kind.SPECIAL,
        _l("Illness, funeral, exam: one trip"),
        "徐州市 2022 第21号",
        PassRule(
            CountsFor.PERSON,
            Period.ROLLING,
            max_minutes=24 * HOUR,
            longest_days=3,
            extra_proofs=("事由证明",),
        ),
        ours=True,
    ),
    Preset(
        "visitor",
        Kind.VISITOR,
        _l("One visit in the daytime"),
        "",
        PassRule(
            CountsFor.PERSON,
            Period.ROLLING,
            windows=(Window(EVERY_DAY, 8 * HOUR, 20 * HOUR),),
            max_minutes=4 * HOUR,
            longest_days=1,
        ),
        ours=True,
    ),
)
