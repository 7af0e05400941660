"""Names, families and numbers as often as people have them: pure, without a database."""

from collections import Counter
from datetime import date
from random import Random

import pytest

from portal.registry.kinds import HouseholdKind, Sex
from portal.rehearsal import naming
from portal.rehearsal.families import Member, family
from portal.rehearsal.people import DEMO
from portal.rehearsal.population import Home, Population, Site

MANY = 20_000
A_DAY = date(1870, 5, 1)
TOWN, VILLAGE = Site("豫苑社区", 2, 1), Site("新庄村", 0, 0)


@pytest.fixture(scope="module")
def families() -> list[list[Member]]:
    chance = Random(1)
    return [family(chance) for _number in range(MANY)]


@pytest.fixture(scope="module")
def homes() -> list[Home]:
    population = Population(1)
    return [home for site in (TOWN, VILLAGE) for _grid in range(30) for home in population.homes(site, 65)]


def test_households_are_as_large_as_in_the_province(families: list[list[Member]]) -> None:
    sizes = Counter(len(members) for members in families)
    assert set(sizes) == set(range(1, 8))
    assert 2.75 < sum(size * count for size, count in sizes.items()) / MANY < 2.95


def test_relations_and_ages_fit(families: list[list[Member]]) -> None:
    for head, *others in families:
        assert head.relation == ""
        assert head.age >= 22
        for member in others:
            if member.relation in ("子", "女", "儿媳", "孙子", "孙女"):
                assert member.age < head.age
            if member.relation in ("父亲", "母亲"):
                assert member.age > head.age
            if member.relation == "配偶":
                assert member.sex is not head.sex


def test_some_are_old_and_alone_and_some_are_children(families: list[list[Member]]) -> None:
    everybody = [member for members in families for member in members]
    children = sum(member.age < 15 for member in everybody) / len(everybody)
    old = sum(member.age >= 65 for member in everybody) / len(everybody)
    assert 0.08 < children < 0.3
    assert 0.05 < old < 0.25


def test_surnames_are_as_frequent_as_they_are() -> None:
    chance = Random(1)
    found = Counter(naming.surname(chance) for _number in range(MANY))
    assert {name for name, _count in found.most_common(3)} == set("王李张")
    assert 0.06 < found["王"] / MANY < 0.1
    assert found["欧阳"] > 0


def test_rare_characters_are_among_the_names(homes: list[Home]) -> None:
    names = {person.name for home in homes for person, _needs in home.people}
    assert all(name.startswith(DEMO) for name in names)
    rare = {character for name in names for character in name if character in naming.RARE_CHARACTERS}
    assert len(rare) > 5
    assert any(ord(character) > 0xFFFF for character in naming.RARE_CHARACTERS)


def test_children_have_the_fathers_name(homes: list[Home]) -> None:
    for home in homes:
        head = home.people[0][0]
        for person, _needs in home.people:
            if person.relation in ("子", "女"):
                assert person.name[len(DEMO)] == head.name[len(DEMO)]


def test_no_number_comes_twice(homes: list[Home]) -> None:
    people = [person for home in homes for person, _needs in home.people]
    for numbers in ([one.document for one in people], [one.phone for one in people]):
        known = [number for number in numbers if number]
        assert len(known) == len(set(known))
    assert any(person.document is None for person in people)


def test_villages_have_houses_and_towns_have_flats() -> None:
    population = Population(3)
    flats = Counter(
        site.village
        for site in (TOWN, VILLAGE)
        for _grid in range(40)
        for home in _one(population, site)
        if home.room
    )
    assert flats[False] > flats[True]


def _one(population: Population, site: Site) -> list[Home]:
    return list(population.homes(site, 1))


def test_a_village_has_fewer_households_than_a_community_and_none_is_lost() -> None:
    names = ["豫苑社区", "新庄村"] * 20
    shares = Population(1).shares(names, 9_999)
    assert sum(shares) == 9_999
    assert sum(shares[0::2]) > 1.5 * sum(shares[1::2])


def test_the_numbers_of_a_day_run_out_loudly() -> None:
    population = Population(1)
    numbers = [population._document(A_DAY, Sex.MALE) for _number in range(490)]
    assert len(set(numbers)) == 490
    with pytest.raises(ValueError, match="too many people"):
        [population._document(A_DAY, Sex.MALE) for _number in range(10)]


def test_most_households_are_owned(homes: list[Home]) -> None:
    kinds = Counter(home.kind for home in homes)
    assert kinds[HouseholdKind.OWNED] > len(homes) / 2
    assert HouseholdKind.RENTED in kinds
