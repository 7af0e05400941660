"""Gridgate (网格通). ``create_app`` and AREAS are the table of contents."""

from importlib import import_module
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import cli, config, database
from portal.access import guard
from portal.accounts import sessions
from portal.audit import chain
from portal.web import assets, errors, forms, formats, headers, languages, logs, page
from portal.workflow import once

AREAS = (
    "audit",
    "units",
    "accounts",
    "orders",
    "registry",
    "passes",
    "gate",
    "today",
    "rehearsal",
)


def create_app(settings: dict[str, Any] | None = None) -> Flask:
    """The application, configured from the environment; ``settings`` override."""
    app = Flask(
        __name__,
        static_folder=str(config.ROOT / "static"),
        template_folder=str(config.ROOT / "templates"),
        instance_path=str(config.ROOT / "instance"),
    )
    app.config.update(config.from_environment() if settings is None else settings)
    if proxies := app.config["TRUSTED_PROXIES"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)  # type: ignore[method-assign]
    database.init_app(app)  # first, so that its commit comes after everything else is done with the response
    app.extensions["after_commit"].append(chain.seal_after_commit)
    for part in (logs, errors, headers, forms, languages, formats, assets, page):
        part.init_app(app)
    sessions.init_app(app)
    once.init_app(app)
    guard.init_app(app)  # asked in this order: who is it, was this form sent before, may they
    for name in AREAS:
        _open_area(app, name)
    cli.init_app(app)
    return app


def _open_area(app: Flask, name: str) -> None:
    guard.register(app, import_module(f"portal.{name}.views").area)
