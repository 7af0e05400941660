"""What a notice says on paper: its words, its signature, and nothing of what people type taken for markup."""

from dataclasses import fields, replace
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from portal.notices.kinds import NoticeKind, Sealing
from portal.notices.paper import KIND_WORDS, NoticePaper, Signed, on_paper
from portal.notices.text import parse
from tests.printing.notice_papers import TABLE, application, circular, make, official, poppler_text
from tests.printing.paper import texts

MARKUP = '<b hx-get="/x">粗</b><img src=x onerror=alert(1)>{{7*7}}&amp;'
FRIENDLY = tuple(kind for kind in NoticeKind if not kind.is_official)


def friendly(kind: NoticeKind) -> NoticePaper:
    return official(kind=kind, head="", number="", addressees="居民朋友们")


def squeezed(made: bytes) -> str:
    return "".join("".join(texts(made)).split())


def test_the_whole_of_a_circular_is_on_paper_and_can_be_searched() -> None:
    said = squeezed(make(circular()))
    for words in (
        "上蔡县重阳街道办事处文件",
        "重街办〔2026〕3号",
        "关于印发《重阳街道2026年冬春季新型冠状病毒感染疫情防控工作方案》的通知",
        "各社区居民委员会，各包保单位，街道各办公室：",
        "（一）凭证出入。每户每2天可安排1名家庭成员",
        "咨询电话：0396-01234567",
        "附件：1.重阳街道疫情防控工作方案2.重阳街道小区卡点一览表",
        "上蔡县重阳街道办事处2026年11月23日（此件公开发布）",
        "抄送：县疫情防控指挥部办公室，县卫生健康委员会。",
        "上蔡县重阳街道办事处办公室",
        "2026年11月23日印发",
    ):
        assert words in said


def test_poppler_finds_the_same_words() -> None:
    said = "".join(poppler_text(make(circular())).split())
    for words in ("重街办〔2026〕3号", "《中华人民共和国传染病防治法》", "社区“网格员”核实", "37.3℃"):
        assert words in said


@pytest.mark.parametrize("kind", NoticeKind)
def test_markup_in_any_field_is_text(kind: NoticeKind) -> None:
    hostile = {field.name: MARKUP for field in fields(NoticePaper) if field.type is str}
    paper = official(
        kind=kind,
        blocks=parse("\n".join([MARKUP, f"- {MARKUP}", f"{MARKUP}|{MARKUP}", f"一、{MARKUP}。{MARKUP}"])),
        attachments=(MARKUP, MARKUP),
        signers=(MARKUP,),
        **hostile,
    )
    text = "".join(MARKUP.split())
    assert squeezed(make(paper)).count(text) >= 9
    with application().test_request_context("/notices/1/paper?as=page"):
        page = on_paper(paper, file_name="notice").get_data(as_text=True)
    assert "<img" not in page
    assert "<b " not in page.partition("<body")[2]
    assert "49" not in page
    assert page.count("&lt;b hx-get=") >= 8


def test_an_image_address_in_the_text_is_fetched_by_nobody() -> None:
    asked: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)

    server = HTTPServer(("127.0.0.1", 0), Listener)
    thread = Thread(target=server.serve_forever)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}/x.png"
    try:
        made = make(
            official(title=address, blocks=parse(f'![图]({address})\n<img src="{address}">\n{address}'))
        )
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert asked == []
    assert squeezed(made).count(address) == 4


@pytest.mark.parametrize("changes", [{}, {"letter_format": True}, {"head": ""}])
@pytest.mark.parametrize("kind", NoticeKind)
def test_a_draft_says_so_on_every_page(kind: NoticeKind, changes: dict[str, object]) -> None:
    paper = replace(official(kind=kind), blocks=parse("\n".join(["字" * 400] * 6)), **changes)
    drafts, issued = (texts(make(replace(paper, draft=draft))) for draft in (True, False))
    assert len(drafts) > 1
    assert all("草稿未经签发，不得张贴" in page for page in drafts)
    assert not any("草稿" in page for page in issued)


def test_demo_paper_says_so_on_every_page() -> None:
    assert all("演示数据，内容均为虚构" in page for page in texts(make(circular(is_demo=True))))


def test_a_paper_of_one_page_without_anything_is_still_a_page() -> None:
    bare = NoticePaper(NoticeKind.ANNOUNCEMENT, "", ())
    assert len(texts(make(bare))) == 1


@pytest.mark.parametrize(
    ("typed", "printed"),
    [("各社区", "各社区："), ("各社区：", "各社区："), ("各社区: ", "各社区："), ("", ""), ("  ", "")],
)
def test_those_addressed_end_in_a_full_width_colon(typed: str, printed: str) -> None:
    assert circular(addressees=typed).salutation == printed


def test_a_note_stands_in_one_pair_of_brackets() -> None:
    for note in ("此件公开发布", "（此件公开发布）", "(此件公开发布)"):
        assert "日（此件公开发布）抄" in squeezed(make(circular(note=note)))


def test_one_attachment_has_no_number() -> None:
    assert "附件：卡点一览表上蔡县" in squeezed(make(official(attachments=("卡点一览表",))))


@pytest.mark.parametrize(
    ("sealing", "says"),
    [(Sealing.OWN, ""), (Sealing.ON_BEHALF, "（代章）"), (Sealing.BORROWED, "（借章）"), (Sealing.NONE, "")],
)
def test_another_seal_is_named_with_the_signature(sealing: Sealing, says: str) -> None:
    said = squeezed(make(official(sealing=sealing)))
    assert f"上蔡县重阳街道办事处{says}2026年11月23日" in said


