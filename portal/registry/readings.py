"""How a name is spelt in letters, to find it by: pinyin (zhangxuemin) and initials (zxm).

A surname has a reading of its own (单 is shan, not dan). What people may well spell otherwise is kept as a second
reading: with the surname read as the character is read elsewhere, or with another reading of a given name's character.
"""

from functools import lru_cache

from pypinyin import Style, lazy_pinyin

from portal.web.formats import DEMO_MARK

LONGEST_PINYIN = 160
LONGEST_INITIALS = 60

# Surname → its reading first, then the one by which it is often looked for. What is missing is read as elsewhere.
SURNAMES: dict[str, tuple[str, ...]] = {
    "乐": ("yue", "le"),
    "仇": ("qiu", "chou"),
    "区": ("ou", "qu"),
    "单": ("shan", "dan"),
    "卜": ("bu",),
    "句": ("gou", "ju"),
    "召": ("shao", "zhao"),
    "员": ("yun", "yuan"),
    "宓": ("mi", "fu"),
    "尉": ("wei", "yu"),
    "折": ("she", "zhe"),
    "曾": ("zeng", "ceng"),
    "朴": ("piao", "pu"),
    "柏": ("bai", "bo"),
    "查": ("zha", "cha"),
    "洗": ("xian", "xi"),
    "牟": ("mou", "mu"),
    "盖": ("ge", "gai"),
    "盛": ("sheng", "cheng"),
    "祭": ("zhai", "ji"),
    "种": ("chong", "zhong"),
    "秘": ("bi", "mi"),
    "繁": ("po", "fan"),
    "缪": ("miao", "mou"),
    "翟": ("zhai", "di"),
    "能": ("nai", "neng"),
    "行": ("xing", "hang"),
    "覃": ("qin", "tan"),
    "解": ("xie", "jie"),
    "谌": ("chen", "shen"),
    "贾": ("jia", "gu"),
    "车": ("che", "ju"),
    "郇": ("xun", "huan"),
    "都": ("du", "dou"),
    "重": ("chong", "zhong"),
    "长": ("chang", "zhang"),
    "隗": ("wei", "kui"),
    "黑": ("he", "hei"),
}
SURNAMES_OF_TWO: dict[str, tuple[str, str]] = {
    "万俟": ("mo", "qi"),
    "单于": ("chan", "yu"),
    "尉迟": ("yu", "chi"),
    "澹台": ("tan", "tai"),
    "长孙": ("zhang", "sun"),
}

# Characters of given names that are read in two ways in names of living people.
GIVEN: dict[str, tuple[str, ...]] = {
    "乐": ("le", "yue"),
    "传": ("chuan", "zhuan"),
    "单": ("dan", "shan"),
    "奇": ("qi", "ji"),
    "娜": ("na", "nuo"),
    "宿": ("su", "xiu"),
    "晟": ("sheng", "cheng"),
    "曾": ("zeng", "ceng"),
    "朝": ("chao", "zhao"),
    "柏": ("bai", "bo"),
    "盛": ("sheng", "cheng"),
    "茜": ("qian", "xi"),
    "藏": ("zang", "cang"),
    "行": ("xing", "hang"),
    "解": ("jie", "xie"),
    "都": ("du", "dou"),
    "重": ("zhong", "chong"),
    "长": ("chang", "zhang"),
    "阿": ("a", "e"),
    "隽": ("juan", "jun"),
    "露": ("lu", "lou"),
}


def readings(name: str) -> list[tuple[str, str]]:
    """The likeliest spelling of a name and, where there is one, the next: (pinyin, initials) each.

    Latin letters and figures stand for themselves; what has no reading is left out. Nothing to spell: [].
    """
    characters = [ways for ways in _ways_to_read(name.removeprefix(DEMO_MARK)) if ways]
    likeliest = [ways[0] for ways in characters]
    spellings = [likeliest]
    doubtful = next((place for place, ways in enumerate(characters) if len(ways) > 1), None)
    if doubtful is not None:
        spellings.append([*likeliest[:doubtful], characters[doubtful][1], *likeliest[doubtful + 1 :]])
    return [_written(syllables) for syllables in spellings if syllables]


def letters(text: str) -> str:
    """What somebody typed to find a name by letters, as readings are stored: small letters and figures only."""
    plain = text.lower().replace("ü", "v")
    return "".join(character for character in plain if character.isascii() and character.isalnum())


def _ways_to_read(name: str) -> list[tuple[str, ...]]:
    if (surname := name[:2]) in SURNAMES_OF_TWO:
        first, second = SURNAMES_OF_TWO[surname]
        return [(first,), (second,), *map(_spelt, name[2:])]
    return [SURNAMES.get(name[:1]) or _spelt(name[:1]), *map(_spelt, name[1:])]


def _written(syllables: list[str]) -> tuple[str, str]:
    initials = "".join(syllable[0] for syllable in syllables)
    return "".join(syllables)[:LONGEST_PINYIN], initials[:LONGEST_INITIALS]


@lru_cache(maxsize=16_384)
def _spelt(character: str) -> tuple[str, ...]:
    if character in GIVEN:
        return GIVEN[character]
    spelt = lazy_pinyin(character, style=Style.NORMAL, errors=letters)
    return (letters(spelt[0]),) if spelt and letters(spelt[0]) else ()
