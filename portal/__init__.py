"""Gridgate (网格通). ``create_app`` and AREAS are the table of contents."""

from importlib import import_module
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import config, database, web
from portal.access import guard
from portal.accounts import sessions
from portal.audit import unchanged
from portal.units import installation
from portal.workflow import once

AREAS = (  # from the lowest floor up
    "audit",
    "units",
    "accounts",
    "jobs",
    "orders",
    "registry",
    "passes",
    "patrols",
    "notices",
    "screenings",
    "isolations",
    "gate",
    "assessments",
    "reports",
    "exports",
    "worksheets",
    "today",
)


def create_app(settings: dict[str, Any] | None = None) -> Flask:
    """The application, configured from the environment, or from ``settings`` alone."""
    app = Flask(
        __name__,
        static_folder=str(config.ROOT / "static"),
        template_folder=str(config.ROOT / "templates"),
    )
    app.config.update(config.from_environment() if settings is None else settings)
    database.init_app(app)  # first, so that its commit comes after everything else is done with the response
    web.init_app(app)
    # A request is asked in this order: who is it, may they, was this form sent before, has the page changed?
    for part in (sessions, guard, once, unchanged, installation):
        part.init_app(app)
    for name in AREAS:
        guard.register(app, import_module(f"portal.{name}.views").area)
    import_module("portal.cli").init_app(app)
    if proxies := app.config["TRUSTED_PROXIES"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)  # type: ignore[method-assign]
    return app
