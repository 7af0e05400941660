"""The certificates with reportlab, as its documentation has it: ``python reportlab_side.py WORK.json``."""

import io
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from measuring import measure, most_memory
from reportlab.lib.pagesizes import A4, A5
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

FONT = "Paper"
DOT = 0.24  # a dot of a printer with 300 dpi, in points
CARD = (243.84, 153.12)
CARDS_AT = (53.52, 813.09)  # the top left corner of the first
IN_A_ROW, ON_A_SHEET = 2, 10


def lines(text: str, size: float, room: float) -> list[str]:
    made = [""]
    for character in text:
        if pdfmetrics.stringWidth(made[-1] + character, FONT, size) > room:
            made.append("")
        made[-1] += character
    return made


def text(canvas: Canvas, said: str, x: float, y: float, size: float, room: float = 1000) -> float:
    """Returns where the next line begins."""
    canvas.setFont(FONT, size)
    for line in lines(said, size, room):
        canvas.drawString(x, y, line)
        y -= 1.35 * size
    return y


def box(canvas: Canvas, said: str, x: float, y: float, size: float) -> float:
    width = pdfmetrics.stringWidth(said, FONT, size) + 8
    canvas.setFont(FONT, size)
    canvas.drawString(x + 4, y, said)
    canvas.rect(x, y - 3, width, size + 4)
    return x + width + 5


def code(canvas: Canvas, one: dict[str, Any], x: float, y: float) -> None:
    """``x``, ``y``: the top left corner of the box."""
    module, corner = one["module"] * DOT, one["offset"] * DOT
    path = canvas.beginPath()
    for left, top, length in one["runs"]:
        path.rect(x + corner + left * module, y - corner - (top + 1) * module, length * module, module)
    canvas.drawPath(path, stroke=0, fill=1)


def card(canvas: Canvas, one: dict[str, Any], x: float, top: float) -> None:
    width, height = CARD
    canvas.setLineWidth(0.24)
    canvas.rect(x, top - height, width, height)
    text(canvas, "通行证", x + 9.6, top - 20, 13)
    after = box(canvas, one["kind"], x + 66, top - 19, 9)
    box(canvas, one["series"], box(canvas, "演示", after, top - 19, 9), top - 19, 9)
    canvas.setFont(FONT, 11)
    canvas.drawRightString(x + width - 9.6, top - 20, one["serial"])
    canvas.line(x + 9.6, top - 26, x + width - 9.6, top - 26)
    y = top - 42
    for label, said in [("持证人", one["holder"]), *one["rows"]]:
        text(canvas, label, x + 9.6, y, 8)
        y = text(canvas, said, x + 37.6, y, 8, 94)
    y = text(canvas, one["issuer"], x + 9.6, top - 130, 7.2, 124)
    text(canvas, one["signed on"] + "（盖章）", x + 9.6, y, 7.2)
    code(canvas, one, x + 132, top - 27.84)
    canvas.setFont(FONT, 8)
    canvas.drawCentredString(x + 132 + 55, top - 147, one["check"])


def cards(canvas: Canvas, passes: Sequence[dict[str, Any]]) -> None:
    canvas.setPageSize(A4)
    sheets = -(-len(passes) // ON_A_SHEET)
    for number in range(sheets):
        for place, one in enumerate(passes[number * ON_A_SHEET :][:ON_A_SHEET]):
            row, column = divmod(place, IN_A_ROW)
            card(canvas, one, CARDS_AT[0] + column * CARD[0], CARDS_AT[1] - row * CARD[1])
        foot(canvas, passes[0], f"第 {number + 1} 页，共 {sheets} 页", A4[0])


def foot(canvas: Canvas, one: dict[str, Any], page: str, width: float) -> None:
    text(canvas, one["foot"], 40, 24, 7.5)
    canvas.setFont(FONT, 7.5)
    canvas.drawRightString(width - 40, 24, page)
    canvas.showPage()


def front(canvas: Canvas, one: dict[str, Any]) -> None:
    width, height = A5
    canvas.setFont(FONT, 32)
    canvas.drawCentredString(width / 2, height - 70, "通行证")
    x = box(canvas, one["kind"], 110, height - 100, 13)
    x = box(canvas, one["series"], box(canvas, "演示", x, height - 100, 13), height - 100, 13)
    text(canvas, one["serial"], x + 10, height - 100, 15)
    y = height - 130
    canvas.setLineWidth(0.48)
    for label, said in [("持证人", one["holder"]), *one["rows"]]:
        canvas.line(40, y + 14, width - 40, y + 14)
        text(canvas, label, 44, y, 11)
        y = text(canvas, said, 110, y, 11, width - 160) - 6
    canvas.setDash(3, 2)
    canvas.circle(130, 190, 56)
    canvas.setDash()
    text(canvas, "盖章", 122, 140, 8)
    text(canvas, one["signed on"], 60, text(canvas, one["issuer"], 60, 196, 10.5, 176), 10.5)
    code(canvas, one, 230, 250)
    canvas.setFont(FONT, 10)
    canvas.drawCentredString(305, 90, one["check"])
    y = 78
    for number, said in enumerate((*one["rules"], one["basis"]), 1):
        y = text(canvas, f"{number}. {said}", 44, y, 8.5, width - 88)


def back(canvas: Canvas, one: dict[str, Any]) -> None:
    width, height = A5
    text(canvas, "出入记录", 40, height - 60, 15)
    canvas.setFont(FONT, 12)
    canvas.drawRightString(width - 40, height - 60, one["serial"])
    edges = [40 + part * (width - 80) for part in (0, 0.15, 0.3, 0.45, 0.6, 0.75, 1)]
    canvas.setFont(FONT, 9)
    for left, right, said in zip(edges, edges[1:], one["columns"], strict=False):
        canvas.drawCentredString((left + right) / 2, height - 86, said)
    canvas.grid(edges, [height - 74 - 20 * row for row in range(22)])
    text(canvas, one["hint"], 40, height - 74 - 20 * 22, 9)


def a5(canvas: Canvas, passes: Sequence[dict[str, Any]]) -> None:
    canvas.setPageSize(A5)
    for number, one in enumerate(passes):
        for page, draw in enumerate((front, back), 1):
            draw(canvas, one)
            foot(canvas, one, f"第 {2 * number + page} 页，共 {2 * len(passes)} 页", A5[0])


LAYOUTS = {"a5": a5, "cards": cards}


def main() -> None:
    work = json.loads(Path(sys.argv[1]).read_text())
    loaded = most_memory()
    pdfmetrics.registerFont(TTFont(FONT, work["font"]))

    def make(passes: Sequence[dict[str, Any]]) -> bytes:
        made = io.BytesIO()
        canvas = Canvas(made, pageCompression=1)
        LAYOUTS[work["layout"]](canvas, passes)
        canvas.save()
        return made.getvalue()

    Path(work["sample"]).write_bytes(make(work["passes"][:1]))
    print(json.dumps(measure(make, work["passes"], loaded, together=work["together"])))


if __name__ == "__main__":
    main()
