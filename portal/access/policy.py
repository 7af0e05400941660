"""Who may do what. One page, meant to be read aloud to the customer.

What a state allows is not here: it is in each workflow's TRANSITIONS.
"""

from collections.abc import Set
from enum import StrEnum

from flask_babel import lazy_gettext as _l


class Role(StrEnum):
    """What an appointment makes of an account (product.md, "The people")."""

    OFFICE = "office"
    COMMANDER = "commander"
    SHOCK_TEAM = "shock_team"
    GRID_MEMBER = "grid_member"
    GATEKEEPER = "gatekeeper"
    AUDITOR = "auditor"
    ADMIN = "admin"

    @property
    def label(self) -> str:
        return str(ROLE_LABELS[self])


ROLE_LABELS = {
    Role.OFFICE: _l("Leading group office"),
    Role.COMMANDER: _l("Command post"),
    Role.SHOCK_TEAM: _l("Shock team"),
    Role.GRID_MEMBER: _l("Grid member"),
    Role.GATEKEEPER: _l("Gatekeeper"),
    Role.AUDITOR: _l("Auditor"),
    Role.ADMIN: _l("System administrator"),
}

OFFICE = frozenset({Role.OFFICE})
COMMAND = OFFICE | {Role.COMMANDER}
TEAMS = COMMAND | {Role.SHOCK_TEAM}
FIELD = TEAMS | {Role.GRID_MEMBER}
GATE, AUDITOR, ADMIN = ({role} for role in (Role.GATEKEEPER, Role.AUDITOR, Role.ADMIN))


class May(StrEnum):
    """Everything that a route can need: what it is called, and the roles that have it. One block a workflow."""

    # ── the house
    SEE_UNITS = "see units", FIELD | AUDITOR | ADMIN
    EDIT_UNITS = "edit units", COMMAND | ADMIN
    IMPORT_UNITS = "import the tree", ADMIN
    MANAGE_ACCOUNTS = "manage accounts", COMMAND | ADMIN
    SEE_AUDIT = "see the audit trail", AUDITOR | ADMIN

    # ── jobs
    START_JOBS = "start long work", FIELD | AUDITOR | ADMIN

    # ── orders
    SEE_ORDERS = "see orders", FIELD | AUDITOR
    WRITE_ORDERS = "write orders", OFFICE

    # ── registry
    SEE_REGISTRY = "see the registry", FIELD | AUDITOR
    WRITE_REGISTRY = "write the registry", FIELD
    REVEAL = "see masked fields in full", FIELD
    RESTRICT_HOUSEHOLDS = "restrict households", COMMAND
    ASSIGN_RESPONSIBILITY = "assign responsibility", TEAMS
    REDRAW_GRIDS = "split and merge grids", COMMAND

    # ── passes
    SEE_PASSES = "see passes", FIELD | AUDITOR
    APPLY_FOR_PASSES = "apply for passes", FIELD
    ENDORSE_PASSES = "endorse passes", {Role.SHOCK_TEAM}
    ISSUE_PASSES = "issue passes", COMMAND
    ISSUE_AT_ONCE = "issue passes at once", OFFICE
    PRINT_PASSES = "print passes", COMMAND
    REVOKE_PASSES = "revoke passes", COMMAND
    CHANGE_SERIES = "change the series", COMMAND

    # ── gates
    WORK_A_GATE = "work a gate", GATE
    SEE_GATES = "see gates", COMMAND | AUDITOR
    PAIR_PHONES = "pair phones with gates", COMMAND

    # ── patrols
    SEE_PATROLS = "see patrols", FIELD | AUDITOR
    PLAN_PATROLS = "plan patrols", COMMAND
    LOG_PATROLS = "log patrols", FIELD
    GIVE_NOTICE = "give written notice", TEAMS
    REFER_TO_POLICE = "refer to the police", COMMAND
    HAND_OVER = "hand over at the boundary", TEAMS
    TAKE_OVER = "take over at the boundary", COMMAND

    # ── notices
    SEE_NOTICES = "see notices", FIELD | AUDITOR
    WRITE_NOTICES = "write notices", COMMAND
    APPROVE_NOTICES = "approve notices", COMMAND
    POST_NOTICES = "post notices", FIELD

    # ── screening
    SEE_SCREENINGS = "see screenings", FIELD | AUDITOR
    LIST_AFFECTED_AREAS = "list affected areas", OFFICE
    START_ROUNDS = "start screening rounds", COMMAND
    SCREEN = "screen households", FIELD
    # ── isolation
    SEE_ISOLATIONS = "see isolations", FIELD | AUDITOR
    ORDER_ISOLATION = "order isolation", COMMAND
    CARE_FOR_ISOLATED = "care for the isolated", FIELD
    RELEASE_ISOLATED = "release the isolated", COMMAND
    # ── assessments
    SEE_ASSESSMENTS = "see assessments", FIELD | AUDITOR
    ASSESS = "assess and decide", OFFICE
    CARRY_OUT = "carry out decisions", FIELD
    TRANSFER_CASES = "transfer cases", COMMAND
    # ── reports
    SEE_REPORTS = "see reports", FIELD | AUDITOR
    CONFIRM_REPORTS = "confirm reports", FIELD
    RECEIVE_REPORTS = "receive reports", TEAMS
    # ── exports
    EXPORT = "export lists", COMMAND | AUDITOR
    EXPORT_IN_FULL = "export lists in full", COMMAND

    # ── worksheets
    WORK_ON_SHEETS = "print and key worksheets", FIELD

    roles: frozenset[Role]

    def __new__(cls, words: str, roles: Set[Role]) -> "May":
        need = str.__new__(cls, words)
        need._value_ = words
        need.roles = frozenset(roles)
        return need


POLICY: dict[Role, frozenset[May]] = {
    role: frozenset(need for need in May if role in need.roles) for role in Role
}

NEEDS_SECOND_FACTOR = frozenset({Role.OFFICE, Role.COMMANDER, Role.ADMIN, Role.AUDITOR})
