"""Certificates on paper: processor time and memory, against plain WeasyPrint, and with ``--peers`` typst and reportlab.

All set the same texts in the same font on the same paper. Each side works in a process of its own, in turns. The peers
draw the codes that we made and need not make any; their environment is made for the benchmark and kept beside results.
"""

import json
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from portal.passes.printing import Certificate, Layout
from portal.passes.stamped import CODE_DOTS, _texts
from portal.printing.fonts import FONT
from portal.printing.qr import draw
from tests.load.options import Options
from tests.load.printers import some
from tests.load.table import table
from tests.load.worlds import Worlds
from tests.printing.paper import FOOT, ROOT

MANY = 1000  # passes in one document
EACH = 100  # documents of one pass
ROUNDS = 3
MEGABYTE = 1024  # kilobytes, as the kernel counts
PEERS = {"typst": "typst==0.15.2", "reportlab": "reportlab==5.1.0"}
FOLDER = ROOT / ".pytest_cache" / "load-peers"
FAMILY = "Noto Sans SC"  # as the font calls itself
SAID = {
    "rules": [
        "出示本证和身份证件，配合测温，按时返回。",
        "不得转借、涂改、复印、伪造；遗失即报网格员，补发后旧证作废。",
    ],
    "columns": ["日期", "出", "体温 ℃", "入", "体温 ℃", "值守签字"],
    "hint": "时间按 24 小时制填写。体温 37.3 ℃ 及以上不放行，即报社区。",
}

Measured = dict[str, float]


def run(_worlds: Worlds, options: Options) -> str:
    """A row for each side; ``times`` says how many times our processor time it takes."""
    many, each, rounds = (2, 3, 1) if options.toy else (MANY, EACH, ROUNDS)
    sides = ["portal", "plain", *(PEERS if options.peers else ())]
    if options.peers:
        _make_environment()
    rows = []
    for layout in list(Layout)[: 1 if options.toy else None]:
        for count, together, name in ((each, False, "one"), (many, True, f"{many:,}")):
            taken: dict[str, list[Measured]] = {side: [] for side in sides}
            for _round in range(rounds):
                for side in sides:
                    taken[side].append(_measured(side, layout, count, together=together))
            ours = median(one["ms"] for one in taken["portal"])
            rows += [(f"{layout}, {name}: {side}", *_row(taken[side], ours)) for side in sides]
    heading = ("", "ms", "times", "most MB", "MB beyond modules", "bytes")
    return table("Certificates: processor time, memory", heading, rows)


def _row(taken: list[Measured], ours: float) -> tuple[Any, ...]:
    middle = {name: median(one[name] for one in taken) for name in taken[0]}
    beyond = middle["kilobytes"] - middle["loaded"]
    times = middle["ms"] / ours
    return middle["ms"], times, middle["kilobytes"] / MEGABYTE, beyond / MEGABYTE, int(middle["bytes"])


def _measured(side: str, layout: Layout, count: int, *, together: bool) -> Measured:
    if side in PEERS:
        work = _work(side, layout, count, together=together)
        command = [str(FOLDER / "bin" / "python"), f"tests/load/peers/{side}_side.py", str(work)]
    else:
        how = "together" if together else "each"
        command = [sys.executable, "-m", "tests.load.printers", side, layout.value, str(count), how]
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    measured: Measured = json.loads(answer.stdout.splitlines()[-1])
    return measured


def _make_environment() -> None:
    """Once, and anew when the versions change."""
    noted = FOLDER / "versions"
    if not (noted.exists() and noted.read_text() == str(PEERS)):
        venv.create(FOLDER, clear=True, with_pip=True)
        subprocess.run([str(FOLDER / "bin" / "pip"), "install", "--quiet", *PEERS.values()], check=True)
        noted.write_text(str(PEERS))


def _work(side: str, layout: Layout, count: int, *, together: bool) -> Path:
    """What a peer is to print, in a file; a sample of its paper will lie beside it."""
    said = {
        "font": str(FONT),
        "family": FAMILY,
        "layout": layout.value,
        "together": together,
        "sample": str(FOLDER / f"{side}-{layout}.pdf"),
        "passes": [_pass(one, layout, DRAWN[side]) for one in some(count)],
    }
    path = FOLDER / "work.json"
    path.write_text(json.dumps(said))
    return path


def _pass(certificate: Certificate, layout: Layout, drawn: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
    rows = certificate.card_rows if layout is Layout.CARDS else certificate.a5_rows
    own = {"kind": certificate.kind_word, "series": certificate.series, "rows": rows}
    code = drawn(draw(certificate.code, box=CODE_DOTS[layout]))
    return SAID | _texts(certificate, rows, FOOT, layout) | own | code


def _as_svg(code: Any) -> dict[str, Any]:
    moved = f"translate({code.offset} {code.offset}) scale({code.module})"
    path = f'<path transform="{moved}" d="{code.path}"/>'
    return {
        "svg": f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {code.box} {code.box}">{path}</svg>'
    }


def _as_rectangles(code: Any) -> dict[str, Any]:
    numbers = [[int(word) for word in line.split()[:3]] for line in code.operators.decode().splitlines()]
    return {"runs": numbers, "module": code.module, "offset": code.offset}


DRAWN = {"typst": _as_svg, "reportlab": _as_rectangles}
