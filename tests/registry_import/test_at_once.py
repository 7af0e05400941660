"""Two people with the same sheet, a registry that changes meanwhile, a worker that dies."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from portal.access.scope import everywhere
from portal.clock import now
from portal.database import db
from portal.jobs import running
from portal.jobs.models import Job, JobState
from portal.registry.importing import keeping, writing
from portal.registry.importing.kinds import ImportState
from portal.registry.importing.models import ImportRow, RegistryImport
from portal.registry.models import Household, Resident
from tests import factories
from tests.jobs.conftest import app as _app  # noqa: F401 (its queue is empty)
from tests.page import Browser
from tests.people import li, qian, wang, zhao
from tests.registry_import.sheets import (
    FAMILY,
    HEADINGS,
    LI,
    ZHANG,
    everything,
    mended,
    number,
    row,
    send,
    sheet,
)
from tests.spreadsheets.makers import large

MANY = 620


@pytest.fixture
def work(app: Flask, desk: Browser) -> Callable[[], Job]:
    """Does the latest job as a worker does."""

    def do(asked_to_end: Callable[[], bool] = lambda: False) -> Job:
        job_id = everything(Job)[-1].id
        db.session.remove()
        running.run(app, job_id, asked_to_end)
        return next(one for one in everything(Job) if one.id == job_id)

    return do


def street() -> bytes:
    """More rows than are done within a request."""
    people = [row(f"演示·人{n}", n, room=str(n // 2)) for n in range(1, MANY + 1)]
    return large([HEADINGS, *people])


def test_a_long_sheet_is_a_job_and_the_browser_may_be_closed(desk: Browser, work: Callable[[], Job]) -> None:
    page = send(desk, qian, street())
    assert page.has("You may leave this page")
    assert work().state is JobState.DONE
    page = desk.visit("registry.import_", as_=qian, import_id=1)
    assert page.has(f"New {MANY}")
    page = page.send("Confirm the import")
    assert not everything(Resident)
    job = work()
    assert (job.state, job.outcome) == (JobState.DONE, [f"已写入：新增 {MANY} 人，变更 0 人。"])
    assert job.arguments == {"import_id": 1}
    assert len(everything(Resident)) == MANY
    assert mended() == 0, "figures are counted in the job, too"
    page = desk.visit("registry.import_", as_=qian, import_id=1)
    page.send("Undo this import")
    assert work().state is JobState.DONE
    assert not everything(Resident)
    assert mended() == 0


SIZES = {
    "sqlite": "SELECT stat FROM sqlite_stat1 WHERE tbl = 'resident'",
    "postgresql": "SELECT reltuples::int::text FROM pg_class WHERE relname = 'resident'",
}


def test_what_was_imported_is_found_by_the_right_index_from_then_on(
    desk: Browser, work: Callable[[], Job]
) -> None:
    send(desk, qian, street())
    work()
    desk.visit("registry.import_", as_=qian, import_id=1).send("Confirm the import")
    assert work().state is JobState.DONE
    db.session.rollback()
    with db.engine.connect() as connection:
        sizes = connection.exec_driver_sql(SIZES[db.engine.dialect.name]).scalars()
        assert {int(said.split()[0]) for said in sizes} >= {MANY}


def test_what_is_confirmed_in_the_last_hour_is_still_written(desk: Browser, work: Callable[[], Job]) -> None:
    send(desk, qian, street())
    work()
    page = desk.visit("registry.import_", as_=qian, import_id=1)
    with everywhere(because="the test arranges"):
        db.session.get_one(RegistryImport, 1).expires_at = now() + timedelta(minutes=1)
        db.session.commit()
    page.send("Confirm the import")
    with time_machine.travel(now() + timedelta(minutes=2)):
        keeping.forget_old()
        db.session.commit()
        assert work().state is JobState.DONE
    assert len(everything(Resident)) == MANY


def test_a_worker_that_ends_while_it_compares_is_followed_by_another(
    desk: Browser, work: Callable[..., Job]
) -> None:
    send(desk, qian, street())
    asked = iter([False, False, False, True])
    assert work(lambda: next(asked, True)).state is JobState.QUEUED
    assert work().state is JobState.DONE
    assert sorted(one.number for one in everything(ImportRow)) == list(range(2, MANY + 2))


def test_a_power_cut_leaves_nothing_half_written(
    desk: Browser, work: Callable[..., Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    send(desk, qian, street())
    work()
    desk.visit("registry.import_", as_=qian, import_id=1).send("Confirm the import")

    def cut(*_anything: Any) -> None:
        raise RuntimeError("the lights went out")

    with monkeypatch.context() as until_now:
        until_now.setattr(writing.Writer, "_note", cut)
        assert work().state is JobState.FAILED
    assert not everything(Resident)
    assert not everything(Household)
    assert mended() == 0, "what was rolled back was never counted"
    page = desk.visit("registry.import_", as_=qian, import_id=1)
    assert page.has("Nothing has been written; begin it again.")
    page = page.send("Begin again")
    page.send("Confirm the import")
    assert work().state is JobState.DONE
    assert len(everything(Resident)) == MANY


def test_the_second_of_two_is_told_and_finds_everybody_there(desk: Browser) -> None:
    mine = send(desk, qian, FAMILY)
    theirs = send(desk, wang, FAMILY)
    assert theirs.has("演示·qian has sent the same file: to be confirmed.")
    theirs.send("Confirm the import")
    page = mine.send("Confirm the import")
    assert page.has("The registry has changed meanwhile.")
    assert page.has("Same 3")
    assert len(everything(Resident)) == 3


def test_while_somebody_writes_it_the_same_file_is_refused(desk: Browser, work: Callable[..., Job]) -> None:
    content = street()
    send(desk, qian, content)
    work()
    desk.visit("registry.import_", as_=qian, import_id=1).send("Confirm the import")
    page = send(desk, wang, content, status=409)
    assert page.has("演示·qian is importing this very file just now.")


def test_the_same_file_once_more_leads_to_the_same_preview(desk: Browser) -> None:
    assert send(desk, qian, FAMILY).url == send(desk, qian, FAMILY).url
    assert len(everything(RegistryImport)) == 1


def test_what_was_decided_stays_where_the_registry_has_not_changed(desk: Browser) -> None:
    home = factories.household(compound="3号院", building="2", stairwell="1", room="401")
    one = factories.resident(home, name=ZHANG, document=number(11), phone="15400000011")
    factories.resident(home, name=LI, document=number(12), phone="15400000012")
    page = send(desk, qian, sheet(row(ZHANG, 11, phone="15400000021"), row(LI, 12, phone="15400000022")))
    first, second = everything(ImportRow)
    page = page.send("Keep these decisions", **{f"row-{first.id}": "leave", f"row-{second.id}": "leave"})
    form = desk.visit("registry.edit_person", as_=qian, resident_id=one.id)
    form.send("Save", phone="15400000031")
    page = page.send("Confirm the import")
    assert page.has("The registry has changed meanwhile.")
    assert page.has("154****0031 → 154****0021")
    assert [row_.choice for row_ in everything(ImportRow)] == ["take", "leave"]


def test_whoever_answers_for_the_units_below_may_undo_what_was_written(desk: Browser) -> None:
    send(desk, qian, FAMILY).send("Confirm the import")
    page = desk.visit("registry.import_", as_=li, import_id=1)
    page.send("Undo this import")
    assert everything(RegistryImport)[0].state is ImportState.UNDONE
    assert not everything(Resident)
    desk.visit("registry.import_", as_=zhao, import_id=1)
