"""The page that a gate's phone keeps: small, the same for everybody, complete in both languages."""

import json
import re

import pytest
from cryptography import x509

from portal.clock import now
from portal.gate.certificate import issue
from portal.gate.phone.words import TEXTS
from portal.passes.verdicts import Reason, Verdict
from portal.web.languages import LANGUAGES
from tests.people import gu, wang

pytestmark = pytest.mark.any_database
MOST = 40_000  # bytes, compressed, of the page with all that it loads before the first code
KEPT = re.compile(r"const SHELL = (\[.*?\]);")
LATER = re.compile(r"const LATER = (\[.*?\]);")


@pytest.fixture
def client(app):
    return app.test_client()


def kept(client):
    """The addresses that the service worker keeps."""
    return json.loads(KEPT.search(client.get("/gate/sw.js").text)[1])


def test_the_first_load_is_small(client):
    page = client.get("/gate/").text
    loaded = {
        "/gate/",
        "/gate/words/zh_Hans.json",
        "/gate/sw.js",
        *re.findall(r'(?:href|src)="(/static/[^"]+)"', page),
    }
    answers = {url: client.get(url, headers={"Accept-Encoding": "br"}) for url in loaded}
    assert all(answer.status_code == 200 for answer in answers.values()), answers
    assert len(loaded) > 20
    sizes = {url: len(answer.data) for url, answer in answers.items()}
    assert sum(sizes.values()) <= MOST, sorted(sizes.items(), key=lambda one: -one[1])


def test_all_that_the_page_may_load_is_kept(client):
    page = client.get("/gate/").text
    loaded = set(re.findall(r'(?:href|src|data-camera|data-frames)="(/static/[^"]+)"', page))
    assert loaded <= set(kept(client))
    assert all(client.get(url).status_code == 200 for url in kept(client))


def test_everybody_gets_the_same(desk):
    pages = {desk.client(person).get("/gate/").text for person in (None, gu, wang)}
    assert len(pages) == 1
    page = pages.pop()
    assert "csrf" not in page
    assert "演示·" not in page


def test_what_the_page_needs_it_says(client):
    answer = client.get("/gate/")
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self' 'wasm-unsafe-eval';" in policy
    assert "worker-src 'self'" in policy
    assert "unsafe-inline" not in policy
    assert answer.headers["Permissions-Policy"].startswith("camera=(self)")
    assert 'href="/gate/desk"' in answer.text, "what works without JavaScript and on plain http"


def test_the_reader_is_kept_once_it_was_loaded(client):
    later = json.loads(LATER.search(client.get("/gate/sw.js").text)[1])
    page = client.get("/gate/").text
    assert set(later) == set(re.findall(r'data-(?:reader|wasm)="([^"]+)"', page))
    assert not set(later) & set(kept(client)), "not with the first load"


def test_another_build_is_another_worker(app, client):
    first = client.get("/gate/sw.js").text
    urls = app.extensions["assets"].urls
    kept_url = urls["js/gate/app.js"]
    urls["js/gate/app.js"] = kept_url.replace(".js", "x.js")
    try:
        assert client.get("/gate/sw.js").text != first
    finally:
        urls["js/gate/app.js"] = kept_url


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_phone_has_all_words_in_both_languages(client, language):
    words = client.get(f"/gate/words/{language}.json").json
    assert words["text"].keys() == TEXTS.keys()
    assert all(words["text"].values())
    problems = set(Reason) - {Reason.MAY_GO, Reason.WELCOME_BACK}
    assert set(words["headlines"]) == {one.value for one in Reason}
    assert {one.value for one in problems} <= set(words["facts"])
    assert set(words["verdicts"]) == {one.value for one in Verdict} == set(words["others"])
    assert words["verdicts"] != words["others"]
    plain = [*words["text"].values(), *words["facts"].values(), *words["ends"].values()]
    chinese = sum(bool(re.search(r"[\u4e00-\u9fff]", text)) for text in plain)
    assert chinese == len(plain) - plain.count("…%(end)s") - 1 if language == "zh_Hans" else chinese <= 2


def test_there_are_no_words_in_a_third_language(client):
    assert client.get("/gate/words/fr.json").status_code == 404


def test_phones_can_fetch_the_authority_that_they_are_to_trust(app, client, monkeypatch, tmp_path):
    monkeypatch.setitem(app.config, "INSTANCE", tmp_path)
    assert client.get("/gate/authority.crt").status_code == 404
    issue(tmp_path / "tls", ["gate.lan"], now())
    answer = client.get("/gate/authority.crt")
    assert answer.mimetype == "application/x-x509-ca-cert"
    assert x509.load_der_x509_certificate(answer.data).subject
