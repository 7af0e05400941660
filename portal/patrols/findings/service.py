"""What is done with findings: persuaded, recorded, noticed, referred, received, settled. Nobody is punished here."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l

from portal.access.acting import acting
from portal.audit import service as audit
from portal.patrols.findings import models
from portal.patrols.findings.basis import looked_for, refuse_ended
from portal.patrols.findings.kinds import FindingKind, FindingState
from portal.patrols.findings.models import Finding, FindingPerson
from portal.patrols.findings.numbers import NOTICE, REFERRAL, next_number
from portal.patrols.findings.places import place_key
from portal.patrols.models import Patrol
from portal.web.errors import Refused
from portal.workflow.states import Step, begin, lock, take

CANNOT_BE_NAMED = {
    FindingState.PERSUADED: _l(
        "Nobody is named at the first step. Persuade again and record, then name a person."
    ),
    FindingState.RECEIVED: _l(
        "The police have signed for this finding: nobody can be added or struck out any more."
    ),
    FindingState.SETTLED: _l("This finding is settled: nobody can be added or struck out any more."),
}


@dataclass(frozen=True)
class Found:
    """What a patrol saw. ``people`` 0: nobody there any more."""

    kind: FindingKind
    place: str
    found_at: datetime
    people: int
    kind_note: str = ""
    facts: str = ""


@dataclass(frozen=True)
class Notice:
    """What the paper to the person says."""

    facts: str
    basis: str
    asks: str


@dataclass(frozen=True)
class Referral:
    """What the paper to the police says; ``evidence`` is a line each."""

    station: str
    facts: str
    basis: str
    evidence: str


@dataclass(frozen=True)
class Receipt:
    """What the signed paper says: who received it at the station, when, and the station's own number if it has one."""

    receiver: str
    received_at: datetime
    station_number: str = ""


def find(patrol: Patrol, found: Found) -> Finding:
    """Write down what a patrol found, in the patrol's unit; whoever was there was persuaded."""
    lock(patrol)
    refuse_ended(patrol)
    order, kinds = looked_for(patrol)
    if found.kind not in kinds:
        raise Refused(
            _l("The order does not name this kind of finding. Load the page again and choose anew.")
        )
    finding = Finding(
        unit_id=patrol.unit_id,
        patrol=patrol,
        order=order,
        kind=found.kind,
        kind_note=found.kind_note if found.kind is FindingKind.OTHER else "",
        place=found.place,
        place_key=place_key(found.place),
        found_at=found.found_at,
        people=found.people,
        facts=found.facts,
        created_by_id=acting().account_id,
    )
    begin(finding, step="find", kind=found.kind.value, people=found.people)
    return finding


def record_again(finding: Finding, what_happened: str = "") -> None:
    """Persuaded a second time, and recorded: from here on a person may be named."""
    take(finding, models.RECORD_AGAIN, reason=what_happened)


def give_notice(finding: Finding, notice: Notice) -> None:
    """A written notice, with a number of the community."""
    take(finding, models.GIVE_NOTICE)
    finding.notice_number = next_number(NOTICE, finding.unit_id)
    finding.noticed_at = finding.changed_at
    finding.notice_facts, finding.notice_basis = notice.facts, notice.basis
    finding.notice_asks = notice.asks


def refer(finding: Finding, referral: Referral) -> None:
    """Hand the finding over to the police, with a number of the community."""
    _refer(finding, referral, models.REFER)


def refer_at_once(finding: Finding, referral: Referral, reason: str) -> None:
    """Hand it over before the steps between, for a reason."""
    _refer(finding, referral, models.REFER_AT_ONCE, reason)


def receive(finding: Finding, receipt: Receipt) -> None:
    """The police have signed for it."""
    take(finding, models.RECEIVE)
    finding.receiver, finding.received_at = receipt.receiver, receipt.received_at
    finding.station_number = receipt.station_number


def settle(finding: Finding, outcome: str) -> None:
    """What came of it. Nothing is done about it afterwards."""
    take(finding, models.SETTLE, reason=outcome)
    finding.outcome = outcome


def refuse_naming(finding: Finding) -> None:
    """``Refused`` where nobody may be named, not yet or not any more."""
    if sentence := CANNOT_BE_NAMED.get(finding.state):
        raise Refused(sentence)


def strike_person(person: FindingPerson, reason: str) -> None:
    """Somebody was named by mistake: no paper names this person any more."""
    lock(person.finding)
    lock(person)
    refuse_naming(person.finding)
    if person.struck_because:
        raise Refused(_l("This person has been struck out already."))
    person.struck_because = reason
    audit.record("finding.strike_person", person.finding, reason=reason, person=person.id)


def _refer(finding: Finding, referral: Referral, step: Step, reason: str = "") -> None:
    take(finding, step, reason=reason)
    finding.referral_number = next_number(REFERRAL, finding.unit_id)
    finding.referred_at = finding.changed_at
    finding.referred_to = referral.station
    finding.referral_facts, finding.referral_basis = referral.facts, referral.basis
    finding.evidence = referral.evidence
