"""An application that prints and nothing else, certificates to print with it, and eyes to look at the paper."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import pypdfium2
from flask import Flask
from flask_babel import Babel
from jinja2 import StrictUndefined
from PIL import Image
from pypdf import PdfReader
from pypdfium2.raw import FPDFText_GetUnicode

from portal.passes.code import PassClaims, sign
from portal.passes.keys import KeyRing
from portal.passes.kinds import Kind
from portal.passes.printing import Certificate, Certificates
from portal.passes.rule_data import EVERY_DAY, Window
from portal.passes.serials import serial
from portal.printing.foot import Foot

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 23, 0, 31, tzinfo=UTC)
FOOT = Foot("演示·陈某", NOW, is_demo=True)
MARKUP = "<b>&amp;</b><img src=x onerror=alert(1)>"


def printing_app() -> Flask:
    """Templates and static files of the portal, and no area."""
    app = Flask("printing", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    Babel(app)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.globals.update(asset=lambda name: f"/static/{name}", language_tag=lambda: "zh-Hans")
    return app


def certificates(count: int, ring: KeyRing, **changes: object) -> list[Certificate]:
    """So many certificates with codes signed by the ring; ``changes`` go to each."""
    return [replace(certificate(number, ring), **changes) for number in range(123, 123 + count)]


def certificate(number: int, ring: KeyRing) -> Certificate:
    windows = (Window(EVERY_DAY, 8 * 60, 11 * 60),)
    until = datetime(2026, 11, 29, 16, tzinfo=UTC)
    claims = PassClaims(
        serial=serial(3, number),
        kind=Kind.HOUSEHOLD,
        holder="演示·张学敏",
        document_tail="0018",
        place="3号院2号楼1单元401",
        issued_at=NOW,
        valid_from=NOW,
        valid_until=until,
        status_index=number,
        order_id=7,
        windows=windows,
        gates=(1, 2),
        max_minutes=120,
        series="A",
    )
    return Certificate(
        serial=claims.serial,
        short_code="ABCD2345",
        code=sign(claims, ring.signing_key(NOW)),
        kind=claims.kind,
        holder=claims.holder,
        document="411722********0018",
        address="3号院2号楼1单元401",
        reason="买菜买药",
        valid_from=datetime(2026, 11, 22, 16, tzinfo=UTC),
        valid_until=until,
        windows=windows,
        max_minutes=120,
        rule="每户每 2 天 1 人 1 次",
        gates=("北门", "东门"),
        issuer="重阳街道豫苑社区作战指挥部",
        issued_on=date(2026, 11, 23),
        order_number="重防指〔2026〕3号",
        series="A",
    )


def longest(ring: KeyRing) -> Certificate:
    """Everything as long as it may be, with the largest code that there is."""
    window = Window(0b1010101, 8 * 60 + 5, 11 * 60 + 35)
    claims = PassClaims(
        serial=serial(999_999, 999_999),
        kind=Kind.VEHICLE,
        holder="阿" * 60,
        document_tail="001X",
        place="张" * 60,
        issued_at=NOW,
        valid_from=NOW,
        valid_until=NOW.replace(year=2027),
        status_index=2**32 - 1,
        order_id=65535,
        windows=(window,) * 3,
        gates=(65535,) * 8,
        max_minutes=10080,
        series="ABC",
    )
    return replace(
        certificate(123, ring),
        serial=claims.serial,
        code=sign(claims, ring.signing_key(NOW)),
        kind=claims.kind,
        holder="阿卜杜热合曼·" * 8 + "买买提末",
        address="建设路与蔡都大道交叉口向北二百米路东豫苑小区三期" * 3,
        reason="运送生活物资和药品" * 13,
        valid_from=NOW,
        valid_until=claims.valid_until,
        windows=claims.windows,
        max_minutes=10075,
        rule="每车每 2 天 1 人 1 次，须持单位证明和当日出车单，装卸时不得离开车辆，返回后在卡点消毒",
        gates=tuple(f"豫苑小区{name}门卡点" for name in "东西南北前后左右"),
        issuer="上蔡县重阳街道豫苑社区居民委员会新型冠状病毒感染防控作战指挥部",
        order_number="重防指办〔2026〕123号",
        series="ABC",
        plate="豫QD12345",
        route="上蔡县重阳街道豫苑社区—驻马店市驿城区雪松大道农产品批发市场" * 3,
        copy=12,
    )


def hostile(ring: KeyRing) -> Certificate:
    """Markup in every field that people write."""
    texts = ("holder", "document", "address", "reason", "rule", "issuer", "order_number", "plate", "route")
    return replace(certificate(124, ring), gates=(MARKUP,), **dict.fromkeys(texts, MARKUP))


def to_print(passes: Sequence[Certificate], *, counterfoil: bool = False) -> Certificates:
    return Certificates(tuple(passes), FOOT, counterfoil=counterfoil)


def pictures(made: bytes, dpi: int = 300) -> list[Image.Image]:
    """The pages in grey. Each is cut to whole dots first, a hair less: rounding a page up would stretch it."""
    pdf = pypdfium2.PdfDocument(made)
    return [_picture(page, dpi) for page in pdf]


def _picture(page: pypdfium2.PdfPage, dpi: int) -> Image.Image:
    dot = 72 / dpi
    width, height = page.get_size()
    hair = dot / 1000
    page.set_mediabox(0, height - height // dot * dot + hair, width // dot * dot - hair, height)
    image: Image.Image = page.render(scale=1 / dot).to_pil()
    return image.convert("L")


@dataclass(frozen=True)
class Character:
    """A character as it lies on the page, in points from the bottom left corner of the page."""

    text: str
    left: float
    bottom: float
    right: float
    top: float

    def lies_on(self, other: "Character") -> bool:
        """Whether they share more than an edge."""
        across = min(self.right, other.right) - max(self.left, other.left)
        along = min(self.top, other.top) - max(self.bottom, other.bottom)
        return across > 0.5 and along > 0.5


def characters(made: bytes, page: int = 0) -> list[Character]:
    """All that show, in the order of the page."""
    text = pypdfium2.PdfDocument(made)[page].get_textpage()
    codes = [FPDFText_GetUnicode(text.raw, i) for i in range(text.count_chars())]
    halves = range(0xDC00, 0xE000)  # the second half of a character beyond the basic plane
    return [
        Character(_character(codes[i : i + 2]), *text.get_charbox(i))
        for i, code in enumerate(codes)
        if code not in halves and not chr(code).isspace()
    ]


def _character(codes: list[int]) -> str:
    if codes[0] in range(0xD800, 0xDC00):
        return "".join(map(chr, codes)).encode("utf-16", "surrogatepass").decode("utf-16")
    return chr(codes[0])


def texts(made: bytes) -> list[str]:
    """The text of each page, without the breaks of its lines."""
    return ["".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(made)).pages]
