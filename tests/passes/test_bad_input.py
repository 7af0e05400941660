"""What people get wrong, and what the pages say to it: a sentence that says what to do, and nothing half written."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.access.scope import everywhere
from portal.clock import now, today
from portal.database import db
from portal.passes.kinds import Kind, PassState
from portal.passes.models import Pass
from portal.registry.restrictions import RestrictionKind
from portal.workflow.models import Counter
from tests.factories import household, order_in_force, resident, restriction
from tests.passes.conftest import RULES, acting_as, asked, measures, row
from tests.people import li, qian, wang, zhao

pytestmark = pytest.mark.any_database


def how_many() -> int:
    with everywhere(because="the test counts"):
        return db.session.scalar(select(func.count()).select_from(select(Pass.id).subquery()))


def test_without_an_order_there_are_no_passes_and_the_page_says_why(app, visit, post):
    home = household()
    resident(home)
    page = visit("passes.new", as_=qian, household_id=home.id)
    assert page.has("There is no order in force")
    assert "Send for endorsement" not in page.buttons()
    post("passes.new", as_=qian, household_id=home.id, data={"who": "1"}, status=409)
    assert how_many() == 0


def test_an_order_without_a_rule_for_the_kind_offers_other_kinds_only(app, visit):
    order_in_force(measures=measures({Kind.WORK: RULES[Kind.WORK]}))
    home = household()
    resident(home)
    page = visit("passes.new", as_=qian, household_id=home.id, kind="special")
    assert page.has("Work resumption")
    assert not page.has("Special")


def test_nothing_chosen(street, visit):
    form = visit("passes.new", as_=qian, household_id=street.home.id)
    page = form.send("Send for endorsement", status=422, gates=None, hours=None)
    assert page.has("Choose who the pass is for")
    assert page.has("Choose the gates")
    assert page.has("Choose the hours")
    assert how_many() == 0


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ((2, 1), "The last day is before the first"),
        ((-1, 1), "Choose a date from"),
        ((0, 8), "A pass of this kind is valid for 7 days at most"),
        ((0, 40), "Choose a date from"),
    ],
    ids=["wrong order", "yesterday", "too long", "after the order"],
)
def test_wrong_days(street, visit, days, sentence):
    first, last = (today() + timedelta(days=offset) for offset in days)
    form = visit("passes.new", as_=qian, household_id=street.home.id)
    values = {"who": str(street.zhang.id), "first_day": first.isoformat(), "last_day": last.isoformat()}
    page = form.send("Send for endorsement", status=422, **values)
    assert page.has(sentence)
    assert page.tree.xpath(f"//input[@name='last_day' and @value='{last.isoformat()}']"), (
        "what was typed comes back"
    )
    assert how_many() == 0


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"hours": "480-2000"}, "Choose one of those offered"),
        ({"longest": "600"}, "Choose one of those offered"),
        ({"purpose": "funeral"}, "Choose one of those offered"),
        ({"purpose": "other"}, "Enter what the pass is for"),
        ({"gates": "99"}, "Choose one of those offered"),
        ({"who": "99"}, "Choose one of those offered"),
        ({"purpose_note": "长" * 61}, "use 60 characters or fewer"),
    ],
)
def test_what_was_not_offered(street, visit, changed, sentence):
    form = visit("passes.new", as_=qian, household_id=street.home.id)
    page = form.send("Send for endorsement", status=422, **({"who": str(street.zhang.id)} | changed))
    assert page.has(sentence), page.text
    assert how_many() == 0


def test_a_service_refuses_what_no_form_offers(app, street):
    from portal.passes import service
    from portal.web.errors import Refused

    wrong = {
        "within those of the rule": {"hours": ((0, 1440),)},
        "allows 3 hours at most": {"max_minutes": 181},
        "gates at most": {"gates": tuple(range(1, 12))},
        "choose days within it": {
            "valid_from": now() + timedelta(days=30),
            "valid_until": now() + timedelta(days=31),
        },
        "These days are over": {
            "valid_from": now() - timedelta(days=3),
            "valid_until": now() - timedelta(days=2),
        },
        "what the pass is for": {"purpose": "exam"},
    }
    with acting_as(app, qian):
        for sentence, changed in wrong.items():
            with pytest.raises(Refused) as refused:
                service.draft(replace(asked(street), **changed))
            assert sentence in str(refused.value.sentence)
    assert how_many() == 0


def test_html_and_rare_characters_in_every_field(street, visit):
    form = visit("passes.new", as_=qian, household_id=street.home.id, kind="visitor")
    values = {
        "name": "𠅤<b>㛃",
        "document_type": "other",
        "document": "A<1>",
        "purpose": "other",
        "purpose_note": "<script>alert(1)</script>",
    }
    page = form.send("Send for endorsement", **values)
    assert "<script>alert" not in page.source
    assert page.has("<script>alert(1)</script>")
    assert page.has("𠅤*")


def test_a_name_of_sixty_characters(street, visit):
    form = visit("passes.new", as_=qian, household_id=street.home.id, kind="visitor")
    values = {"document_type": "other", "document": "A123456", "purpose": "care"}
    assert form.send("Send for endorsement", status=422, name="名" * 61, **values).has(
        "use 60 characters or fewer"
    )
    assert form.send("Send for endorsement", name="名" * 60, **values).has("Waiting for endorsement")


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"document": "411722199003070019"}, "compare the number with the card"),
        ({"document": "12"}, "Enter all 18 characters"),
        ({"document": ""}, "Enter the number of the document"),
        ({"name": ""}, "Enter the name"),
    ],
)
def test_wrong_visitors(street, visit, values, sentence):
    form = visit("passes.new", as_=qian, household_id=street.home.id, kind="visitor")
    page = form.send("Send for endorsement", status=422, **({"name": "演示·王五", "document": "x"} | values))
    assert page.has(sentence)


def test_plates(street, visit):
    form = visit("passes.new", as_=qian, household_id=street.home.id, kind="vehicle")
    values = {"who": str(street.zhang.id), "route": "豫苑社区至县医院", "purpose": "supplies"}
    assert form.send("Send for endorsement", status=422, plate="Q123", **values).has("Enter the whole plate")
    free = form.send("Send for endorsement", plate="红色电动车", no_ordinary_plate="y", **values)
    assert free.has("Waiting for endorsement")
    again = visit("passes.new", as_=qian, household_id=street.home.id, kind="vehicle")
    second = again.send(
        "Send for endorsement", status=422, plate="红色电动车", no_ordinary_plate="y", **values
    )
    assert second.has("applied for already"), "one vehicle, one pass"


def test_a_double_click_applies_once(street, visit):
    form = visit("passes.new", as_=qian, household_id=street.home.id)
    once = form.tree.xpath("string(//form[.//input[@name='who']]//input[@name='once']/@value)")
    first = form.send("Send for endorsement", who=str(street.zhang.id), once=once)
    second = form.send("Send for endorsement", who=str(street.zhang.id), once=once)
    assert first.url == second.url
    assert how_many() == 1


def test_the_same_person_is_not_given_two(street, visit):
    form = visit("passes.new", as_=qian, household_id=street.home.id)
    form.send("Send for endorsement", who=str(street.zhang.id))
    again = visit("passes.new", as_=qian, household_id=street.home.id)
    page = again.send("Send for endorsement", status=422, who=str(street.zhang.id))
    assert page.has("carry on with that application")
    assert how_many() == 1
    again.send("Send for endorsement", who=str(street.wife.id))


def test_a_restricted_household_is_told_what_and_what_to_do(street, visit):
    restriction(street.home, kind=RestrictionKind.ISOLATION)
    form = visit("passes.new", as_=qian, household_id=street.home.id)
    assert form.has("The household is restricted: Isolation, until it is lifted")
    page = form.send("Send for endorsement", status=422, who=str(street.zhang.id))
    assert page.has("as errands")
    assert how_many() == 0
    other = visit("passes.new", as_=qian, household_id=street.home.id, kind="special")
    other.send("Send for endorsement", who=str(street.zhang.id), purpose="illness")


def test_a_restriction_between_the_steps_stops_the_pass(street, make, visit):
    pass_id = make("endorsed")
    restriction(street.home)
    refused = visit("passes.show", as_=wang, pass_id=pass_id).send("Issue", status=409)
    assert refused.has("Returnee awaiting assessment")
    assert row(pass_id).state is PassState.ENDORSED
    assert row(pass_id).serial is None


def test_a_restriction_suspends_an_issued_pass(street, make, visit):
    pass_id = make()
    restriction(street.home, kind=RestrictionKind.ISOLATION)
    assert visit("passes.show", as_=wang, pass_id=pass_id).has("Suspended")
    assert visit("passes.index", as_=wang, show="suspended").has("Suspended")
    assert not visit("passes.index", as_=wang, show="valid").has("张*")
    restriction(household(), kind=RestrictionKind.OTHER)


def test_nobody_decides_on_an_own_application(street, app, visit, post):
    form = visit("passes.new", as_=zhao, household_id=street.home.id)
    own = form.send("Send for endorsement", who=str(street.zhang.id))
    assert "Endorse" not in own.buttons()
    assert post("passes.endorse", as_=zhao, pass_id=1, status=409).has("somebody else has to decide")
    assert post("passes.issue_at_once", as_=li, pass_id=1).has("Valid")


def test_a_step_too_late_names_who_was_first(make, post):
    pass_id = make()
    again = post("passes.issue", as_=wang, pass_id=pass_id, status=409)
    assert again.has("演示·wang was first")
    assert again.has("Issued")


def test_a_refused_step_gives_its_numbers_back(make, post):
    post("passes.issue", as_=wang, pass_id=make(), status=409)
    with everywhere(because="the test looks"):
        assert set(db.session.scalars(select(Counter.last))) == {1}


def test_nothing_ticked_too_many_and_other_peoples(make, post):
    pass_id = make()
    post("passes.issue_several", as_=wang, status=409)
    post("passes.print_several", as_=wang, data={"pass_id": [str(one) for one in range(1, 60)]}, status=409)
    post("passes.revoke_several", as_=wang, data={"pass_id": [str(pass_id), "999"]}, status=404)


def test_reason_pages_refuse_states_they_do_not_fit(make, visit):
    pass_id = make("applied")
    for endpoint in ("revoke", "reissue", "take_back", "extend", "print_one"):
        visit(f"passes.{endpoint}", as_=wang, pass_id=pass_id, status=409)
