"""The list of passwords that are refused because many people use them: ``python -m tools.common_passwords``.

Written from habits, not from leaked lists: words of love and luck, rows of keys, names of places and of this job,
with the endings that people add. Only what is long enough to be typed at all (10 characters) is kept.
"""

from itertools import product
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "portal" / "accounts" / "data" / "common-passwords.txt"
SHORTEST, LONGEST = 10, 24


def words(text: str) -> list[str]:
    """The words of a text."""
    return text.split()


LOVE_AND_LUCK = words("""
woaini woaiwojia woaiziji woaimama woaibaba woaizhongguo woaizuguo woaini1314 woaiwo woxihuanni wodemima mima
mimamima wangjimima buzhidao nihao nihaoma xiexie baobao baobei laopo laogong laopowoaini mama baba mamababa
jiayou jixiang ruyi jixiangruyi pingan pinganfu fafafa facai gongxifacai xingfu kuaile shengrikuaile xinniankuaile
zhongguo zhonghua zuguo beijing henan zhumadian shangcai chongyang tianshi tiantian meimei gege didi jiejie
tiankong yangguang xiaolong xiaobao xiaoxiao long dragon iloveyou ilovechina iloveu loveyou love forever baby
""")
COMPUTER = words("""
password passw0rd p@ssword p@ssw0rd passwd admin admin123 administrator root user guest test login welcome letmein
changeme secret default system manager master qwerty qwertyuiop asdfgh asdfghjkl zxcvbn zxcvbnm 1qaz2wsx qazwsx
qazwsxedc 1q2w3e 1q2w3e4r 1q2w3e4r5t zaq12wsx q1w2e3 q1w2e3r4 qweasd qweasdzxc qwe123 asd123 zxc123 abc abcd abc123
abcd1234 a123456 aa123456 aaa111 aaaaaa abcabc wifi hello monkey football sunshine princess superman batman
""")
THE_JOB = words("""
shequ jiedao wangge wanggeyuan fangyi yiqing fangkong zhiyuan zhiyuanzhe dangyuan dangzhibu cunwei juweihui
tongxingzheng kakou zhihuibu gongzuo bangong bangongshi shangcaixian chongyangjiedao yuyuan yuyuanshequ jianshelu
guihua jinghai caidu ludiao hexie xinfu quanmin zhongyang shequfangyi covid covid19 xinguan
""")
SURNAMES = words("""
wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he lin gao luo zheng liang xie song tang
""")
GIVEN = words("wei fang na min jing li qiang lei jun yang yong yan jie juan tao ming chao xia ping gang")
FIGURES = words("""
1 12 123 1234 12345 123456 1234567 12345678 123456789 1234567890 0123456789 0 00 000 111 1111 11111 111111 11111111
222 333 555 666 6666 66666 666666 777 888 8888 88888 888888 88888888 999 999999 000000 520 521 1314 5201314 1314520
5211314 1314521 520520 520521 123123 112233 123321 121212 110110 168 518 911 10086 147258 147258369 159357 789456
654321 987654321 2008 2018 2019 2020 2021 2022 2023 2024 2025 2026 2027
""")
TAILS = words("""
1 12 123 1234 12345 123456 0 000 111 666 888 520 521 1314 5201314 1314520 2024 2025 2026 123123 112233 168 666666
888888 a abc abc123 @123 @2025 @2026
""")
HEADS = ["a", "aa", "aaa", "q", "qq", "w", "z", "abc", "wo", "ai", "x", "zx", "qwe", "asd", "zxc"]


def habits() -> set[str]:
    """Every combination that is worth refusing."""
    stems = [*LOVE_AND_LUCK, *COMPUTER, *THE_JOB]
    found = {word + tail for word, tail in product(stems, ["", *TAILS])}
    found |= {word + word for word in stems}
    found |= {
        figures + word
        for figures, word in product(("123", "1234", "123456", "520", "1314", "5201314"), stems)
    }
    found |= {head + figures for head, figures in product(HEADS, FIGURES)}
    found |= {a + b for a, b in product(FIGURES, FIGURES) if len(a) > 2 and len(b) > 2}
    people = {surname + given for surname, given in product(SURNAMES, GIVEN)}
    found |= {
        person + tail
        for person, tail in product(people, ("123", "1234", "123456", "520", "1314", "888", "666"))
    }
    return {password for password in found if SHORTEST <= len(password) <= LONGEST}


if __name__ == "__main__":
    TARGET.write_text("\n".join(sorted(habits())) + "\n", encoding="utf-8")
