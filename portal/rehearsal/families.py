"""Who lives together: households of one to seven, how they are related, how old they are."""

from dataclasses import dataclass
from itertools import accumulate
from random import Random

from portal.registry.kinds import Sex

OLDEST = 98
# How often a household has so many people: 2.86 on average, as in the province.
SIZES = {1: 20.0, 2: 26.5, 3: 23.0, 4: 16.5, 5: 8.0, 6: 4.3, 7: 1.7}
# Who lives with the head, and how often among households of this size.
TOGETHER: dict[int, tuple[tuple[int, str], ...]] = {
    1: ((1, ""),),
    2: ((14, "配偶"), (4, "子女"), (2, "母亲"), (1, "孙")),
    3: ((12, "配偶 子女"), (3, "配偶 母亲"), (2, "子女 母亲"), (1, "配偶 孙")),
    4: ((10, "配偶 子女 子女"), (4, "配偶 子女 母亲"), (1, "配偶 父亲 母亲"), (1, "配偶 孙 孙")),
    5: ((8, "配偶 子女 子女 母亲"), (3, "配偶 子女 子女 子女"), (4, "配偶 子 儿媳 孙")),
    6: ((5, "配偶 子女 子女 父亲 母亲"), (6, "配偶 子 儿媳 孙 孙")),
    7: ((1, "配偶 子女 子女 子女 父亲 母亲"), (4, "配偶 子 儿媳 孙 孙 母亲")),
}
# (youngest, oldest) head of a household in which such people live
AGES_OF_HEADS = {"孙": (48, 76), "母亲": (24, 62), "父亲": (24, 62), "子女": (24, 66), "儿媳": (48, 72)}
ALONE, OTHERWISE = (22, 92), (24, 84)
# years between such a person and the head
DISTANCES = {
    "配偶": (-5, 3),
    "子女": (-34, -22),
    "子": (-27, -22),
    "儿媳": (-29, -22),
    "孙": (-58, -46),
    "父亲": (22, 32),
    "母亲": (20, 30),
}


@dataclass(frozen=True)
class Member:
    """Somebody of a family, before there is a name. ``relation`` to the head; empty: the head."""

    relation: str
    sex: Sex
    age: int


def size(chance: Random) -> int:
    return chance.choices(list(SIZES), cum_weights=list(accumulate(SIZES.values())))[0]


def family(chance: Random) -> list[Member]:
    """The head first."""
    many = size(chance)
    weights, choices = zip(*TOGETHER[many], strict=True)
    with_head = chance.choices(choices, weights)[0].split()
    spans = [AGES_OF_HEADS[relation] for relation in with_head if relation in AGES_OF_HEADS]
    youngest, oldest = max(spans)[0] if spans else 0, min(span[1] for span in spans) if spans else 0
    span = (youngest, oldest) if spans else ALONE if many == 1 else OTHERWISE
    sex = Sex.MALE if chance.random() < (0.5 if many == 1 else 0.76) else Sex.FEMALE
    head = Member("", sex, chance.randint(*span))
    return [head, *(_beside(head, relation, chance) for relation in with_head)]


def _beside(head: Member, relation: str, chance: Random) -> Member:
    age = min(max(head.age + chance.randint(*DISTANCES[relation]), 0), OLDEST)
    if relation == "配偶":
        return Member(relation, Sex.FEMALE if head.sex is Sex.MALE else Sex.MALE, max(age, 20))
    if relation in ("子女", "孙"):
        boy = chance.random() < 0.53
        words = ("子", "女") if relation == "子女" else ("孙子", "孙女")
        return Member(words[0] if boy else words[1], Sex.MALE if boy else Sex.FEMALE, age)
    return Member(relation, Sex.MALE if relation in ("子", "父亲") else Sex.FEMALE, age)
