"""A population that nobody belongs to: the same for the same seed, made household by household.

Names begin with 演示·. Everybody is written down as born 127 years before their age would have it, in the numbers of
their documents, too: what people of such an age do is realistic, and nobody living has such a number.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from random import Random

from portal.registry.identifiers import check_character
from portal.registry.kinds import HouseholdKind, Need, Sex, Stay
from portal.registry.service import Person
from portal.rehearsal import naming
from portal.rehearsal.families import Member, family
from portal.rehearsal.people import REGION

NEWBORN_IN = 1898  # the year in which the youngest are said to be born
FIRST_ORDER_CODE = 10  # the demo's people, and those that tests make up, have smaller ones
PHONES = 10**6
PHONE_STEP = 387_913  # shares no factor with PHONES: neighbours don't look alike, and no number comes twice
JOBS = (
    *("外出务工", "外出务工", "务农", "务农", "个体经营", "个体经营", "企业职工", "自由职业"),
    *("县医院护士", "重阳中学教师", "蔡都超市店员", "货车司机", "快递员", "社区工作者", "建筑工", ""),
)
ELSEWHERE = (
    "周口市商水县",
    "周口市项城市",
    "漯河市郾城区",
    "驻马店市西平县",
    "驻马店市汝南县",
    "湖北省孝感市",
)
COMPOUNDS = (  # none of the demo street's
    *("建业城", "蔡都花园", "豫苑南街", "5号院", "阳光花园", "锦绣华庭", "教师新村", "粮食局家属院"),
    *("盛世佳苑", "金色港湾", "重阳新城", "蔡侯府", "御景名门", "水利局家属院", "和谐家园", "龙潭小区"),
)
FLATS_ON_A_FLOOR, FLOORS, STAIRWELLS = 2, 6, 2
FLATS_IN_A_BUILDING = FLATS_ON_A_FLOOR * FLOORS * STAIRWELLS
BUILDINGS_OF_A_GRID = 4
NOTES = ("有老人，敲门后请稍等", "家中养狗", "白天无人，晚上再来", "租户经常更换")


@dataclass(frozen=True)
class Home:
    """One household: where it is, and the people in it, the head first, each with what they need."""

    compound: str
    building: str
    stairwell: str
    room: str
    address_note: str
    kind: HouseholdKind
    note: str
    people: tuple[tuple[Person, tuple[Need, ...]], ...]


@dataclass(frozen=True)
class Site:
    """Where a grid lies: the number of its group in the community, and its own in the group, from 0."""

    community: str
    group: int
    grid: int

    @property
    def village(self) -> bool:
        return self.community.endswith("村")


class Population:
    """A source of households and of workers. Numbers are unique within one population."""

    def __init__(self, seed: int) -> None:
        self._chance = Random(seed)  # noqa: S311 (invented people, not keys)
        self._born: Counter[tuple[date, Sex]] = Counter()
        self._phones = self._chance.randrange(PHONES)

    def shares(self, communities: Sequence[str], households: int) -> list[int]:
        """How many households each community has: a village about 0.4 of a community in town."""
        weights = [
            (1 if name.endswith("村") else 2.4) * self._chance.uniform(0.75, 1.25) for name in communities
        ]
        until = [round(households * sum(weights[:n]) / sum(weights)) for n in range(len(weights) + 1)]
        return [end - begin for begin, end in pairwise(until)]

    def homes(self, site: Site, households: int) -> Iterator[Home]:
        """The households of a grid, in the order in which people walk."""
        flats = self._chance.random() < (0.1 if site.village else 0.85)
        for number in range(households):
            yield self._home(_flat(site, number) if flats else _house(site, number), site)

    def worker(self) -> tuple[str, str]:
        """Name and phone of somebody who looks after a grid."""
        man, age = self._chance.random() < 0.45, self._chance.randint(22, 60)
        return naming.full_name(self._chance, naming.surname(self._chance), man=man, age=age), self._phone()

    def _home(self, address: tuple[str, str, str, str, str], site: Site) -> Home:
        chance = self._chance
        owned = 0.93 if site.village else 0.8
        other = (HouseholdKind.RENTED, HouseholdKind.RENTED, HouseholdKind.SHOP, HouseholdKind.OTHER)
        kind = HouseholdKind.OWNED if chance.random() < owned else chance.choice(other)
        members = family(chance)
        surname = naming.surname(chance)
        people = [self._person(member, surname, kind, len(members)) for member in members]
        note = chance.choice(NOTES) if chance.random() < 0.02 else ""
        return Home(*address, kind, note, tuple(zip(people, self._needs(members), strict=True)))

    def _person(self, member: Member, surname: str, kind: HouseholdKind, people: int) -> Person:
        chance = self._chance
        comes_in = member.relation in ("配偶", "母亲", "儿媳")
        name = naming.full_name(
            chance,
            naming.surname(chance) if comes_in else surname,
            man=member.sex is Sex.MALE,
            age=member.age,
        )
        born_on = date(NEWBORN_IN - member.age, 1, 1) + timedelta(days=chance.randrange(365))
        stay = self._stay(member.age, kind)
        return Person(
            name=name,
            is_head=not member.relation,
            relation=member.relation,
            sex=member.sex,
            born_on=born_on,
            document=self._document(born_on, member.sex) if chance.random() < 0.98 else None,
            phone=self._phone() if chance.random() < _has_phone(member.age) else None,
            registered_address=chance.choice(ELSEWHERE) if stay is Stay.FLOATING else "",
            work=self._work(member.age),
            stay=stay,
        )

    def _document(self, born_on: date, sex: Sex) -> str:
        """Right in its check character, and another one for everybody."""
        nth = self._born[born_on, sex]
        self._born[born_on, sex] += 1
        order = 2 * (FIRST_ORDER_CODE // 2 + nth) + (sex is Sex.MALE)
        if order > 999:
            raise ValueError(f"no more numbers for {born_on}: too many people for one county")
        first = f"{REGION}{born_on:%Y%m%d}{order:03d}"
        return first + check_character(first)

    def _phone(self) -> str:
        """0396-0…: the area code is real, the number is not. None comes twice among the first million."""
        self._phones = (self._phones + PHONE_STEP) % PHONES
        return f"0396-0{self._phones:06d}"

    def _stay(self, age: int, kind: HouseholdKind) -> Stay:
        if kind is HouseholdKind.RENTED and self._chance.random() < 0.7:
            return Stay.FLOATING
        return Stay.AWAY if 18 <= age < 55 and self._chance.random() < 0.16 else Stay.PERMANENT

    def _work(self, age: int) -> str:
        if age < 22:
            return "学生" if age >= 6 else ""
        return self._chance.choice(JOBS if age < 60 else ("退休", "务农", ""))

    def _needs(self, members: Sequence[Member]) -> list[tuple[Need, ...]]:
        """Of each member: what an order that asks for it would find."""
        by_grandparents = any(member.relation.startswith("孙") for member in members) and not any(
            member.relation == "儿媳" for member in members
        )
        return [
            tuple(
                need
                for need, share in _likely(member, len(members), by_grandparents)
                if self._chance.random() < share
            )
            for member in members
        ]


def _likely(member: Member, together: int, by_grandparents: bool) -> list[tuple[Need, float]]:
    """The needs that somebody may have, and how likely each is."""
    likely = [(Need.DISABLED, 0.02), (Need.DIALYSIS, 0.0006)]
    if member.age >= 60:
        likely.append((Need.CHRONIC, 0.18))
    if member.age >= 65 and together == 1:
        likely.append((Need.LIVES_ALONE, 1.0))
    if member.sex is Sex.FEMALE and 20 <= member.age < 42:
        likely.append((Need.PREGNANT, 0.02))
    if member.age < 16 and by_grandparents:
        likely.append((Need.LEFT_BEHIND, 0.8))
    return likely


def _has_phone(age: int) -> float:
    if age < 12:
        return 0.0
    return 0.95 if age < 70 else 0.6


def _flat(site: Site, number: int) -> tuple[str, str, str, str, str]:
    """A flat in a compound: 建业城2号楼1单元401. Each group has a compound of its own."""
    phase, name = divmod(site.group, len(COMPOUNDS))
    building, flat = divmod(number, FLATS_IN_A_BUILDING)
    stairwell, flat = divmod(flat, FLATS_ON_A_FLOOR * FLOORS)
    floor, door = divmod(flat, FLATS_ON_A_FLOOR)
    return (
        COMPOUNDS[name] + (f"{phase + 1}期" if phase else ""),
        str(site.grid * BUILDINGS_OF_A_GRID + building + 1),
        str(stairwell + 1),
        f"{floor + 1}0{door + 1}",
        "",
    )


def _house(site: Site, number: int) -> tuple[str, str, str, str, str]:
    """A house that a family has built: 新庄村3组2-17号（自建房）."""
    return "", "", "", "", f"{site.community}{site.group + 1}组{site.grid + 1}-{number + 1}号（自建房）"
