"""What every answer says about itself: content policy, caching, ETag; and the refusal of cross-site posts."""

import hashlib

from flask import Flask, Response, abort, g, request, session
from flask_wtf import CSRFProtect

from portal.web import assets, htmx, languages

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
OWN_SITE = ("same-origin", "none")
ONE_YEAR_HSTS = "max-age=31536000; includeSubDomains"
ASK_AGAIN = "private, no-cache"
csrf = CSRFProtect()


def refuse_other_sites() -> None:
    """A browser that says that another site posts is refused before anything else is looked at."""
    if request.method not in SAFE_METHODS and request.headers.get("Sec-Fetch-Site", "none") not in OWN_SITE:
        abort(403)


def allow_camera() -> None:
    """Let this page ask for the camera. Call it before ``conditional``."""
    g.camera = True


def allow_wasm() -> None:
    """Let this page run WebAssembly, which reads codes where the browser cannot."""
    g.wasm = True


def conditional(stamp: str) -> Response | None:
    """304 if the browser has the page of this stamp; else None, and the page that follows carries its ETag.

    ``return conditional(stamp) or page(…)``. The stamp says what the page is made of: account, appointment and the
    version of the data. Language, fragment, form token and static files are added here. A page with a message to
    show, or with the stylesheet in it, is never answered from a cache.
    """
    if request.method not in ("GET", "HEAD") or "_flashes" in session or not assets.has_seen_stylesheet():
        return None
    parts = (
        stamp,
        request.full_path,
        languages.chosen(),
        str(htmx.asks_for_a_fragment()),
        session.get("csrf_token", ""),
        assets.version(),
    )
    g.etag = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]
    if not request.if_none_match.contains_weak(g.etag):
        return None
    response = Response(status=304)
    response.set_etag(g.etag, weak=True)
    return response


def add_headers(response: Response) -> Response:
    """On every answer; what a view has set itself stays."""
    headers = response.headers
    if response.status_code == 304:  # the browser keeps all that it was told with the page
        headers.setdefault("Cache-Control", ASK_AGAIN)
        return response
    headers.setdefault("Content-Security-Policy", content_policy())
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "no-referrer")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", permissions())
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", ONE_YEAR_HSTS)
    if response.status_code >= 400 or g.get("unmasked"):
        headers["Cache-Control"] = "no-store"
    else:
        headers.setdefault("Cache-Control", ASK_AGAIN)
        if g.get("etag") and response.status_code == 200:
            response.set_etag(g.etag, weak=True)
    return response


def content_policy() -> str:
    """Everything from ourselves or nothing; the inlined stylesheet by its hash."""
    style = f" '{g.inlined_style_hash}'" if g.get("inlined_style_hash") else ""
    wasm = " 'wasm-unsafe-eval'" if g.get("wasm") else ""
    return (
        f"default-src 'none'; script-src 'self'{wasm}; style-src 'self'{style}; img-src 'self' data:; "
        "connect-src 'self'; worker-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )


def permissions() -> str:
    """No device but the camera, and that only where a page asks."""
    camera = "(self)" if g.get("camera") else "()"
    return f"camera={camera}, microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()"


def init_app(app: Flask) -> None:
    """Register this before whatever else looks at a request."""
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # bound to the session: a long form must not grow too old
    app.config["WTF_CSRF_SSL_STRICT"] = False  # it needs a Referer, which our own policy withholds
    app.before_request(refuse_other_sites)
    csrf.init_app(app)
    app.after_request(add_headers)