def test_of_a_sealed_notice_the_signature_is_centred_on_the_date() -> None:
    assert official().signed == (Signed("上蔡县重阳街道办事处", 2.5), Signed("2026年11月23日", 4))
    assert official(dated=date(2026, 2, 4)).signed[-1] == Signed("2026年2月4日", 4)


def test_a_long_signature_stays_within_the_text() -> None:
    long = official(signers=("上蔡县新型冠状病毒感染疫情防控指挥部办公室",))
    assert long.signed[0].from_right == 0
    endless = official(signers=("字" * 60,)).signed
    assert "".join(line.text for line in endless[:-1]) == "字" * 60
    assert all(len(line.text) <= 27 and line.from_right == 0 for line in endless[:-1])


@pytest.mark.parametrize(
    ("signer", "expected"),
    [
        (
            "上蔡县重阳街道办事处",
            (2.0, 1.0 + 2.0),
        ),  # ten characters, the date has seven: from 8 to 15 from the left
        ("豫苑社区", (7.0, 2.0)),  # shorter than the date, which then has two characters to its right
    ],
)
def test_of_an_unsealed_notice_the_date_begins_two_characters_after_the_signature(
    signer: str, expected: tuple[float, float]
) -> None:
    signature, dated = official(sealing=Sealing.NONE, signers=(signer,)).signed
    assert (signature.from_right, dated.from_right) == expected
    left = 28 - signature.from_right - len(signer)
    assert 28 - dated.from_right - 7 == left + 2


def test_several_signers_without_a_seal_stand_under_one_another() -> None:
    names = ("上蔡县重阳街道办事处", "豫苑社区")
    first, second, _ = official(sealing=Sealing.NONE, signers=names).signed
    assert first.from_right + 10 == second.from_right + 4


@pytest.mark.parametrize("count", range(2, 8))
def test_several_that_seal_have_three_places_to_a_row(count: int) -> None:
    rows = official(signers=tuple(f"第{n}派出所" for n in range(count))).rows_of_seals
    assert [len(row) for row in rows] == [3] * (count // 3) + [count % 3] * (count % 3 > 0)
    assert [name for row in rows for (name,) in row] == [f"第{n}派出所" for n in range(count)]


def test_nobody_signs_where_nobody_is_named() -> None:
    assert "2026年11月23日" not in squeezed(make(official(signers=(), dated=None))).rpartition("行通告。")[2]


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("上蔡县重阳街道办事处文件", 1),
        ("中共上蔡县重阳街道工作委员会文件", 1),
        ("上蔡县新型冠状病毒感染疫情防控工作领导小组办公室文件", 2),
        ("字" * 60, 2),
    ],
)
def test_a_head_is_as_large_as_goes_across(name: str, lines: int) -> None:
    paper = official(head=name)
    assert len(paper.head_lines) == lines
    longest = max(map(len, paper.head_lines))
    assert longest * paper.head_size <= 442
    assert paper.head_size == 44 or longest * paper.head_size > 435


@pytest.mark.parametrize("kind", FRIENDLY)
def test_friendly_notices_have_no_red_and_say_all(kind: NoticeKind) -> None:
    said = squeezed(make(friendly(kind)))
    for words in ("居民朋友们：", "咨询电话：0396-01234567", "上蔡县重阳街道办事处2026年11月23日"):
        assert words in said
    assert ("签收人" in said) == (kind is NoticeKind.INFORMATION)


@pytest.mark.parametrize("kind", FRIENDLY)
def test_a_short_friendly_notice_is_large_and_on_one_page(kind: NoticeKind) -> None:
    sizes = []
    for count in range(1, 14):
        paper = replace(
            friendly(kind), blocks=parse("请居民朋友做好个人防护，出门佩戴口罩，不聚集。\n" * count)
        )
        sizes.append(paper.type_size)
        assert len(texts(make(paper))) == 1, count
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] >= 26


def test_a_reminder_says_what_it_is_once() -> None:
    word = KIND_WORDS[NoticeKind.REMINDER]
    for title in ("做好冬季防护", "做好冬季防护的温馨提示"):
        assert squeezed(make(replace(friendly(NoticeKind.REMINDER), title=title))).count(word) == 1


def test_the_light_page_says_the_same_without_styles_of_its_own() -> None:
    with application().test_request_context("/notices/1/paper?as=page"):
        page = on_paper(circular(blocks=parse(TABLE)), file_name="notice").get_data(as_text=True)
    assert " style=" not in page
    assert "<svg" not in page
    for words in ("重街办〔2026〕3号", "豫苑社区东门", "此件公开发布", "2026年11月23日印发", "notices.css"):
        assert page.count(words) == 1


def test_columns_are_as_wide_as_what_they_hold() -> None:
    (table,) = parse("序号|说明\n1|" + "请" * 300)
    assert official().column_widths(table) == (22.22, 77.78)
    (table,) = parse("时间|地点|电话")
    assert official().column_widths(table) == (33.33, 33.33, 33.33)


def test_the_file_is_called_what_the_caller_says() -> None:
    with application().test_request_context("/notices/1/paper"):
        answer = on_paper(circular(), file_name="notice-7")
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'inline; filename="notice-7.pdf"'


def test_a_broken_office_font_folder_still_prints(tmp_path: Path) -> None:
    folder = tmp_path / "fonts"
    folder.mkdir()
    folder.joinpath("fangsong.ttf").write_bytes(b"not a font")
    assert "重街办〔2026〕3号" in squeezed(make(circular(), tmp_path))
