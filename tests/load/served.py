"""What is served beside the portal, for comparison."""

from typing import Any

from flask import Flask

from portal import create_app
from portal.database import WriteQueue


def empty() -> Flask:
    """Flask that answers nothing at all, and asks nothing."""
    app = Flask("empty")
    app.add_url_rule("/", "nothing", lambda: "")
    return app


def without_queue() -> Flask:
    """The portal whose writers do not stand in line: each opens with BEGIN IMMEDIATE and tries until it can."""

    def at_once(_queue: WriteQueue, _connection: dict[Any, Any]) -> None:
        """Nobody waits here."""

    WriteQueue.enter = at_once  # type: ignore[method-assign]
    return create_app()
