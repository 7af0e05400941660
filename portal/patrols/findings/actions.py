"""What the trail calls the actions of findings."""

from typing import Any

from flask_babel import lazy_gettext as _l

ACTIONS: dict[str, Any] = {
    "finding.find": _l("Recorded a finding"),
    "finding.give_notice": _l("Gave written notice"),
    "finding.name_person": _l("Named a person in a finding"),
    "finding.print_notice": _l("Printed a written notice"),
    "finding.print_referral": _l("Printed a referral sheet in full"),
    "finding.receive": _l("Recorded the receipt by the police"),
    "finding.record_again": _l("Persuaded again and recorded"),
    "finding.refer": _l("Referred a finding to the police"),
    "finding.refer_at_once": _l("Referred a finding to the police at once"),
    "finding.reveal": _l("Showed a person of a finding in full"),
    "finding.settle": _l("Settled a finding"),
    "finding.strike_person": _l("Struck a person out of a finding"),
}
