"""What each area brings to the daily report, counted from what people really do on the pages."""

import time_machine

from portal.access.scope import everywhere
from portal.clock import now, today
from portal.passes.kinds import PassState
from portal.patrols.findings.kinds import FindingState
from portal.patrols.handovers.kinds import HandoverState
from portal.patrols.kinds import PatrolState
from portal.workflow import figures
from tests.findings.world import a_finding
from tests.gate.world import change, issued, scan
from tests.handovers.world import a_handover
from tests.patrols.world import hour, patrol
from tests.patrols.world import order as patrol_order
from tests.people import gu, qian, unit
from tests.postings.world import notice, postings, publish


def told(code: str, where: str = "豫苑社区", day=None) -> int:
    with everywhere(because="tests look"):
        return figures.sums(unit(where).place, day or today())[code]


def test_every_figure_has_a_code_of_its_own_a_heading_and_what_is_counted(app):
    every = figures.figures()
    assert {"registry.households", "passes.in_use", "gate.exits", "patrols.walked", "postings.hung"} <= set(
        every
    )
    for code, figure in every.items():
        assert code == figure.code
        assert len(code) <= 40
        assert str(figure.label)
        assert str(figure.heading)
        assert figure.unit
    orders = [figure.order for figure in every.values()]
    assert orders == sorted(orders)


def test_the_gate_counts_out_in_and_those_turned_back(desk):
    pass_ = issued()
    scan(desk, gu, pass_.code).send("exit", temperature="36.5")
    scan(desk, gu, pass_.short_code).send("entry", temperature="")
    desk.visit("gate.index", as_=gu).send("Turn back a person")
    desk.visit("gate.index", as_=gu).send("Turn back a vehicle").send("Turn back a vehicle")
    assert (told("gate.exits"), told("gate.entries")) == (1, 1)
    assert (told("gate.turned_back"), told("gate.vehicles_turned_back")) == (1, 2)


def test_who_comes_back_late_counts_as_late_and_before_that_as_overdue(desk):
    pass_ = issued()
    scan(desk, gu, pass_.code).send("exit", temperature="36.5")
    desk.clients.clear()
    with time_machine.travel(hour(14)):
        assert told("gate.overdue") == 1
        page = scan(desk, gu, pass_.code).send("entry", temperature="36.5")
        if "entry" in page.source and not page.has("Entry recorded"):
            page.send("entry", temperature="36.5")
        assert told("gate.entries") == 1
        assert told("gate.late") == 1
        assert told("gate.overdue") == 0


def test_passes_in_use_end_with_what_ends_them(app):
    first, second = issued(), issued()
    assert told("passes.in_use") == 2
    with everywhere(because="tests look"):
        parts = figures.by_part(unit("豫苑社区三组").place, today())
    assert parts[unit("豫苑社区三组二格").id]["passes.in_use"] == 2
    with time_machine.travel(hour(12)):
        change(first, state=PassState.REVOKED, ended_at=now())
        assert told("passes.in_use") == 1
    with time_machine.travel(hour(10, days=3)):
        assert told("passes.in_use") == 0  # the other one has expired
        assert told("passes.in_use", day=hour(0).date()) == 1  # at the end of that day
    assert second.id


def test_a_patrol_counts_on_the_day_on_which_it_was_walked(app):
    patrol_order()
    patrol(PatrolState.SENT)
    patrol(PatrolState.DRAFT)
    patrol(PatrolState.CORRECTED)  # it and its correction are one
    patrol(PatrolState.VOID)
    patrol(PatrolState.SENT, start=hour(16, days=-1))
    assert told("patrols.walked") == 2
    assert told("patrols.walked", day=hour(0, days=-1).date()) == 1


def test_findings_and_what_went_to_the_police(app):
    a_finding()
    a_finding(FindingState.REFERRED)
    assert told("findings.found") == 2
    assert told("findings.referred") == 1


def test_a_hand_over_counts_on_both_sides_and_not_when_it_is_withdrawn(app):
    a_handover(HandoverState.ACKNOWLEDGED, neighbour="建设路社区")
    a_handover(HandoverState.WITHDRAWN, neighbour="建设路社区")
    assert (told("handovers.given"), told("handovers.taken")) == (1, 0)
    assert (told("handovers.given", "建设路社区"), told("handovers.taken", "建设路社区")) == (0, 1)


def test_notices_published_and_hung(desk):
    held = notice(title="关于封控管理的温馨提示")
    publish(held)
    board = postings(unit_id=unit("豫苑社区三组二格").id)[0]
    desk.visit("postings.show", as_=qian, posting_id=board.id).send("It hangs")
    assert told("postings.hung") == 1
