"""A hand-over at the boundary between two communities, as both sides see it; and one on paper."""

import pytest
from sqlalchemy import select

from portal.access.scope import everywhere
from portal.audit.models import AuditEntry
from portal.clock import now
from portal.database import db
from portal.patrols.handovers import service as handovers_service
from portal.patrols.handovers.kinds import HandoverSide, HandoverState
from portal.patrols.handovers.models import Handover
from portal.patrols.handovers.service import Signature
from portal.patrols.kinds import PatrolKind, PatrolState
from portal.registry.identifiers import synthetic_id
from portal.web.errors import Refused
from tests.findings.world import a_patrol, acting_as
from tests.handovers.world import ELSEWHERE, a_handover, boundary_patrol, mirror_of, row, the
from tests.people import an, gu, li, qian, sun, wang, wu, zhao, zhou
from tests.printing.paper import texts

FACTS = "外来3人1车，已劝返至桥东。"
TYPED = {"place": "东沟桥", "at": "09:40", "people": "3", "vehicles": "1", "facts": FACTS}


def test_both_sides_of_a_boundary(visit):
    form = visit("handovers.new", as_=zhao, patrol_id=boundary_patrol())
    assert form.tree.xpath("//input[@name='neighbour']/@value") == ["建设路社区"]
    given = form.send("Hand over", **TYPED)
    assert given.heading == "Given to 建设路社区"
    assert given.has("Waits for the other side")
    assert given.has("豫苑巡交〔2026〕1号")
    assert "Acknowledge" not in given.buttons()

    assert visit("today.index", as_=sun).has("Hand-overs to acknowledge")
    waiting = visit("handovers.index", as_=sun)
    assert waiting.has("Received from 豫苑社区三组")
    received = visit("handovers.show", as_=sun, handover_id=mirror_of(1))
    assert received.has(FACTS)
    assert received.has("Waits for us")
    assert received.has("then acknowledge or dispute it")
    looked_at = visit("handovers.show", as_=an, handover_id=mirror_of(1))
    assert looked_at.has("Unit建设路社区")
    assert not looked_at.has("then acknowledge or dispute it"), "an auditor only looks"
    acknowledged = received.send("Acknowledge")
    assert acknowledged.has("演示·sun（建设路社区）")
    assert not visit("today.index", as_=sun).has("Hand-overs to acknowledge")

    mine = visit("handovers.show", as_=zhao, handover_id=1)
    assert mine.has("Acknowledged")
    assert mine.has("演示·sun（建设路社区）")
    assert [step_names(1), step_names(mirror_of(1))] == [
        ["handover.give", "handover.acknowledge"],
        ["handover.take_over", "handover.acknowledge"],
    ]


def step_names(handover_id: int) -> list[str]:
    with everywhere(because="the test looks"):
        about = (AuditEntry.subject == "handover", AuditEntry.subject_id == handover_id)
        return list(db.session.scalars(select(AuditEntry.action).where(*about).order_by(AuditEntry.id)))


def test_neither_side_sees_the_other_side_s_row(visit, post):
    handover_id = a_handover()
    mirror = mirror_of(handover_id)
    for person in (sun, zhou, wu):
        visit("handovers.show", as_=person, handover_id=handover_id, status=404)
    for person in (wang, zhao, qian):
        visit("handovers.show", as_=person, handover_id=mirror, status=404)
    for person in (zhou, wu):
        visit("handovers.show", as_=person, handover_id=mirror, status=404)
    page = visit("handovers.show", as_=sun, handover_id=mirror)
    assert not [link for link in page.links() if link.startswith(("/patrols/1", "/findings"))]
    patrol_id = row(handover_id).patrol_id
    visit("patrols.show", as_=sun, patrol_id=patrol_id, status=404)
    post(f"/handovers/{mirror}/acknowledge", as_=wang, status=404)
    visit("handovers.index", as_=gu, status=403)
    post(f"/handovers/{handover_id}/withdraw", as_=an, status=403)


def test_disputed_settled_and_acknowledged(visit):
    handover_id = a_handover()
    asked = visit("handovers.dispute", as_=sun, handover_id=mirror_of(handover_id))
    asked.send("Dispute", status=422)
    asked.send("Dispute", common="The numbers differ", words="只到2人")
    assert visit("today.index", as_=zhao).has("Hand-overs disputed by the neighbours")
    mine = visit("handovers.show", as_=zhao, handover_id=handover_id)
    assert mine.has("The numbers differ: 只到2人")
    visit("handovers.show", as_=sun, handover_id=mirror_of(handover_id)).send("Acknowledge")
    assert row(handover_id).state is HandoverState.ACKNOWLEDGED


