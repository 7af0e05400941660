"""A tiny application of its own: the ground floor with a few pages on it."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Blueprint, Flask, Response, abort, flash, g, redirect, request, session
from flask_babel import lazy_gettext as _l

from portal import web
from portal.database import db
from portal.web import fields
from portal.web.errors import Refused
from portal.web.forms import Form
from portal.web.headers import allow_camera, conditional
from portal.web.page import page

ROOT = Path(__file__).resolve().parents[2]
PAGES = Path(__file__).parent / "pages"


class VisitForm(Form):
    name = fields.TextLine(_l("Name"), thing=_l("a name"), limit=10)
    phone = fields.PhoneLine(_l("Phone"), thing=_l("a phone number"), hint="in case of need")
    gate = fields.Chips(_l("Gate"), thing=_l("a gate"), choices=[("n", "North"), ("e", "East")])
    remark = fields.TextBox(_l("Remark"), optional=True, limit=20)


@dataclass(frozen=True)
class Role:
    label: str


@dataclass(frozen=True)
class Acting:
    unit_name: str
    role: Role
    name: str
    title: str


@dataclass(frozen=True)
class Other:
    id: int
    unit_name: str
    role_label: str


today = Blueprint("today", __name__)
accounts = Blueprint("accounts", __name__)
visits = Blueprint("visits", __name__, url_prefix="/visits")


@today.get("/")
def index() -> Response:
    return page("plain.html")


for endpoint in ("sign_out", "act_as", "language"):
    accounts.add_url_rule(f"/{endpoint}", endpoint, lambda: redirect("/", 303), methods=["POST"])
accounts.add_url_rule("/me", "me", lambda: "me")


@visits.get("/")
def listed() -> Response:
    return page("visits.html", fragment="rows")


@visits.route("/new", methods=["GET", "POST"])
def new() -> Response:
    form = VisitForm()
    if form.validate_on_submit():
        flash("Saved")
        return redirect("/signed-in", 303)
    return page("form.html", fragment="form", status=form.status, form=form)


@visits.get("/<int:visit_id>")
def show(visit_id: int) -> Response:
    return page("plain.html")


@visits.post("/<int:visit_id>/refuse")
def refuse(visit_id: int) -> Response:
    session["touched"] = True
    raise Refused(_l("This visit has ended"))


@visits.get("/secret")
def secret() -> Response:
    g.unmasked = True
    return page("plain.html")


@visits.get("/camera")
def camera() -> Response:
    allow_camera()
    return page("plain.html")


@visits.get("/stamped")
def stamped() -> Response:
    return conditional(request.args["stamp"]) or page("visits.html", fragment="rows")


@visits.get("/broken")
def broken() -> Response:
    raise RuntimeError("about Zhang San, 13800001234")


@visits.get("/status/<int:status>")
def status(status: int) -> Response:
    abort(status)


def signed_in() -> Response:
    g.acting = Acting("Yuyuan", Role("Command post"), "Chen", "Secretary")
    g.appointments = [Other(7, "Group three", "Shock team")]
    return page("signed_in.html", fragment="content", demo=request.args.get("demo"))


def live() -> Response:
    """A form that htmx sends, on a signed-in page."""
    form = VisitForm()
    if form.validate_on_submit():
        return page("live.html", fragment="saved", form=form)
    signed_in()
    return page("live.html", fragment="form", status=form.status, form=form)


def make_app(prepared: Path) -> Flask:
    app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    app.jinja_loader.searchpath.append(str(PAGES))
    app.config.update(
        TESTING=True,
        INSTANCE=prepared,
        SECRET_KEY="for tests only",
        SQLALCHEMY_DATABASE_URI="sqlite://",
        SESSION_COOKIE_NAME="sid",
    )
    db.init_app(app)
    web.init_app(app)
    app.jinja_env.globals["menu"] = lambda: [("/", "Today", False), ("/visits/", "Visits", True)]
    for blueprint in (today, accounts, visits):
        app.register_blueprint(blueprint)
    app.add_url_rule("/signed-in", view_func=signed_in)
    app.add_url_rule("/live", view_func=live, methods=["GET", "POST"])
    return app


@pytest.fixture(scope="session")
def prepared(tmp_path_factory):
    return tmp_path_factory.mktemp("assets")


@pytest.fixture(autouse=True)
def world():
    """These tests need no people and no tables."""


@pytest.fixture
def app(prepared):
    return make_app(prepared)


@pytest.fixture
def client(app):
    client = app.test_client()
    client.set_cookie("language", "en")
    return client


@pytest.fixture
def english(app):
    """Inside a request of somebody who reads English."""
    with app.test_request_context("/", headers={"Cookie": "language=en"}):
        yield app
