"""The ground floor of pages: languages, forms, components, headers, errors, static files."""

from flask import Flask

from portal.web import (
    assets,
    compression,
    errors,
    formats,
    forms,
    headers,
    languages,
    logs,
    page,
    uploads,
)

# What is registered first asks first, and finishes last: pages are compressed when all else is done with them.
PARTS = (uploads, compression, logs, headers, languages, page, formats, forms, assets, errors)


def init_app(app: Flask) -> None:
    """Everything of this package. Needs ``INSTANCE`` in the configuration."""
    for part in PARTS:
        part.init_app(app)
