"""Two languages. The account's setting decides, then the cookie, then Chinese.

Accept-Language is not asked: its matching gives English to most Chinese browsers.
"""

from pathlib import Path

from flask import Flask, Response, g, has_request_context, request
from flask_babel import Babel, get_locale

LANGUAGES = {"zh_Hans": "中文", "en": "English"}
DEFAULT = "zh_Hans"
COOKIE = "language"
YEAR = 365 * 24 * 60 * 60
TRANSLATIONS = Path(__file__).resolve().parent.parent / "translations"


def chosen() -> str:
    """The language of this request: a key of ``LANGUAGES``."""
    for wish in (g.get("language"), request.cookies.get(COOKIE) if has_request_context() else None):
        if wish in LANGUAGES:
            return str(wish)
    return DEFAULT


def tag() -> str:
    """The language for the ``lang`` attribute: ``zh-Hans`` or ``en``."""
    return str(get_locale() or DEFAULT).replace("_", "-")


def remember(response: Response, language: str) -> Response:
    """Keep the choice in this browser; ValueError for a language that there is not."""
    if language not in LANGUAGES:
        raise ValueError(f"no such language: {language!r}")
    response.set_cookie(
        COOKIE, language, max_age=YEAR, secure=request.is_secure, httponly=True, samesite="Lax", path="/"
    )
    return response


def init_app(app: Flask) -> None:
    """Translations from ``portal/translations``, times of the place."""
    Babel(
        app,
        default_locale=DEFAULT,
        default_timezone="Asia/Shanghai",
        default_translation_directories=str(TRANSLATIONS),
        locale_selector=chosen,
    )
    app.jinja_env.globals.update(language_tag=tag, chosen_language=chosen, LANGUAGES=LANGUAGES)
