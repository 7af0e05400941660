"""Errors as plain sentences that say what to do: as a page, or as a fragment for htmx. Never a stack trace."""

from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, current_app, g, request
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect

from portal.database import db
from portal.web import uploads
from portal.web.logs import log_failure
from portal.web.page import page

TEMPLATE = "errors/error.html"
HARMLESS = (403, 404, 409)  # whoever meets one goes on working, so the menu stays
NEVER_WRITTEN = ("csrf_token", "code", "pin")


class Refused(Exception):
    """A business rule says no. ``sentence`` (lazy) tells the person why, and what to do instead: a 409 page."""

    def __init__(self, sentence: Any) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Words:
    """A heading, and what to do now."""

    heading: Any
    advice: Any


FORM_TOO_OLD = Words(
    _l("This form is too old"), _l("Nothing was saved. Send it again; what you typed is kept.")
)
FORM_GONE = Words(
    _l("This form is too old"), _l("Nothing was saved. Go back, load the page again and send it once more.")
)
REFUSED = _l("This cannot be done now")
WORDS = {
    400: Words(_l("This could not be read"), _l("Go back, check what was entered and send it again.")),
    403: Words(
        _l("You may not do this"),
        _l("Your present appointment does not allow it. Change to another of yours, or ask the unit above."),
    ),
    404: Words(
        _l("There is no such page here"),
        _l("It may have been removed, or it belongs to another unit. Go back and choose from the list."),
    ),
    405: Words(_l("This page cannot be opened directly"), _l("Go back and use the button there.")),
    409: Words(REFUSED, _l("Somebody was faster. Load the page again and look at its present state.")),
    413: Words(_l("The file is too large"), ""),
    422: Words(_l("Something is missing or wrong"), _l("Go back and mend what is marked.")),
    429: Words(_l("Too many attempts"), _l("Wait a little, then try again.")),
    500: Words(
        _l("Something went wrong on our side"),
        _l(
            "Nothing was saved. Try again in a minute. If it happens again, give the administrator the number below."
        ),
    ),
}


def on_http_error(error: HTTPException) -> Response | HTTPException:
    """A status that was raised, or a fault of ours as 500. Redirects pass."""
    if isinstance(error, RequestRedirect) or error.code is None or error.code < 400:
        return error
    db.session.rollback()
    status = error.code if error.code in WORDS else 400 if error.code < 500 else 500
    words = too_large() if status == 413 else WORDS[status]
    response = error_page(words, status=error.code, request_id=g.get("request_id") if status == 500 else None)
    _keep_headers(error, response)
    return response


def too_large() -> Words:
    """How much this route takes."""
    most = uploads.most_megabytes()
    advice = _l("Send %(most)s MB at most; divide a large list into several.", most=most)
    return Words(WORDS[413].heading, advice)


def on_csrf_error(error: CSRFError) -> Response:
    """The token is missing or not of this session: offer to send the same again, if it came from our own page."""
    db.session.rollback()
    if not came_from_our_page():
        return error_page(FORM_GONE, status=400)
    kept = [(name, value) for name, value in request.form.items(multi=True) if not is_secret(name)]
    if not kept or request.files:
        return error_page(FORM_GONE, status=400)
    return error_page(FORM_TOO_OLD, status=400, kept=kept)


def on_refusal(error: Refused) -> Response:
    """A business rule refused."""
    db.session.rollback()
    return error_page(Words(REFUSED, error.sentence), status=409)


def error_page(
    words: Words,
    *,
    status: int,
    kept: list[tuple[str, str]] | None = None,
    request_id: str | None = None,
) -> Response:
    """``kept`` is what was typed, to be sent again to the same address."""
    return page(
        TEMPLATE,
        fragment="content",
        status=status,
        words=words,
        way_back=way_back(),
        at_home=status in HARMLESS and g.get("acting") is not None,
        kept=kept or [],
        request_id=request_id,
    )


def came_from_our_page() -> bool:
    """Whether the post came from our own site. A browser that does not say so sends no session from elsewhere."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return current_app.config["SESSION_COOKIE_NAME"] in request.cookies


def is_secret(name: str) -> bool:
    """Whether a field is never written into a page again."""
    return name in NEVER_WRITTEN or "password" in name or "secret" in name


def way_back() -> str:
    """The nearest page above this address that can be opened: of /passes/7/issue it is /passes/7."""
    path = request.path if request.method != "GET" else _above(request.path)
    while path != "/":
        for spelling in (path, f"{path}/"):
            if _opens(spelling):
                return spelling
        path = _above(path)
    return path


def _above(path: str) -> str:
    return path.rstrip("/").rpartition("/")[0] or "/"


def _opens(path: str) -> bool:
    adapter = current_app.create_url_adapter(request)
    try:
        endpoint, _values = adapter.match(path, method="GET") if adapter else ("", {})
    except (RequestRedirect, NotFound, MethodNotAllowed):
        return False
    may_open = current_app.extensions.get("may_open")  # the guard's answer, on the floor above
    if may_open is None or g.get("acting") is None:  # who may open it is known after signing in
        return bool(endpoint)
    return bool(endpoint) and bool(may_open(endpoint))


def _keep_headers(error: HTTPException, response: Response) -> None:
    for name, value in error.get_headers(request.environ):
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value


def init_app(app: Flask) -> None:
    """Every error becomes a page."""
    app.register_error_handler(CSRFError, on_csrf_error)
    app.register_error_handler(HTTPException, on_http_error)
    app.register_error_handler(Refused, on_refusal)
    app.log_exception = lambda exc_info: log_failure(exc_info[1])  # type: ignore[method-assign]  # Flask's quotes data
