"""From a finding to what its papers say."""

from dataclasses import replace

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

from portal.access.acting import acting
from portal.access.policy import Role
from portal.clock import now
from portal.database import db
from portal.patrols.findings import models, wording
from portal.patrols.findings.models import Finding, FindingPerson
from portal.patrols.findings.printing import Involved, Notices, NoticeSheet, ReferralSheet
from portal.printing.foot import Foot
from portal.units.installation import is_demo
from portal.units.models import Unit
from portal.web.errors import Refused
from portal.workflow.models import StepTaken
from portal.workflow.record import steps_of

CHINESE = "zh_Hans"


def notices_of(finding: Finding) -> Notices:
    """A sheet for each person named, or one without a name. ``Refused`` where no notice was given."""
    if not finding.notice_number or not finding.noticed_at:
        raise Refused(_l("No written notice was given for this finding."))
    step = _step(finding, models.GIVE_NOTICE.name)
    named = [person for person in finding.persons if not person.struck_because]
    blank = NoticeSheet(
        number=finding.notice_number,
        to="",
        address="",
        facts=finding.notice_facts,
        basis=finding.notice_basis,
        asks=finding.notice_asks,
        given_by=step.by,
        unit=office_of(step, finding.street_id),
        day=wording.day(finding.noticed_at),
    )
    sheets = [replace(blank, to=_called(person), address=person.address) for person in named] or [blank]
    return Notices(tuple(sheets), foot())


def referral_of(finding: Finding) -> ReferralSheet:
    """The sheet for the police, with everybody in full. ``Refused`` where nothing was referred."""
    if not finding.referral_number or not finding.referred_at:
        raise Refused(_l("This finding was not referred to the police."))
    step = _step(finding, models.REFER.name, models.REFER_AT_ONCE.name)
    return ReferralSheet(
        number=finding.referral_number,
        station=finding.referred_to,
        unit=office_of(step, finding.street_id),
        what=wording.kind_words(finding),
        place=finding.place,
        when=wording.moment(finding.found_at),
        people=wording.count(finding.people),
        facts=finding.referral_facts,
        rungs=tuple(wording.rungs(finding)),
        persons=tuple(_involved(person) for person in finding.persons if not person.struck_because),
        basis=finding.referral_basis,
        evidence=tuple(line.strip() for line in finding.evidence.splitlines() if line.strip()),
        referred_by=step.by,
        referred_at=wording.moment(finding.referred_at),
        foot=foot(),
    )


def office_of(step: StepTaken, street_id: int | None) -> str:
    """重阳街道豫苑社区作战指挥部: who took the step, as the office that it was, with its street."""
    street = db.session.get(Unit, street_id) if street_id else None
    with force_locale(CHINESE):
        office = Role(step.by_role).label
    above = street.name if street and street.name not in step.by_unit else ""
    return f"{above}{step.by_unit}{office}"


def foot() -> Foot:
    """Who prints, and when."""
    return Foot(f"{acting().name} {acting().unit_name}", now(), is_demo())


def _step(finding: Finding, *names: str) -> StepTaken:
    return next(step for step in steps_of(finding) if step.step in names)


def _called(person: FindingPerson) -> str:
    return person.name or f"未提供姓名（{person.note}）"


def _involved(person: FindingPerson) -> Involved:
    return Involved(
        name=person.name or "未提供姓名",
        document=person.document or "",
        phone=person.phone or "",
        address=person.address,
        note=person.note,
    )
