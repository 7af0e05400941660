"""Lists, several passes at once, new passes for old ones, paper, and what other pages show of passes."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.access.scope import everywhere
from portal.audit.models import AuditEntry
from portal.clock import now, today
from portal.database import db
from portal.passes import at_gates, replacing, rules, service
from portal.passes.facts import CodeProblem
from portal.passes.kinds import Kind, PassState, Shown
from portal.passes.models import Pass, Trip
from portal.passes.replacing import Changeover
from portal.passes.standing import shown_state
from portal.passes.verdicts import Direction, Reason
from portal.registry.models import HouseholdRestriction
from portal.units.models import Checkpoint
from portal.web.errors import Refused
from tests.factories import household, resident, restriction
from tests.passes.conftest import acting, acting_as, asked, row
from tests.people import li, qian, sun, unit, wang, zhao


def shown(pass_id: int) -> Shown:
    with everywhere(because="the test looks"):
        return shown_state(row(pass_id), now())


def gate() -> Checkpoint:
    return db.session.scalars(select(Checkpoint).where(Checkpoint.name == "北门")).one()


@pytest.fixture
def many(street, make):
    """Twenty-three issued passes of as many people in one house."""
    people = [resident(street.home, name=f"演示·王{one}") for one in range(23)]
    return [make(resident_id=person.id, holder_name=person.name) for person in people]


# ── lists ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_list_shows_twenty_and_the_older_ones_behind_a_link(many, visit):
    first = visit("passes.index", as_=wang, show="valid")
    assert first.has("Suspended") is False, "what waits for somebody is offered where something waits"
    rows = "count(//tbody/tr)"
    assert first.tree.xpath(rows) == 20
    older = next(link for link in first.links() if "before=" in link)
    assert visit(older, as_=wang).tree.xpath(rows) == 3
    strange = visit("passes.index", as_=sun, show="all")
    assert strange.tree.xpath(rows) == 0
    assert strange.has("Nothing here under “All”")


@pytest.mark.parametrize(
    ("show", "in_order"),
    [
        ("valid", lambda held: (held.valid_until, held.id)),
        ("returned", lambda held: (held.state == PassState.APPLIED, -held.changed_at.timestamp(), -held.id)),
        ("all", lambda held: (-held.changed_at.timestamp(), -held.id)),
    ],
)
def test_leafing_through_a_list_shows_each_pass_once_and_in_order(many, visit, show, in_order):
    with everywhere(because="the test makes them differ"):
        passes = db.session.scalars(select(Pass)).all()
        for number, held in enumerate(passes):
            held.valid_until += timedelta(minutes=number * 7 % 5)
            if show == "returned":
                held.state = PassState.DRAFT if number % 2 else PassState.APPLIED
                held.returned_because, held.created_by_id = "x", acting(zhao).account_id
        wanted = [f"/passes/{held.id}" for held in sorted(passes, key=in_order)]
        db.session.commit()
    page = visit("passes.index", as_=zhao, show=show)
    older = next(link for link in page.links() if "before=" in link)
    pages = (page, visit(older, as_=zhao))
    assert [link for page in pages for link in page.tree.xpath("//tbody//a/@href")] == wanted


def test_each_filter_holds_what_its_name_says(street, make, visit):
    """A pass that expires, one that a restriction suspends, one whose order has ended."""
    from portal.orders.models import Order

    expiring = make(valid_until=now() + timedelta(minutes=10))
    assert visit("passes.index", as_=wang, show="expiring").has("Expiring 1 Valid Revoked All")
    assert shown(expiring) is Shown.EXPIRING
    stopped = restriction(street.home)
    assert visit("passes.index", as_=wang, show="suspended").has("Suspended 1")
    with everywhere(because="the test lifts"):
        db.session.get_one(HouseholdRestriction, stopped.id).lifted_at = now()
        db.session.get_one(Order, street.order.id).ended_at = now()
        db.session.commit()
    nothing = visit("passes.index", as_=wang, show="valid")
    assert nothing.has("Nothing here under “Valid”")
    assert shown(expiring) is Shown.ORDER_ENDED


def test_the_search_finds_by_name_address_and_serial(many, street, visit):
    page = visit("passes.index", as_=wang)
    assert page.send("Find", q="王7").has("王*")
    assert page.send("Find", q=row(many[0]).serial).tree.xpath("count(//tbody/tr)") == 1
    assert page.send("Find", q=street.home.room).tree.xpath("count(//tbody/tr)") == 23
    assert page.send("Find", q="%").has("No pass was found")
    assert visit("passes.index", as_=sun).send("Find", q="王").has("No pass was found")


def test_each_role_sees_first_what_it_has_to_do(make, visit):
    make("draft")
    for person, current in (
        (qian, "Draft 1"),
        (zhao, "Waiting for endorsement 0"),
        (wang, "Waiting for issue 0"),
    ):
        page = visit("passes.index", as_=person)
        assert (
            " ".join(page.tree.xpath("string(//a[@aria-current='page' and ancestor::main])").split())
            == current
        )


def test_today_names_what_waits(make, app):
    from portal.passes.todo import todo

    make("applied")
    for person, number in ((zhao, 1), (wang, 0), (qian, 0)):
        with acting_as(app, person):
            assert [line.count for line in todo()] == [1] * number


def test_the_household_shows_its_passes(make, street, visit):
    make()
    page = visit("registry.show", as_=wang, household_id=street.home.id, unmasked=True)
    assert page.has("001-000001-")
    assert page.has("Revoke all of them")


# ── several at once ──────────────────────────────────────────────────────────────────────────────────────────────


def test_those_ticked_are_issued_and_the_others_stay_with_their_reason(app, street, make, visit):
    good, bad = make("endorsed"), make("endorsed", resident_id=street.wife.id, holder_name=street.wife.name)
    with acting_as(app, wang):
        service.return_(db.session.get_one(Pass, bad), "look again")
    page = visit("passes.index", as_=wang, show="endorsed").send(
        "Issue those ticked", status=200, pass_id=[str(good), str(bad)]
    )
    assert page.has("issued: 1, not issued: 1")
    assert page.has("演示·wang was first")
    assert row(good).state is PassState.ISSUED
    assert row(bad).state is PassState.APPLIED


def test_those_ticked_are_revoked_for_one_reason(many, visit):
    ticked = [str(one) for one in many[:5]]
    page = visit("passes.index", as_=wang, show="valid").send(
        "Revoke those ticked…", status=200, pass_id=ticked
    )
    page.send("Revoke", status=422)
    page.send("Revoke", words="the gate was moved")
    assert {row(one).state for one in many[:5]} == {PassState.REVOKED}
    assert row(many[5]).state is PassState.ISSUED


def test_a_households_passes_are_revoked_together(many, street, visit):
    page = visit("passes.revoke_household", as_=wang, household_id=street.home.id)
    page.send("Revoke all of them", common="Rule was broken")
    assert {row(one).state for one in many} == {PassState.REVOKED}
    empty = visit("passes.revoke_household", as_=wang, household_id=street.home.id)
    assert empty.has("no issued pass")


# ── new for old ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_reissue_kills_the_old_serial_number(make, app, visit):
    old_id = make()
    old_code = row(old_id).code
    new = visit("passes.reissue", as_=wang, pass_id=old_id).send("Re-issue", common="Lost")
    assert new.heading.startswith("001-000002-")
    old = row(old_id)
    assert (old.state, old.replaced) == (PassState.REVOKED, True)
    assert shown(old_id) is Shown.REPLACED
    with everywhere(because="a gate looks"):
        found = at_gates.lookup(old_code)
        assert (
            rules.decide(at_gates.gate_facts(found, now(), Direction.EXIT, gate().id)).reason
            is Reason.REPLACED
        )
    visit("passes.show", as_=qian, pass_id=old_id)


def test_the_commander_extends_at_once_and_the_grid_member_by_applying(make, visit):
    last = today() + timedelta(days=3)
    first_id = make()
    extended = visit("passes.extend", as_=wang, pass_id=first_id).send(
        "Issue the extension", last_day=last.isoformat()
    )
    assert extended.has("Former pass")
    assert shown(first_id) is Shown.REPLACED
    second_id = int(extended.url.rsplit("/", 1)[1])
    application = visit("passes.extend", as_=qian, pass_id=second_id).send("Send for endorsement")
    assert shown(second_id) is not Shown.REPLACED
    visit(application.url, as_=zhao).send("Endorse")
    visit(application.url, as_=wang).send("Issue")
    assert shown(second_id) is Shown.REPLACED


def test_an_extension_beyond_the_rule_is_refused(make, visit):
    too_late = (today() + timedelta(days=10)).isoformat()
    page = visit("passes.extend", as_=wang, pass_id=make()).send(
        "Issue the extension", status=422, last_day=too_late
    )
    assert page.has("Choose a date from")


def test_a_changeover_ends_other_series_at_its_hour(street, make, app, visit):
    old = make()
    page = visit("passes.series", as_=wang)
    values = {
        "series": "b",
        "day": (today() + timedelta(days=0)).isoformat(),
        "at": "23:59",
        "reason": "forged",
    }
    effect = page.send("See the effect", status=200, **values)
    assert effect.has("only series B is valid")
    assert row(old).series_ends_at is None
    effect.send("Start the new series")
    assert row(old).series_ends_at is not None
    new = make(resident_id=street.wife.id, holder_name=street.wife.name)
    assert (row(new).series, row(new).series_ends_at) == ("B", None)
    with everywhere(because="the test looks"):
        later = row(old).series_ends_at
        assert shown_state(row(old), later) in (Shown.SERIES_ENDED, Shown.EXPIRED)


def test_a_changeover_of_one_kind_leaves_the_others_and_the_neighbours(street, make, app):
    errand, work = make(), make(kind=Kind.WORK)
    with acting_as(app, wang):
        ended = replacing.change_series(
            Changeover(unit("豫苑社区").id, "C", Kind.WORK, now() + timedelta(minutes=1), "new papers")
        )
    assert ended == 1
    assert row(errand).series_ends_at is None
    assert row(work).series_ends_at is not None


def test_a_changeover_in_the_past_is_refused(street, visit):
    values = {"series": "B", "day": today().isoformat(), "at": "00:00", "reason": "late"}
    assert (
        visit("passes.series", as_=wang)
        .send("See the effect", status=422, **values)
        .has("choose a later one")
    )
    assert (
        visit("passes.series", as_=wang)
        .send("See the effect", status=422, **(values | {"series": "é"}))
        .has("A to Z")
    )


# ── paper ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_copy_is_counted_and_stands_in_the_trail(make, visit):
    pass_id = make()
    page = visit("passes.print_one", as_=wang, pass_id=pass_id)
    for _copy in range(2):
        paper = page.send("Make the PDF", status=200, layout="cards")
        assert paper.mimetype == "application/pdf"
        page = visit("passes.print_one", as_=wang, pass_id=pass_id)
    assert row(pass_id).copies == 2
    with everywhere(because="the test looks"):
        printed = db.session.scalars(select(AuditEntry.details).where(AuditEntry.action == "pass.print"))
        assert sorted(details["copy"] for details in printed) == [1, 2]


def test_a_look_at_the_paper_counts_nothing(make, visit):
    pass_id = make()
    url = f"/passes/{pass_id}/print?as=page&layout="
    for layout in ("cards", "a5"):
        paper = visit(url + layout, as_=wang, limit=8_000)
        assert paper.has("演示·张三")
        assert paper.has("居民")
    assert paper.has("重阳街道豫苑社区作战指挥部")
    assert paper.has("北门") is bool(row(pass_id).checkpoint_ids)
    assert row(pass_id).copies == 0
    visit(f"/passes/{pass_id}/print", as_=qian, status=403)


def test_those_ticked_are_printed_as_one_document(many, visit):
    ticked = [str(one) for one in many[:12]]
    page = visit("passes.index", as_=wang, show="valid").send(
        "Print those ticked", status=200, pass_id=ticked
    )
    assert page.has("12 passes")
    assert (
        page.send("Make the PDF", status=200, layout="cards", counterfoil="y").mimetype == "application/pdf"
    )
    assert row(many[0]).copies == 1
    assert row(many[12]).copies == 0


def test_a_visitors_document_is_shown_for_a_reason_only(street, visit):
    form = visit("passes.new", as_=qian, household_id=street.home.id, kind="visitor")
    values = {"name": "演示·王五", "document_type": "passport", "document": "E12345678", "purpose": "care"}
    page = form.send("Send for endorsement", **values)
    assert "E12345678" not in page.source
    asking = visit("passes.reveal", as_=zhao, pass_id=1)
    asking.send("Show in full", status=422)
    full = asking.send("Show in full", status=200, common="Compare with the document")
    assert full.has("E12345678")
    assert full.response.headers["Cache-Control"] == "no-store"
    with everywhere(because="the test looks"):
        look = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "pass.reveal")).one()
        assert look.reason == "Compare with the document"
        assert "E1234" not in str(look.details)


# ── gates ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_gate_finds_a_pass_by_code_short_code_and_serial(make, app):
    held = row(make())
    with everywhere(because="a gate looks"):
        for text in (
            held.code,
            held.code.lower(),
            held.short_code,
            f"{held.short_code[:4]} {held.short_code[4:]}",
            held.serial,
        ):
            found = at_gates.lookup(text)
            assert (found.pass_ and found.pass_.id, found.problem) == (held.id, None), text
        assert at_gates.lookup(held.code[:-9]).problem is CodeProblem.DAMAGED
        assert at_gates.lookup("HC1:6BF").problem is CodeProblem.FOREIGN
        assert at_gates.lookup("x" * 2000).problem is CodeProblem.FOREIGN
        assert at_gates.lookup("22222229").problem in (CodeProblem.UNKNOWN, CodeProblem.FOREIGN)


def test_trips_count_for_the_household_and_survive_a_reissue(street, make, app):
    zhangs, wifes = make(), make(resident_id=street.wife.id, holder_name=street.wife.name)
    with everywhere(because="a gate records"):
        at_gates.record_exit(db.session.get_one(Pass, zhangs), now(), gate())
        db.session.commit()
        with pytest.raises(Refused, match="already on its way"):
            at_gates.record_exit(db.session.get_one(Pass, zhangs), now(), gate())
        db.session.rollback()
        facts = at_gates.gate_facts(at_gates.lookup(row(wifes).serial), now(), None, gate().id)
        assert rules.decide(facts).reason is Reason.QUOTA_USED
    with acting_as(app, wang):
        new_id = replacing.reissue(db.session.get_one(Pass, zhangs), "lost").id
    with everywhere(because="a gate records"):
        trip = at_gates.record_entry(db.session.get_one(Pass, new_id), now(), gate())
        assert trip.in_at is not None
        assert trip.pass_id == new_id
        with pytest.raises(Refused, match="not recorded"):
            at_gates.record_entry(db.session.get_one(Pass, new_id), now(), gate())


def test_a_visit_begins_with_an_entry(make, app):
    pass_id = make(
        kind=Kind.VISITOR,
        resident_id=None,
        holder_name="演示·客",
        holder_document="E12345678",
        valid_until=now() + timedelta(hours=5),
    )
    with everywhere(because="a gate records"):
        at_gates.record_entry(db.session.get_one(Pass, pass_id), now(), gate())
        ended = at_gates.record_exit(db.session.get_one(Pass, pass_id), now(), gate())
        assert ended.in_at is not None
        assert len(db.session.scalars(select(Trip)).all()) == 1


def test_a_household_that_moves_takes_its_passes_along(street, make, app):
    from portal.registry.models import Household
    from portal.registry.service import change_household

    pass_id = make()
    with acting_as(app, wang):
        home = db.session.get_one(Household, street.home.id)
        change_household(home, unit("豫苑社区三组一格").id, compound="3号院", room="1")
    with acting_as(app, qian):
        assert db.session.get(Pass, pass_id) is None
    assert row(pass_id).unit_id == unit("豫苑社区三组一格").id


def test_issuing_gives_every_community_its_own_numbers(street, make, app):
    first = row(make())
    other_home = household("建设路社区一组一格")
    person = resident(other_home)
    with acting_as(app, li):
        draft = service.draft(
            asked(street, unit_id=other_home.unit_id, household_id=other_home.id, resident_id=person.id)
        )
        other_id = draft.id
    with acting_as(app, sun), pytest.raises(Refused):
        service.issue(db.session.get_one(Pass, other_id))
    assert first.serial.startswith("001-000001-")
    assert first.status_index == 1
