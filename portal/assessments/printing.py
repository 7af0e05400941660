"""转诊单: the referral of a person to hospital, one sheet of A4. Paper is Chinese in both languages."""

from dataclasses import dataclass

from flask import Response
from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

from portal.assessments.kinds import Decision
from portal.assessments.models import Assessment
from portal.clock import local, today
from portal.database import db
from portal.orders.describing import cited
from portal.printing.document import printed
from portal.printing.foot import Foot
from portal.printing.words import CHINESE, moment_in_words
from portal.screenings.keypersons import ten
from portal.screenings.rules import age
from portal.units.installation import foot
from portal.units.models import Unit
from portal.web.errors import Refused
from portal.web.formats import mask_document, mask_phone

FROM_ARRIVAL_TO_HEALTH = slice(2, 8)  # of the ten
ONLY_HOSPITAL = _l("There is a referral only for somebody who was sent to hospital.")


@dataclass(frozen=True)
class Referral:
    """What the referral says. The hospital sees the document of the person who stands before it: it is masked."""

    number: str
    facts: tuple[tuple[str, str], ...]
    ten: tuple[tuple[str, str], ...]
    reason: str
    order: str
    decided: str
    unit: str
    foot: Foot


def refuse_others(assessment: Assessment) -> Assessment:
    """The assessment, if the hospital was decided; else ``Refused``."""
    if assessment.decision is not Decision.HOSPITAL:
        raise Refused(ONLY_HOSPITAL)
    return assessment


def referral(assessment: Assessment) -> Response:
    """The sheet as the answer to a request."""
    return printed(
        "assessments/referral.html", referral_of(assessment), file_name=f"referral-{assessment.id}"
    )


def referral_of(assessment: Assessment) -> Referral:
    """What the sheet says."""
    person = assessment.key_person
    resident = person.resident
    years = age(resident.born_on, today())
    with force_locale(CHINESE):
        known = tuple(
            (str(one.label), one.known) for one in ten.ten(person)[FROM_ARRIVAL_TO_HEALTH] if one.known
        )
        facts = (
            ("姓名", resident.name),
            ("性别", resident.sex.label if resident.sex else ""),
            ("年龄", "" if years is None else f"{years}岁"),
            ("证件号码", mask_document(resident.document)),
            ("联系电话", mask_phone(resident.phone)),
            ("人员类别", person.category.label),
            ("住址", person.household.address),
            ("转往", assessment.place),
        )
    return Referral(
        number=f"转{local(assessment.created_at):%Y%m%d}-{assessment.id}",
        facts=facts,
        ten=known,
        reason=assessment.reason,
        order=cited(assessment.order),
        decided=moment_in_words(assessment.decided_at) if assessment.decided_at else "",
        unit=db.session.get_one(Unit, assessment.community_id or assessment.unit_id).full_name,
        foot=foot(),
    )
