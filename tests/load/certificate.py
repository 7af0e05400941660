"""Certificates on paper: processor time and memory, against plain WeasyPrint with the same font and the same page.

Each side makes its documents in a process of its own, in turns; ``python -m tests.load.certificate SIDE LAYOUT COUNT``
is one of them and writes what it took.
"""

import json
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

import weasyprint
from weasyprint.text.fonts import FontConfiguration

from portal.passes.keys import KeyRing
from portal.passes.printing import Certificates, Layout
from portal.passes.stamped import certificates_pdf
from portal.printing.document import _for_paper
from portal.printing.fonts import FONT, WIDE
from portal.printing.materials import style_text
from tests.load.options import Options
from tests.load.table import table
from tests.load.worlds import Worlds
from tests.printing.paper import ROOT, certificates, printing_app, to_print

MANY = 1000  # passes in one document
WARM_UP = 2
LONG_ENOUGH = 3.0  # seconds of single documents
MEGABYTE = 1024  # kilobytes, as the kernel counts


def run(_worlds: Worlds, options: Options) -> str:
    """Seconds of processor time and the most memory, each side in a process of its own. Single ones are warm."""
    many = 2 if options.toy else MANY
    rounds = 1 if options.toy else 3
    rows = [
        _row(f"{name}, {count} in one document", layout, count, rounds if count == 1 else 1)
        for name, layout in (("A5", Layout.A5), ("cards", Layout.CARDS))
        for count in (1, many)
    ]
    heading = ("", "portal, ms", "plain WeasyPrint, ms", "times faster", "MB", "plain, MB", "bytes")
    return table("Certificates: processor time, most memory", heading, rows)


def _row(name: str, layout: Layout, count: int, rounds: int) -> tuple[Any, ...]:
    taken = {side: [_measured(side, layout, count) for _round in range(rounds)] for side in SIDES}
    ours, plain = (median(one["ms"] for one in taken[side]) for side in ("portal", "plain"))
    memory = (taken[side][0]["kilobytes"] / MEGABYTE for side in ("portal", "plain"))
    return name, ours, plain, plain / ours, *memory, taken["portal"][0]["bytes"]


def _measured(side: str, layout: Layout, count: int) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.load.certificate", side, layout.value, str(count)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    measured: dict[str, float] = json.loads(answer.stdout.splitlines()[-1])
    return measured


def _measure(side: str, layout: Layout, count: int) -> dict[str, float]:
    """One document of many, or the median of many documents of one, once warm."""
    make = SIDES[side]
    with TemporaryDirectory() as folder:
        document = to_print(certificates(count, KeyRing.open(Path(folder))))
    first = to_print(document.certificates[:1])
    with printing_app().test_request_context():
        for _time in range(WARM_UP):
            make(first, layout)
        times = [_timed(make, document, layout)]
        while count == 1 and sum(times) < 1000 * LONG_ENOUGH:
            times.append(_timed(make, document, layout))
        size = len(make(first, layout))
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"ms": median(times), "kilobytes": kilobytes, "bytes": size}


def _timed(make: Callable[[Certificates, Layout], bytes], document: Certificates, layout: Layout) -> float:
    begun = process_time()
    make(document, layout)
    return 1000 * (process_time() - begun)


def _plain(document: Certificates, layout: Layout) -> bytes:
    """As WeasyPrint's documentation has it: everything anew for each document."""
    fonts = FontConfiguration()
    text = WIDE.rule.replace(WIDE.url, FONT.as_uri()) + style_text("passes")
    style = weasyprint.CSS(string=text, font_config=fonts)
    source = weasyprint.HTML(string=_for_paper(f"passes/{layout}.html", document))
    made: bytes = source.write_pdf(stylesheets=[style], font_config=fonts)
    return made


SIDES: dict[str, Callable[[Certificates, Layout], bytes]] = {"portal": certificates_pdf, "plain": _plain}

if __name__ == "__main__":
    print(json.dumps(_measure(sys.argv[1], Layout(sys.argv[2]), int(sys.argv[3]))))
