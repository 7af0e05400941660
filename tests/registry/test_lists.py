"""The list of households: one's own with those that one is the deputy of, and the ways to paper and to a workbook."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.access.bulk import insert_many
from portal.access.scope import everywhere
from portal.database import db, learn_sizes
from portal.registry import listing
from portal.registry.listing import Show
from portal.registry.models import Household
from tests.passes.conftest import acting_as
from tests.people import Person, an, li, qian, unit, wang, zhao
from tests.registry.staff import BESIDE, ELSEWHERE, HERE, account
from tests.registry_search.test_plans import begins_at, plans

HOMES, MINE = 3_000, 30


@pytest.fixture
def shared(app: Flask) -> None:
    """Of a street, some are qian's, some are hers as the deputy, all others are other people's."""
    with everywhere(because="the test fills a street"):
        me, others = account("qian"), 1_000
        units = [unit(name).id for name in (HERE, BESIDE, ELSEWHERE)]
        rows = [
            {
                "unit_id": units[0] if n < MINE else units[n % 3],
                "building": f"{n:04d}",
                "responsible_id": me if n < MINE // 2 else others + n // MINE,
                "deputy_id": me if MINE // 2 <= n < MINE else others + n // MINE + 1,
            }
            for n in range(HOMES)
        ]
        insert_many(Household, rows)
        db.session.commit()
        learn_sizes()


@pytest.mark.usefixtures("shared")
def test_ones_own_are_also_those_that_one_is_the_deputy_of(visit: Any) -> None:
    first = visit("registry.index", as_=qian, show="mine")
    lines = first.tree.xpath("//ul[@class='rows']/li")
    assert [line.xpath("string(.//b)") for line in lines] == [f"{n:04d}号楼" for n in range(20)]
    as_deputy = ["Deputy" in " ".join(line.itertext()) for line in lines]
    assert as_deputy == [n >= MINE // 2 for n in range(20)]
    second = visit(first.tree.xpath("string(//p[@class='older']/a/@href)"), as_=qian)
    assert len(second.tree.xpath("//ul[@class='rows']/li")) == MINE - 20
    everybody = visit("registry.index", as_=qian)
    assert not everybody.tree.xpath("//ul[@class='rows']//span[text()='Deputy']")


@pytest.mark.usefixtures("shared")
def test_ones_own_are_found_by_the_indexes_of_both_duties(app: Flask) -> None:
    for person in (qian, wang, li):
        with acting_as(app, person):
            after = db.session.scalars(select(Household.id).limit(1)).one()
            with plans() as seen:
                listing.lines(Show.MINE, after=None)
                listing.lines(Show.MINE, after=after)
        lists = [plan for plan in seen if "responsible_id" in plan]
        assert len(lists) == 2, seen
        for plan in lists:
            assert begins_at(plan) >= {"responsible_id", "deputy_id"}, plan
            assert not re.search(r"(Seq Scan on|SCAN) household\b", plan), plan


def buttons(page: Any) -> list[str]:
    return [str(link) for link in page.tree.xpath("//main//div[@class='acts']/a/@href")]


@pytest.mark.parametrize(
    ("person", "export", "worksheet"),
    [(wang, True, True), (zhao, False, True), (qian, False, True), (an, True, False)],
    ids=["command", "team", "grid", "auditor"],
)
def test_the_lists_lead_to_their_export_and_worksheet(
    visit: Any, person: Person, export: bool, worksheet: bool
) -> None:
    households = buttons(visit("registry.index", as_=person, show="restricted"))
    passes = buttons(visit("passes.index", as_=person, show="valid"))
    assert ("/exports/households?choice=restricted" in households) is export
    assert ("/exports/passes?choice=valid" in passes) is export
    assert ("/worksheets/new/households?part=restricted" in households) is worksheet
    for address in [one for one in (*households, *passes) if one.startswith(("/exports", "/worksheets"))]:
        form = visit(address, as_=person)
        checked = form.tree.xpath(
            "//input[@type='radio' and (@name='choice' or @name='part') and @checked]/@value"
        )
        assert checked == [address.partition("=")[2]]
    unknown = "/exports/households?choice=x" if export else "/worksheets/new/households?part=x"
    assert visit(unknown, as_=person).tree.xpath(
        "//input[@checked and (@name='choice' or @name='part')]/@value"
    )
