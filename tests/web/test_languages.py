"""Account setting, then cookie, then Chinese; never what the browser would like."""

import pytest
from flask import Response, g

from portal.web import languages


@pytest.mark.parametrize(
    ("setting", "cookie", "language"),
    [
        (None, None, "zh_Hans"),
        (None, "en", "en"),
        ("en", None, "en"),
        ("zh_Hans", "en", "zh_Hans"),
        (None, "fr", "zh_Hans"),
        ("zh-Hans", "en", "en"),
    ],
)
def test_who_decides_the_language(app, setting, cookie, language):
    headers = {"Accept-Language": "en-GB,en"} | ({"Cookie": f"language={cookie}"} if cookie else {})
    with app.test_request_context(headers=headers):
        g.language = setting
        assert languages.chosen() == language


def test_the_page_says_its_language_as_browsers_write_it(app, client):
    assert '<html lang="en">' in client.get("/").text
    assert '<html lang="zh-Hans">' in app.test_client().get("/").text


def test_the_choice_is_kept_for_a_year(app):
    with app.test_request_context("/", base_url="https://gridgate.example"):
        cookie = languages.remember(Response(), "en").headers["Set-Cookie"]
    assert cookie.startswith("language=en; ")
    for part in ("Max-Age=31536000", "Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in cookie


def test_a_language_that_there_is_not_is_refused(app):
    with app.test_request_context(), pytest.raises(ValueError, match="fr"):
        languages.remember(Response(), "fr")


def test_outside_a_request_the_language_is_chinese(app):
    with app.app_context():
        assert languages.chosen() == "zh_Hans"


def test_the_other_language_is_one_tap_away(client):
    text = client.get("/").text
    assert '<input type="hidden" name="language" value="zh_Hans">' in text
    assert "中文" in text
