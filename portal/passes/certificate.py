"""From passes to what their paper says. Paper is Chinese in both languages."""

from collections.abc import Sequence
from dataclasses import replace

from flask import Response
from flask_babel import force_locale

from portal.access.acting import acting
from portal.access.policy import Role
from portal.clock import local, now
from portal.database import db
from portal.passes.describing import in_short
from portal.passes.kinds import Kind, OnOvertime, PassState
from portal.passes.models import Pass
from portal.passes.offers import gate_names
from portal.passes.printing import Certificate, Certificates, Layout, print_passes
from portal.passes.signing import place_in_short
from portal.passes.standing import own_rule
from portal.printing.foot import Foot
from portal.units.installation import is_demo
from portal.units.models import Unit
from portal.web.formats import mask_document
from portal.workflow.record import steps_of

CHINESE = "zh_Hans"


def on_paper(passes: Sequence[Pass], layout: Layout, *, counterfoil: bool = False) -> Response:
    """Issued passes as one document, in the order in which people walk. Counts nothing (``service.mark_printed``)."""
    walked = sorted(passes, key=_way)
    foot = Foot(f"{acting().name} {acting().unit_name}", now(), is_demo())
    certificates = tuple(certificate_of(pass_) for pass_ in walked)
    return print_passes(Certificates(certificates, foot, counterfoil), layout)


def certificate_of(pass_: Pass) -> Certificate:
    """What the paper of an issued pass says; ValueError for one that isn't issued."""
    if not (pass_.serial and pass_.short_code and pass_.code and pass_.issued_at):
        raise ValueError("only an issued pass has a certificate")
    own = own_rule(pass_)
    with force_locale(CHINESE):
        how_often = in_short(replace(own, windows=(), on_overtime=OnOvertime.NOTHING, max_minutes=None))
        reason = pass_.purpose_words
    return Certificate(
        serial=pass_.serial,
        short_code=pass_.short_code,
        code=pass_.code,
        kind=pass_.kind,
        holder=pass_.holder_name,
        document=mask_document(pass_.document),
        address=pass_.household.address if pass_.household else pass_.employer or place_in_short(pass_),
        reason=reason,
        valid_from=pass_.valid_from,
        valid_until=pass_.valid_until,
        windows=own.windows,
        max_minutes=own.max_minutes,
        rule=how_often,
        gates=tuple(gate_names(pass_.checkpoint_ids)),
        issuer=issuer_of(pass_),
        issued_on=local(pass_.issued_at).date(),
        order_number=pass_.order.number,
        series=pass_.series,
        plate=pass_.plate if pass_.kind is Kind.VEHICLE else "",
        route=pass_.route,
        copy=max(pass_.copies, 1),
    )


def issuer_of(pass_: Pass) -> str:
    """重阳街道豫苑社区作战指挥部: the unit that took the step which issued it, with its street."""
    step = next(step for step in steps_of(pass_) if step.to_state == PassState.ISSUED)
    street = db.session.get(Unit, pass_.street_id) if pass_.street_id else None
    with force_locale(CHINESE):
        office = Role(step.by_role).label
    above = street.name if street and street.name not in step.by_unit else ""
    return f"{above}{step.by_unit}{office}"


def _way(pass_: Pass) -> tuple[str, str]:
    return (pass_.household.address_key if pass_.household else "", pass_.holder_name)
