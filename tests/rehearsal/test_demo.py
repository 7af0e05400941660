"""The demo street: no address stands in two grids by accident, what looks like a duplicate is one, figures agree."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask_migrate import upgrade
from sqlalchemy import select

from portal import create_app
from portal.access.scope import everywhere
from portal.database import db
from portal.registry.duplicates.finding import By, pairs
from portal.registry.models import Household, Resident
from portal.rehearsal import demo
from portal.rehearsal.acting import acting_as
from portal.rehearsal.people import DEMO
from tests.conftest import settings
from tests.rehearsal.recount import kept, recounted


@pytest.fixture
def loaded(tmp_path: Path, empty_database: str) -> Iterator[None]:
    app = create_app(settings(tmp_path, empty_database))
    with app.app_context():
        upgrade()
        demo.load()
        db.session.commit()
        yield
        db.session.remove()
        db.engine.dispose()


def test_the_demo_street_is_what_it_claims(loaded: None) -> None:  # one test: loading takes long
    every_address_is_one_household_but_for_the_one_written_in_two_ways()
    duplicates_are_true_to_life()
    figures_are_what_a_recount_finds()


def every_address_is_one_household_but_for_the_one_written_in_two_ways() -> None:
    with everywhere(because="the test looks"):
        addresses = select(Household.community_id, Household.address_key)
        twice = [
            place for place, many in Counter(map(tuple, db.session.execute(addresses))).items() if many > 1
        ]
    assert len(twice) == 1


def duplicates_are_true_to_life() -> None:
    for sign_in_name in ("wang", "li", "qian"):
        with acting_as(sign_in_name):
            found = {by: pairs(by, "")[0] for by in By}
            assert {by: len(some) for by, some in found.items()} == dict.fromkeys(By, 1)
    with acting_as("qian"):
        (named,), (written,), (schooled,) = found[By.NAME], found[By.ADDRESS], found[By.DOCUMENT]
        assert named.name.startswith(DEMO)
        one, other = (db.session.get_one(Resident, id_) for id_ in (named.first_id, named.second_id))
        assert one.household_id == other.household_id
        assert one.phone
        assert other.phone
        assert [a == b for a, b in zip(one.phone, other.phone, strict=True)].count(False) == 1
        flats = [db.session.get_one(Household, id_) for id_ in (written.first_id, written.second_id)]
        assert [bool(flat.room) for flat in flats] == [True, False]
        both = [db.session.get_one(Resident, id_) for id_ in (schooled.first_id, schooled.second_id)]
        assert len({child.household_id for child in both}) == 2


def figures_are_what_a_recount_finds() -> None:
    with everywhere(because="the test looks"):
        told, found = kept(), recounted()
    assert {what: number for what, number in told.items() if number} == found
    assert len({code for code, _day in found}) > 30
