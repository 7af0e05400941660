"""A request of somebody who is not signed in (any more): where it is led, and what becomes of a form.

A post whose sign-in has lapsed is kept on the server, sealed, for an hour, for the account that had been signed in.
The browser keeps its random name and nothing else. After signing in again the form is offered once more.
"""

from dataclasses import dataclass
from typing import Any

from flask import Response, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from portal.access.guard import Gatehouse
from portal.accounts import keeping, sessions
from portal.accounts.models import Keeping
from portal.accounts.next_page import HOME
from portal.web import htmx
from portal.web.errors import is_secret, way_back
from portal.web.page import page

KEPT_FORM = "kept_form"  # the name of the cookie's entry, and of the field that says that it is sent again
LARGEST = 200_000  # characters


@dataclass(frozen=True)
class KeptForm:
    """A form as it was sent: the address, the area's word in the menu, and the fields in order."""

    name: str
    url: str
    area: Any
    fields: list[tuple[str, str]]

    @property
    def path(self) -> str:
        return self.url.partition("?")[0]


def ask_to_sign_in() -> ResponseReturnValue:
    """What the guard answers to a request that nobody with an appointment has made."""
    if g.get("account_id") is not None:
        return _no_appointment()
    if request.method == "POST":
        _keep_form()
        return _lead_to_sign_in(way_back())
    return _lead_to_sign_in(request.path)


def forget_form_when_sent() -> None:
    """A kept form that is on its way again is not offered another time."""
    if request.method != "POST" or KEPT_FORM not in session or g.acting is None:
        return
    if request.form.get(KEPT_FORM) == session[KEPT_FORM]:
        keeping.forget(session.pop(KEPT_FORM))


def form_kept_for(account_id: int) -> KeptForm | None:
    """The form that this browser lost to a lapsed sign-in of this account, if it is still kept."""
    name = session.get(KEPT_FORM)
    content = keeping.kept(Keeping.FORM, name, account_id)
    if content is None:
        return None
    fields = [(field, value) for field, value in content["fields"]]
    return KeptForm(str(name), content["url"], _area_word(content["endpoint"]), fields)


def discard_form() -> None:
    """Its owner does not want it back."""
    keeping.forget(session.pop(KEPT_FORM, None))


def _lead_to_sign_in(path: str) -> ResponseReturnValue:
    url = url_for("accounts.sign_in", next=None if path == HOME else path)
    if htmx.asks_for_a_fragment():
        return htmx.lead_to(url)
    return redirect(url, 303)


def _keep_form() -> None:
    account_id = sessions.account_of_cookie()
    fields = [(name, value) for name, value in request.form.items(multi=True) if not is_secret(name)]
    if account_id is None or sum(len(name) + len(value) for name, value in fields) > LARGEST:
        return
    url = request.full_path.rstrip("?")
    content = {"url": url, "endpoint": request.endpoint, "fields": fields}
    session[KEPT_FORM] = keeping.keep(Keeping.FORM, account_id, content)


def _no_appointment() -> Response:
    others = sessions.appointments_in_force(g.account_id)
    return page("accounts/no_appointment.html", fragment="content", status=403, appointments=others)


def _area_word(endpoint: str) -> Any:
    gatehouse: Gatehouse = current_app.extensions["gatehouse"]
    blueprint = endpoint.partition(".")[0]
    return next((area.menu for area in gatehouse.areas if area.name == blueprint), None)
