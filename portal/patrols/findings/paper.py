"""From a finding to what its papers say."""

from dataclasses import replace

from flask_babel import lazy_gettext as _l

from portal.patrols.findings import models, wording
from portal.patrols.findings.models import Finding, FindingPerson
from portal.patrols.findings.printing import Involved, Notices, NoticeSheet, ReferralSheet
from portal.units.installation import foot
from portal.web.errors import Refused
from portal.web.formats import lines_of
from portal.workflow.models import StepTaken
from portal.workflow.offices import office_of
from portal.workflow.record import steps_of


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
        evidence=lines_of(finding.evidence),
        referred_by=step.by,
        referred_at=wording.moment(finding.referred_at),
        foot=foot(),
    )


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
