"""Documents: PDF or light page, our own files only, nothing missing without a word."""

import io
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import ChoiceLoader, DictLoader
from PIL import Image
from pypdf import PdfReader

from portal.accounts.printing import RecoveryCodes
from portal.printing.document import pdf, printed
from portal.printing.foot import Foot
from portal.printing.materials import style_sheets
from tests.printing.paper import NOW, ROOT, characters, pictures, printing_app, texts

SLIP = """{% extends "layouts/print.html" %}{% block title %}便条{% endblock %}
{% block content %}{{ foot(2) }}<p>{{ document.text }}</p>{% endblock %}"""
CANARY = """{% extends "layouts/print.html" %}{% block title %}{% endblock %}
{% block content %}
<link rel="stylesheet" href="http://127.0.0.1:{{ document.port }}/style.css">
<link rel="attachment" href="file:///etc/passwd">
<link rel="attachment" href="http://127.0.0.1:{{ document.port }}/attachment">
<style>@import "http://127.0.0.1:{{ document.port }}/import.css";
@font-face{font-family:x;src:url(http://127.0.0.1:{{ document.port }}/font.ttf)}
p{font-family:x;background:url(http://127.0.0.1:{{ document.port }}/background.png)}</style>
<p>x</p>
<img src="http://127.0.0.1:{{ document.port }}/image.png">
<img src="file://{{ document.picture }}">
<img src="paper:print.css">
<img src="../css/app.css">
<object data="http://127.0.0.1:{{ document.port }}/object"></object>
<svg viewBox="0 0 9 9"><image href="http://127.0.0.1:{{ document.port }}/svg.png" width="9" height="9"/></svg>
{% endblock %}"""


@dataclass(frozen=True)
class Slip:
    text: str
    foot: Foot = Foot("演示·陈某", NOW, is_demo=True)  # noqa: RUF009 (frozen, too)


@dataclass(frozen=True)
class Canary:
    port: int
    picture: Path


@pytest.fixture(scope="module")
def printer() -> Flask:
    app = printing_app()
    ours = DictLoader({"print/slip.html": SLIP, "print/canary.html": CANARY})
    app.jinja_loader = ChoiceLoader([ours, app.jinja_loader])

    @app.route("/slip", methods=["GET", "POST"])
    def slip() -> object:
        return printed("slip.html", Slip("取药"), file_name="slip")

    return app


@pytest.fixture
def client(printer: Flask) -> FlaskClient:
    return printer.test_client()


def make(printer: Flask, template: str, document: object) -> bytes:
    with printer.test_request_context():
        return pdf(template, document)


def test_a_document_is_a_pdf_in_the_browser(client: FlaskClient) -> None:
    answer = client.get("/slip")
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'inline; filename="slip.pdf"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert "取药" in texts(answer.data)[0]


def test_the_same_document_is_a_light_page(client: FlaskClient) -> None:
    answer = client.get("/slip?id=1&id=2&as=page")
    page = answer.text
    assert "取药" in page
    assert 'href="/slip?id=1&amp;id=2"' in page
    assert "/static/print/print.css" in page
    assert "fonts/" not in page
    assert "<style" not in page
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_answer_to_a_posted_form_offers_no_link_to_itself(client: FlaskClient) -> None:
    assert "href=" in client.get("/slip?as=page").text.partition("</head>")[2]
    assert "href=" not in client.post("/slip?as=page").text.partition("</head>")[2]


def test_the_foot_says_who_printed_it_when_and_how_often(printer: Flask) -> None:
    text = texts(make(printer, "slip.html", Slip("取药")))[0]
    assert "演示数据，人员均为虚构演示·陈某2026-11-2308:31打印第2次" in text
    assert "第1页，共1页" in text


def test_a_character_that_the_font_lacks_is_marked_and_counted(printer: Flask) -> None:
    text = texts(make(printer, "slip.html", Slip("𠮷田与𠮷野")))[0]
    assert "〓田与〓野" in text
    assert "〓共2处，字库缺字" in text
    assert "字库缺字" not in texts(make(printer, "slip.html", Slip("䶮田")))[0]


