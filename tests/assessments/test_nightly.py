"""What the nightly look finds in whole tables, and that it is asked once more when it is shown."""

import pytest

from portal.access.acting import own_place
from portal.access.scope import everywhere
from portal.assessments.brief import doubts, evidence, looks, nightly
from portal.assessments.brief.kinds import Kind
from portal.assessments.brief.models import Doubt
from portal.clock import now
from portal.database import db
from portal.isolations import service as isolating
from portal.isolations.models import Isolation
from portal.jobs import daily
from portal.registry import service as registry
from portal.registry.duplicates import service as duplicates
from portal.registry.models import Household, Resident
from portal.registry.service import set_document
from tests.assessments import world
from tests.assessments.test_brief import BESIDE, found
from tests.assessments.world import acting_as, every, hour
from tests.factories import household, resident
from tests.isolations import world as isolations
from tests.people import Person, li, qian, sun, unit, wang

DOCUMENT = "411722180001010018"
AWAY = "建设路社区一组一格"
ADDRESS = {"compound": "7号院", "building": "1号楼", "stairwell": "1", "room": "101"}


def look() -> None:
    """As the worker does every night."""
    with everywhere(because="the nightly look"):
        nightly.look()
        db.session.commit()


def with_document(grid: str) -> Resident:
    person = resident(household(grid), document=None)
    with everywhere(because="the test gives several the same document"):
        set_document(db.session.get_one(Resident, person.id), DOCUMENT)
        db.session.commit()
    return person


def shown(kind: Kind, by: Person = li) -> list[evidence.Finding]:
    return found(by).get(kind, [])


def test_two_grids_claim_one_document_or_one_address(app):
    one, other = with_document(qian.unit), with_document(BESIDE)
    homes = [household(grid, **ADDRESS) for grid in (qian.unit, BESIDE)]
    assert not shown(Kind.DOCUMENT), "not while somebody waits for the page"
    look()
    (people,), (addresses,) = shown(Kind.DOCUMENT), shown(Kind.HOUSEHOLD)
    assert f"/people/{one.id}/{other.id}" in people.url
    assert f"/households/{homes[0].id}/{homes[1].id}" in addresses.url
    assert BESIDE in people.evidence
    assert shown(Kind.DOCUMENT, wang)
    assert not shown(Kind.DOCUMENT, qian), "within one grid there is one of them"
    assert not shown(Kind.DOCUMENT, sun)
    with acting_as(wang):
        duplicates.not_same(db.session.get_one(Resident, one.id), db.session.get_one(Resident, other.id))
        duplicates.not_same(*(db.session.get_one(Household, home.id) for home in homes))
        db.session.commit()
    assert not {Kind.DOCUMENT, Kind.HOUSEHOLD} & set(found()), "told apart since"
    look()
    assert every(Doubt) == []


def test_who_has_two_records_in_two_communities_is_seen_by_who_sees_both(app):
    with_document(qian.unit), with_document(AWAY)
    look()
    (row,) = every(Doubt)
    assert row.unit_id == unit("重阳街道").id
    assert shown(Kind.DOCUMENT)
    assert not shown(Kind.DOCUMENT, wang)


def test_one_grid_with_a_document_twice_is_a_duplicate_not_a_contradiction(app):
    with_document(qian.unit), with_document(qian.unit)
    look()
    assert every(Doubt) == []


def test_many_of_one_are_as_many_pairs_as_there_are_more_than_one(app):
    people = [with_document(grid) for grid in (qian.unit, qian.unit, BESIDE, AWAY)]
    look()
    pairs = {(row.record_id, row.other_id) for row in every(Doubt)}
    assert pairs == {(people[0].id, people[2].id), (people[0].id, people[3].id)}
    with acting_as(wang):
        duplicates.not_same(*(db.session.get_one(Resident, people[place].id) for place in (0, 2)))
        db.session.commit()
    look()
    pairs = {(row.record_id, row.other_id) for row in every(Doubt)}
    assert pairs == {(people[1].id, people[2].id), (people[0].id, people[3].id)}


def test_what_was_put_right_meanwhile_is_not_shown(app):
    one, other = with_document(qian.unit), with_document(BESIDE)
    look()
    with acting_as(wang):
        registry.record_as_left(db.session.get_one(Resident, other.id), "已迁走")
        db.session.commit()
    assert not shown(Kind.DOCUMENT)
    with acting_as(wang):
        registry.record_as_back(db.session.get_one(Resident, other.id))
        duplicates.merge(db.session.get_one(Resident, one.id), db.session.get_one(Resident, other.id))
        db.session.commit()
    assert not shown(Kind.DOCUMENT)


def test_fourteen_identical_temperatures(app):
    world.order()
    isolation_id = isolations.isolated(starts=hour(0, days=-8))
    for days in range(-7, 0):
        isolations.check(isolation_id, hour(8, days=days), 365)
        isolations.check(isolation_id, hour(16, days=days), 365)
    look()
    (line,) = shown(Kind.ALIKE)
    assert line.url == f"/isolations/{isolation_id}"
    assert "36.5" in line.evidence
    assert not shown(Kind.ALIKE, sun)
    isolations.check(isolation_id, hour(8), 366)
    assert not shown(Kind.ALIKE), "by now another one was measured"
    with acting_as(wang):
        isolating.strike_out(db.session.get_one(Isolation, isolation_id), "登记错误")
        db.session.commit()
    assert not shown(Kind.ALIKE)


def test_it_says_when_it_looked_and_that_nobody_has(app, desk):
    assert desk.visit("brief.index", as_=li).has("nobody has looked yet")
    with acting_as(li):
        assert doubts.sought_at(own_place()) is None
    look()
    look()
    assert desk.visit("brief.index", as_=wang).has("as of today 10:00")
    with acting_as(sun):
        assert looks.brief().sought_at is not None


def test_the_worker_looks_every_day(app):
    app.extensions.pop(daily.NEXT, None)
    before = now()
    daily.do_what_is_due()
    with acting_as(li):
        sought = doubts.sought_at(own_place())
    assert sought is not None
    assert sought >= before


@pytest.mark.parametrize(("how_many", "more"), [(10, False), (11, True)])
def test_ten_are_shown_and_where_all_of_them_are(app, desk, how_many, more):
    for number in range(how_many):
        for grid in (qian.unit, BESIDE):
            household(grid, **(ADDRESS | {"room": str(200 + number)}))
    look()
    with acting_as(li):
        (told,) = looks.brief().findings
    assert (len(told.lines), told.more) == (10, more)
    page = desk.visit("brief.index", as_=li)
    assert ("/registry/duplicates?by=address" in page.links()) is more
    text = desk.visit("brief.text", as_=li).tree.xpath("string(//textarea)")
    assert ("10条以上" in text) is more
