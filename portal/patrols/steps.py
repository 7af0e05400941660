"""The steps of a patrol, of a finding (the ladder) and of a hand-over."""

from flask_babel import lazy_gettext as _l

from portal.access.policy import May
from portal.patrols.kinds import FindingState, HandoverState, PatrolState
from portal.workflow.states import Step

SEND = Step("send", _l("Hand in"), May.LOG_PATROLS, (PatrolState.DRAFT,), PatrolState.SENT, gravity="main")
BREAK_OFF = Step(
    "break_off",
    _l("End without finishing"),
    May.LOG_PATROLS,
    (PatrolState.DRAFT,),
    PatrolState.BROKEN_OFF,
    asks_reason=True,
)
STRIKE_OUT = Step(
    "strike_out",
    _l("Strike out"),
    May.LOG_PATROLS,
    (PatrolState.DRAFT, PatrolState.SENT, PatrolState.BROKEN_OFF),
    PatrolState.VOID,
    asks_reason=True,
    gravity="destroys",
)
TRANSITIONS = (SEND, BREAK_OFF, STRIKE_OUT)
# What sending a correction writes on the patrol that it corrects.
GIVE_WAY = Step(
    "give_way",
    _l("Corrected"),
    May.LOG_PATROLS,
    (PatrolState.SENT, PatrolState.BROKEN_OFF),
    PatrolState.CORRECTED,
)

RECORD_AGAIN = Step(
    "record_again",
    _l("Persuade again and record"),
    May.LOG_PATROLS,
    (FindingState.PERSUADED,),
    FindingState.RECORDED,
    gravity="main",
)
GIVE_NOTICE = Step(
    "give_notice",
    _l("Give written notice"),
    May.GIVE_NOTICE,
    (FindingState.RECORDED,),
    FindingState.NOTICED,
    gravity="main",
)
REFER = Step(
    "refer",
    _l("Refer to the police"),
    May.REFER_TO_POLICE,
    (FindingState.NOTICED,),
    FindingState.REFERRED,
    gravity="main",
)
REFER_AT_ONCE = Step(
    "refer_at_once",
    _l("Refer to the police at once"),
    May.REFER_TO_POLICE,
    (FindingState.PERSUADED, FindingState.RECORDED),
    FindingState.REFERRED,
    asks_reason=True,
)
RECEIVE = Step(
    "receive",
    _l("Record the receipt"),
    May.REFER_TO_POLICE,
    (FindingState.REFERRED,),
    FindingState.RECEIVED,
    gravity="main",
)
SETTLE = Step(
    "settle",
    _l("Settle"),
    May.LOG_PATROLS,
    (FindingState.PERSUADED, FindingState.RECORDED, FindingState.NOTICED, FindingState.RECEIVED),
    FindingState.SETTLED,
    asks_reason=True,
)
LADDER = (RECORD_AGAIN, GIVE_NOTICE, REFER, REFER_AT_ONCE, RECEIVE, SETTLE)

ACKNOWLEDGE = Step(
    "acknowledge",
    _l("Acknowledge"),
    May.TAKE_OVER,
    (HandoverState.GIVEN, HandoverState.DISPUTED),
    HandoverState.ACKNOWLEDGED,
    gravity="main",
)
DISPUTE = Step(
    "dispute",
    _l("Dispute"),
    May.TAKE_OVER,
    (HandoverState.GIVEN,),
    HandoverState.DISPUTED,
    asks_reason=True,
)
ACKNOWLEDGE_ON_PAPER = Step(
    "acknowledge_on_paper",
    _l("Record the signed sheet"),
    May.HAND_OVER,
    (HandoverState.GIVEN, HandoverState.DISPUTED),
    HandoverState.ON_PAPER,
    gravity="main",
)
WITHDRAW = Step(
    "withdraw",
    _l("Withdraw"),
    May.HAND_OVER,
    (HandoverState.GIVEN, HandoverState.DISPUTED),
    HandoverState.WITHDRAWN,
    asks_reason=True,
    gravity="destroys",
)
HANDING_OVER = (ACKNOWLEDGE, DISPUTE, ACKNOWLEDGE_ON_PAPER, WITHDRAW)