def test_rare_characters_are_drawn_and_not_only_in_the_text(printer: Flask) -> None:
    made = make(printer, "slip.html", Slip("䶮喆堃㛃𠅤张"))
    page = pictures(made)[0]
    found = {c.text: c for c in characters(made)}
    for name in "䶮喆堃㛃𠅤张":
        box = found[name]
        scale = 300 / 72
        drawn = page.crop(
            (
                int(box.left * scale),
                page.height - int(box.top * scale) - 2,
                int(box.right * scale) + 1,
                page.height - int(box.bottom * scale) + 2,
            )
        )
        assert 0.15 < sum(drawn.histogram()[:128]) / (drawn.width * drawn.height) < 0.85, name


def test_different_characters_look_different(printer: Flask) -> None:
    first, second = (pictures(make(printer, "slip.html", Slip(c * 8)), dpi=100)[0] for c in "出入")
    assert first.tobytes() != second.tobytes()


def test_markup_stays_text(printer: Flask) -> None:
    text = texts(make(printer, "slip.html", Slip("<b>粗</b>&amp;<script>x</script>")))[0]
    assert "<b>粗</b>&amp;<script>x</script>" in text


class Listener(BaseHTTPRequestHandler):
    asked: list[str] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def listener() -> Iterator[HTTPServer]:
    server = HTTPServer(("127.0.0.1", 0), Listener)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_document_fetches_nothing_but_our_font(
    printer: Flask, listener: HTTPServer, tmp_path: Path
) -> None:
    picture = tmp_path / "secret.png"
    Image.new("RGB", (90, 90)).save(picture)
    made = make(printer, "canary.html", Canary(listener.server_port, picture))
    reader = opened(made)
    assert Listener.asked == []
    assert reader.attachments == {}
    assert all(not page.images for page in reader.pages)
    assert texts(made)[0].startswith("x")


def opened(made: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(made))


def test_only_our_font_is_embedded(printer: Flask) -> None:
    fonts = opened(make(printer, "slip.html", Slip("取药 ABC 123 〔2026〕")))
    names = {
        str(font.get_object()["/BaseFont"])
        for page in fonts.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert {name.partition("+")[2] for name in names} == {"Paper"}


def test_several_threads_may_print_at_once(printer: Flask) -> None:
    words = ["一", "二", "三", "四"]
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda word: make(printer, "slip.html", Slip(word * 3)), words))
    assert [word * 3 in texts(one)[0] for word, one in zip(words, made, strict=True)] == [True] * 4


def test_without_pango_the_page_serves_and_says_so(tmp_path: Path) -> None:
    stand_in = tmp_path / "weasyprint"
    stand_in.mkdir()
    (stand_in / "__init__.py").write_text("raise OSError('cannot load library libpango-1.0-0')")
    program = textwrap.dedent(
        """
        from tests.printing.test_document import Slip, SLIP
        from tests.printing.paper import printing_app
        from portal.printing.document import printed
        from jinja2 import ChoiceLoader, DictLoader
        app = printing_app()
        app.jinja_loader = ChoiceLoader([DictLoader({"print/slip.html": SLIP}), app.jinja_loader])
        with app.test_request_context("/slip"):
            answer = printed("slip.html", Slip("取药"), file_name="slip")
        page = answer.get_data(as_text=True)
        print(answer.mimetype, answer.status_code, "取药" in page, "cannot make PDF files" in page)
        """
    )
    path = [str(tmp_path), str(ROOT), *filter(None, sys.path)]
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": ":".join(path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "text/html 200 True True\n", done.stderr


@pytest.mark.parametrize(
    ("template", "sheets"),
    [
        ("passes/a5.html", ["print", "passes"]),
        ("accounts/board.html", ["print", "accounts"]),
        ("slip.html", ["print"]),
        ("nobodys/sheet.html", ["print"]),
    ],
)
def test_an_area_has_its_own_style_sheet_after_the_shared_one(template: str, sheets: list[str]) -> None:
    assert [sheet.stem for sheet in style_sheets(template.rpartition("/")[0])] == sheets


def test_the_light_page_links_the_style_sheets_of_its_area(printer: Flask) -> None:
    codes = RecoveryCodes("zhang", ["abcd"], Slip("").foot)
    with printer.test_request_context("/codes?as=page"):
        page = printed("accounts/recovery_codes.html", codes, file_name="codes").get_data(as_text=True)
    links = [page.index(f"/static/print/{name}.css") for name in ("print", "accounts")]
    assert links == sorted(links)
    assert "passes.css" not in page
