"""Logs as JSON lines, without personal data: no address beyond the endpoint, no form value, no name."""

import logging
import secrets
import sys
import time

import structlog
from flask import Flask, Response, g, has_request_context, request

log = structlog.get_logger("gridgate")


def number_request() -> None:
    """Give the request a number by which a person can report it."""
    g.request_id = secrets.token_hex(6)
    g.request_began = time.monotonic()


def log_request(response: Response) -> Response:
    """One line a request, and its number in the answer."""
    response.headers["X-Request-Id"] = g.request_id
    log.info(
        "request",
        method=request.method,
        endpoint=request.endpoint,
        status=response.status_code,
        milliseconds=round((time.monotonic() - g.request_began) * 1000, 1),
        request_id=g.request_id,
    )
    return response


def log_failure(error: BaseException | None) -> None:
    """Where something went wrong. Its message stays out: it may quote a name or a whole row."""
    places, traceback = [], error and error.__traceback__
    while traceback:
        code = traceback.tb_frame.f_code
        places.append(f"{code.co_filename}:{traceback.tb_lineno} {code.co_name}")
        traceback = traceback.tb_next
    log.error(
        "failure",
        kind=type(error).__name__,
        endpoint=request.endpoint if has_request_context() else None,
        places=places[-12:],
        request_id=g.get("request_id"),
    )


def configure() -> None:
    """JSON lines on standard error. The development server's own lines, which hold whole addresses, are silenced."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.getLogger("werkzeug").setLevel(logging.WARNING)


def init_app(app: Flask) -> None:
    """Number and log every request."""
    configure()
    app.before_request(number_request)
    app.after_request(log_request)
