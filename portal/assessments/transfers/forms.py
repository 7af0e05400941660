"""What is typed about transfers: where to and what they must know; what the signed sheet says."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.assessments.forms import HappenedForm
from portal.assessments.models import Assessment, Transfer
from portal.assessments.printing import FROM_ARRIVAL_TO_HEALTH
from portal.assessments.transfers.service import Given, OnPaper
from portal.clock import this_minute, today
from portal.screenings.keypersons import ten
from portal.web.fields import Clock, Day, TextBox, TextLine
from portal.web.forms import Form

REFUSED = (_l("Does not live here"), _l("Has not arrived"), _l("Belongs to another place"))
WITHDRAWN = (_l("The person stays after all"), _l("Entered by mistake"))


class GiveForm(Form):
    """Where to, and what they must know there. What is known is proposed."""

    to = TextLine(
        _l("To"),
        limit=120,
        thing=_l("to whom"),
        hint=_l("A community or street of the list sees it in the portal; anybody else gets the sheet"),
    )
    facts = TextBox(_l("What they must know"), limit=1000, thing=_l("what they must know"))

    def __init__(self, assessment: Assessment) -> None:
        super().__init__(data={"to": assessment.place, "facts": facts_of(assessment)})

    @property
    def given(self) -> Given:
        """What a valid form says."""
        return Given(self.to.data, self.facts.data)


class PaperForm(HappenedForm):
    """As the sheet says it that came back."""

    by = TextLine(_l("Who signed on the other side"), thing=_l("who signed"))
    day = Day(_l("Signed (day)"), near=(0, -1), default=today, thing=_l("the day"))
    time = Clock(_l("Signed (time)"), default=this_minute, thing=_l("the time"))
    too_early = _l("This lies before the hand-over")

    def __init__(self, transfer: Transfer) -> None:
        super().__init__(transfer.created_at)

    @property
    def paper(self) -> OnPaper:
        """What a valid form says."""
        return OnPaper(self.by.data, self.at)


class RefusedPaperForm(PaperForm):
    """The same of a refusal, with its reason."""

    words = TextBox(_l("Reason"), limit=500, thing=_l("the reason"))

    @property
    def paper(self) -> OnPaper:
        """What a valid form says."""
        return OnPaper(self.by.data, self.at, self.words.data)


def facts_of(assessment: Assessment) -> str:
    """What is known of the person, a line each: nobody types it again."""
    person = assessment.key_person
    known = [
        f"{one.label}{_(': ')}{one.known}" for one in ten.ten(person)[FROM_ARRIVAL_TO_HEALTH] if one.known
    ]
    return "\n".join([person.category.label, *known, assessment.reason])[:1000]
