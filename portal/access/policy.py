"""Who may do what. One page, meant to be read aloud to the customer.

What a state allows is not here: it is in each workflow's TRANSITIONS.
"""

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


class May(StrEnum):
    """Everything that a route can need."""

    SEE_UNITS = "see units"
    EDIT_UNITS = "edit units"
    IMPORT_UNITS = "import the tree"
    MANAGE_ACCOUNTS = "manage accounts"
    SEE_AUDIT = "see the audit trail"
    SEE_ORDERS = "see orders"
    WRITE_ORDERS = "write orders"
    SEE_REGISTRY = "see the registry"
    WRITE_REGISTRY = "write the registry"
    REVEAL = "see masked fields in full"
    RESTRICT_HOUSEHOLDS = "restrict households"
    SEE_PASSES = "see passes"
    APPLY_FOR_PASSES = "apply for passes"
    ENDORSE_PASSES = "endorse passes"
    ISSUE_PASSES = "issue passes"
    ISSUE_AT_ONCE = "issue passes at once"
    PRINT_PASSES = "print passes"
    REVOKE_PASSES = "revoke passes"
    CHANGE_SERIES = "change the series"
    WORK_A_GATE = "work a gate"
    SEE_GATES = "see gates"


_EVERYONE_IN_THE_TREE = {May.SEE_UNITS, May.SEE_ORDERS}
_FIELD = _EVERYONE_IN_THE_TREE | {
    May.SEE_REGISTRY,
    May.WRITE_REGISTRY,
    May.REVEAL,
    May.SEE_PASSES,
    May.APPLY_FOR_PASSES,
}
_COMMAND = _FIELD | {
    May.EDIT_UNITS,
    May.MANAGE_ACCOUNTS,
    May.RESTRICT_HOUSEHOLDS,
    May.ISSUE_PASSES,
    May.PRINT_PASSES,
    May.REVOKE_PASSES,
    May.CHANGE_SERIES,
    May.SEE_GATES,
}

POLICY: dict[Role, frozenset[May]] = {
    Role.OFFICE: frozenset(_COMMAND | {May.WRITE_ORDERS, May.ISSUE_AT_ONCE}),
    Role.COMMANDER: frozenset(_COMMAND),
    Role.SHOCK_TEAM: frozenset(_FIELD | {May.ENDORSE_PASSES}),
    Role.GRID_MEMBER: frozenset(_FIELD),
    Role.GATEKEEPER: frozenset({May.WORK_A_GATE}),
    Role.AUDITOR: frozenset(
        _EVERYONE_IN_THE_TREE | {May.SEE_AUDIT, May.SEE_REGISTRY, May.SEE_PASSES, May.SEE_GATES}
    ),
    Role.ADMIN: frozenset(
        {May.SEE_UNITS, May.EDIT_UNITS, May.IMPORT_UNITS, May.MANAGE_ACCOUNTS, May.SEE_AUDIT}
    ),
}

NEEDS_SECOND_FACTOR = frozenset({Role.OFFICE, Role.COMMANDER, Role.ADMIN, Role.AUDITOR})
