"""Routes: added, changed and closed by whoever plans; at a boundary next to a unit of the tree, or to a name."""

import pytest
from sqlalchemy import select

from portal.access.scope import everywhere
from portal.database import db
from portal.patrols.kinds import PatrolKind
from portal.patrols.models import PatrolRoute
from tests.patrols.world import POINTS, order, patrol, route
from tests.people import an, li, qian, sun, unit, wang, zhao

TYPED = {"name": "东线", "points": "\n".join(POINTS)}


def routes() -> list[PatrolRoute]:
    with everywhere(because="the test looks"):
        db.session.rollback()
        return list(db.session.scalars(select(PatrolRoute).order_by(PatrolRoute.id)))


def test_a_route_is_laid_down_and_walked(app, visit):
    order()
    form = visit("patrols.new_route", as_=wang)
    listed = form.send("Save", **TYPED, hours=["720", "1200"])
    assert listed.has("12:00, 20:00, 3 points")
    assert visit("patrols.index", as_=qian).has("东线")
    assert routes()[0].points == POINTS


def test_a_route_of_a_group_below(app, visit):
    order()
    group = unit("豫苑社区三组")
    visit("patrols.new_route", as_=wang).send("Save", **TYPED, unit_id=str(group.id))
    assert visit("patrols.routes", as_=zhao).has("豫苑社区三组")
    beside = unit("建设路社区")
    page = visit("patrols.new_route", as_=wang).send("Save", status=422, **TYPED, unit_id=str(beside.id))
    assert page.has("Choose one of those offered")


def test_a_boundary_lies_next_to_a_unit_or_to_a_name(app, visit):
    order()
    beside = unit("建设路社区")
    form = visit("patrols.new_route", as_=wang)
    assert form.send("Save", status=422, **TYPED, kind="boundary").has(
        "Choose the neighbour, or write its name"
    )
    form.send("Save", **TYPED, kind="boundary", neighbour_id=str(beside.id))
    visit("patrols.new_route", as_=wang).send("Save", **TYPED, kind="boundary", neighbour="建设路社区")
    visit("patrols.new_route", as_=wang).send("Save", **TYPED, kind="boundary", neighbour="邻县某镇")
    assert [(one.neighbour, one.neighbour_id) for one in routes()] == [
        ("建设路社区", beside.id), ("建设路社区", beside.id), ("邻县某镇", None),
    ]  # fmt: skip
    form = visit("patrols.change_route", as_=wang, route_id=routes()[0].id)
    form.send("Save", neighbour_id="", neighbour="邻县某镇")
    assert (routes()[0].neighbour, routes()[0].neighbour_id) == ("邻县某镇", None)


def test_a_community_route_has_no_neighbour(app, visit):
    order()
    visit("patrols.new_route", as_=wang).send("Save", **TYPED, neighbour="建设路社区")
    assert (routes()[0].neighbour, routes()[0].neighbour_id) == ("", None)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"name": ""}, "Enter the name of the route"),
        ({"name": "长" * 61}, "use 60 characters or fewer"),
        ({"points": "长" * 61}, "Use 60 characters a line or fewer"),
        ({"points": "\n".join(map(str, range(31)))}, "Write 30 lines or fewer"),
        ({"hours": "7"}, "Choose one of those offered"),
        ({"kind": "aerial"}, "Choose one of those offered"),
        ({"kind": "boundary", "neighbour_id": "9999"}, "Choose one of those offered"),
    ],
)
def test_what_cannot_be(app, visit, changed, sentence):
    order()
    page = visit("patrols.new_route", as_=wang).send("Save", status=422, **TYPED | changed)
    assert page.has(sentence)
    assert routes() == []


def test_hours_that_no_order_has_are_refused(app, visit):
    order()
    way = route(hours=[7 * 60])
    form = visit("patrols.change_route", as_=wang, route_id=way.id)
    assert form.send("Save", status=422).has("The order has rounds at 09:00")


def test_a_route_without_an_order_has_no_hours_yet(app, visit):
    form = visit("patrols.new_route", as_=wang)
    assert not form.tree.xpath("//*[@name='hours']")
    form.send("Save", **TYPED)
    assert routes()[0].hours == []


def test_a_closed_route_is_walked_no_more_and_its_logs_stay(app, visit):
    order()
    way = route()
    logged = patrol(way=way)
    form = visit("patrols.close_route", as_=wang, route_id=way.id)
    assert form.send("Close the route", status=422).has("Choose a reason or write one")
    closed = form.send("Close the route", words="改走南线")
    assert closed.has("Route closed")
    assert not closed.has("北线")
    visit("patrols.change_route", as_=wang, route_id=way.id, status=409)
    assert visit("patrols.show", as_=zhao, patrol_id=logged).heading == "北线"


def test_points_changed_later_leave_a_log_as_it_was_walked(app, visit):
    order()
    way = route()
    logged = patrol(way=way)
    visit("patrols.change_route", as_=wang, route_id=way.id).send("Save", points="南门")
    page = visit("patrols.show", as_=zhao, patrol_id=logged)
    assert page.has("1 point passed, of 3")
    assert not page.has("南门")


def test_who_may_change_which_route(app, visit):
    order()
    street, own = route("重阳街道", name="街道线"), route()
    listed = visit("patrols.routes", as_=wang)
    assert f"/patrols/routes/{own.id}/edit" in listed.links()
    assert f"/patrols/routes/{street.id}/edit" not in listed.links()
    visit("patrols.change_route", as_=wang, route_id=street.id, status=404)
    visit("patrols.change_route", as_=sun, route_id=own.id, status=404)
    visit("patrols.change_route", as_=zhao, route_id=own.id, status=403)
    visit("patrols.new_route", as_=an, status=403)
    assert visit("patrols.change_route", as_=li, route_id=own.id).heading == "Change the route"


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_every_page_in_both_languages(app, visit, language):
    order()
    border = route(kind=PatrolKind.BOUNDARY, neighbour="邻县某镇")
    visit("patrols.routes", as_=wang, language=language)
    visit("patrols.new_route", as_=li, language=language)
    for endpoint in ("change_route", "close_route"):
        visit(f"patrols.{endpoint}", as_=wang, language=language, route_id=border.id)
