"""Static files: hashed, compressed, cached for a year; the stylesheet small and in the page on the first visit."""

import base64
import gzip
import hashlib
import re
from concurrent.futures import ThreadPoolExecutor

import brotli
import pytest

from portal.web import assets
from tests.web.conftest import ROOT

HTMX_SHA384 = "Qp9rdC8H7EqOoX+nR0P3RPG2Noji+qdwJlGpfzwQJsfOpp3sGwIdSP9xO3+UlEhn"


@pytest.fixture
def style_url(client):
    client.get("/")
    return re.search(r'<link rel="stylesheet" href="([^"]+)">', client.get("/").text)[1]


def test_htmx_is_the_one_that_was_reviewed():
    digest = hashlib.sha384((ROOT / "static/js/htmx.min.js").read_bytes()).digest()
    assert base64.b64encode(digest).decode() == HTMX_SHA384


def test_the_stylesheet_is_small(app):
    style = app.extensions["assets"].style
    assert len(gzip.compress(style.encode(), compresslevel=9, mtime=0)) <= 4000


def test_the_stylesheet_fetches_nothing_and_serves_old_browsers(app):
    style = app.extensions["assets"].style
    for word in ("url(", "@import", "@font-face", ":has(", "color-mix(", "<"):
        assert word not in style


def test_squeezing_keeps_the_meaning():
    written = """
        a > b , c { color : red; content: "a , b { }"; }  /* a note */
        @media (min-width: 1px) { .x :focus { width: calc(1px + 2px) } }
    """
    rules = (
        'a > b,c{color :red;content:"a , b { }"}',
        "@media (min-width:1px){.x :focus{width:calc(1px + 2px)}}",
    )
    assert assets.minified(written) == "".join(rules)


def test_the_first_visit_has_the_stylesheet_in_the_page_and_allows_it_by_its_hash(client):
    first = client.get("/")
    style = re.search(r"<style>(.*?)</style>", first.text, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'self' 'sha256-{digest}';" in first.headers["Content-Security-Policy"]


def test_later_visits_link_to_the_stylesheet_and_allow_only_files_of_ours(client):
    client.get("/")
    second = client.get("/")
    assert "<style>" not in second.text
    assert "style-src 'self';" in second.headers["Content-Security-Policy"]


def test_a_changed_stylesheet_counts_as_a_first_visit(client):
    client.set_cookie("css", "0123456789ab")
    assert "<style>" in client.get("/").text


@pytest.mark.parametrize(("encoding", "unpack"), [("br", brotli.decompress), ("gzip", gzip.decompress)])
def test_static_files_come_compressed_and_stay_for_a_year(app, client, style_url, encoding, unpack):
    response = client.get(style_url, headers={"Accept-Encoding": encoding})
    assert response.headers["Content-Encoding"] == encoding
    assert unpack(response.data).decode() == app.extensions["assets"].style
    assert response.headers["Cache-Control"] == "max-age=31536000, public, immutable"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "Access-Control-Allow-Origin" not in response.headers


def test_a_file_that_there_is_not_stops_the_page(app):
    with app.app_context(), pytest.raises(KeyError):
        assets.asset("js/no-such-file.js")


def test_a_font_of_printed_pages_is_not_served(tmp_path):
    (tmp_path / "song.ttf").write_bytes(b"font")
    prepared, _ = assets.prepare(tmp_path, tmp_path / "prepared")
    assert prepared.urls == {}


def test_a_changed_file_gets_another_address(tmp_path):
    (tmp_path / "static").mkdir()
    urls = []
    for content in ("a", "b"):
        (tmp_path / "static" / "x.js").write_text(content)
        prepared, _ = assets.prepare(tmp_path / "static", tmp_path / "prepared")
        urls.append(prepared.urls["x.js"])
    assert urls[0] != urls[1]
    assert all(re.fullmatch(r"/static/x\.[0-9a-f]{12}\.js", url) for url in urls)


def test_comments_stay_at_home():
    written = """// What it is for.

/**
 * Says so.
 */
export function a(b) { // why
  /* short */
  return "// no comment" + b; // c
}
"""
    served = 'export function a(b) { // why\nreturn "// no comment" + b; // c\n}\n'
    assert assets.without_comments(written) == served


def test_a_module_imports_others_under_their_hashed_names(tmp_path):
    (tmp_path / "static").mkdir()
    names = []
    for inner in ("one", "another"):
        (tmp_path / "static" / "a.js").write_text('import { b } from "./b.js";\nimport "./missing.js";\n')
        (tmp_path / "static" / "b.js").write_text(f'export const b = "{inner} from here";')
        prepared, files = assets.prepare(tmp_path / "static", tmp_path / "prepared")
        module = files[prepared.urls["a.js"]].read_text()
        assert module == f'import {{ b }} from "{prepared.urls["b.js"]}";\nimport "./missing.js";\n'
        names.append(prepared.urls["a.js"])
    assert names[0] != names[1], "what imports a changed module is itself another file"


def test_several_processes_may_start_at_once(tmp_path):
    (tmp_path / "static").mkdir()
    for number in range(5):
        (tmp_path / "static" / f"{number}.css").write_text("a{color:red}" * 500)
    with ThreadPoolExecutor(6) as pool:
        made = list(pool.map(lambda _: assets.prepare(tmp_path / "static", tmp_path / "prepared"), range(6)))
    for _, files in made:
        for path in files.values():
            assert gzip.decompress(path.with_name(path.name + ".gz").read_bytes()) == path.read_bytes()
    assert not list((tmp_path / "prepared").glob(".*"))


@pytest.mark.parametrize(
    ("accepted", "encoding", "unpack"),
    [("gzip, br", "br", brotli.decompress), ("gzip", "gzip", gzip.decompress), ("identity", None, bytes)],
)
def test_pages_are_compressed_as_the_browser_can(client, accepted, encoding, unpack):
    response = client.get("/visits/", headers={"Accept-Encoding": accepted})
    assert response.headers.get("Content-Encoding") == encoding
    assert b"Visit 39" in unpack(response.data)
    assert "Accept-Encoding" in response.vary
    assert int(response.headers["Content-Length"]) == len(response.data)


def test_a_short_answer_is_not_worth_compressing(client):
    response = client.get("/me", headers={"Accept-Encoding": "br"})
    assert "Content-Encoding" not in response.headers
