"""The morning brief: what changed, who has not reported, contradictions with their evidence, and nobody's name."""

from datetime import timedelta

import pytest

from portal.access.acting import own_place
from portal.access.scope import everywhere
from portal.assessments.brief import contradictions, looks, records, wording
from portal.assessments.brief.evidence import MOST
from portal.assessments.brief.kinds import Kind
from portal.assessments.kinds import Decision
from portal.clock import rehearsing
from portal.database import db
from portal.isolations.kinds import IsolationKind
from portal.passes.models import Trip
from portal.registry.models import Resident
from portal.reports.area import area as reports
from portal.reports.below import reports_below
from portal.reports.presets import PRESETS
from portal.screenings.keypersons import service as keypersons
from portal.screenings.models import KeyPerson
from portal.workflow import figures
from tests.assessments import world
from tests.assessments.world import acting_as, hour, person_of
from tests.isolations import world as isolations
from tests.people import an, li, qian, root, sun, unit, wang, wu, zhao
from tests.screenings import world as screenings

SINCE = hour(0, days=-1)
BESIDE = "豫苑社区三组一格"


def found(by=li):
    """{kind: findings} as somebody sees them."""
    with acting_as(by):
        return {one.kind: one.lines for one in contradictions.all_of(own_place(), SINCE)}


def left(person: Resident, at, **values) -> None:
    with everywhere(because="the test lets somebody leave a gate"):
        given = {"household_id": person.household_id, "resident_id": person.id, "unit_id": person.unit_id}
        db.session.add(Trip(**(given | values), out_at=at))
        db.session.commit()


def test_isolated_but_seen_leaving(app):
    world.order()
    person = isolations.somebody("演示·孟晓燕")
    isolation_id = isolations.isolated(person, starts=hour(8, days=-3))
    left(person, hour(9))
    (line,) = found()[Kind.LEFT]
    assert line.url == f"/isolations/{isolation_id}"
    assert "孟晓燕" not in line.what
    assert "09:00" in line.evidence
    assert Kind.LEFT in found(wang)
    assert Kind.LEFT not in found(sun)


@pytest.mark.parametrize(
    ("starts", "out", "kind", "whose"),
    [
        (hour(9, 30), hour(9), IsolationKind.HOME, "own"),  # before it began
        (hour(8, days=-3), hour(9, days=-2), IsolationKind.HOME, "own"),  # longer ago
        (hour(8, days=-3), hour(9), IsolationKind.MONITORING, "own"),  # who may go out
        (hour(8, days=-3), hour(9), IsolationKind.HOME, "other"),  # somebody else of the household
    ],
)
def test_what_is_no_contradiction(app, starts, out, kind, whose):
    world.order()
    person = isolations.somebody("演示·孟晓燕")
    other = isolations.beside(person)
    isolations.isolated(person, starts=starts, kind=kind)
    left(person if whose == "own" else other, out)
    assert Kind.LEFT not in found()


def test_closed_without_a_decision(app):
    world.order()
    undecided, decided = person_of(world.asked()).id, person_of(world.decided()).id
    with acting_as(li):
        for one in (undecided, decided):
            keypersons.close(db.session.get_one(KeyPerson, one), "期满")
        db.session.commit()
    (line,) = found()[Kind.UNDECIDED]
    assert line.url == f"/key-persons/{undecided}"
    with acting_as(qian):
        keypersons.reopen(db.session.get_one(KeyPerson, undecided), "新情况")
        db.session.commit()
    world.decided(Decision.NOTHING, world.latest(undecided))
    assert Kind.UNDECIDED not in found(), "by now somebody has decided"


def test_a_recheck_that_differs(app):
    world.order()
    home = screenings.family(3)
    round_ = screenings.screening(rechecks=1)
    screenings.knock(round_, home)
    screenings.knock(round_, home, zhao, again=True, marked=screenings.marked(home, temperature=378))
    (line,) = found()[Kind.RECHECK]
    assert "3 people, 1 of them" in line.evidence
    assert str(home.id) in line.url


