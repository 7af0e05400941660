"""What lies around many certificates: the cover of a batch, and the list on which each holder signs 签收表."""

from dataclasses import dataclass, replace

from portal.passes.printing import Certificates, Layout
from portal.printing.document import PageNumbers, pdf
from portal.printing.foot import Foot

PAPER_WORDS = {Layout.CARDS: "卡片，每张 A4 纸十张", Layout.A5: "A5，背面出入记录"}
DIGEST_SHOWN = 16


@dataclass(frozen=True)
class Batch:
    """What was printed. ``kinds`` and ``copies``: (word, how many), (which copy, how many of that copy)."""

    foot: Foot
    unit: str  # for whose passes
    layout: Layout
    kinds: tuple[tuple[str, int], ...]
    copies: tuple[tuple[int, int], ...]
    count: int
    first: str
    last: str
    left_out: int
    pages: int
    digest: str

    @property
    def rows(self) -> list[tuple[str, str]]:
        """(label, text), in Chinese as all paper is."""
        rows = [
            ("单位", self.unit),
            ("张数", f"共 {self.count} 张"),
            ("类别", "、".join(f"{word} {count} 张" for word, count in self.kinds)),
            ("编号", self.first if self.count == 1 else f"首张 {self.first}，末张 {self.last}"),
            ("份次", "、".join(f"第 {copy} 次打印 {count} 张" for copy, count in self.copies)),
            ("纸型", PAPER_WORDS[self.layout]),
            ("页数", f"共 {self.pages} 页，含本页和签收表"),
            ("核对码", self.digest[:DIGEST_SHOWN].upper()),
        ]
        return rows + ([("未印", f"{self.left_out} 张，打印期间已失效")] if self.left_out else [])


def cover_pdf(batch: Batch) -> bytes:
    """The first page of a batch."""
    return pdf("passes/cover.html", batch, PageNumbers())


def handing_out_pdf(certificates: Certificates, layout: Layout, numbers: PageNumbers) -> bytes:
    """签收表: a line for each certificate, signed by whoever takes it."""
    return pdf("passes/handing_out.html", replace(certificates, paper=layout), numbers)
