"""How much a request may carry: 5 MB, and more only where a route says so."""

from flask import Blueprint, Flask, current_app, request

MEBIBYTE = 1024 * 1024
ORDINARY = 5 * MEBIBYTE
EXTENSION = "upload_limits"  # endpoint → bytes


def allow(blueprint: Blueprint, endpoint: str, most: int) -> None:
    """Let a route of the blueprint take requests of so many bytes."""
    blueprint.record_once(
        lambda setup: setup.app.extensions.setdefault(EXTENSION, {}).__setitem__(
            f"{blueprint.name}.{endpoint}", most
        )
    )


def most_megabytes() -> int:
    """What the present route takes, for the sentence that refuses more."""
    return int((request.max_content_length or ORDINARY) // MEBIBYTE)


def widen() -> None:
    """Before anything reads the form."""
    limits = current_app.extensions.get(EXTENSION, {})
    if request.endpoint in limits:
        request.max_content_length = limits[request.endpoint]


def init_app(app: Flask) -> None:
    """The first thing that a request meets."""
    app.before_request(widen)
