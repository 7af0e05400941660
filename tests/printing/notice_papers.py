"""Notices to print, and a ruler for the paper they are on: what lies where, in millimetres from the top left corner."""

import ctypes
import re
import subprocess
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pypdfium2
from flask import Flask
from PIL import Image
from pypdfium2.raw import FPDFText_GetFontInfo, FPDFText_GetUnicode

from portal.notices.kinds import NoticeKind
from portal.notices.paper import NoticePaper, as_pdf
from portal.notices.text import Block, parse
from tests.printing.paper import characters, pictures, printing_app

MM = 72 / 25.4
SENTENCE = (
    "为做好疫情防控工作切实保障人民群众生命安全和身体健康现将有关事项"  # no marks: 28 characters fill a line
)
BODY = "\n".join(
    [
        (
            "为切实做好我街道疫情防控工作，有效阻断疫情传播，保障人民群众生命安全和身体健康，根据"
            "《中华人民共和国传染病防治法》《突发公共卫生事件应急条例》等法律法规，现就有关事项通告如下："
        ),
        "一、严格小区出入管理",
        (
            "（一）凭证出入。每户每 2 天可安排 1 名家庭成员外出采购生活物资，每次不超过 2 小时，"
            "凭《通行证》和身份证件出入。"
        ),
        "（二）严格测温登记。进出小区须佩戴口罩，配合值守人员测温、登记，体温 37.3℃及以上的，立即报告社区。",
        "1.外来人员和车辆原则上不得进入小区。",
        "（1）确需进入的，由社区“网格员”核实登记后放行；",
        "（2）运送生活物资的车辆，在卡点消毒后放行。",
        "二、主动报告行程。自外地返回的人员，应当在 12 小时内向所在社区报告，配合落实健康监测措施。",
        "三、本通告自2026年11月23日8时起执行，解除时间另行通告。",
    ]
)
TABLE = (
    "时间 | 地点 | 服务内容\n8:00–11:00 | 豫苑社区东门 | 生活物资采购\n15:00–17:00 | 豫苑社区北门 | 药品代购"
)


def official(**changes: Any) -> NoticePaper:
    """A 通告 with everything that most have."""
    paper = NoticePaper(
        kind=NoticeKind.ANNOUNCEMENT,
        title="关于严格管控人员出入社区小区的通告",
        blocks=parse(BODY),
        head="上蔡县重阳街道办事处文件",
        number="重街办〔2026〕3号",
        signers=("上蔡县重阳街道办事处",),
        dated=date(2026, 11, 23),
        contact="咨询电话：0396-01234567",
    )
    return replace(paper, **changes)


def circular(**changes: Any) -> NoticePaper:
    """A 通知 with addressees, attachments, a note and an imprint."""
    values: dict[str, Any] = {
        "kind": NoticeKind.CIRCULAR,
        "title": "关于印发《重阳街道2026年冬春季新型冠状病毒感染疫情防控工作方案》的通知",
        "addressees": "各社区居民委员会，各包保单位，街道各办公室",
        "attachments": ("重阳街道疫情防控工作方案", "重阳街道小区卡点一览表"),
        "note": "此件公开发布",
        "copies_to": "县疫情防控指挥部办公室，县卫生健康委员会。",
        "printed_by": "上蔡县重阳街道办事处办公室",
        "printed_on": date(2026, 11, 23),
    }
    return official(**(values | changes))


def plain(lines: int) -> tuple[Block, ...]:
    """Paragraphs that fill so many lines together, three lines each; nothing for none."""
    count, rest = divmod(lines, 3)
    full = (SENTENCE * 3)[: 28 * 3 - 2]
    return parse("\n".join([full] * count + ([(SENTENCE * 2)[: 28 * rest - 2]] if rest else [])))


def make(paper: NoticePaper, instance: Path | None = None) -> bytes:
    with application(instance).test_request_context():
        return as_pdf(paper)


def application(instance: Path | None = None) -> Flask:
    app = printing_app()
    app.config["INSTANCE"] = instance
    return app


