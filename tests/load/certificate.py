"""Certificates on paper: processor time, against plain WeasyPrint with the same font and the same page."""

from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

import weasyprint
from weasyprint.text.fonts import FontConfiguration

from portal.passes.keys import KeyRing
from portal.passes.printing import Certificates
from portal.printing.document import _for_paper, pdf
from portal.printing.fonts import FONT, WIDE
from portal.printing.materials import style_text
from tests.load.options import Options
from tests.load.table import table
from tests.load.worlds import Worlds
from tests.printing.paper import certificates, printing_app, to_print

MANY = 50  # passes in one document
LONG_ENOUGH = 5000.0  # ms


def run(_worlds: Worlds, options: Options) -> str:
    """Milliseconds of processor time, in turns; warm."""
    many = 2 if options.toy else MANY
    with TemporaryDirectory() as folder:
        passes = certificates(many, KeyRing.open(Path(folder)))
    documents = (
        ("one on A5", "passes/a5.html", to_print(passes[:1]), options.repeats),
        ("a sheet of ten cards", "passes/cards.html", to_print(passes[:10]), options.repeats),
        (f"{many} on A5, one document", "passes/a5.html", to_print(passes), 3),
    )
    with printing_app().test_request_context():
        rows = [(name, *_compared(*document)) for name, *document in documents[:: 2 if options.toy else 1]]
    return table(
        "Certificates, ms of processor time",
        ("", "portal", "plain WeasyPrint", "times faster", "bytes"),
        rows,
    )


def _compared(template: str, document: Certificates, repeats: int) -> tuple[float, float, float, int]:
    made = pdf(template, document)
    times: dict[Callable[[str, Certificates], Any], list[float]] = {pdf: [], _plain: []}
    while len(times[_plain]) < repeats and sum(times[_plain]) < LONG_ENOUGH:
        for make, taken in times.items():
            begun = process_time()
            make(template, document)
            taken.append(1000 * (process_time() - begun))
    ours, plain = (median(taken) for taken in times.values())
    return ours, plain, plain / ours, len(made)


def _plain(template: str, document: Certificates) -> bytes:
    """As WeasyPrint's documentation has it: everything anew for each document."""
    fonts = FontConfiguration()
    text = WIDE.rule.replace(WIDE.url, FONT.as_uri()) + style_text("passes")
    style = weasyprint.CSS(string=text, font_config=fonts)
    source = weasyprint.HTML(string=_for_paper(template, document))
    made: bytes = source.write_pdf(stylesheets=[style], font_config=fonts)
    return made
