"""Naming somebody in a finding: a resident known by document or phone, or a stranger to the registry.

There is no list of persons and no way to look one up: who was found is known from the finding alone.
"""

from dataclasses import dataclass, replace

from sqlalchemy import select

from portal.audit import service as audit
from portal.database import db
from portal.patrols.findings.models import Finding, FindingPerson
from portal.patrols.findings.service import refuse_naming
from portal.registry.models import Resident
from portal.registry.names import uniform_name
from portal.vault import blind_index
from portal.workflow.states import lock


@dataclass(frozen=True)
class Named:
    """Who it was, as far as the person said. No ``name``: refused, then ``note`` describes the person."""

    name: str = ""
    note: str = ""
    document: str | None = None
    phone: str | None = None
    address: str = ""


def name_person(finding: Finding, named: Named) -> FindingPerson:
    """Add somebody, from the second step on. What the registry knows of a resident is filled in."""
    lock(finding)
    refuse_naming(finding)
    resident = known_as(named)
    said = _completed(named, resident) if resident else named
    person = FindingPerson(
        unit_id=finding.unit_id,
        finding=finding,
        resident=resident,
        name=said.name,
        note=said.note,
        address=said.address,
    )
    person.document, person.phone = said.document, said.phone
    db.session.add(person)
    db.session.flush()
    audit.record("finding.name_person", finding, person=person.id, in_registry=resident is not None)
    return person


def known_as(named: Named) -> Resident | None:
    """The resident of the scope with this document; else the only one with this phone whose name doesn't differ."""
    if named.document:
        with_document = Resident.document_index == blind_index("document", named.document)
        found = db.session.scalars(
            select(Resident).where(with_document).order_by(Resident.id).limit(1)
        ).first()
        if found:
            return found
    if not named.phone:
        return None
    with_phone = Resident.phone_index == blind_index("phone", named.phone)
    sharing = db.session.scalars(select(Resident).where(with_phone).order_by(Resident.id)).all()
    fitting = [
        one
        for one in sharing
        if (not named.name or uniform_name(one.name) == uniform_name(named.name))
        and not (named.document and one.document)
    ]
    return fitting[0] if len(fitting) == 1 else None


def reveal(person: FindingPerson, reason: str) -> None:
    """Note that somebody sees this person in full: in the finding's trail, and in the resident's own."""
    audit.record("finding.reveal", person.finding, reason=reason, person=person.id)
    _note_at_resident(person, reason)


def note_printed(finding: Finding, reason: str) -> None:
    """Note that the sheet for the police was printed, on which everybody is shown in full."""
    named = [person for person in finding.persons if not person.struck_because]
    audit.record("finding.print_referral", finding, reason=reason, persons=[person.id for person in named])
    for person in named:
        _note_at_resident(person, reason)


def _note_at_resident(person: FindingPerson, reason: str) -> None:
    """A resident's page says who looked at which number."""
    if person.resident:
        for field in ("document", "phone"):
            if getattr(person, field):
                audit.record("registry.reveal", person.resident, reason=reason, field=field)


def _completed(named: Named, resident: Resident) -> Named:
    return replace(
        named,
        name=named.name or resident.name,
        document=named.document or resident.document,
        phone=named.phone or resident.phone,
        address=named.address or resident.household.address[:120],
    )
