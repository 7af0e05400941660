"""One box finds people and households of one's own place, by whatever is known of them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import event, select

from portal.access.scope import everywhere
from portal.accounts.models import Keeping, Kept
from portal.clock import now
from portal.database import db
from portal.registry.models import Household, Resident
from tests import factories
from tests.page import Browser
from tests.people import an, gu, li, qian, sun, wang, wu, zhao

Visit = Callable[..., Any]
ROWS = "//ul[@class='rows']//b/text()"


def search(visit: Visit, wanted: str, as_: Any = wang, area: str = "registry") -> Any:
    return visit(f"{area}.index", as_=as_).send("Find", q=wanted)


def zhang(grid: str = "豫苑社区三组二格", **values: Any) -> tuple[Household, Resident]:
    home = factories.household(grid, compound="3号院", building="2号楼", stairwell="1", room="401")
    return home, factories.resident(home, **{"name": "演示·张学敏", "phone": "15400006021"} | values)


# ── what finds ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        ("张学敏", "name"),
        ("学敏", "name"),
        ("敏", "name"),
        ("演示•张学敏", "name"),
        ("zhangxuemin", "pinyin"),
        ("Zhang Xue Min", "pinyin"),
        ("zhangx", "pinyin"),
        ("zxm", "initials"),
        ("ZXM", "initials"),
        ("6021", "phone ends so"),
        ("15400006021", "phone"),
        ("154 0000 6021", "phone"),
        ("DOCUMENT", "document number"),
        ("END", "document number ends so"),
    ],
)
def test_a_person_is_found(visit: Visit, wanted: str, why: str) -> None:
    _home, person = zhang()
    other = factories.household(room="2-2")
    factories.resident(other, name="演示·李强", phone=None, document=None)
    number = person.document or ""
    page = search(visit, {"DOCUMENT": number, "END": number[-4:]}.get(wanted, wanted))
    assert page.tree.xpath(ROWS)[:1] == ["演示·张*"]
    assert page.has(f"found by: {why}")
    assert not page.has("李")


@pytest.mark.parametrize(
    "wanted",
    [
        "2-1-401",
        "2号楼1单元401",
        "3号院 2 1 401",
        "２号楼 401",
        "401",
        "3号院2号楼",
        "2号楼401室",
        "1单元401",
    ],
)
@pytest.mark.parametrize("person", [li, wang, zhao, qian, an], ids=str)
def test_a_household_is_found_at_every_level(visit: Visit, wanted: str, person: Any) -> None:
    zhang()
    factories.household(compound="4号院", building="12号楼", stairwell="3", room="1402")
    assert search(visit, wanted, person).tree.xpath(ROWS) == ["3号院2号楼1单元401"]


def test_who_is_called_exactly_so_comes_first(visit: Visit) -> None:
    home = factories.household()
    for name in ("张伟民", "张伟", "张伟国"):
        factories.resident(home, name=name, phone_of=name)
    with everywhere(because="the test looks"):
        first = db.session.scalar(select(Resident.id).where(Resident.name == "张伟"))
    assert search(visit, "张伟").tree.xpath("//ul[@class='rows']//a/@href")[0] == f"/registry/people/{first}"


def test_people_of_one_household_are_told_apart(visit: Visit) -> None:
    home, _person = zhang(is_head=True)
    factories.resident(home, name="演示·张学文", relation="子")
    found = search(visit, "张学")
    assert [row.text_content() for row in found.tree.xpath("//ul[@class='rows']//a/span")] == ["Head", "子"]


def test_nothing_typed_leads_to_the_list(visit: Visit) -> None:
    assert search(visit, "  ").heading == "Households"


def test_who_has_left_is_found_and_marked(visit: Visit) -> None:
    zhang(left_at=now())
    assert search(visit, "zxm").has("Left")


@pytest.mark.parametrize(
    "wanted", ["%", "_", "\\", "没有这个人", "<b>", "x" * 500, "411722" * 3, "\x00", "’", "//"]
)
def test_nothing_is_found_and_nothing_breaks(visit: Visit, wanted: str) -> None:
    zhang()
    assert search(visit, wanted).has("Nothing was found here.")


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_both_languages(visit: Visit, language: str) -> None:
    zhang()
    visit(search(visit, "401").url, as_=wang, language=language)
    visit("registry.found", as_=wang, name="0" * 32, language=language, status=404)


# ── no further than one's own place ──────────────────────────────────────────────────────────────────────────────

EVERY_WAY = ["张学敏", "学敏", "zhangxuemin", "zxm", "6021", "15400006021", "2-1-401", "3号院", "DOCUMENT"]


@pytest.mark.parametrize("wanted", EVERY_WAY)
@pytest.mark.parametrize("person", [sun, wu], ids=str)
def test_a_search_ends_at_the_edge_of_ones_own_unit(visit: Visit, wanted: str, person: Any) -> None:
    _home, resident = zhang()
    wanted = (resident.document or "") if wanted == "DOCUMENT" else wanted
    page = search(visit, wanted, person)
    assert page.has("Nothing was found here.")
    blank = search(visit, wanted[::-1], person)
    assert page.text == blank.text, "and nothing tells it from what does not exist"


@pytest.mark.parametrize("wanted", EVERY_WAY)
def test_as_much_is_asked_for_a_hit_a_stranger_and_a_miss(visit: Visit, app: Flask, wanted: str) -> None:
    def asked(person: Any, words: str) -> list[str]:
        url = search(visit, words, person).url
        statements: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            statements.append(statement.split("FROM", maxsplit=1)[0])

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            visit(url, as_=person)
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
        return statements

    miss = asked(wang, wanted if wanted != "DOCUMENT" else "411722189903070011")
    _home, resident = zhang()
    words = (resident.document or "") if wanted == "DOCUMENT" else wanted
    assert asked(wang, words) == miss
    assert len(asked(sun, words)) == len(miss)


def test_at_most_forty(visit: Visit) -> None:
    home = factories.household()
    for _number in range(45):
        factories.resident(home, name="演示·张三")
    page = search(visit, "zs")
    assert len(page.tree.xpath(ROWS)) == 40
    assert page.has("There are more")


# ── the address of a search ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("area", ["registry", "passes"])
def test_the_address_says_nothing_and_opens_for_who_searched(desk: Browser, visit: Visit, area: str) -> None:
    page = search(visit, "张学敏", wang, area)
    assert page.url.startswith(f"/{area}/found/")
    assert "no-store" in page.response.headers["Cache-Control"]
    assert visit(page.url, as_=wang).tree.xpath("string(//input[@name='q']/@value)") == "张学敏"
    for stranger in (li, sun, qian):
        assert visit(page.url, as_=stranger, status=404).has("This search has lapsed")
    visit(page.url, as_=gu, status=403)
    with everywhere(because="the test looks"):
        kept = db.session.scalars(select(Kept).where(Kept.what == Keeping.SEARCH)).all()
    assert kept
    assert all("张".encode() not in (row.text_sealed or b"") for row in kept)


@pytest.mark.parametrize("area", ["registry", "passes"])
def test_a_search_lapses_after_a_quarter_of_an_hour(visit: Visit, area: str) -> None:
    url, begun = search(visit, "张学敏", wang, area).url, now()
    with time_machine.travel(begun + timedelta(minutes=14)):
        visit(url, as_=wang)
    with time_machine.travel(begun + timedelta(minutes=15, seconds=1)):
        assert visit(url, as_=wang, status=404).has("This search has lapsed")


def test_a_search_begins_anew_from_its_own_page(visit: Visit) -> None:
    zhang()
    page = search(visit, "nobody")
    assert page.send("Find", q="zxm").tree.xpath(ROWS) == ["演示·张*"]
