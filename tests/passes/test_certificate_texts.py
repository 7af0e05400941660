"""The words of a certificate: periods, hours, limits, and what has to give where there is no room."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from portal.passes.keys import KeyRing
from portal.passes.printing import Certificate, fit
from portal.passes.rule_data import EVERY_DAY, Window
from tests.printing.paper import certificate, certificates, longest, to_print

MIDNIGHT = datetime(2026, 11, 22, 16, tzinfo=UTC)  # 23 November in Shanghai


@pytest.fixture(scope="module")
def pass_(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate(123, KeyRing.open(tmp_path_factory.mktemp("keys")))


@pytest.mark.parametrize(
    ("length", "reads"),
    [
        (timedelta(days=7), "2026年11月23日至29日"),
        (timedelta(days=7) - timedelta(seconds=1), "2026年11月23日至29日"),
        (timedelta(days=14), "2026年11月23日至12月6日"),
        (timedelta(days=60), "2026年11月23日至2027年1月21日"),
        (timedelta(days=1), "2026年11月23日至当日"),
        (timedelta(hours=18), "2026年11月23日至当日18:00"),
        (timedelta(days=6, hours=8), "2026年11月23日至29日08:00"),
    ],
)
def test_a_period_reads_as_people_say_it(pass_: Certificate, length: timedelta, reads: str) -> None:
    assert replace(pass_, valid_from=MIDNIGHT, valid_until=MIDNIGHT + length).period == reads


def test_a_period_that_begins_in_the_day_says_when(pass_: Certificate) -> None:
    begins = MIDNIGHT + timedelta(hours=8, minutes=30)
    assert replace(pass_, valid_from=begins).period == "2026年11月23日08:30至29日"


@pytest.mark.parametrize(
    ("windows", "reads"),
    [
        ((), "不限"),
        ((Window(EVERY_DAY, 480, 660),), "08:00–11:00"),
        ((Window(EVERY_DAY, 480, 660), Window(EVERY_DAY, 900, 1440)), "08:00–11:00，15:00–24:00"),
        ((Window(0b1100000, 0, 1440),), "周六、日 全天"),
    ],
)
def test_hours(pass_: Certificate, windows: tuple[Window, ...], reads: str) -> None:
    assert replace(pass_, windows=windows).hours == reads


@pytest.mark.parametrize(
    ("minutes", "reads"),
    [
        (120, "每户每 2 天 1 人 1 次，最长 2 小时"),
        (90, "每户每 2 天 1 人 1 次，最长 1 小时 30 分钟"),
        (45, "每户每 2 天 1 人 1 次，最长 45 分钟"),
        (None, "每户每 2 天 1 人 1 次"),
    ],
)
def test_limits(pass_: Certificate, minutes: int | None, reads: str) -> None:
    assert replace(pass_, max_minutes=minutes).limits == reads


def test_gates_are_all_on_a5_and_counted_on_the_card(pass_: Certificate) -> None:
    eight = replace(pass_, gates=tuple(f"豫苑小区{side}门" for side in "东西南北前后左右"))
    assert dict(eight.card_rows)["卡点"] == "豫苑小区东门等 8 处"
    assert dict(eight.a5_rows)["卡点"].count("门") == 8
    assert dict(replace(pass_, gates=()).card_rows)["卡点"] == "各卡点"


def test_a_vehicle_pass_names_plate_and_route(pass_: Certificate) -> None:
    vehicle = replace(pass_, plate="豫QD12345", route="上蔡—西平")
    assert dict(vehicle.card_rows)["车牌"] == "豫QD12345 上蔡—西平"
    assert dict(vehicle.a5_rows)["路线"] == "上蔡—西平"
    assert "车牌" not in dict(pass_.a5_rows)


@pytest.mark.parametrize("count", range(1, 51))
def test_ten_cards_go_on_a_sheet(pass_: Certificate, count: int) -> None:
    printout = to_print([pass_] * count)
    assert [len(sheet) for sheet in printout.sheets] == [10] * (count // 10) + [count % 10] * (count % 10 > 0)


def test_certificates_stay_in_the_order_in_which_they_came(tmp_path: Path) -> None:
    passes = certificates(12, KeyRing.open(tmp_path))[::-1]
    assert [one for sheet in to_print(passes).sheets for one in sheet] == passes


def test_small_type_only_where_it_is_needed(pass_: Certificate, tmp_path: Path) -> None:
    assert (pass_.card_density, pass_.a5_density) == ("roomy", "roomy")
    full = longest(KeyRing.open(tmp_path))
    assert (full.card_density, full.a5_density) == ("tight", "tight")


@pytest.mark.parametrize(
    ("text", "fitted"),
    [("一二三四五", "一二三四五"), ("一二三四五六", "一二三四…"), ("abcdefgh", "abcdefgh"), ("", "")],
)
def test_what_does_not_fit_ends_in_an_ellipsis(text: str, fitted: str) -> None:
    assert fit(text, 5) == fitted