def test_what_changed_since_yesterday(app):
    world.order(effective_from=hour(0, days=-5))
    with rehearsing(hour(15, days=-1)):
        world.decided()
    world.asked()
    with acting_as(li):
        changes = {one.figure.code: one for one in looks.brief().changes}
    decided = changes["assessments.decided"]
    assert (decided.earlier, decided.yesterday, decided.today, decided.change) == (0, 1, 0, "+1")
    waiting = changes["assessments.waiting"]
    assert (waiting.earlier, waiting.yesterday, waiting.today) == (0, 0, 1)
    assert waiting.url == "/assessments/?show=waiting"


def test_who_has_not_reported(app, monkeypatch):
    parameters = {("reports", "daily"): PRESETS[0].parameters}
    world.order(measures=world.MEASURES | parameters, effective_from=hour(0, days=-5))
    monkeypatch.setitem(reports.contributes, "reports_below", reports_below)
    with acting_as(li):
        brief = looks.brief()
        assert {one.name for one in brief.missing} == {"豫苑社区", "建设路社区"}
        assert brief.asked == 2
        assert "未报豫苑社区、建设路社区（应报2）" in wording.text(brief)


def test_page_sheet_and_text_name_nobody(app, desk):
    world.order()
    person = isolations.somebody("演示·孟晓燕")
    isolations.isolated(person, starts=hour(8, days=-3))
    left(person, hour(9))
    page = desk.visit("brief.index", as_=li)
    assert page.has("Isolated, but seen leaving through a gate")
    assert not page.has("孟晓燕")
    text = desk.visit("brief.text", as_=li).tree.xpath("string(//textarea)")
    assert text.startswith("【重阳街道】11月23日晨会简报（截至10:0")
    assert "孟" not in text
    sheet = desk.client(li).get("/morning-brief/print?as=page").get_data(as_text=True)
    assert "晨会简报" in sheet
    assert "孟晓燕" not in sheet


def test_who_sees_a_brief(app, desk):
    world.order()
    for person in (li, wang, qian, an, sun, wu):
        desk.visit("brief.index", as_=person)
    desk.visit("brief.index", as_=root, status=403)
    assert "/morning-brief/" in desk.visit("today.index", as_=li).links()
    assert "/morning-brief/" not in desk.visit("today.index", as_=qian).links()


def test_where_nothing_is_ordered_the_brief_is_quiet(app, desk):
    page = desk.visit("brief.index", as_=li)
    assert page.has("None was found.")
    assert "/morning-brief/" not in desk.visit("today.index", as_=li).links()
    assert unit("重阳街道").full_name in page.text


def test_many_lines_stay_on_one_page(app, desk):
    world.order()
    for number in range(12):
        person = isolations.somebody(f"演示·孟{number}")
        isolations.isolated(person, starts=hour(8, days=-3) + timedelta(minutes=number))
        left(person, hour(9))
    assert len(found()[Kind.LEFT]) == MOST
    token = desk.csrf_token(li)
    pdf = desk.client(li).post("/morning-brief/print", data={"csrf_token": token})
    assert pdf.mimetype == "application/pdf"
    assert pdf.data.count(b"/Type /Page\n") + pdf.data.count(b"/Type /Page/") <= 1


@pytest.mark.any_database
def test_figures_lead_to_filters_that_there_are(app, desk):
    with acting_as(li):
        addresses = {code: records.of(code) for code in figures.figures()}
    assert addresses["assessments.to_carry_out"] == "/assessments/?show=decided"
    assert addresses["screenings.total.contact"] == "/key-persons/?show=all&category=contact"
    for address in sorted({one for one in addresses.values() if "show=" in one and "category" not in one}):
        page = desk.visit(address, as_=li)
        chosen = page.tree.xpath("//*[@aria-current]/@href")
        assert any(address.split("?")[1] in one for one in chosen), f"{address} is no filter: {chosen}"
