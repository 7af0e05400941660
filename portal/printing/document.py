"""Documents on paper: a template and one frozen dataclass in, a PDF (or the same as a light page) out.

``templates/print/<area>/<document>.html`` extends ``layouts/print.html`` and sees ``document`` and ``draw_code``.
The only module that imports WeasyPrint, and only when something is printed: it needs Pango, which may be missing.
"""

import threading
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Response, current_app, make_response, render_template, request
from flask_babel import gettext as _

from portal.printing.fonts import FONT, missing_characters
from portal.printing.qr import draw

FONT_URL = "paper:NotoSansSC-Paper.ttf"
STAND_IN = "〓"  # what Chinese printers set for a character they have no type for
STYLE = FONT.parent.parent / "print.css"
FONT_FACE = f"@font-face{{font-family:Paper;src:url({FONT_URL})}}"

_one_at_a_time = threading.Lock()  # Pango's fonts are shared by all threads of a process


class PrintingUnavailable(Exception):
    """This computer cannot make PDF files; the message is a sentence for the person who wanted one."""


def pdf(template: str, document: object) -> bytes:
    """``template`` (under ``templates/print/``) filled with ``document``; ``PrintingUnavailable`` without Pango.

    Characters without a glyph print as 〓, and the foot counts them, so that somebody writes them in by hand.
    """
    weasyprint = _weasyprint()
    html = _for_paper(template, document)
    with _one_at_a_time:
        fonts, style, fetcher = _materials()
        source = weasyprint.HTML(string=html, base_url="paper:", url_fetcher=fetcher)
        made: bytes = source.write_pdf(stylesheets=[style], font_config=fonts)
    return made


def printed(template: str, document: object, *, file_name: str) -> Response:
    """The document as the answer to a request: a PDF, or with ``?as=page`` (and without Pango) as a light page.

    ``file_name`` has no ending and says nothing about a person.
    """
    if request.args.get("as") == "page":
        return _private(make_response(_for_screen(template, document)))
    try:
        made = pdf(template, document)
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
    missing = missing_characters(html)
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
    about = {"on_screen": False, "unprinted": 0, "notice": "", "pdf_url": ""} | more
    return render_template(f"print/{template}", document=document, draw_code=draw, **about)


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


@cache
def _materials() -> tuple[Any, Any, Any]:
    """Fonts, style and fetcher, made once for each process: they are half of the work of one document."""
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OurFont(URLFetcher):  # type: ignore[misc]  # WeasyPrint ships no types
        """Knows one address. Nothing else can be fetched, neither from the network nor from the disk."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            if url != FONT_URL:
                raise ValueError(f"a document may not fetch {url}")
            return URLFetcherResponse(url, FONT.read_bytes(), {"Content-Type": "font/ttf"})

    fonts, fetcher = FontConfiguration(), OurFont()
    text = FONT_FACE + Path(STYLE).read_text()
    style = _weasyprint().CSS(string=text, base_url="paper:", url_fetcher=fetcher, font_config=fonts)
    return fonts, style, fetcher
