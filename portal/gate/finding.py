"""Looking somebody up by address where there is no paper: only addresses and masked names come back."""

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from portal.access.scope import everywhere, lies_in
from portal.audit import service as audit
from portal.database import db
from portal.gate.outside import around
from portal.passes.kinds import PassState
from portal.passes.models import Pass
from portal.registry.addresses import search_pattern
from portal.registry.models import Household, Resident
from portal.units.models import Checkpoint
from portal.web.formats import mask_name

MOST = 6

Options = list[tuple[int, str]]


def households_at(address: str, gate: Checkpoint) -> Options:
    """(id, address and masked name) of the households of this gate's community that the address fits, ``MOST`` + 1
    at most. Each look leaves an entry in the trail."""
    with everywhere(because="a gate finds households of its community by address, masked"):
        found = db.session.scalars(_homes(address, gate).options(selectinload(Household.residents))).all()
        options = [(home.id, f"{home.address} {_masked_head(home.residents)}".strip()) for home in found]
    audit.record("gate.look_up", gate, found=len(options))
    return options


def passes_at(address: str, gate: Checkpoint) -> Options:
    """The same for issued passes: (id, address, masked name, kind and the end of the serial number)."""
    with everywhere(because="a gate finds forgotten passes of its community by address, masked"):
        options = [(pass_.id, in_one_line(pass_)) for pass_ in issued_at(address, gate)]
    audit.record("gate.look_up", gate, found=len(options))
    return options


def issued_at(address: str, gate: Checkpoint) -> list[Pass]:
    """The issued passes of this gate's community that an address fits, ``MOST`` + 1 at most.

    To be called where the scope is lifted.
    """
    homes = [home.id for home in homes_at(address, gate)]
    issued = select(Pass).where(Pass.household_id.in_(homes), Pass.state == PassState.ISSUED)
    return list(db.session.scalars(issued.order_by(Pass.household_id, Pass.id).limit(MOST + 1)))


def homes_at(address: str, gate: Checkpoint) -> list[Household]:
    """The households of this gate's community that an address fits; to be called where the scope is lifted."""
    return list(db.session.scalars(_homes(address, gate)))


def _homes(address: str, gate: Checkpoint) -> Select[Household]:
    place = around(gate)
    return (
        select(Household)
        .where(
            lies_in(Household, place),
            Household.address_key.like(search_pattern(address), escape="\\"),
        )
        .order_by(Household.address_key, Household.id)
        .limit(MOST + 1)
    )


def _masked_head(residents: list[Resident]) -> str:
    living = [one for one in residents if one.left_at is None]
    head = next((one for one in living if one.is_head), living[0] if living else None)
    return mask_name(head.name) if head else ""


def in_one_line(pass_: Pass) -> str:
    """Address, masked name, kind and the end of the serial number."""
    home = pass_.household.address if pass_.household else ""
    end = (pass_.serial or "").partition("-")[2]
    return f"{home} {mask_name(pass_.holder_name)} {pass_.kind.label} {end}"
