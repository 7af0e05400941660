"""From passes to what their paper says. Paper is Chinese in both languages."""

from collections.abc import Sequence
from dataclasses import replace

from flask import Response
from flask_babel import force_locale
from sqlalchemy import select

from portal.clock import local
from portal.database import db
from portal.passes.describing import in_short
from portal.passes.kinds import Kind, OnOvertime, PassState
from portal.passes.models import Pass
from portal.passes.offers import gate_names
from portal.passes.printing import Certificate, Certificates, Layout
from portal.passes.signing import place_in_short
from portal.passes.stamped import print_passes
from portal.passes.standing import own_rule
from portal.printing.words import CHINESE
from portal.units.installation import foot
from portal.web.formats import mask_document
from portal.workflow.models import StepTaken
from portal.workflow.offices import office_of


def on_paper(passes: Sequence[Pass], layout: Layout, *, counterfoil: bool = False) -> Response:
    """Issued passes as one document, in the order in which people walk. Counts nothing (``service.mark_printed``)."""
    walked = sorted(passes, key=_way)
    return print_passes(Certificates(tuple(certificates_of(walked)), foot(), counterfoil), layout)


def certificates_of(passes: Sequence[Pass]) -> list[Certificate]:
    """What the paper of issued passes says; ValueError for one that isn't issued. What they share is read once."""
    issued_by = _issuing_steps(passes)
    named: dict[tuple[int, ...], tuple[str, ...]] = {}
    for pass_ in passes:
        gates = tuple(pass_.checkpoint_ids)
        if gates not in named:
            named[gates] = tuple(gate_names(pass_.checkpoint_ids))
    with force_locale(CHINESE):
        return [
            _certificate(
                pass_, named[tuple(pass_.checkpoint_ids)], office_of(issued_by[pass_.id], pass_.street_id)
            )
            for pass_ in passes
        ]


def _certificate(pass_: Pass, gates: tuple[str, ...], issuer: str) -> Certificate:
    if not (pass_.serial and pass_.short_code and pass_.code and pass_.issued_at):
        raise ValueError("only an issued pass has a certificate")
    own = own_rule(pass_)
    return Certificate(
        serial=pass_.serial,
        short_code=pass_.short_code,
        code=pass_.code,
        kind=pass_.kind,
        holder=pass_.holder_name,
        document=mask_document(pass_.document),
        address=pass_.household.address if pass_.household else pass_.employer or place_in_short(pass_),
        reason=pass_.purpose_words,
        valid_from=pass_.valid_from,
        valid_until=pass_.valid_until,
        windows=own.windows,
        max_minutes=own.max_minutes,
        rule=in_short(replace(own, windows=(), on_overtime=OnOvertime.NOTHING, max_minutes=None)),
        gates=gates,
        issuer=issuer,
        issued_on=local(pass_.issued_at).date(),
        order_number=pass_.order.number,
        series=pass_.series,
        plate=pass_.plate if pass_.kind is Kind.VEHICLE else "",
        route=pass_.route,
        copy=max(pass_.copies, 1),
    )


def _issuing_steps(passes: Sequence[Pass]) -> dict[int, StepTaken]:
    """The first step that issued each."""
    taken = select(StepTaken).where(
        StepTaken.record == Pass.__tablename__,
        StepTaken.record_id.in_([pass_.id for pass_ in passes]),
        StepTaken.to_state == PassState.ISSUED,
    )
    return {step.record_id: step for step in db.session.scalars(taken.order_by(StepTaken.id.desc()))}


def _way(pass_: Pass) -> tuple[str, str]:
    return (pass_.household.address_key if pass_.household else "", pass_.holder_name)
