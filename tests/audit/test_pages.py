"""Reading the trail: the newest first, filtered, and within one's own place."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from portal.access.scope import everywhere
from portal.audit import service as audit
from portal.audit.models import AuditEntry
from portal.clock import local, now, rehearsing
from portal.database import db
from tests.audit.conftest import Tamper
from tests.people import Person, an, gu, li, qian, root, unit, wang

pytestmark = pytest.mark.any_database

Visit = Callable[..., Any]


def write(action: str = "units.create", where: str = "豫苑社区", **values: Any) -> int:
    """One entry; its id."""
    with everywhere(because="the test writes a trail"):
        entry = audit.record(action, unit(where), **values)
        db.session.commit()
        return entry.id


def entries(page: Any) -> list[int]:
    """The ids of the entries on the list, in their order."""
    return [
        int(link.split("/")[2])
        for link in page.links()
        if link.startswith("/audit/") and link.split("/")[2].isdigit()
    ]


@pytest.mark.parametrize("person", [li, wang, qian, gu], ids=str)
def test_only_those_who_watch_read_the_trail(visit: Visit, person: Person) -> None:
    visit("audit.index", as_=person, status=403)


@pytest.mark.parametrize("language", ["en", "zh_Hans"])
def test_the_newest_comes_first(visit: Visit, language: str) -> None:
    first, second = write(), write("units.change")
    page = visit("audit.index", as_=an, language=language)
    assert entries(page) == [second, first]


def test_nothing_yet(visit: Visit) -> None:
    assert visit("audit.index", as_=an).has("Nothing was found.")


def test_actions_have_names_and_unknown_ones_show_their_code(visit: Visit) -> None:
    write("units.create")
    write("nobody.knows")
    page = visit("audit.index", as_=an)
    assert page.has("Added a unit")
    assert page.has("nobody.knows")


def test_the_list_goes_on_in_pages(visit: Visit) -> None:
    written = [write() for _ in range(45)]
    page, seen = visit("audit.index", as_=an, action="units.create"), []
    while True:
        seen += entries(page)
        older = [link for link in page.links() if "before=" in link]
        if not older:
            break
        assert "action=units.create" in older[0]
        page = visit(older[0], as_=an)
    assert seen == written[::-1]


def test_entries_of_the_same_moment_are_each_shown_once(visit: Visit) -> None:
    with rehearsing(now()):
        written = [write() for _ in range(25)]
    first = visit("audit.index", as_=an)
    older = visit(next(link for link in first.links() if "before=" in link), as_=an)
    assert entries(first) + entries(older) == written[::-1]


def test_the_trail_is_filtered(visit: Visit) -> None:
    created = write("units.create", account_id=7)
    changed = write("units.change", "豫苑社区三组", account_id=8)
    elsewhere = write("units.change", "建设路社区", account_id=7)
    for wanted, found in (
        ({"action": "units.create"}, [created]),
        ({"account": 7}, [elsewhere, created]),
        ({"account": 7, "action": "units.create"}, [created]),
        ({"unit": unit("豫苑社区").id}, [changed, created]),
        ({"unit": unit("豫苑社区三组二格").id}, []),
        ({"subject": "unit", "subject_id": unit("豫苑社区三组").id}, [changed]),
        ({"action": "nobody.knows"}, []),
        ({"action": " ADDED a unit"}, [created]),
        ({"day": "nonsense", "account": "x"}, [elsewhere, changed, created]),
    ):
        assert entries(visit("audit.index", as_=an, **wanted)) == found, wanted


def test_a_day_is_one_of_the_wall_clock(visit: Visit) -> None:
    midnight = local(now()).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=3)
    written = []
    for moment in (midnight - timedelta(seconds=1), midnight, midnight + timedelta(hours=23, minutes=59)):
        with rehearsing(moment):
            written.append(write())
    assert entries(visit("audit.index", as_=an, day=f"{midnight:%Y-%m-%d}")) == [written[2], written[1]]


def test_one_reads_ones_own_place_only(app: Flask, visit: Visit) -> None:
    with everywhere(because="the test writes a trail"):
        other = audit.record("units.change", unit_id=unit("上蔡县").id)
        installation = audit.record("units.import")
        db.session.commit()
        other_id, installation_id = other.id, installation.id
    for entry_id in (other_id, installation_id):
        visit("audit.show", as_=an, entry_id=entry_id, status=404)
        visit("audit.show", as_=root, entry_id=entry_id)
        visit("audit.index", as_=an, before=entry_id, status=404)
    assert entries(visit("audit.index", as_=an)) == []
    assert entries(visit("audit.index", as_=root)) == [installation_id, other_id]
    visit("audit.index", as_=an, unit=unit("上蔡县").id, status=404)
    visit("audit.index", as_=an, unit=999_999, status=404)


def test_an_entry_tells_everything_and_where_to_look_on(visit: Visit) -> None:
    entry_id = write(reason="换名", actor="王书记（豫苑社区）", account_id=7, was="三组", counts={"new": 2})
    page = visit("audit.show", as_=an, entry_id=entry_id)
    for text in (
        "Added a unit",
        "units.create",
        "换名",
        "王书记（豫苑社区）",
        "豫苑社区",
        "三组",
        '{"new": 2}',
        "Unchanged",
    ):
        assert page.has(text), text
    for link in (link for link in page.links() if "?" in link):
        assert entries(visit(link, as_=an)) == [entry_id]


def test_the_page_of_a_changed_entry_says_so(visit: Visit, tamper: Tamper) -> None:
    entry_id = write(reason="before")
    tamper(f"UPDATE audit_entry SET reason = 'after' WHERE id = {entry_id}")
    assert visit("audit.show", as_=an, entry_id=entry_id).has("Not what was written")


def test_everybody_sees_what_they_do_in_the_trail(visit: Visit) -> None:
    visit("units.new", as_=wang, unit_id=unit("豫苑社区").id).send("Add", name="四组")
    page = visit("audit.index", as_=an)
    entry = visit("audit.show", as_=an, entry_id=entries(page)[0])
    assert entry.has("演示·wang（豫苑社区）")
    assert db.session.connection().scalar(
        AuditEntry.__table__.select().with_only_columns(AuditEntry.__table__.c.request_id)
    )
