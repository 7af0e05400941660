"""Static files under the hash of their contents, compressed once, cached for a year.

``asset("css/app.css")`` is ``/static/css/app.<hash>.css``. The files are made ready at start-up in the instance
folder, named by their contents, so that several processes may do it at the same time and no build step is needed.
A module that imports another one by its plain name (``from "./code.js"``) gets it under the name with the hash.
"""

import gzip
import hashlib
import re
import secrets
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from wsgiref.headers import Headers

import brotli  # type: ignore[import-untyped]
from flask import Flask, Response, current_app, g, request
from markupsafe import Markup
from whitenoise import WhiteNoise

STYLESHEET = "css/app.css"
SEEN_COOKIE = "css"
YEAR = 365 * 24 * 60 * 60
COMPRESSIBLE = (".css", ".js", ".mjs", ".svg", ".json", ".webmanifest", ".wasm", ".html", ".txt")
SERVED = (*COMPRESSIBLE, ".png", ".jpg", ".webp")  # the fonts of printed pages are not for browsers
HASH_DIGITS = 12
LARGE = 200_000  # bytes: the best compression would take seconds at every first start, for a few per cent
IMMUTABLE = re.compile(rf"\.[0-9a-f]{{{HASH_DIGITS}}}(\.\w+)?$")
IMPORTED = re.compile(r'(\b(?:from|import) )"\./([\w.-]+\.js)"')
COMMENT_LINES = re.compile(r"^\s*(?:/\*(?:(?!\*/).)*\*/|//[^\n]*)[ \t]*$", re.DOTALL | re.MULTILINE)
CSS_STRING = re.compile(r"""("[^"]*"|'[^']*')""")


@dataclass
class Assets:
    """What is served: the URL of every file by its name in ``static/``, and the stylesheet to inline."""

    urls: dict[str, str] = field(default_factory=dict)
    style: str = ""

    @property
    def style_hash(self) -> str:
        """As the content security policy writes it: sha256-…"""
        return "sha256-" + b64encode(hashlib.sha256(self.style.encode()).digest()).decode()

    @property
    def style_version(self) -> str:
        return hashlib.sha256(self.style.encode()).hexdigest()[:HASH_DIGITS]

    @property
    def version(self) -> str:
        """Changes with any file: part of every page's ETag."""
        return hashlib.sha256(" ".join(sorted(self.urls.values())).encode()).hexdigest()[:HASH_DIGITS]


def asset(name: str) -> str:
    """The URL of a file of ``static/``; KeyError for one that there is not."""
    return _assets().urls[name]


def with_imports(name: str) -> list[str]:
    """The URLs of a module and of all that it imports, so that a page can ask for them at once."""
    found: dict[str, str] = {}
    source = Path(str(current_app.static_folder))

    def add(module: str) -> None:
        if module not in found:
            found[module] = asset(module)
            for imported in IMPORTED.finditer((source / module).read_text()):
                add((Path(module).parent / imported[2]).as_posix())

    add(name)
    return list(found.values())


def stylesheet() -> Markup:
    """The stylesheet for a page's head: in the page on the first visit, a link to the cached file afterwards."""
    assets = _assets()
    if has_seen_stylesheet():
        return Markup('<link rel="stylesheet" href="{}">').format(asset(STYLESHEET))
    g.inlined_style_hash = assets.style_hash
    return Markup("<style>{}</style>").format(Markup(assets.style))  # noqa: S704 (a file of ours; as text its > would be escaped)


def has_seen_stylesheet() -> bool:
    """Whether this browser was given the stylesheet of today."""
    return request.cookies.get(SEEN_COOKIE) == _assets().style_version


def version() -> str:
    """A short text that changes with any static file."""
    return _assets().version


def remember_stylesheet(response: Response) -> Response:
    """After a page with the stylesheet in it: the next one links."""
    if g.get("inlined_style_hash"):
        response.set_cookie(
            SEEN_COOKIE,
            _assets().style_version,
            max_age=YEAR,
            secure=request.is_secure,
            httponly=True,
            samesite="Lax",
        )
    return response


