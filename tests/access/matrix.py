"""Who may open what, as a table: ``python -m tests.access.matrix`` writes it to ``matrix.txt`` beside this file.

The file is checked in, so that every change of rights shows in the diff.
"""

from pathlib import Path

from flask import Flask

from portal.access.guard import ANYONE, SIGNED_IN
from portal.access.policy import POLICY, May, Role

FILE = Path(__file__).with_name("matrix.txt")
SHORT = {
    Role.OFFICE: "office",
    Role.COMMANDER: "commander",
    Role.SHOCK_TEAM: "shock",
    Role.GRID_MEMBER: "grid",
    Role.GATEKEEPER: "gate",
    Role.AUDITOR: "auditor",
    Role.ADMIN: "admin",
}


def table(app: Flask) -> str:
    """One line an endpoint: what it needs, and a mark under each role that has it."""
    needs = app.extensions["gatehouse"].needs
    lines = [f"{'endpoint':34}{'needs':32}" + "".join(f"{name:10}" for name in SHORT.values())]
    for endpoint in sorted({rule.endpoint for rule in app.url_map.iter_rules()}):
        need = needs.get(endpoint, "NOBODY")
        marks = ("yes" if allowed(need, role) else "·" for role in SHORT)
        lines.append(f"{endpoint:34}{need:32}" + "".join(f"{mark:10}" for mark in marks))
    return "\n".join(line.rstrip() for line in lines) + "\n"


def allowed(need: May | str, role: Role) -> bool:
    """Whether the policy gives the role what an endpoint needs."""
    return need in (ANYONE, SIGNED_IN) or need in POLICY[role]


if __name__ == "__main__":
    from portal import create_app

    FILE.write_text(table(create_app()), encoding="utf-8")
