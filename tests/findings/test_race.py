"""Many at one moment: numbers without gaps and without doubles, and one step taken once."""

import pytest
from sqlalchemy import select

from portal.access.scope import everywhere
from portal.database import db
from portal.patrols.findings.kinds import FindingState
from portal.patrols.findings.models import Finding
from tests.findings.world import a_finding, a_patrol
from tests.handovers.test_race import at_once
from tests.people import wang, zhao

MANY = 12
PAPER = {"facts": "经过", "basis": "依据", "asks": "请散去。"}


@pytest.mark.slow
def test_notices_given_at_once_are_numbered_one_after_the_other(app):
    patrol_id = a_patrol()
    ids = [a_finding(FindingState.RECORDED, patrol_id=patrol_id) for _number in range(MANY)]
    answers = at_once(app, [(zhao, f"/findings/{id_}/give-notice", PAPER) for id_ in ids])
    assert {status for _url, status in answers} == {303}
    with everywhere(because="the test looks"):
        numbers = set(db.session.scalars(select(Finding.notice_number)))
    assert numbers == {f"豫苑巡告〔2026〕{number}号" for number in range(1, MANY + 1)}


@pytest.mark.slow
def test_one_finding_is_referred_once(app):
    finding_id = a_finding(FindingState.NOTICED)
    typed = {"station": "重阳派出所", "facts": "经过", "basis": "依据"}
    answers = at_once(app, [(wang, f"/findings/{finding_id}/refer", typed)] * MANY)
    assert sorted(status for _url, status in answers) == [303] + [409] * (MANY - 1)
    another = a_finding(FindingState.REFERRED)
    with everywhere(because="the test looks"):
        assert db.session.get_one(Finding, another).referral_number == "豫苑巡移〔2026〕2号"
