"""Text tables: encodings, separators, broken quotation marks."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.spreadsheets.delimited import SEPARATORS, decode, records, separator_of
from portal.spreadsheets.refusal import ORDINARY, Refusal

# Without NUL, lone surrogates and what a byte order mark is made of.
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00\ufeff"), max_size=200)
CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\x00\ufeff\r\n"), min_size=1, max_size=20)


@given(TEXTS)
def test_utf_8_is_read_with_and_without_a_mark(text: str) -> None:
    assert decode(text.encode()) == text
    assert decode(text.encode("utf-8-sig")) == text
    assert decode(text.encode("utf-16")) == text


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), max_size=50))
def test_gb18030_is_read(text: str) -> None:
    """A few unhappy characters alone could be UTF-8 as well; a list with headings can't."""
    listed = f"序号,姓名,身份证号码,联系电话,家庭住址,与户主关系,备注\n{text}\n"
    assert decode(listed.encode("gb18030")) == listed


def test_the_four_bytes_of_gb18030_are_read() -> None:
    assert decode("演示·𠅤䶮㛃".encode("gb18030")) == "演示·𠅤䶮㛃"


@given(
    st.lists(st.lists(CELLS, min_size=4, max_size=4), min_size=2, max_size=8),
    st.sampled_from(SEPARATORS),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_what_was_written_comes_back(rows: list[list[str]], separator: str, end: str) -> None:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=separator, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(rows)
    content = f"sep={separator}{end}{file.getvalue()}".encode()
    assert list(records(content, ORDINARY)) == list(enumerate(rows, start=1))


@pytest.mark.parametrize("separator", SEPARATORS)
def test_the_separator_is_found(separator: str) -> None:
    lines = [["姓名", "住址", "电话"], ["张三", "一号楼, 二单元; 五楼", "1"], ["李四", "x", "2"]]
    text = "\n".join(separator.join(f'"{cell}"' for cell in line) for line in lines)
    assert separator_of(text) == separator


def test_commas_in_a_text_are_not_taken_for_separators() -> None:
    assert separator_of("姓名\t备注\n张三\t老人,独居,无电话\n李四\t无\n") == "\t"
    assert separator_of("姓名\n张三\n") == ","


def test_rows_are_counted_as_excel_counts_them() -> None:
    text = 'a,b\n"x\ny\nz",1\n\n\nc,d\n'
    assert list(records(text.encode(), ORDINARY)) == [
        (1, ["a", "b"]),
        (2, ["x\ny\nz", "1"]),
        (3, []),
        (4, []),
        (5, ["c", "d"]),
    ]


@pytest.mark.parametrize("rest", ["x,y\n" * 40, "x" * 40_000, "x" * 200_000])
def test_a_quotation_mark_that_is_not_closed_is_named_by_its_row(rest: str) -> None:
    with pytest.raises(Refusal, match="quotation mark in row 2"):
        list(records(f'a,b\n"张三,{rest}'.encode(), ORDINARY))
