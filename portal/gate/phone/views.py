"""The page for a gate's phone: the same for everybody, kept by the browser, and working without any network."""

import json

from flask import Response, abort, render_template
from flask.typing import ResponseReturnValue

from portal.access.guard import ANYONE, Area
from portal.config import ROOT
from portal.gate.certificate import ca_certificate
from portal.gate.phone.words import words_in
from portal.web import assets, languages
from portal.web.assets import asset
from portal.web.headers import allow_camera, allow_wasm

area = Area("gate_page", __name__, url_prefix="/gate")
START = "js/gate/app.js"
STYLES = ("css/app.css", "css/phone.css")
WORKER = ROOT / "static" / "js" / "gate" / "worker.js"
# What is asked for only by who uses it: the camera, a list read off a screen, the reader where a browser has none.
LATER = {"camera": "js/gate/camera.js", "frames": "js/gate/frames.js"}
READER = {"reader": "js/vendor/zxing/reader.js", "wasm": "js/vendor/zxing/zxing_reader.wasm"}


@area.get("/", needs=ANYONE)
def shell() -> ResponseReturnValue:
    """What a phone keeps. It holds nobody's name, and no form that a sign-in would speak for."""
    allow_camera()
    allow_wasm()
    later = {name: asset(file) for name, file in (LATER | READER).items()}
    page = render_template(
        "gate/phone.html",
        modules=assets.with_imports(START),
        styles=styles(),
        later=later,
        build=assets.version(),
    )
    response = Response(page)
    response.headers["Cache-Control"] = "no-cache"
    return response


@area.get("/sw.js", needs=ANYONE)
def worker() -> ResponseReturnValue:
    """The service worker with the list of what it keeps: another list is another worker."""
    words = [f"/gate/words/{language}.json" for language in languages.LANGUAGES]
    modules = [url for name in (START, *LATER.values()) for url in assets.with_imports(name)]
    kept = ["/gate/", *words, *styles(), *dict.fromkeys(modules)]
    lists = {"BUILD": assets.version(), "SHELL": kept, "LATER": [asset(file) for file in READER.values()]}
    head = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in lists.items())
    response = Response(head + WORKER.read_text(encoding="utf-8"), mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response


@area.get("/words/<language>.json", needs=ANYONE)
def words(language: str) -> ResponseReturnValue:
    """All texts of the page in one language."""
    if language not in languages.LANGUAGES:
        abort(404)
    response = Response(json.dumps(words_in(language), ensure_ascii=False), mimetype="application/json")
    response.headers["Cache-Control"] = "no-cache"
    return response


@area.get("/authority.crt", needs=ANYONE)
def authority() -> ResponseReturnValue:
    """What phones of a street's own network are told to trust (``flask gate certificate``)."""
    certificate = ca_certificate() or abort(404)
    return Response(certificate, mimetype="application/x-x509-ca-cert")


def styles() -> list[str]:
    """The house's stylesheet, and the page's few rules."""
    return [asset(name) for name in STYLES]
