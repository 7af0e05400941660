"""The list behind a figure of the brief: exactly its rows where there is such a filter, else the nearest one."""

from typing import Any

from flask import current_app, url_for

from portal.access.guard import can_open

LISTS: dict[str, tuple[str, dict[str, str]]] = {
    "assessments.waiting": ("assessments.index", {"show": "waiting"}),
    "assessments.decided": ("assessments.index", {"show": "all"}),
    "assessments.to_carry_out": ("assessments.index", {"show": "decided"}),
    "assessments.carried_out": ("assessments.index", {"show": "reported"}),
    "isolations.released": ("isolations.index", {"show": "all"}),
    "isolations.released_in_all": ("isolations.index", {"show": "all"}),
    "isolations.checks_due": ("isolations.index", {"show": "due"}),
    "isolations.checks_missed": ("isolations.index", {"show": "missed"}),
    "isolations.fever": ("isolations.index", {"show": "fever"}),
    "passes.issued": ("passes.index", {"show": "valid"}),
    "passes.in_use": ("passes.index", {"show": "valid"}),
    "passes.ended": ("passes.index", {"show": "revoked"}),
    "patrols.walked": ("patrols.index", {"show": "sent"}),
    "findings.found": ("findings.index", {"show": "all"}),
    "findings.referred": ("findings.index", {"show": "referred"}),
    "notices.published": ("notices.index", {"show": "published"}),
}
UNDER_WAY, OF_A_CATEGORY = "isolations.under_way_", ("screenings.new.", "screenings.total.")


def of(code: str) -> str:
    """Its address; empty where the one acting now may not open it, or nothing lists what is counted."""
    endpoint, chosen = _list_of(code)
    values: dict[str, Any] = {**chosen}
    known = endpoint in current_app.view_functions
    return url_for(endpoint, **values) if known and can_open(endpoint) else ""


def _list_of(code: str) -> tuple[str, dict[str, str]]:
    if code.startswith(UNDER_WAY):
        return "isolations.index", {"show": "open"}
    if code.startswith(OF_A_CATEGORY):
        return "keypersons.index", {"show": "all", "category": code.rsplit(".", maxsplit=1)[1]}
    return LISTS.get(code) or (f"{code.split('.', maxsplit=1)[0]}.index", {})
