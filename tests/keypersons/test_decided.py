"""Key persons are told what was decided of them, and somebody is told whose measure is over."""

from collections.abc import Callable
from typing import Any

from flask import Flask

from tests.assessments import world
from tests.people import wang
from tests.screenings.test_papers import printed, table, words
from tests.screenings.world import hour

Visit = Callable[..., Any]
LINE = "Key persons to close: the measure is over"


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
