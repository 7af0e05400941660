"""Many alike pages in one document: WeasyPrint lays the page out once, then each is stamped onto that.

What never changes is drawn once as a form XObject; texts are set in one cut-down font, and codes are drawn as paths.
A template says which elements change: ``data-field="holder"``. Whatever else it shows must be the same on all pages of
one ``shape``. Texts that WeasyPrint would set otherwise are not stamped: ``fill`` returns None.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field

from portal.printing.breaking import lines_of, plain, simple_characters, width_of
from portal.printing.document import laid_out, title_of
from portal.printing.fonts import FONT, Face
from portal.printing.laid_out import (
    CODES_HIDDEN,
    PAGE_NUMBER,
    Box,
    CannotBeStamped,
    Line,
    Page,
    Run,
    take_apart,
)
from portal.printing.materials import faces_of
from portal.printing.pdf_file import PdfFile
from portal.printing.qr import Drawing
from portal.printing.truetype import TrueType, truetype

PT = 0.75  # a CSS pixel in points
MOST_SHAPES = 500
WIDTH_TOLERANCE = 0.1  # pixels in a line

Lines = dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Filled:
    """Pages (or the one card) of one document, as they are to be stamped: the layout and the lines of each field."""

    pages: Sequence[Page]
    lines: Lines


@dataclass
class _Shape:
    """What was learned of pages that are alike but for the numbers of their lines."""

    fields: dict[str, Run] = field(default_factory=dict)  # how each is set
    pages: dict[tuple[int, ...], list[Page]] = field(default_factory=dict)


_shapes: dict[tuple[str, tuple[Face, ...], Hashable], _Shape] = {}


def fill(
    template: str, shape: Hashable, texts: Mapping[str, str], document: Callable[[], object]
) -> Filled | None:
    """``texts`` (by field) on the pages of a template; ``document`` gives what the template shows with those texts.

    None where only WeasyPrint can print it: a character that the font lacks or that is shaped by its neighbours, a
    text that must be broken within a word.
    """
    fonts = faces_of(template.rpartition("/")[0])
    said = {name: plain(text) for name, text in texts.items()}
    if len(fonts) > 1 or not simple_characters(FONT).issuperset("".join(said.values())):
        return None
    if len(_shapes) > MOST_SHAPES:
        _shapes.clear()
    known = _shapes.setdefault((template, fonts, shape), _Shape())
    lines = _broken(known, said)
    counts = tuple(map(len, lines.values())) if lines else ()
    if lines and counts in known.pages:
        return Filled(known.pages[counts], lines)
    if known.fields and lines is None:
        return None
    return _learned(known, said, template, document)


def _learned(
    known: _Shape, said: Mapping[str, str], template: str, document: Callable[[], object]
) -> Filled | None:
    """Have these texts laid out by WeasyPrint, and keep the layout if it sets them as we would."""
    try:
        pages = take_apart(laid_out(template, document(), CODES_HIDDEN))
    except CannotBeStamped:
        return None
    runs = [run for page in pages for line in page.lines for run in line.runs]
    known.fields |= {run.field: run for run in runs if run.field and run.field != PAGE_NUMBER}
    lines = _broken(known, said)
    if lines is None or not all(_as_we_would(run, lines) for run in runs):
        return None
    if any(sum(run.field == name for run in runs) % len(some) for name, some in lines.items()):
        return None
    known.pages[tuple(map(len, lines.values()))] = pages
    return Filled(pages, lines)


def _broken(known: _Shape, said: Mapping[str, str]) -> Lines | None:
    """The lines of each field that the pages show; None while unknown and for what cannot be broken."""
    font, broken = truetype(FONT), {}
    for name, text in said.items():
        if (how := known.fields.get(name)) is None:
            if text and known.fields:
                raise LookupError(f"no element of the template is the field {name}")
            continue
        lines = lines_of(text, font, how.size, how.spacing, how.room)
        if lines is None:
            return None
        broken[name] = lines
    return broken or None


def _as_we_would(run: Run, lines: Lines) -> bool:
    """Whether WeasyPrint set this run with the same characters, and as wide."""
    font = truetype(FONT)
    if run.field is not None and run.field != PAGE_NUMBER:
        ours = lines[run.field]
        if run.line >= len(ours) or ours[run.line] != run.text.strip(" "):
            return False
    if not simple_characters(FONT).issuperset(run.text):
        return False
    return abs(width_of(run.text, font, run.size, run.spacing) - run.width) < WIDTH_TOLERANCE


class StampedPdf:
    """A document that grows page by page. Nothing is kept of a page but its bytes."""

    def __init__(self, template: str) -> None:
        self._file, self._pages = PdfFile(), list[int]()
        self._title = title_of(template)
        self._tree, self._resources, self._font = (self._file.number() for _ in range(3))
        self._forms: dict[int, _Form] = {}
        self._codes = _Codes()
        self._truetype: TrueType = truetype(FONT)

    def page(self, parts: Sequence["Part"], page_number: str) -> None:
        """One page with what lies on it; the margins are those of the first."""
        paper = parts[0].page
        content = b"".join(self._part(part, page_number, first=part is parts[0]) for part in parts)
        stream = self._file.stream(content)
        size = (paper.width * PT, paper.height * PT)
        self._pages.append(
            self._file.add(
                b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 %.4f %.4f]/Resources %d 0 R/Contents %d 0 R>>"
                % (self._tree, *size, self._resources, stream)
            )
        )

    def finish(self) -> bytes:
        """The whole file."""
        self._file.font(self._truetype, "".join(self._codes), self._font)
        forms = b"".join(b"/X%d %d 0 R" % (form.number, form.number) for form in self._forms.values())
        self._file.add(b"<</Font<</F %d 0 R>>/XObject<<%b>>>>" % (self._font, forms), self._resources)
        return self._file.finish(self._pages, self._tree, self._title)

    def _part(self, part: "Part", page_number: str, *, first: bool) -> bytes:
        form, page = self._form(part), part.page
        dx, dy = part.move
        said = part.lines | {PAGE_NUMBER: (page_number,)}
        body = b"".join(
            piece if isinstance(piece, bytes) else self._set(piece, said)
            for piece in form.texts
            if first or isinstance(piece, bytes) or not piece.in_margin
        )
        code = _code(part.code, page.codes[0]) if part.code and page.codes else b""
        return b"q 1 0 0 1 %.4f %.4f cm /X%d Do %.4f 0 0 %.4f 0 %.4f cm\n%b%bQ\n" % (
            dx * PT,
            -dy * PT,
            form.number,
            PT,
            -PT,
            page.height * PT,
            body,
            code,
        )

    def _form(self, part: "Part") -> "_Form":
        known = self._forms.get(id(part.page))
        if known is None:
            page, clip = part.page, part.clip or Box(0, 0, part.page.width, part.page.height)
            edges = (clip.x, page.height - clip.y - clip.height, clip.x + clip.width, page.height - clip.y)
            box = b"%.4f %.4f %.4f %.4f" % tuple(edge * PT for edge in edges)
            number = self._file.stream(
                page.drawings, b"/Type/XObject/Subtype/Form/BBox[%b]/Resources<<>>" % box
            )
            texts = [line if line.changes or line.in_margin else self._set(line, {}) for line in page.lines]
            known = self._forms[id(page)] = _Form(number, texts, page)
        return known

    def _set(self, line: Line, said: Mapping[str, tuple[str, ...]]) -> bytes:
        """One line; where its texts are wider or narrower than those laid out, it gives way as it is aligned."""
        new = [said[run.field][run.line] if run.field else run.text for run in line.runs]
        growths = [
            width_of(text, self._truetype, run.size, run.spacing) - run.width if run.field else 0.0
            for text, run in zip(new, line.runs, strict=True)
        ]
        moved = -line.give * sum(growths)
        drawn = []
        for text, run, growth in zip(new, line.runs, growths, strict=True):
            drawn.append(
                b"BT /F %.4f Tf %.4f Tc 1 0 0 -1 %.3f %.3f Tm <%b> Tj ET\n"
                % (run.size, run.spacing, run.x + moved, run.y, self._codes.of(text))
            )
            moved += growth
        return b"".join(drawn)


@dataclass(frozen=True)
class Part:
    """A page that was laid out, or the part of it in ``clip``, moved on the paper, with what changes."""

    page: Page
    lines: Lines
    code: Drawing | None = None
    move: tuple[float, float] = (0.0, 0.0)
    clip: Box | None = None


@dataclass(frozen=True)
class _Form:
    """What a document has of a page that was laid out: its drawings, and its texts so far as they never change."""

    number: int
    texts: list[bytes | Line]
    page: Page  # kept, so that nothing else gets its id


class _Codes(dict[str, bytes]):
    """The code of each character that a document uses, as it comes."""

    def __missing__(self, character: str) -> bytes:
        code = self[character] = b"%04X" % (len(self) + 1)
        return code

    def of(self, text: str) -> bytes:
        return b"".join([self[character] for character in text])


def _code(code: Drawing, box: Box) -> bytes:
    dot = box.width / code.box
    corner = code.offset * dot
    scale = code.module * dot
    place = (scale, scale, box.x + corner, box.y + corner)
    return b"q %.6f 0 0 %.6f %.4f %.4f cm\n%bf Q\n" % (*place, code.operators)