def minified(css: str) -> str:
    """CSS without comments and needless spaces; strings stay as they are."""
    parts = CSS_STRING.split(re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL))
    return "".join(part if part.startswith(('"', "'")) else _squeezed(part) for part in parts).strip()


def without_comments(script: str) -> str:
    """JavaScript without the comments that have lines of their own, and without indentation: a third less to load."""
    return re.sub(r"\n\s*", "\n", COMMENT_LINES.sub("", script)).lstrip()


def prepare(source: Path, target: Path) -> tuple[Assets, dict[str, Path]]:
    """Write what browsers want of ``source`` under hashed names, with .br and .gz beside: (assets, URL → file)."""
    assets, files = Assets(), {}

    def url_of(original: Path) -> str:
        name = original.relative_to(source).as_posix()
        if name not in assets.urls:
            content = _as_served(original, url_of)
            digest = hashlib.sha256(content).hexdigest()[:HASH_DIGITS]
            hashed = Path(name).with_suffix(f".{digest}{original.suffix}")
            _write_once(target / hashed, content)
            assets.urls[name] = f"/static/{hashed.as_posix()}"
            files[assets.urls[name]] = target / hashed
            if name == STYLESHEET:
                assets.style = content.decode()
        return assets.urls[name]

    for original in sorted(path for path in source.rglob("*") if path.suffix in SERVED):
        url_of(original)
    return assets, files


def _as_served(original: Path, url_of: Callable[[Path], str]) -> bytes:
    """Our own files squeezed, those of others as they are; a module with the addresses of what it imports (never in
    a circle)."""
    if original.suffix == ".css":
        return minified(original.read_text()).encode()
    if original.suffix != ".js" or "vendor" in original.parts or original.name.endswith(".min.js"):
        return original.read_bytes()

    def with_hash(found: re.Match[str]) -> str:
        imported = original.with_name(found[2])
        return f'{found[1]}"{url_of(imported)}"' if imported.exists() else found[0]

    return IMPORTED.sub(with_hash, without_comments(original.read_text())).encode()


def _squeezed(css: str) -> str:
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r" ?([{};,]) ?", r"\1", css)
    return re.sub(r": ", ":", css).replace(";}", "}")


def _write_once(path: Path, content: bytes) -> None:
    variants: dict[Path, Callable[[], bytes]] = {path: lambda: content}
    if path.suffix in COMPRESSIBLE:
        variants[path.with_name(path.name + ".br")] = lambda: brotli.compress(
            content, quality=11 if len(content) < LARGE else 9
        )
        variants[path.with_name(path.name + ".gz")] = lambda: gzip.compress(content, compresslevel=9, mtime=0)
    path.parent.mkdir(parents=True, exist_ok=True)
    for variant, made in variants.items():
        if not variant.exists():
            draft = variant.with_name(f".{variant.name}.{secrets.token_hex(4)}")
            draft.write_bytes(made())
            draft.replace(variant)


def _protect(headers: Headers, path: str, url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"


def _assets() -> Assets:
    assets: Assets = current_app.extensions["assets"]
    return assets


def init_app(app: Flask) -> None:
    """Serve the folder ``static/`` as it is made ready in the instance folder, which may be thrown away."""
    assets, files = prepare(Path(str(app.static_folder)), Path(app.config["INSTANCE"]) / "assets")
    served = WhiteNoise(
        app.wsgi_app,
        allow_all_origins=False,
        max_age=YEAR,
        immutable_file_test=lambda path, url: bool(IMMUTABLE.search(url)),
        add_headers_function=_protect,
    )
    served.FOREVER = YEAR
    for url, path in files.items():
        served.add_file_to_dictionary(url, str(path))
    app.wsgi_app = served  # type: ignore[method-assign]  # as Flask's documentation wraps it
    app.extensions["assets"] = assets
    app.jinja_env.globals.update(asset=asset, stylesheet=stylesheet)
    app.after_request(remember_stylesheet)
