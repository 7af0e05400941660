"""Many people decide about one pair at the same moment: it is merged once, one way, and the others are told."""

from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import select

from portal.access.scope import everywhere
from portal.database import db
from portal.registry.duplicates.models import Merging, NotSame
from portal.registry.models import Resident
from tests import factories
from tests.passes.test_race import AT_ONCE, all_at_once


@pytest.mark.slow
def test_of_thirty_two_who_merge_one_pair_one_wins(app: Flask) -> None:
    home = factories.household()
    one, other = factories.resident(home), factories.resident(home)
    answers = all_at_once(app, f"/registry/duplicates/people/{one.id}/{other.id}/same")
    assert Counter(answer.status for answer in answers) == {303: 1, 409: AT_ONCE - 1}
    with everywhere(because="the test looks"):
        assert len(db.session.scalars(select(Merging)).all()) == 1
        assert db.session.scalars(select(Resident.id)).all() == [one.id]
        merging = db.session.scalars(select(Merging.id)).one()
    answers = all_at_once(app, f"/registry/duplicates/merged/{merging}/undo")
    assert Counter(answer.status for answer in answers) == {303: 1, 409: AT_ONCE - 1}


@pytest.mark.slow
def test_thirty_two_who_say_that_they_are_not_the_same_are_all_right(app: Flask) -> None:
    home = factories.household()
    one, other = factories.resident(home), factories.resident(home)
    answers = all_at_once(app, f"/registry/duplicates/people/{one.id}/{other.id}/apart")
    assert Counter(answer.status for answer in answers) == {303: AT_ONCE}
    with everywhere(because="the test looks"):
        assert len(db.session.scalars(select(NotSame)).all()) == 1