def test_paper_where_the_other_side_has_no_portal(desk, visit):
    form = visit("handovers.new", as_=zhao, patrol_id=boundary_patrol(ELSEWHERE))
    given = form.send("Hand over", **TYPED)
    assert given.has("does not work with this portal")
    with everywhere(because="the test counts"):
        assert [one.side for one in db.session.scalars(select(Handover))] == [HandoverSide.GIVEN]
    made = given.send("Print the sheet", status=200)
    copies = texts(made.data)
    assert ["交出方存" in copies[0], "接收方存" in copies[1], len(copies)] == [True, True, 2]
    for copy in copies:
        for text in (
            "重阳街道豫苑社区三组先锋突击队",
            ELSEWHERE,
            FACTS,
            "3人",
            "1辆",
            "签名",
            "豫苑巡交〔2026〕1号",
        ):
            assert text in copy
    visit("handovers.acknowledge_on_paper", as_=zhao, handover_id=1).send(
        "Record the signed sheet", status=422, by="演示·蔡某", at="09:00"
    )
    signed = visit("handovers.acknowledge_on_paper", as_=zhao, handover_id=1).send(
        "Record the signed sheet", by="演示·蔡某", at="09:50"
    )
    assert signed.has("Acknowledged on paper")
    assert signed.has("演示·蔡某")
    assert "handover.print" in step_names(1)


def test_a_neighbour_typed_instead_gets_paper(visit):
    form = visit("handovers.new", as_=zhao, patrol_id=boundary_patrol())
    given = form.send("Hand over", **TYPED | {"neighbour": "洙湖镇派出所"})
    assert given.has("does not work with this portal")
    assert visit("handovers.index", as_=sun).has("Nothing here")


@pytest.mark.parametrize("unit", ["豫苑社区", "豫苑社区三组二格", "重阳街道"])
def test_one_s_own_line_is_no_neighbour(unit, visit):
    patrol_id = a_patrol("豫苑社区三组", kind=PatrolKind.BOUNDARY, neighbour=unit, neighbour_unit=unit)
    given = visit("handovers.new", as_=zhao, patrol_id=patrol_id).send("Hand over", **TYPED)
    assert given.has("does not work with this portal")


def test_a_unit_where_nobody_can_answer_gets_paper(visit):
    where = {"neighbour": "建设路社区一组", "neighbour_unit": "建设路社区一组"}
    patrol_id = a_patrol("豫苑社区三组", kind=PatrolKind.BOUNDARY, **where)
    given = visit("handovers.new", as_=zhao, patrol_id=patrol_id).send("Hand over", **TYPED)
    assert given.has("does not work with this portal")


def test_the_giver_may_have_it_signed_on_paper_all_the_same(visit):
    handover_id = a_handover(HandoverState.ON_PAPER)
    assert row(mirror_of(handover_id)).state is HandoverState.ON_PAPER
    assert visit("handovers.show", as_=sun, handover_id=mirror_of(handover_id)).has("演示·孙某")


def test_withdrawn_while_it_is_acknowledged_one_wins(app, visit):
    handover_id = a_handover()
    mirror = mirror_of(handover_id)
    open_page = visit("handovers.show", as_=sun, handover_id=mirror)
    withdrawing = visit("handovers.withdraw", as_=zhao, handover_id=handover_id)
    open_page.send("Acknowledge")
    lost = withdrawing.send("Withdraw", status=409, common="Entered by mistake")
    assert lost.has("the state is now “Acknowledged”")
    assert row(handover_id).state is row(mirror).state is HandoverState.ACKNOWLEDGED

    handover_id = a_handover()
    mirror = mirror_of(handover_id)
    open_page = visit("handovers.show", as_=sun, handover_id=mirror)
    visit("handovers.withdraw", as_=zhao, handover_id=handover_id).send(
        "Withdraw", common="Entered by mistake"
    )
    open_page.send("Acknowledge", status=409)
    assert row(handover_id).state is row(mirror).state is HandoverState.WITHDRAWN
    assert row(mirror).acknowledged_by == ""


def test_each_side_takes_its_own_steps(app, post):
    handover_id = a_handover()
    mirror = mirror_of(handover_id)
    post(f"/handovers/{handover_id}/acknowledge", as_=wang, status=409)
    post(f"/handovers/{mirror}/withdraw", as_=sun, data={"words": "x"}, status=409)
    with acting_as(sun), pytest.raises(Refused):
        handovers_service.acknowledge_on_paper(the(mirror), Signature("演示·孙某", now()))
    assert row(handover_id).state is HandoverState.GIVEN


