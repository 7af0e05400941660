"""Where somebody is led next: a page of ours, never an address that somebody slipped in."""

import re

from flask import current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

HOME = "/"
OUR_PATH = re.compile(r"/(?!/)[\w%./~-]*", re.ASCII)
SIGNING_IN = "/login"


def after_sign_in(path: str | None) -> str:
    """Where to go after signing in: the page that was asked for, but not to sign in again."""
    safe = safe_path(path)
    return HOME if safe.startswith(SIGNING_IN) else safe


def safe_path(path: str | None) -> str:
    """``path`` if it is the path of a page that can be opened here, else the home page.

    Paths with a scheme, a host, a second slash, a backslash or a control character are none of ours.
    """
    if not path or not OUR_PATH.fullmatch(path):
        return HOME
    adapter = current_app.create_url_adapter(request)
    try:
        opens = adapter is not None and adapter.match(path, method="GET")
    except (HTTPException, RequestRedirect):
        return HOME
    return path if opens else HOME
