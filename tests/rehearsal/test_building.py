"""A population that is built: complete, plainly marked, the same for the same seed, never among real people."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal import create_app
from portal.access.acting import Level
from portal.access.scope import everywhere
from portal.accounts.models import Account
from portal.accounts.passwords import is_right
from portal.audit.models import AuditEntry
from portal.clock import now, today
from portal.database import db
from portal.registry import duties
from portal.registry.identifiers import check_document, is_mans, looks_synthetic
from portal.registry.kinds import Need, Sex
from portal.registry.models import UNCOVERED, Household, Resident, ResidentNeed, Responsibility
from portal.rehearsal.building import Built, NotBuilt, build, numeral
from portal.rehearsal.people import DEMO
from portal.units.installation import is_demo, mark_as_demo
from portal.units.models import Unit
from tests import people
from tests.conftest import settings

STREET, COUNTY = "411722003", "411722"
HOUSEHOLDS = 200


@pytest.fixture
def demo(app: Flask) -> Iterator[None]:
    """The people of the tests are invented, too."""
    with everywhere(because="the tests build and look"):
        mark_as_demo()
        db.session.commit()
        yield


@pytest.fixture
def built(demo: None) -> Built:
    found = _build()
    db.session.commit()
    return found


def _build(seed: int = 1, code: str = STREET, households: int = HOUSEHOLDS) -> Built:
    return build(code, households, seed=seed, tell=lambda _community, _households: None)


def _count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(select(model.id).subquery())) or 0


@pytest.mark.any_database
def test_the_same_seed_gives_the_same_people(demo: None) -> None:
    digests = []
    for seed in (1, 1, 2):
        digests.append(_build(seed).digest)
        db.session.rollback()
    assert digests[0] == digests[1] != digests[2]


@pytest.mark.any_database
def test_as_many_as_were_asked_for(built: Built) -> None:
    assert (built.households, _count(Household)) == (HOUSEHOLDS, HOUSEHOLDS)
    assert built.people == _count(Resident)
    assert built.workers == _count(Account) - len(people.EVERYONE)


@pytest.mark.any_database
def test_everybody_can_be_told_from_real_people(built: Built) -> None:
    assert is_demo()
    residents = db.session.scalars(select(Resident)).all()
    documents = [resident.document for resident in residents if resident.document]
    phones = [resident.phone for resident in residents if resident.phone]
    assert {resident.name[: len(DEMO)] for resident in residents} == {DEMO}
    assert all(looks_synthetic(number) for number in documents)
    assert all(number == check_document(residents[0].document_type, number, today()) for number in documents)
    assert all(number.startswith("0396-0") for number in phones)
    for numbers in (documents, phones):
        assert len(residents) / 2 < len(numbers) == len(set(numbers))


@pytest.mark.any_database
def test_the_number_tells_sex_and_birth(built: Built) -> None:
    for resident in db.session.scalars(select(Resident).where(Resident.document_index.is_not(None))):
        assert resident.document
        assert (resident.sex is Sex.MALE) == is_mans(resident.document)
        assert resident.born_on
        assert f"{resident.born_on:%Y%m%d}" == resident.document[6:14]


def test_every_household_has_a_head_and_an_address_of_its_own(built: Built) -> None:
    households = db.session.scalars(select(Household)).all()
    assert {sum(one.is_head for one in home.residents) for home in households} == {1}
    assert {len(home.residents) for home in households} <= set(range(1, 8))
    assert len({(home.community_id, home.address_key) for home in households}) == HOUSEHOLDS
    assert all(home.address for home in households)


def test_every_household_has_a_responsible_person_and_a_deputy(built: Built) -> None:
    assert db.session.scalars(select(Household.id).where(UNCOVERED)).all() == []
    home = db.session.scalars(select(Household).order_by(Household.id.desc())).first()
    assert home is not None
    assert {held.account_id for held in duties.history(home.id)} == {home.responsible_id, home.deputy_id}
    assert _count(Responsibility) == 2 * HOUSEHOLDS


def test_who_serves_in_a_grid_already_answers_for_its_households(built: Built) -> None:
    qian = db.session.scalars(select(Account.id).where(Account.sign_in_name == "qian")).one()
    grid = people.unit("豫苑社区三组二格").id
    responsible = db.session.scalars(select(Household.responsible_id).where(Household.unit_id == grid))
    assert set(responsible) in ({qian}, set())


def test_nobody_can_sign_in_as_a_worker_of_the_rehearsal(built: Built) -> None:
    workers = db.session.scalars(select(Account).where(Account.sign_in_name.startswith("rehearsal-"))).all()
    assert len(workers) == built.workers
    assert not any(is_right(worker.password_hash, "!") for worker in workers)
    assert all(worker.name.startswith(DEMO) for worker in workers)


@pytest.mark.any_database
def test_grids_are_as_large_as_one_person_can_look_after(demo: None) -> None:
    _build(households=700)
    of_grid = db.session.execute(
        select(Household.unit_id, func.count(Household.id)).group_by(Household.unit_id)
    )
    assert all(40 <= households <= 65 for _grid, households in of_grid)
    levels = {
        unit.level for unit in db.session.scalars(select(Unit).join(Household, Household.unit_id == Unit.id))
    }
    assert levels == {Level.GRID}


@pytest.mark.any_database
def test_a_closed_grid_stays_closed(demo: None) -> None:
    closed = db.session.scalars(select(Unit).where(Unit.full_name == "豫苑社区三组一格")).one()
    closed.closed_at = now()
    _build(households=1400)
    assert db.session.scalars(select(Household.id).where(Household.unit_id == closed.id)).all() == []
    assert db.session.scalars(select(Unit.id).where(Unit.full_name == "豫苑社区三组四格")).all()


def test_some_need_looking_after(built: Built) -> None:
    needs = db.session.scalars(select(ResidentNeed)).all()
    assert {Need.CHRONIC, Need.LIVES_ALONE} <= {one.need for one in needs}
    for one in needs:
        if one.need is Need.LIVES_ALONE:
            assert db.session.get_one(Resident, one.resident_id).is_head


def test_the_trail_has_one_entry_with_counts_and_digest(built: Built) -> None:
    entry = db.session.scalars(select(AuditEntry)).one()
    assert entry.action == "rehearsal.build"
    assert entry.details == {"seed": 1, **vars(built)}
    assert entry.unit_id == people.unit("重阳街道").id


def test_never_among_real_people(app: Flask) -> None:
    with everywhere(because="the tests build and look"), pytest.raises(NotBuilt, match="真实人员"):
        _build()
    assert not is_demo()


def test_not_twice(built: Built) -> None:
    with pytest.raises(NotBuilt, match="已生成"):
        _build(seed=2)


def test_not_for_a_community(demo: None) -> None:
    with pytest.raises(NotBuilt, match="411722003001"):
        _build(code="411722003001")


@pytest.mark.parametrize(
    "arguments", [(), ("--street", STREET, "--county"), ("--county", "--households", "0")]
)
def test_the_command_asks_for_one_place(app: Flask, arguments: tuple[str, ...]) -> None:
    assert app.test_cli_runner().invoke(args=["rehearsal", "build", *arguments]).exit_code == 2


def test_the_command_says_why_it_refuses(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["rehearsal", "build", "--street", STREET])
    assert result.exit_code == 1
    assert "真实人员" in result.output


def test_the_command_fills_an_empty_installation_with_the_county(tmp_path, empty_database: str) -> None:
    app = create_app(settings(tmp_path, empty_database))
    runner = app.test_cli_runner()
    assert runner.invoke(args=["db", "upgrade"]).exit_code == 0
    result = runner.invoke(args=["rehearsal", "build", "--county", "--households", "50", "--seed", "7"])
    assert result.exit_code == 0, result.output
    with app.app_context(), everywhere(because="the test looks"):
        assert is_demo()
        digest = (
            db.session.scalars(select(AuditEntry).where(AuditEntry.action == "rehearsal.build")).one().details
        )
        assert digest["digest"] in result.output
        assert _count(Household) == 50
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize(
    ("number", "written"), [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (99, "九十九"), (100, "100")]
)
def test_numbers_as_units_are_named(number: int, written: str) -> None:
    assert numeral(number) == written