def test_nobody_answers_for_both_sides(visit, post):
    """The office stands above both communities."""
    given = visit("handovers.new", as_=li, patrol_id=boundary_patrol()).send("Hand over", **TYPED)
    assert given.has("Waits for the other side")
    mirror = mirror_of(1)
    assert "Acknowledge" not in visit("handovers.show", as_=li, handover_id=mirror).buttons()
    assert post(f"/handovers/{mirror}/acknowledge", as_=li, status=409).has("yourself")
    visit("handovers.show", as_=sun, handover_id=mirror).send("Acknowledge")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"place": ""}, "Enter the place"),
        ({"neighbour": ""}, "Enter to whom"),
        ({"facts": ""}, "Enter what is handed over"),
        ({"facts": "字" * 501}, "use 500 characters or fewer"),
        ({"facts": f"其中一人{synthetic_id('411722', 5)}"}, "leave identity and phone numbers out"),
        ({"facts": "电话１５４００００００１１"}, "leave identity and phone numbers out"),
        ({"people": "-3"}, "from 0 to 100000"),
        ({"vehicles": "two"}, "whole number"),
        ({"at": "10:01"}, "Enter a time from"),
        ({"at": "07:00"}, "Enter a time from"),
    ],
    ids=str,
)
def test_what_is_wrong_is_said_and_nothing_is_written(typed, says, visit):
    form = visit("handovers.new", as_=zhao, patrol_id=boundary_patrol())
    assert says in form.send("Hand over", status=422, **TYPED | typed).text
    with everywhere(because="the test counts"):
        assert not list(db.session.scalars(select(Handover)))


def test_only_from_a_boundary_patrol_that_goes_on(visit):
    visit("handovers.new", as_=zhao, patrol_id=a_patrol("豫苑社区三组"), status=409)
    struck_out = boundary_patrol(state=PatrolState.VOID, ended_at=now())
    visit("handovers.new", as_=zhao, patrol_id=struck_out, status=409)
    visit("handovers.new", as_=zhou, patrol_id=boundary_patrol(), status=404)
    visit("handovers.new", as_=qian, patrol_id=boundary_patrol(), status=403)


def test_on_the_page_of_the_patrol(visit):
    patrol_id = boundary_patrol()
    assert visit("patrols.show", as_=zhao, patrol_id=patrol_id).has("Hand over to the neighbours")
    visit("handovers.new", as_=zhao, patrol_id=patrol_id).send("Hand over", **TYPED)
    shown = visit("patrols.show", as_=zhao, patrol_id=patrol_id)
    assert shown.has("建设路社区")
    assert shown.has("东沟桥, 3 people, 09:40")
    inside = visit("patrols.show", as_=qian, patrol_id=a_patrol())
    assert not inside.has("Hand-overs")


def test_markup_reaches_neither_side(visit):
    attack = '<img src=x hx-get="/logout" hx-trigger=load onerror=alert(1)>'
    typed = TYPED | {"place": attack, "facts": attack}
    visit("handovers.new", as_=zhao, patrol_id=boundary_patrol()).send("Hand over", **typed)
    pages = [
        visit("handovers.show", as_=sun, handover_id=mirror_of(1)),
        visit("handovers.index", as_=sun),
        visit("handovers.index", as_=zhao, show="all"),
    ]
    for page in pages:
        assert page.has(attack)
        assert not page.tree.xpath("//main//img|//*[@hx-trigger]|//*[@onerror]")


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_every_page_in_both_languages(language, visit):
    handover_id = a_handover()
    visit("handovers.new", as_=zhao, language=language, patrol_id=boundary_patrol())
    for endpoint in ("show", "withdraw", "acknowledge_on_paper"):
        visit(f"handovers.{endpoint}", as_=zhao, language=language, handover_id=handover_id)
    for endpoint in ("show", "dispute"):
        visit(f"handovers.{endpoint}", as_=sun, language=language, handover_id=mirror_of(handover_id))
    for show in ("to_answer", "disputed", "waiting", "all"):
        visit("handovers.index", as_=an, language=language, show=show)
    visit("today.index", as_=sun, language=language)


def test_twenty_a_page(visit):
    for _number in range(22):
        a_handover(neighbour=ELSEWHERE)
    first = visit("handovers.index", as_=zhao, show="all")
    assert len(first.tree.xpath("//tbody/tr")) == 20
    older = visit(first.tree.xpath("string(//p[@class='older']/a/@href)"), as_=zhao)
    assert len(older.tree.xpath("//tbody/tr")) == 2


def test_on_the_screen(post):
    page = post(f"/handovers/{a_handover()}/print?as=page", as_=zhao, status=200)
    assert page.has(FACTS)
