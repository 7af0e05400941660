"""One pass from the door to its end, as people see it."""

import pytest

from portal.passes.kinds import Kind, PassState
from tests.passes.conftest import row
from tests.people import an, li, qian, sun, wang, wu, zhao


def test_a_pass_from_the_door_to_its_end(street, visit):
    form = visit("passes.new", as_=qian, household_id=street.home.id)
    assert form.has("3号院")
    assert form.has("Each household every 2 days 1 person 1 trip")
    application = form.send("Send for endorsement", who=str(street.zhang.id), purpose="shopping")
    assert application.has("Waiting for endorsement")
    assert "张三" not in application.text

    waiting = visit("passes.index", as_=zhao)
    assert waiting.has("演示·张*")
    assert waiting.has("Food and medicine")
    endorsed = visit(application.url, as_=zhao).send("Endorse")
    assert endorsed.has("Waiting for issue")
    assert endorsed.has("Applied for")

    issued = visit(application.url, as_=wang).send("Issue")
    assert issued.heading.startswith("001-000001-")
    assert issued.has("Valid")

    revoked = visit("passes.revoke", as_=wang, pass_id=1).send(
        "Revoke", common="Lent or copied", words="twice"
    )
    assert revoked.has("Revoked")
    assert revoked.has("Lent or copied: twice")
    assert visit(application.url, as_=qian).has("Lent or copied: twice")


PAGES = (
    ("index", wang, "issued"),
    ("show", wang, "issued"),
    ("show", zhao, "applied"),
    ("edit", qian, "draft"),
    ("extend", wang, "issued"),
    ("extend", qian, "issued"),
    ("return_to_applicant", zhao, "applied"),
    ("return_to_team", wang, "endorsed"),
    ("reject", wang, "endorsed"),
    ("revoke", wang, "issued"),
    ("reissue", wang, "issued"),
    ("take_back", qian, "issued"),
    ("print_one", wang, "issued"),
    ("series", wang, "issued"),
)


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
@pytest.mark.parametrize(("endpoint", "person", "state"), PAGES, ids=str)
def test_every_page_in_both_languages(endpoint, person, state, language, make, visit):
    pass_id = make(state)
    values = {} if endpoint in ("index", "series") else {"pass_id": pass_id}
    visit(f"passes.{endpoint}", as_=person, language=language, **values)


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_can_be_applied_for_in_chinese(kind, street, visit):
    visit("passes.new", as_=qian, household_id=street.home.id, kind=kind.value, language="zh_Hans")


def test_staff_and_vehicles_need_no_household(street, visit):
    person = {
        "name": "演示·值守员",
        "document_type": "other",
        "document": "G12345",
        "employer": "豫苑社区志愿服务队",
    }
    form = visit("passes.new", as_=qian)
    assert form.send("Send for endorsement", purpose="volunteering", **person).has("豫苑社区志愿服务队")
    form = visit("passes.new", as_=qian, kind="vehicle")
    sent = form.send("Send for endorsement", plate="豫Q·D3127", route="豫苑社区至粮库", **person)
    assert sent.has("豫Q·D3**7")


def test_whoever_changes_an_application_has_applied_too(make, visit):
    pass_id = make("draft")
    changed = visit("passes.edit", as_=zhao, pass_id=pass_id).send("Send for endorsement", purpose="doctor")
    assert "Endorse" not in changed.buttons()


def test_a_reason_reaches_the_other_side_and_the_application_can_be_mended(make, visit):
    pass_id = make("applied")
    reason = visit("passes.return_to_applicant", as_=zhao, pass_id=pass_id)
    reason.send("Return", status=422)
    reason.send("Return", common="Dates are wrong")
    assert visit("passes.index", as_=qian).has("演示·张*")
    mending = visit("passes.edit", as_=qian, pass_id=pass_id)
    assert mending.has("Dates are wrong")
    sent = mending.send("Send for endorsement", purpose="doctor", purpose_note="county hospital")
    assert sent.has("Seeing a doctor: county hospital")
    assert row(pass_id).state is PassState.APPLIED
    assert row(pass_id).returned_because == ""


def test_what_was_returned_is_on_today_of_whoever_has_to_mend_it(make, visit):
    pass_id = make("endorsed")
    visit("passes.return_to_team", as_=wang, pass_id=pass_id).send("Return", common="Dates are wrong")
    waiting = "Passes returned to you"
    assert visit("today.index", as_=zhao).has(waiting)
    visit("passes.return_to_applicant", as_=zhao, pass_id=pass_id).send("Return", common="Dates are wrong")
    assert visit("today.index", as_=qian).has(waiting)
    for person in (zhao, wang, li):
        assert not visit("today.index", as_=person).has(waiting)


def test_the_commander_returns_to_the_team_and_rejects(make, visit):
    pass_id = make("endorsed")
    visit("passes.return_to_team", as_=wang, pass_id=pass_id).send("Return", words="Why not errands?")
    assert row(pass_id).state is PassState.APPLIED
    assert visit("passes.show", as_=zhao, pass_id=pass_id).has("Why not errands?")
    visit("passes.reject", as_=wang, pass_id=pass_id).send("Reject", common="Untrue")
    assert row(pass_id).state is PassState.REJECTED


def test_a_draft_waits_until_it_is_sent(street, visit):
    form = visit("passes.new", as_=qian, household_id=street.home.id)
    draft = form.send("Save as draft", who=str(street.zhang.id))
    assert draft.has("Draft")
    assert draft.send("Send for endorsement").has("Waiting for endorsement")


def test_the_office_issues_at_once_but_not_its_own(street, make, visit):
    issued = visit("passes.show", as_=li, pass_id=make("draft")).send("Issue at once")
    assert issued.has("Valid")
    form = visit("passes.new", as_=li, household_id=street.home.id)
    own = form.send("Send for endorsement", who=str(street.wife.id))
    assert own.has("You applied for this pass yourself")
    assert "Issue at once" not in own.buttons()


def test_handed_back(make, visit):
    page = visit("passes.take_back", as_=qian, pass_id=make())
    assert page.send("Record as handed back").has("Handed back")


@pytest.mark.parametrize("endpoint", ["show", "edit", "extend", "revoke", "print_one", "reveal"])
def test_strangers_find_nothing(endpoint, make, visit):
    pass_id = make()
    visit(f"passes.{endpoint}", as_=sun, pass_id=pass_id, status=404)
    visit("passes.show", as_=wu, pass_id=pass_id, status=404)


def test_a_household_of_another_community_in_the_address(street, visit):
    visit("passes.new", as_=wu, household_id=street.home.id, status=404)


def test_the_auditor_sees_masked_and_changes_nothing(make, visit, post):
    pass_id = make()
    page = visit("passes.show", as_=an, pass_id=pass_id)
    assert page.has("演示·张*")
    assert "张三" not in page.source
    assert "Show in full" not in page.text
    visit("passes.index", as_=an)
    post("passes.revoke", as_=an, pass_id=pass_id, data={"words": "x"}, status=403)
    post("passes.endorse", as_=an, pass_id=pass_id, status=403)


def test_every_step_stands_in_the_trail(make, app):
    from sqlalchemy import select

    from portal.access.scope import everywhere
    from portal.audit.models import AuditEntry
    from portal.database import db

    make()
    with everywhere(because="the test looks"):
        actions = list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))
    assert [action for action in actions if action.startswith("pass.")] == [
        "pass.draft",
        "pass.apply",
        "pass.endorse",
        "pass.issue",
    ]
