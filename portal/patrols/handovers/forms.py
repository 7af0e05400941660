"""The forms of hand-overs: what is handed over, and who signed for it."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.clock import now
from portal.patrols.findings.forms import MOST_PEOPLE, no_numbers
from portal.patrols.findings.when import When
from portal.patrols.handovers.service import Given, Signature
from portal.patrols.models import Patrol
from portal.web.fields import Number, TextBox, TextLine

DISPUTED = (_l("Nobody arrived"), _l("The numbers differ"), _l("Not our side"))
WITHDRAWN = (_l("Entered by mistake"), _l("They turned back by themselves"))


class HandoverForm(When):
    """Facts only: where, when, how many, what. Nobody is named."""

    neighbour = TextLine(_l("To"), limit=120, thing=_l("to whom"), **no_numbers())
    place = TextLine(_l("Place"), limit=120, thing=_l("the place"), **no_numbers())
    people = Number(_l("Number of people"), low=0, high=MOST_PEOPLE, default=0, thing=_l("the people"))
    vehicles = Number(_l("Number of vehicles"), low=0, high=MOST_PEOPLE, default=0, thing=_l("the vehicles"))
    facts = TextBox(
        _l("What is handed over"),
        thing=_l("what is handed over"),
        hint=_l("Facts only: nobody is named here"),
        **no_numbers(),
    )

    def __init__(self, patrol: Patrol, **kwargs: Any) -> None:
        neighbour = patrol.route.neighbour if patrol.route else ""
        begins = {"neighbour": neighbour}
        super().__init__(patrol.started_at, patrol.ended_at or now(), data=begins, **kwargs)

    @property
    def given(self) -> Given:
        """What a valid form says."""
        return Given(
            neighbour=self.neighbour.data,
            place=self.place.data,
            at=self.moment,
            people=self.people.data,
            vehicles=self.vehicles.data,
            facts=self.facts.data,
        )


class SignatureForm(When):
    """As the signed sheet says it."""

    by = TextLine(_l("Who signed on the other side"), thing=_l("who signed"), **no_numbers())

    def __init__(self, given_at: datetime, **kwargs: Any) -> None:
        super().__init__(given_at, now(), **kwargs)

    @property
    def signature(self) -> Signature:
        """What a valid form says."""
        return Signature(self.by.data, self.moment)
