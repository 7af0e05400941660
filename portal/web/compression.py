"""Pages compressed on the fly; static files have been compressed beforehand (``assets``)."""

import gzip

import brotli  # type: ignore[import-untyped]
from flask import Flask, Response, request

SMALLEST = 500  # bytes: less is not worth the work
TYPES = (
    "text/",
    "application/json",
    "application/cbor",
    "application/javascript",
    "image/svg+xml",
    "application/manifest+json",
)


def compress(response: Response) -> Response:
    """Brotli where the browser takes it, else gzip."""
    if not (response.mimetype or "").startswith(TYPES):
        return response
    response.vary.add("Accept-Encoding")
    if (
        response.is_streamed
        or response.status_code in (204, 206, 304)
        or "Content-Encoding" in response.headers
    ):
        return response
    body = response.get_data()
    if len(body) < SMALLEST:
        return response
    if request.accept_encodings["br"]:
        response.set_data(brotli.compress(body, quality=5))
        response.headers["Content-Encoding"] = "br"
    elif request.accept_encodings["gzip"]:
        response.set_data(gzip.compress(body, compresslevel=6, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response


def init_app(app: Flask) -> None:
    """Register this first: what is registered first runs last."""
    app.after_request(compress)
