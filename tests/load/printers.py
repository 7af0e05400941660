"""One side of the benchmark of certificates, in a process of its own.

``python -m tests.load.printers SIDE LAYOUT COUNT together`` or ``… each``. Imports no more than what prints, so that
memory says something.
"""

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import weasyprint
from weasyprint.text.fonts import FontConfiguration

from portal.passes.keys import KeyRing
from portal.passes.printing import Certificate, Certificates, Layout
from portal.passes.stamped import certificates_pdf
from portal.printing.document import _for_paper
from portal.printing.fonts import FONT, WIDE
from portal.printing.materials import style_text
from tests.load.peers.measuring import measure, most_memory
from tests.printing.paper import certificates, printing_app, to_print


def some(count: int) -> list[Certificate]:
    """So many certificates."""
    with TemporaryDirectory() as folder:
        return certificates(count, KeyRing.open(Path(folder)))


def plain(document: Certificates, layout: Layout) -> bytes:
    """As WeasyPrint's documentation has it: everything anew for each document."""
    fonts = FontConfiguration()
    text = WIDE.rule.replace(WIDE.url, FONT.as_uri()) + style_text("passes")
    style = weasyprint.CSS(string=text, font_config=fonts)
    source = weasyprint.HTML(string=_for_paper(f"passes/{layout}.html", document))
    made: bytes = source.write_pdf(stylesheets=[style], font_config=fonts)
    return made


SIDES: dict[str, Callable[[Certificates, Layout], bytes]] = {"portal": certificates_pdf, "plain": plain}


def main(side: str, layout: Layout, count: int, *, together: bool) -> None:
    """Print what it took as JSON."""

    def make(passes: Sequence[Certificate]) -> bytes:
        return SIDES[side](to_print(passes), layout)

    passes = some(count)
    with printing_app().test_request_context():
        print(json.dumps(measure(make, passes, most_memory(), together=together)))


if __name__ == "__main__":
    main(sys.argv[1], Layout(sys.argv[2]), int(sys.argv[3]), together=sys.argv[4] == "together")
