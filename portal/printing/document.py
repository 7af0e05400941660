"""Documents on paper: a template and one frozen dataclass in, a PDF (or the same as a light page) out.

``templates/print/<area>/<document>.html`` extends ``layouts/print.html`` and sees ``document`` and ``draw_code``.
Its looks are in ``static/print/print.css`` and, where there is one, ``static/print/<area>.css``.
WeasyPrint is imported only when something is printed: it needs Pango, which may be missing.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlencode

from flask import Response, current_app, make_response, render_template, request
from flask_babel import gettext as _

from portal.printing.fonts import missing_characters
from portal.printing.materials import faces_of, materials, style_sheets
from portal.printing.qr import draw

STAND_IN = "〓"  # what Chinese printers set for a character they have no type for

_one_at_a_time = threading.Lock()  # Pango's fonts are shared by all threads of a process


class PrintingUnavailable(Exception):
    """This computer cannot make PDF files; the message is a sentence for the person who wanted one."""


@dataclass(frozen=True)
class PageNumbers:
    """Where the pages of a document stand within a longer one: after ``before`` others, of ``total`` if it is known."""

    before: int = 0
    total: int | None = None

    def of(self, page: int) -> str:
        """What stands in the corner of the document's page ``page``, counted from 1."""
        number = f"第 {self.before + page} 页"
        return number if self.total is None else f"{number}，共 {self.total} 页"

    @property
    def style(self) -> str:
        """The same as a style sheet."""
        total = "" if self.total is None else f"，共 {self.total} 页"
        corner = f'@page{{@bottom-right{{content:"第 " counter(page) " 页{total}"}}}}'
        return f"{corner}@page:first{{counter-reset:page {self.before + 1}}}"


def pdf(template: str, document: object, numbers: PageNumbers | None = None) -> bytes:
    """``template`` (under ``templates/print/``) filled with ``document``; ``PrintingUnavailable`` without Pango.

    Without ``numbers`` the pages are counted from 1 and all of them.

    Characters without a glyph print as 〓, and the foot counts them, so that somebody writes them in by hand.
    """
    weasyprint = _weasyprint()
    html = _for_paper(template, document)
    with _one_at_a_time:
        set_with = materials(_area(template), faces_of(_area(template)))
        source = weasyprint.HTML(string=html, base_url="paper:", url_fetcher=set_with.fetcher)
        styles = [set_with.style, *([weasyprint.CSS(string=numbers.style)] if numbers else [])]
        made: bytes = source.write_pdf(stylesheets=styles, font_config=set_with.fonts)
    return made


def laid_out(template: str, document: object, more_style: str) -> Any:
    """The ``weasyprint.Document`` of a template, with another style sheet after its own."""
    weasyprint = _weasyprint()
    html = _render(template, document)
    with _one_at_a_time:
        set_with = materials(_area(template), faces_of(_area(template)))
        source = weasyprint.HTML(string=html, base_url="paper:", url_fetcher=set_with.fetcher)
        style = weasyprint.CSS(string=more_style)
        return source.render(stylesheets=[set_with.style, style], font_config=set_with.fonts)


def title_of(template: str) -> str:
    """What its block ``title`` says."""
    found = current_app.jinja_env.get_template(f"print/{template}")
    return "".join(found.blocks["title"](found.new_context())).strip()


def is_asked_first() -> bool:
    """Whether the page before a sheet is to be shown: nobody has sent it, nor asked for the sheet on the screen."""
    return request.method == "GET" and request.args.get("as") != "page"


def printed(
    template: str, document: object, *, file_name: str, make: Callable[[], bytes] | None = None
) -> Response:
    """The document as the answer to a request: a PDF, or with ``?as=page`` (and without Pango) as a light page.

    ``file_name`` has no ending and says nothing about a person. ``make``: a faster way to the same PDF.
    """
    if request.args.get("as") == "page":
        return _private(make_response(_for_screen(template, document)))
    try:
        made = make() if make else pdf(template, document)
    except PrintingUnavailable as problem:
        return _private(make_response(_for_screen(template, document, notice=str(problem))))
    response = _private(Response(made, mimetype="application/pdf"))
    response.headers["Content-Disposition"] = f'inline; filename="{file_name}.pdf"'
    return response


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


def _for_paper(template: str, document: object) -> str:
    html = _render(template, document)
    missing = missing_characters(html, faces_of(_area(template)))
    if not missing:
        return html
    unprinted = sum(html.count(character) for character in missing)
    html = _render(template, document, unprinted=unprinted)
    return html.translate(dict.fromkeys(map(ord, missing), STAND_IN))


def _for_screen(template: str, document: object, notice: str = "") -> str:
    return _render(template, document, on_screen=True, notice=notice, pdf_url=_same_address_as_pdf())


def _same_address_as_pdf() -> str:
    """Where this document is a PDF; nowhere for the answer to a posted form."""
    if request.method != "GET":
        return ""
    asked = {name: values for name, values in request.args.lists() if name != "as"}
    return f"{request.path}?{urlencode(asked, doseq=True)}" if asked else request.path


def _render(template: str, document: object, **more: Any) -> str:
    sheets = [f"print/{sheet.name}" for sheet in style_sheets(_area(template))]
    about = {"on_screen": False, "unprinted": 0, "notice": "", "pdf_url": "", "style_sheets": sheets} | more
    return render_template(f"print/{template}", document=document, draw_code=draw, **about)


def _area(template: str) -> str:
    """The folder of a template under ``templates/print/``."""
    return template.rpartition("/")[0]


@cache
def _weasyprint() -> Any:
    try:
        import weasyprint
    except OSError as error:
        current_app.logger.warning("WeasyPrint cannot start: %s", error)
        raise PrintingUnavailable(
            _("This computer cannot make PDF files. Print this page from the browser instead.")
        ) from error
    return weasyprint
