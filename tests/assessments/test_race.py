"""Many at one moment: one decision wins, the others are told; whoever reports and whoever decides again meet."""

from collections import Counter

import pytest

from portal.assessments.kinds import AssessmentState
from portal.isolations.models import Isolation
from tests.assessments import world
from tests.assessments.world import every, person_of, row
from tests.handovers.test_race import at_once
from tests.people import li, qian, sun, wang
from tests.transfers import world as transfers

OF_EACH = 4


@pytest.mark.slow
def test_two_of_the_office_decide_at_once(app):
    world.order()
    assessment_id = world.asked()
    executor = str(world.acting(qian).account_id)
    url = f"/assessments/{assessment_id}/decide"
    home = (li, url, {"decision": "home", "words": "外地返回", "by": "two_hours", "executor": executor})
    nothing = (li, url, {"decision": "nothing", "words": "核实无风险"})
    answers = at_once(app, [home, nothing] * OF_EACH)
    assert Counter(status for _url, status in answers) == {303: 1, 409: 2 * OF_EACH - 1}
    isolated = row(assessment_id).state is AssessmentState.DECIDED
    assert len(every(Isolation)) == int(isolated)


@pytest.mark.slow
def test_reported_while_the_office_decides_again(app):
    world.order()
    assessment_id = world.decided()
    reporting = (
        qian,
        f"/assessments/{assessment_id}/report-back",
        {"done": "已落实", "day": "2026-11-23", "time": "10:00"},
    )
    again = (li, f"/assessments/{assessment_id}/supersede", {"words": "新情况"})
    answers = at_once(app, [reporting, again] * OF_EACH)
    assert {status for _url, status in answers} <= {303, 409}
    assert sum(status == 303 for url, status in answers if url.endswith("supersede")) == 1
    assert row(assessment_id).state is AssessmentState.CLOSED
    assert row(world.latest(person_of(assessment_id).id)).follows_id == assessment_id


@pytest.mark.slow
def test_taken_over_and_withdrawn_at_once(app):
    world.order()
    assessment_id = transfers.decided()
    transfer_id = transfers.given(assessment_id=assessment_id)
    mirror = transfers.mirror_of(transfer_id)
    taking = (sun, f"/transfers/{mirror}/acknowledge", {})
    back = (wang, f"/transfers/{transfer_id}/withdraw", {"words": "误登"})
    answers = at_once(app, [taking, back] * OF_EACH)
    assert Counter(status for _url, status in answers) == {303: 1, 409: 2 * OF_EACH - 1}
    states = {one.state for one in world.both_sides(transfer_id)}
    assert len(states) == 1
    taken = states.pop().value == "acknowledged"
    assert row(assessment_id).state is (AssessmentState.REPORTED if taken else AssessmentState.DECIDED)
