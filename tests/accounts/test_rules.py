"""Who may appoint whom, as a table."""

import pytest

from portal.access.acting import Acting, Level, Place
from portal.access.policy import Role
from portal.accounts.models import LEVELS, TITLES
from portal.accounts.rules import Post, fits, may_give, may_manage, roles_at

COUNTY = Place(1, Level.COUNTY, county_id=1)
STREET = Place(2, Level.STREET, county_id=1, street_id=2)
A = Place(3, Level.COMMUNITY, county_id=1, street_id=2, community_id=3)
A_GROUP = Place(4, Level.GROUP, county_id=1, street_id=2, community_id=3, group_id=4)
A_GRID = Place(5, Level.GRID, county_id=1, street_id=2, community_id=3, group_id=4, grid_id=5)
B = Place(6, Level.COMMUNITY, county_id=1, street_id=2, community_id=6)
B_GRID = Place(8, Level.GRID, county_id=1, street_id=2, community_id=6, group_id=7, grid_id=8)
PLACES = {
    "county": COUNTY,
    "street": STREET,
    "A": A,
    "A group": A_GROUP,
    "A grid": A_GRID,
    "B": B,
    "B grid": B_GRID,
    "all": None,
}


def acting(role: Role, place: Place | None, account_id: int = 1) -> Acting:
    return Acting(account_id, 1, "name", role, "title", place, "unit")


WHO = {
    "admin": acting(Role.ADMIN, None),
    "county office": acting(Role.OFFICE, COUNTY),
    "office": acting(Role.OFFICE, STREET),
    "commander": acting(Role.COMMANDER, A),
    "shock team": acting(Role.SHOCK_TEAM, A_GROUP),
    "grid member": acting(Role.GRID_MEMBER, A_GRID),
    "gatekeeper": acting(Role.GATEKEEPER, A),
    "auditor": acting(Role.AUDITOR, STREET),
}
MAY_GIVE = {
    "admin": {
        ("all", Role.ADMIN),
        *((unit, role) for unit in ("county", "street") for role in (Role.OFFICE, Role.AUDITOR)),
        *((unit, role) for unit in ("A", "B") for role in (Role.COMMANDER, Role.GATEKEEPER)),
        ("A group", Role.SHOCK_TEAM),
        ("A group", Role.GATEKEEPER),
        *((unit, role) for unit in ("A grid", "B grid") for role in (Role.GRID_MEMBER, Role.GATEKEEPER)),
    },
    "commander": {
        ("A", Role.GATEKEEPER),
        ("A group", Role.SHOCK_TEAM),
        ("A group", Role.GATEKEEPER),
        ("A grid", Role.GRID_MEMBER),
        ("A grid", Role.GATEKEEPER),
    },
}
MAY_GIVE["office"] = {
    (unit, role) for unit, role in MAY_GIVE["admin"] if unit not in ("all", "county", "street")
}
MAY_GIVE["county office"] = {
    (unit, role) for unit, role in MAY_GIVE["admin"] if unit not in ("all", "county")
}


@pytest.mark.parametrize("who", WHO)
def test_everybody_appoints_below_and_nobody_above_or_beside(who: str) -> None:
    given = {
        (unit, role)
        for unit, place in PLACES.items()
        for role in Role
        if may_give(WHO[who], Post(place, role))
    }
    assert given == MAY_GIVE.get(who, set())


def test_what_is_offered_is_what_may_be_given() -> None:
    assert roles_at(WHO["commander"], A) == [Role.GATEKEEPER]
    assert roles_at(WHO["commander"], A_GROUP) == [Role.SHOCK_TEAM, Role.GATEKEEPER]
    assert roles_at(WHO["commander"], B) == []
    assert roles_at(WHO["admin"], None) == [Role.ADMIN]


def test_whoever_resets_a_password_is_above_every_post_of_that_account() -> None:
    in_my_grid, beside_me = Post(A_GRID, Role.GRID_MEMBER), Post(B_GRID, Role.GRID_MEMBER)
    assert may_manage(WHO["commander"], 2, [in_my_grid])
    assert not may_manage(WHO["commander"], 2, [in_my_grid, beside_me])
    assert not may_manage(WHO["commander"], 2, [Post(A, Role.COMMANDER)])
    assert may_manage(WHO["office"], 2, [in_my_grid, beside_me])


def test_nobody_resets_his_own_account_that_way() -> None:
    assert not may_manage(WHO["admin"], WHO["admin"].account_id, [Post(None, Role.ADMIN)])


def test_every_role_has_its_levels_and_titles() -> None:
    assert set(LEVELS) == set(TITLES) == set(Role)
    assert fits(Post(None, Role.ADMIN))
    assert not fits(Post(STREET, Role.ADMIN))
    assert not fits(Post(None, Role.OFFICE))
