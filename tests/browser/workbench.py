"""A page on which modules of the gate are tried: the portal's own static files and content policy, nothing else."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from werkzeug.serving import make_server

from portal.config import ROOT
from portal.web import assets, headers

PAGE = """<!doctype html><html lang="zh"><meta charset="utf-8"><title>workbench</title>
<video width="320"></video>
<form action="/gone"><input id="field"><button id="button" type="button">Exit</button><input id="other"></form>"""


@contextmanager
def workbench(folder: Path) -> Iterator[tuple[str, Callable[[str], str]]]:
    """Its address, and the URL of a static file by its name."""
    app = Flask("workbench", static_folder=str(ROOT / "static"))
    app.config["INSTANCE"] = folder
    assets.init_app(app)
    app.after_request(headers.add_headers)

    @app.get("/")
    def page() -> str:
        headers.allow_camera()
        headers.allow_wasm()
        return PAGE

    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", app.extensions["assets"].urls.__getitem__
    finally:
        server.shutdown()
        thread.join()
