"""Invented people that cannot be taken for real ones.

Names begin with 演示·, identity numbers carry birth years before 1900 (nobody living has one), and phone numbers
begin with a 0 behind the area code, which no exchange gives out.
"""

import random

from portal.registry.identifiers import synthetic_id

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
    "苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史"
    "顾侯邵孟龙万段漕钱汤尹黎易常武乔贺赖龚文"
)
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉萍红玲芬燕彬凤洁梅琳素云莲真环"
    "雪荣爱妹香月莺媛瑞凡佳嘉琼勤珍贞莉喆堃宁晨宇浩轩子涵欣怡梓睿泽雨桐"
)
REGION = "411722"
DEMO = "演示·"


class Invented:
    """A source of people. The same seed gives the same people."""

    def __init__(self, seed: int = 411722003) -> None:
        self._chance = random.Random(seed)  # noqa: S311 (invented people, not keys)
        self._count = 0

    def surname(self) -> str:
        return self._chance.choice(SURNAMES)

    def name(self, surname: str = "") -> str:
        """演示·张小明."""
        length = self._chance.choice((1, 2, 2))
        return DEMO + (surname or self.surname()) + "".join(self._chance.sample(GIVEN, length))

    def document(self) -> str:
        """A number whose check digit is right and whose birth year is in the nineteenth century."""
        self._count += 1
        return synthetic_id(REGION, self._count)

    def phone(self) -> str:
        """0396-0…: the area code is real, the number is not."""
        return f"0396-0{self._chance.randrange(10**6):06d}"

    def members(self) -> int:
        """How many live in a household: 2.86 on average, as in the province."""
        return self._chance.choice((1, 2, 2, 3, 3, 3, 3, 4, 4, 5))
