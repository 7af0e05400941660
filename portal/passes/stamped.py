"""Certificates stamped onto layouts made once; WeasyPrint prints those few that cannot be."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from flask import Response

from portal.passes.printing import Certificate, Certificates, Layout
from portal.printing.document import PageNumbers, pdf, printed
from portal.printing.foot import Foot
from portal.printing.joining import count_pages, joined
from portal.printing.laid_out import Box
from portal.printing.qr import draw
from portal.printing.stamping import Filled, Part, StampedPdf, fill

CARDS_IN_A_ROW = 2
CARDS_ON_A_SHEET = 10
CUT_LINE = 0.32  # pixels: the sheet's own edge, left of its first cards and above them
CODE_DOTS = {Layout.CARDS: 462, Layout.A5: 624}  # as in templates/print/passes
SIDES = {Layout.CARDS: 1, Layout.A5: 2}


@dataclass(frozen=True)
class _Sheet:
    """What lies on one sheet of paper: ten cards, or one pass front and back. Not ``filled``: not to be stamped."""

    certificates: tuple[Certificate, ...]
    filled: tuple[Filled, ...]


def print_passes(certificates: Certificates, layout: Layout) -> Response:
    """The answer to a request for paper; see ``portal.printing.document.printed``."""
    return printed(
        _template(layout),
        certificates,
        file_name=f"passes-{layout}",
        make=lambda: certificates_pdf(certificates, layout),
    )


def certificates_pdf(certificates: Certificates, layout: Layout) -> bytes:
    """All certificates, then the counterfoils if they are wanted."""
    alone = replace(certificates, counterfoil=False)
    if not certificates.counterfoil:
        return sheets_pdf(alone, layout, PageNumbers(0, pages_of(len(certificates.certificates), layout)))
    before = pages_of(len(certificates.certificates), layout)
    numbers = PageNumbers(before, before + 1)
    foils = counterfoils_pdf(certificates, layout, numbers)
    if (more := count_pages(foils)) > 1:
        numbers = PageNumbers(before, before + more)
        foils = counterfoils_pdf(certificates, layout, numbers)
    return joined([sheets_pdf(alone, layout, PageNumbers(0, numbers.total)), foils])


def sheets_pdf(certificates: Certificates, layout: Layout, numbers: PageNumbers) -> bytes:
    """The certificates without counterfoils; ``numbers`` says where they stand within a longer document."""
    sheets = [_sheet(some, certificates.foot, layout) for some in _apart(certificates.certificates, layout)]
    parts, done = [], 0
    for stampable, alike in groupby(sheets, key=lambda sheet: bool(sheet.filled)):
        some = list(alike)
        here = PageNumbers(numbers.before + done, numbers.total)
        parts.append(_stamped(some, layout, here) if stampable else _set(some, certificates, layout, here))
        done += len(some) * SIDES[layout]
    return parts[0] if len(parts) == 1 else joined(parts)


def counterfoils_pdf(certificates: Certificates, layout: Layout, numbers: PageNumbers) -> bytes:
    """The counterfoils alone, on the paper of what they belong to."""
    return pdf("passes/counterfoils.html", replace(certificates, paper=layout), numbers)


def pages_of(count: int, layout: Layout) -> int:
    """How many pages so many certificates take."""
    return 2 * count if layout is Layout.A5 else -(-count // CARDS_ON_A_SHEET)


def _apart(certificates: Sequence[Certificate], layout: Layout) -> Iterator[tuple[Certificate, ...]]:
    size = CARDS_ON_A_SHEET if layout is Layout.CARDS else 1
    return (tuple(certificates[start : start + size]) for start in range(0, len(certificates), size))


def _sheet(certificates: tuple[Certificate, ...], foot: Foot, layout: Layout) -> _Sheet:
    filled = tuple(_filled(one, foot, layout) for one in certificates)
    return _Sheet(certificates, tuple(one for one in filled if one) if all(filled) else ())


def _filled(certificate: Certificate, foot: Foot, layout: Layout) -> Filled | None:
    rows = certificate.card_rows if layout is Layout.CARDS else certificate.a5_rows
    shape = (
        certificate.kind,
        certificate.series,
        foot.is_demo,
        certificate.card_density if layout is Layout.CARDS else certificate.a5_density,
        certificate.copy > 1,
        tuple(label for label, _text in rows),
        len(certificate.serial),
    )
    sample = Certificates((certificate,), foot)
    return fill(_template(layout), shape, _texts(certificate, rows, foot, layout), lambda: sample)


def _texts(
    certificate: Certificate, rows: list[tuple[str, str]], foot: Foot, layout: Layout
) -> dict[str, str]:
    """What stands in the fields of a template."""
    own = (
        {"copy": certificate.copy_words, "foot": foot.line()}
        if layout is Layout.CARDS
        else {"basis": certificate.basis, "foot": foot.line(certificate.copy)}
    )
    return own | {
        "serial": certificate.serial,
        "holder": certificate.holder,
        "issuer": certificate.issuer_in_two_lines,
        "signed on": certificate.signed_on,
        "check": certificate.check,
        **{f"row {number}": text for number, (_label, text) in enumerate(rows, 1)},
    }


def _stamped(sheets: Sequence[_Sheet], layout: Layout, numbers: PageNumbers) -> bytes:
    made, page = StampedPdf(_template(layout)), 0
    for sheet in sheets:
        for parts in _cards(sheet) if layout is Layout.CARDS else _front_and_back(sheet):
            page += 1
            made.page(parts, numbers.of(page))
    return made.finish()


def _cards(sheet: _Sheet) -> Iterator[list[Part]]:
    parts = []
    for place, (certificate, filled) in enumerate(zip(sheet.certificates, sheet.filled, strict=True)):
        (page,) = filled.pages
        card = page.marked["card"]
        row, column = divmod(place, CARDS_IN_A_ROW)
        edges = Box(card.x - CUT_LINE, card.y - CUT_LINE, card.width + CUT_LINE, card.height + CUT_LINE)
        code = draw(certificate.code, box=CODE_DOTS[Layout.CARDS])
        parts.append(Part(page, filled.lines, code, (column * card.width, row * card.height), edges))
    yield parts


def _front_and_back(sheet: _Sheet) -> Iterator[list[Part]]:
    code = draw(sheet.certificates[0].code, box=CODE_DOTS[Layout.A5])
    for page in sheet.filled[0].pages:
        yield [Part(page, sheet.filled[0].lines, code)]


def _set(sheets: Sequence[_Sheet], certificates: Certificates, layout: Layout, numbers: PageNumbers) -> bytes:
    """As WeasyPrint sets them."""
    some = tuple(one for sheet in sheets for one in sheet.certificates)
    return pdf(_template(layout), replace(certificates, certificates=some), numbers)


def _template(layout: Layout) -> str:
    return f"passes/{layout}.html"
