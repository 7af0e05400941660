"""The area of the gate: its pages, without a scope wider than the gate."""

from flask import Response
from flask_babel import lazy_gettext as _l

from portal.access.guard import Area
from portal.access.policy import Role
from portal.gate import actions, certificate, figures

area = Area("gate", __name__, url_prefix="", menu=_l("Gate"))
area.contributes["home"] = {Role.GATEKEEPER: "gate.index"}
area.contributes["actions"] = actions.ACTIONS
area.contributes["figures"] = figures.FIGURES
area.cli.add_command(certificate.command)


@area.after_request
def keep_nothing(response: Response) -> Response:
    """Several people share the device, and what a gate shows is true for a moment only."""
    response.headers["Cache-Control"] = "no-store"
    return response
