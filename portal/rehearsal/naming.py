"""Names as often as people have them: by sex and by generation, with the rare characters that break systems."""

from itertools import accumulate
from random import Random

from portal.rehearsal.people import DEMO, GIVEN, SURNAMES

# What is rare, but is somewhere in every street: surnames of two characters, and those read in a way of their own.
RARE_SURNAMES: tuple[str, ...] = ("欧阳", "上官", "司马", "诸葛", "尉迟", "令狐", *"单仇翟缪解查朴冼")
RARE_CHARACTERS = "喆堃䶮㛃𠮷玥犇骉燚赟翀烜祎昇旻彧𬎆"
SHARE_OF_RARE_SURNAMES, SHARE_OF_RARE_CHARACTERS = 0.006, 0.004
# Percent who have the first of SURNAMES; the others fall with their rank.
LARGEST_SHARES = (7.2, 7.0, 6.7, 5.2, 4.5, 3.1, 2.4, 2.2, 2.1, 1.9)

OLD_FROM, YOUNG_UNTIL = 55, 25  # years of age
MEN = {
    "old": "建国 国强 建军 志强 德海 永福 国庆 新民 保国 长河 金山 学文 福生 文革 明义 春生 玉柱 铁柱",
    "grown": "伟 强 磊 勇 军 鹏 涛 超 志刚 海涛 建华 俊杰 国栋 红军 志伟 小军 鹏飞 明辉 永强 向阳",
    "young": "浩宇 子轩 浩然 宇轩 子涵 梓豪 俊熙 一鸣 博文 天佑 皓轩 梓睿 沐辰 宇航 奕辰 嘉豪",
}
WOMEN = {
    "old": "秀英 桂英 秀兰 玉兰 桂兰 秀珍 凤英 玉梅 桂花 爱莲 素珍 翠花 玉珍 春梅 金凤 改名 巧云 喜梅",
    "grown": "敏 静 丽 娟 艳 燕 丽娜 海燕 晓燕 红梅 雪梅 丽萍 俊霞 慧敏 春燕 文静 小芳 爱玲",
    "young": "梓涵 欣怡 诗涵 雨桐 佳怡 一诺 欣妍 思彤 若曦 可馨 语桐 雨萱 艺涵 依诺 子萱 梦瑶",
}
SHARE_OF_FREQUENT_NAMES = 0.55  # the others are put together from the characters of names

# {is a man: {generation: names}}
FREQUENT = {
    man: {generation: names.split() for generation, names in given.items()}
    for man, given in ((True, MEN), (False, WOMEN))
}


def _weights() -> list[float]:
    shares = [*LARGEST_SHARES, *(19 / rank for rank in range(len(LARGEST_SHARES) + 1, len(SURNAMES) + 1))]
    return list(accumulate(shares))


WEIGHTS = _weights()


def surname(chance: Random) -> str:
    if chance.random() < SHARE_OF_RARE_SURNAMES:
        return chance.choice(RARE_SURNAMES)
    return chance.choices(SURNAMES, cum_weights=WEIGHTS)[0]


def full_name(chance: Random, surname: str, *, man: bool, age: int) -> str:
    """演示·王建国: a given name of the person's sex and generation."""
    generation = "old" if age >= OLD_FROM else "young" if age < YOUNG_UNTIL else "grown"
    if chance.random() < SHARE_OF_FREQUENT_NAMES:
        given = chance.choice(FREQUENT[man][generation])
    else:
        given = "".join(chance.sample(GIVEN, chance.choice((1, 2, 2))))
    if chance.random() < SHARE_OF_RARE_CHARACTERS:
        given = given[:-1] + chance.choice(RARE_CHARACTERS)
    return DEMO + surname + given