@dataclass(frozen=True)
class Ink:
    """A box of ink in millimetres from the top left corner of the page."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


@dataclass(frozen=True)
class Line:
    """A line of text as poppler sees it, in millimetres: its characters, and where the first begins and last ends."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def lines(made: bytes) -> list[list[Line]]:
    """The lines of each page from the top, by poppler, put together from what lies at one height."""
    return [_lines(page) for page in _poppler(made, "pdftotext", "-bbox").split("<page ")[1:]]


def _lines(page: str) -> list[Line]:
    word = re.compile(r'xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>')
    found = [(*(float(n) / MM for n in match[:4]), _plain(match[4])) for match in word.findall(page)]
    rows: list[list[Any]] = []
    for left, top, right, bottom, text in sorted(found, key=lambda w: ((w[1] + w[3]) / 2, w[0])):
        middle = (top + bottom) / 2
        if rows and abs(rows[-1][-1][-1] - middle) < 1.5:
            rows[-1].append((left, top, right, bottom, text, middle))
        else:
            rows.append([(left, top, right, bottom, text, middle)])
    return [_line(sorted(row)) for row in rows]


def _line(row: list[Any]) -> Line:
    return Line("".join(w[4] for w in row), row[0][0], row[0][1], max(w[2] for w in row), row[0][3])


def _plain(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")


def _poppler(made: bytes, command: str, *options: str) -> str:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "made.pdf"
        file.write_bytes(made)
        done = subprocess.run([command, *options, file, "-"], stdout=subprocess.PIPE, check=True)
    halves = done.stdout.decode("utf-8", "surrogatepass")  # as poppler writes rare characters between tags
    return halves.encode("utf-16", "surrogatepass").decode("utf-16")


def poppler_text(made: bytes) -> str:
    return _poppler(made, "pdftotext", "-raw")


def poppler_pictures(made: bytes, dpi: int = 100) -> list[Image.Image]:
    """The pages in grey, by poppler."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "made.pdf"
        file.write_bytes(made)
        subprocess.run(["pdftoppm", "-r", str(dpi), "-gray", file, Path(folder) / "page"], check=True)
        return [Image.open(page).copy() for page in sorted(Path(folder).glob("page*.pgm"))]


def ink_of(made: bytes, text: str, page: int = 0) -> Ink:
    """Where the characters of ``text``, which stands on the page once, have their ink."""
    found = characters(made, page)
    start = "".join(c.text for c in found).index(text)
    run = found[start : start + len(text)]
    return Ink(
        min(c.left for c in run) / MM,
        297 - max(c.top for c in run) / MM,
        max(c.right for c in run) / MM,
        297 - min(c.bottom for c in run) / MM,
    )


def rules(made: bytes, page: int = 0, dpi: int = 400) -> list[Ink]:
    """The horizontal lines of a page that are longer than 100 mm, from the top; their thickness to a dot."""
    picture = pictures(made, dpi)[page].point(lambda grey: 255 * (grey < 200))
    dot = 25.4 / dpi
    found: list[Ink] = []
    for y in range(picture.height):
        row = picture.crop((0, y, picture.width, y + 1))
        box = row.getbbox()
        if box is None or row.histogram()[255] * dot < 100 or row.histogram()[255] < 0.97 * (box[2] - box[0]):
            continue
        if found and y * dot - found[-1].bottom < 1.5 * dot:
            found[-1] = replace(found[-1], bottom=(y + 1) * dot)
        else:
            found.append(Ink(box[0] * dot, y * dot, box[2] * dot, (y + 1) * dot))
    return found


def fonts_of(made: bytes, text: str, page: int = 0) -> set[str]:
    """The fonts in which the characters of ``text`` are set, without the tag of a subset."""
    found = pypdfium2.PdfDocument(made)[page].get_textpage()
    places = [i for i in range(found.count_chars()) if not chr(FPDFText_GetUnicode(found.raw, i)).isspace()]
    start = "".join(chr(FPDFText_GetUnicode(found.raw, i)) for i in places).index(text)
    return {_font(found, place) for place in places[start : start + len(text)]}


def _font(found: pypdfium2.PdfTextPage, place: int) -> str:
    name = ctypes.create_string_buffer(100)
    FPDFText_GetFontInfo(found.raw, place, name, len(name), ctypes.c_int())
    return name.value.decode().partition("+")[2]
