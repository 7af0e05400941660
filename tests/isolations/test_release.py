"""What release lacks and how it is mended, the certificate, and a later end."""

from typing import Any

import pytest

from portal.clock import now, rehearsing
from portal.database import db
from portal.isolations import checks, printing, service, standing
from portal.isolations.kinds import IsolationKind, IsolationState, Slot
from portal.isolations.models import Isolation
from portal.web.errors import Refused
from tests.isolations import world
from tests.isolations.world import hour
from tests.passes.conftest import acting_as
from tests.people import qian, wang, wu, zhao


@pytest.fixture
def order(app) -> Any:
    return world.order()


# ── what release lacks, and one tap to mend it ───────────────────────────────────────────────────────────────────


def test_each_missing_condition_is_one_tap_from_being_mended(app, order, visit) -> None:
    isolation_id = world.isolated(starts=hour(8, days=-15), told=False)
    world.checked(isolation_id, -15, -3, but=[(-7, Slot.MORNING)])
    world.check(isolation_id, hour(8, days=-2), 380)
    page = visit("isolations.show", as_=wang, isolation_id=isolation_id)
    for said in (
        "Has not been told of the obligations yet",
        "4 checks are missing without a reason, the first: 16 Nov, morning",
        "A fever or symptom waits for somebody",
        "Two temperatures below 37.3 ℃ of yesterday or today are needed",
    ):
        assert page.has(said)
    mends = page.tree.xpath("//ul[@class='plain']//a/@href")
    assert [href.split("?")[0].rsplit("/", 1)[-1] for href in mends] == [
        "tell",
        "gap",
        "seen",
        str(world.row(isolation_id).household_id),
    ]
    for href in mends:
        visit(href, as_=wang)


def test_what_lacks_anything_is_not_released_whatever_is_posted(app, order, post) -> None:
    isolation_id = world.isolated(starts=hour(8, days=-15))
    world.checked(isolation_id, -15, 0, but=[(-7, Slot.MORNING)])
    post(f"/isolations/{isolation_id}/release", as_=wang, data=world.MEDIC, status=409)
    with acting_as(app, qian):
        checks.explain(db.session.get_one(Isolation, isolation_id), (world.day(-7), Slot.MORNING), "住院检查")
    post(f"/isolations/{isolation_id}/release", as_=wang, data=world.MEDIC)
    assert world.row(isolation_id).state is IsolationState.RELEASED


def test_a_day_is_not_complete_before_midnight(app, order, post) -> None:
    isolation_id = world.isolated(starts=hour(8, days=-14))
    world.checked(isolation_id, -14, 0)
    post(f"/isolations/{isolation_id}/release", as_=wang, data=world.MEDIC, status=409)
    with rehearsing(hour(16)), acting_as(app, qian):
        isolation = db.session.get_one(Isolation, isolation_id)
        checks.enter(isolation, checks.Taken(Slot.EVENING, hour(16), 364))
    for at, met in ((hour(23, 59), False), (hour(0, days=1), True)):
        with rehearsing(at), acting_as(app, wang):
            isolation = db.session.get_one(Isolation, isolation_id)
            assert all(one.is_met for one in standing.conditions(isolation, now())) is met


# ── extension ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_extended_with_a_reason_and_an_order_it_asks_for_more_checks(app, order, visit) -> None:
    isolation_id = world.ready()
    assert world.row(isolation_id).next_cut_off is None
    page = visit("isolations.extend", as_=wang, isolation_id=isolation_id)
    page = page.send("Extend", last_day="2026-11-29", common="A test was positive")
    assert page.has("Extended until 29 Nov 24:00")
    row = world.row(isolation_id)
    assert (row.ends_at, row.next_cut_off) == (hour(0, days=7), hour(17))
    visit("isolations.show", as_=wang, isolation_id=isolation_id)


@pytest.mark.any_database
def test_an_end_that_is_not_later_or_far_too_late_is_refused(app, order, visit) -> None:
    isolation_id = world.ready()
    page = visit("isolations.extend", as_=wang, isolation_id=isolation_id)
    for last_day in ("2026-11-22", "2026-11-01", "2027-12-01", ""):
        page.send("Extend", status=422, last_day=last_day, common="A test was positive")
    assert world.row(isolation_id).ends_at == hour(0)


def test_two_who_extend_at_once_extend_once(app, order) -> None:
    isolation_id = world.ready()
    for times in (1, 2):
        with acting_as(app, wang):
            isolation = db.session.get_one(Isolation, isolation_id)
            if times == 1:
                service.extend(isolation, hour(0, days=3), "检测阳性")
                continue
            with pytest.raises(Refused, match="already"):
                service.extend(isolation, hour(0, days=3), "检测阳性")


def test_without_an_order_nothing_is_extended(app, visit, post) -> None:
    order = world.order(kinds=[IsolationKind.HOME])
    isolation_id = world.isolated()
    world.end_order(order.id, hour(9))
    page = visit("isolations.extend", as_=wang, isolation_id=isolation_id)
    page.send("Extend", status=409, last_day="2026-12-20", common="A test was positive")


@pytest.mark.any_database
def test_who_may_not_order_does_not_extend(app, order, visit) -> None:
    isolation_id = world.isolated()
    for person in (qian, zhao, wu):
        visit("isolations.extend", as_=person, isolation_id=isolation_id, status=403)


# ── who brings what is lacking, and what the certificate says ────────────────────────────────────────────────────


def test_who_releases_nobody_is_told_what_release_lacks_and_only_then(order, visit) -> None:
    told = "Days complete, release still lacks something"
    isolation_id = world.isolated(starts=hour(8, days=-17))
    world.checked(isolation_id, -17, -3)
    assert world.row(isolation_id).next_cut_off is None, "all its checks are there, and it ended two days ago"
    assert visit("today.index", as_=qian).has(told)
    assert visit("isolations.show", as_=qian, isolation_id=isolation_id).has(
        "of yesterday or today are needed"
    )
    assert not visit("today.index", as_=wang).has(told)
    world.check(isolation_id, hour(8))
    measure_again(isolation_id)
    assert not visit("today.index", as_=qian).has(told)
    assert visit("today.index", as_=wang).has("Isolations whose days are complete")
    world.release(isolation_id)


def measure_again(isolation_id: int) -> None:
    with acting_as(world.the_app(), qian):
        taken = checks.Taken(Slot.MORNING, hour(9), 364)
        checks.measure_again(db.session.get_one(Isolation, isolation_id), taken)


def test_a_certificate_claims_no_days_that_an_ended_order_cut_short(app, order) -> None:
    served, cut_short = world.ready(), world.isolated()
    with rehearsing(hour(8, 30)):
        world.release(served)
    world.end_order(order.id, hour(9))
    world.release(cut_short)
    with acting_as(app, wang):
        full, short = (
            printing.certificate_of(db.session.get_one(Isolation, one)) for one in (served, cut_short)
        )
    assert "（14 天）" in full.course
    assert full.grounds == "现期满，体温及健康状况经核查符合解除条件"
    assert short.course == "自 2026年11月20日 08:00 起"
    assert short.grounds == "上述指令已于 2026年11月23日 09:00 终止"
