"""One template serves the whole page and the part of it that htmx asks for."""

from typing import Any

from flask import Flask, Response, current_app, make_response, render_template
from jinja2 import StrictUndefined
from jinja2_fragments.flask import render_block
from markupsafe import Markup

from portal.web import htmx

COMPONENTS = "components/ui.html"


def page(template: str, *, fragment: str | None = None, status: int = 200, **context: Any) -> Response:
    """The whole page, or only its block ``fragment`` when htmx asked for a part.

    ``page("passes/form.html", fragment="form", status=form.status, form=form)``
    """
    if fragment and htmx.asks_for_a_fragment():
        return make_response(render_block(template, fragment, **context), status)
    return make_response(render_template(template, **context), status)


def part(template: str, **context: Any) -> Markup:
    """A part of a page that an area draws for another's: a template of ours, escaped by itself."""
    return Markup(render_template(template, **context))  # noqa: S704


class Components:
    """The macros of ``components/ui.html`` as ``ui``, in whole pages and in fragments alike.

    The module is made when the first page asks for it, because a Jinja module copies the globals of its moment.
    ``_()`` and ``url_for`` are looked up anew in every call, so nothing is frozen to one language or request.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        macro = getattr(self._app.jinja_env.get_template(COMPONENTS).module, name)
        if not current_app.debug:
            setattr(self, name, macro)
        return macro


def init_app(app: Flask) -> None:
    """Strict templates, ``ui`` everywhere, and pages that caches tell from fragments."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["ui"] = Components(app)
    app.after_request(htmx.vary)
