"""Key persons are told what was decided of them, and somebody is told whose measure is over."""

from collections.abc import Callable
from typing import Any

from flask import Flask

from portal.access.scope import everywhere
from portal.assessments.kinds import Decision
from portal.database import db
from portal.isolations import service as isolations
from portal.isolations.models import Isolation
from portal.registry import service as registry
from portal.screenings.kinds import KeyPersonState
from portal.screenings.models import KeyPerson
from portal.workflow import figures
from tests.assessments import world
from tests.people import an, li, qian, wang
from tests.screenings.test_papers import printed, table, words
from tests.screenings.world import acting_as, family, hour, key_person

Visit = Callable[..., Any]
LINE = "Key persons to close: the measure is over"


def on_list(visit: Visit, show: str = "to_close", by: Any = li) -> set[str]:
    page = visit("keypersons.index", as_=by, show=show)
    return set(page.tree.xpath("//main//tbody/tr/td[contains(@class, 'w')]/a/@href"))


def state_of(person_id: int) -> KeyPersonState:
    with everywhere(because="the test looks"):
        db.session.rollback()
        return db.session.get_one(KeyPerson, person_id, populate_existing=True).state


def end_isolation(how: str, assessment_id: int) -> None:
    with acting_as(li):
        here = db.session.get_one(Isolation, world.the(assessment_id).isolation_id)
        if how == "strike_out":
            isolations.strike_out(here, "登记错误")
        else:
            isolations.move_elsewhere(here, "转往外地")


def test_who_is_no_longer_under_a_measure_waits_to_be_closed(app: Flask, visit: Visit) -> None:
    """Isolations that were ended, one that goes on, one in hospital: exactly the first are on the office's line."""
    world.order()
    ended = [world.asked(family(1)) for _number in range(2)]
    goes_on, in_hospital, waiting = (world.asked(family(1)) for _number in range(3))
    for assessment_id in (*ended, goes_on):
        world.decided(assessment_id=assessment_id)
    world.decided(Decision.HOSPITAL, in_hospital)
    assert not visit("today.index", as_=li).has(LINE)
    for how, assessment_id in zip(("strike_out", "move_elsewhere"), ended, strict=True):
        end_isolation(how, assessment_id)
    left = key_person(home=family(1))
    stays = key_person(home=family(1))
    with acting_as(qian):
        registry.record_as_left(db.session.get_one(KeyPerson, left).resident, "搬走")
    today = visit("today.index", as_=li)
    assert today.has(LINE)
    assert "/key-persons/?show=to_close" in today.links()
    for other in (qian, wang, an):
        assert not visit("today.index", as_=other).has(LINE)
    persons = [world.person_of(one).id for one in ended] + [left]
    assert on_list(visit) == {f"/key-persons/{id_}" for id_ in persons}
    assert f"/key-persons/{left}" not in on_list(visit, "incomplete", qian)
    assert f"/key-persons/{stays}" in on_list(visit, "incomplete", qian)
    assert not visit("keypersons.index", as_=wang, show="to_close").buttons().count("Close those ticked…")
    shown = visit("keypersons.show", as_=li, key_person_id=persons[0])
    assert shown.has("The measure is over: the record waits to be closed.")
    page = visit("keypersons.index", as_=li, show="to_close")
    asked = page.send("Close those ticked…", key_person_id=[str(id_) for id_ in persons], status=200)
    assert asked.send("Close", status=422).has("Choose a reason or write one")
    asked.send("Close", common="Released from isolation")
    assert {state_of(id_) for id_ in persons} == {KeyPersonState.CLOSED}
    assert not visit("today.index", as_=li).has(LINE)
    assert state_of(world.person_of(goes_on).id) is KeyPersonState.MANAGED
    assert state_of(world.person_of(waiting).id) is KeyPersonState.TO_ASSESS
    with everywhere(because="the test recounts"):
        assert figures.settle() == 0


def test_the_ledger_says_what_was_decided_from_when_until_when(app: Flask, visit: Visit, desk: Any) -> None:
    world.order()
    person = world.person_of(world.decided(starts_at=hour(8, days=-2)))
    page = visit("keypersons.show", as_=wang, key_person_id=person.id)
    for told in ("Home isolation, ", world.REASON):
        assert page.has(told), told
    assert visit("keypersons.index", as_=wang).has("Home isolation, ")
    form = visit("exports.make", as_=wang, name="key_persons")
    row = table(form.send("Export as Excel", status=200).data)[0]
    assert (row["管控措施"], row["起止日期"]) == ("居家隔离", "2026-11-21 至 2026-12-06")
    assert row["研判结论"] == "居家隔离", "why is told only to those who may have it in full"
    full = table(form.send("Export as Excel", status=200, content="full", why="report").data)[0]
    assert full["研判结论"] == f"居家隔离；{world.REASON}"
    told = words(printed(desk, wang, "/key-persons/print"))
    for word in ("管控措施", "起止日期", "研判结论", "居家隔离", "11-21至12-06"):
        assert word in told, (word, told)
    assert world.REASON not in told
