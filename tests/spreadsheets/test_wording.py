"""Headings as people word them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.spreadsheets.wording import Dictionary, Fit, Match, best, normal

WORDS = [
    "户主姓名",
    "身份证号码",
    "手机号",
    "楼栋",
    "单元",
    "房号",
    "与户主关系",
    "家庭住址",
    "网格员",
    "备注",
    "No",
]
FIELDS = Dictionary({str(place): [word] for place, word in enumerate(WORDS)})
GAPS = st.text(" \n\t\u3000\u00a0*＊：:", max_size=3)
REMARKS = st.sampled_from(["", "（必填）", "(18位)", "【文本】", "[选填]", "（如：1（2））", "必填"])


@given(st.text())
def test_making_a_wording_normal_twice_changes_nothing(label: str) -> None:
    assert normal(normal(label)) == normal(label)


@given(st.sampled_from(WORDS), st.data())
def test_spaces_marks_and_remarks_change_no_meaning(word: str, data: st.DataObject) -> None:
    spaced = "".join(data.draw(GAPS) + sign for sign in word)
    label = data.draw(REMARKS) + spaced + data.draw(REMARKS) + data.draw(GAPS)
    assert normal(label) == normal(word)
    assert best(FIELDS.matches(label)) == (str(WORDS.index(word)),)


@given(st.permutations(WORDS))
def test_the_order_of_the_words_does_not_matter(order: list[str]) -> None:
    shuffled = Dictionary({str(WORDS.index(word)): [word] for word in order})
    for word in WORDS:
        assert best(shuffled.matches(f"{word}（必填）")) == (str(WORDS.index(word)),)


@given(st.text(max_size=20))
def test_whatever_stands_there_has_an_answer(label: str) -> None:
    for match in FIELDS.matches(label).values():
        assert match.fit > Fit.NONE


@pytest.mark.parametrize(
    ("label", "match"),
    [
        ("电话", Match(Fit.EXACT, 2)),
        ("电话2", Match(Fit.COUNTED, 2)),
        ("电话（二）", Match(Fit.EXACT, 2)),
        ("家属电话", Match(Fit.LAST, 2)),
        ("家属电话1", Match(Fit.LAST, 2)),
        ("电话备注", Match(Fit.WITHIN, 2)),
    ],
)
def test_how_well_a_wording_fits(label: str, match: Match) -> None:
    assert Dictionary({"phone": ["电话"]}).matches(label) == {"phone": match}


def test_a_question_asks_for_yes_or_no_whatever_it_names() -> None:
    assert not Dictionary({"phone": ["电话"]}).matches("有无电话")
    assert Dictionary({"reachable": ["有无电话"]}).matches("有无电话（必填）")


def test_one_character_fits_only_alone() -> None:
    floors = Dictionary({"building": ["楼"]})
    assert floors.matches("楼")
    assert not floors.matches("楼长姓名")


def test_a_word_with_a_new_meaning_has_its_old_one_no_more() -> None:
    words = Dictionary({"name": ["姓名", "名字"], "head": ["户主"]}).with_words(
        {"head": ["姓名"], "nick": ["外号"]}
    )
    assert best(words.matches("姓名")) == ("head",)
    assert best(words.matches("名字")) == ("name",)
    assert best(words.matches("户主")) == ("head",)
    assert best(words.matches("外号")) == ("nick",)


def test_an_empty_label_means_nothing() -> None:
    assert best(FIELDS.matches("  ＊ ")) == ()
    assert normal("（备注）") == "备注"
