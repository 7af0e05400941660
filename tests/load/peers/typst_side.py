"""The certificates with typst, one template for all: ``python typst_side.py WORK.json``."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst
from measuring import measure, most_memory

SHARED = """
#let passes = json(bytes(sys.inputs.passes))
#let boxed(said, size) = box(stroke: .72pt, inset: (x: 4pt, y: 3pt), text(size: size, said))
#let drawn(one, side) = image(bytes(one.svg), format: "svg", width: side)
#let foot = context grid(columns: (1fr, auto), text(size: 7.5pt, passes.at(0).foot),
  text(size: 7.5pt, [第 #counter(page).display() 页，共 #counter(page).final().at(0) 页]))
#let boxes(one, size) = [#boxed(one.kind, size) #boxed("演示", size) #boxed(one.series, size)]
"""
CARDS = """
#set page("a4", margin: (x: 53.52pt, top: 28.8pt, bottom: 45pt), footer: foot)
#set text(font: FONT, size: 8pt, lang: "zh")
#set par(leading: 3pt, spacing: 3pt)
#let card(one) = box(width: 243.84pt, height: 153.12pt, stroke: .24pt, {
  place(dx: 9.6pt, dy: 8pt, text(size: 13pt, tracking: 2.6pt)[通行证])
  place(dx: 66pt, dy: 8pt, boxes(one, 9pt))
  place(top + right, dx: -9.6pt, dy: 10pt, text(size: 11pt, one.serial))
  place(dx: 9.6pt, dy: 26pt, line(length: 224pt, stroke: .96pt))
  place(dx: 9.6pt, dy: 31.2pt, box(width: 122pt, grid(columns: (28pt, 94pt), row-gutter: 3pt,
    [持证人], text(size: 11pt, one.holder), ..one.rows.flatten())))
  place(dx: 9.6pt, dy: 126pt, box(width: 124pt, text(size: 7.2pt)[#one.issuer \\ #one.at("signed on")（盖章）]))
  place(dx: 132pt, dy: 27.84pt, drawn(one, 110.88pt))
  place(dx: 132pt, dy: 138.7pt, box(width: 110.88pt, align(center, one.check)))
})
#for some in passes.chunks(10) [#grid(columns: 2, ..some.map(card)) #pagebreak(weak: true)]
"""
A5 = """
#set page("a5", margin: (x: 40pt, top: 34pt, bottom: 45pt), footer: foot)
#set text(font: FONT, size: 11pt, lang: "zh")
#for one in passes [
#align(center, text(size: 32pt, tracking: 13pt)[通行证])
#align(center)[#boxes(one, 13pt) #h(10pt) #text(size: 15pt, one.serial)]
#table(columns: (18%, 1fr), stroke: (y: .48pt), [持证人], text(size: 14pt, one.holder), ..one.rows.flatten())
#place(bottom, dx: 31pt, dy: -60pt, circle(radius: 56pt, stroke: (thickness: .72pt, dash: "dashed")))
#place(bottom, dx: 80pt, dy: -64pt, text(size: 8pt)[盖章])
#place(bottom, dx: 4pt, dy: -110pt, box(width: 176pt, align(center)[#one.issuer \\ #one.at("signed on")]))
#place(bottom, dx: 192pt, dy: -60pt, drawn(one, 149.76pt))
#place(bottom, dx: 192pt, dy: -52pt, box(width: 149.76pt, align(center, text(size: 10pt, one.check))))
#place(bottom, text(size: 8.5pt, enum(..one.rules, one.basis)))
#pagebreak()
#grid(columns: (1fr, auto), text(size: 15pt)[出入记录], text(size: 12pt, one.serial))
#table(columns: (15%, 15%, 15%, 15%, 15%, 25%), rows: 20pt, stroke: .48pt, align: center,
  ..one.columns.map(said => text(size: 9pt, said)), ..range(120).map(_ => []))
#text(size: 9pt, one.hint)
#pagebreak(weak: true)
]
"""
LAYOUTS = {"a5": A5, "cards": CARDS}


def main() -> None:
    work = json.loads(Path(sys.argv[1]).read_text())
    loaded = most_memory()
    with TemporaryDirectory() as folder:
        template = Path(folder) / "pass.typ"
        template.write_text(SHARED + LAYOUTS[work["layout"]].replace("FONT", json.dumps(work["family"])))
        fonts = [str(Path(work["font"]).parent)]
        compiler = typst.Compiler(str(template), font_paths=fonts, ignore_system_fonts=True)

        def make(passes: Sequence[dict[str, Any]]) -> bytes:
            made: bytes = compiler.compile(sys_inputs={"passes": json.dumps(passes)}, format="pdf")
            return made

        Path(work["sample"]).write_bytes(make(work["passes"][:1]))
        print(json.dumps(measure(make, work["passes"], loaded, together=work["together"])))


if __name__ == "__main__":
    main()
