"""Many passes in one document: as a job, in the order in which people walk, counted once, the same after a restart."""

import hashlib
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import zxingcpp
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select
from werkzeug.http import parse_options_header

from portal.access.scope import everywhere
from portal.audit.models import AuditEntry
from portal.clock import now
from portal.database import db
from portal.jobs import files, queue, running
from portal.jobs import service as jobs
from portal.jobs.models import Job, JobState
from portal.passes import batches, service, views_many
from portal.passes.batches import Choice
from portal.passes.models import Pass
from portal.passes.printing import Layout
from portal.web.errors import Refused
from tests.factories import household, resident
from tests.jobs.conftest import change
from tests.jobs.conftest import row as job_row
from tests.passes.conftest import acting_as, row
from tests.people import qian, sun, wang
from tests.printing.paper import pictures, texts

pytestmark = pytest.mark.any_database

ROOMS = (("10", "1", "101"), ("2", "2", "1001"), ("2", "1", "301"), ("2", "2", "201"))
WALKED = ["2号楼1单元301", "2号楼2单元201", "2号楼2单元1001", "10号楼1单元101"]


@pytest.fixture
def worker(app: Flask) -> Callable[..., Job]:
    """Works at a job as the worker does; ``ends_after``: asked to end after so many looks."""

    def work(job_id: int, ends_after: int | None = None) -> Job:
        db.session.rollback()
        db.session.remove()
        looks = iter(range(1000))
        running.run(app, job_id, lambda: ends_after is not None and next(looks) >= ends_after)
        return job_row(job_id)

    queue.queue(app).huey.flush()
    return work


@pytest.fixture
def passes(make: Callable[..., int]) -> list[int]:
    """Twelve issued passes in four households."""
    made = []
    for building, stairwell, room in ROOMS:
        home = household(building=building, stairwell=stairwell, room=room)
        for number in range(3):
            person = resident(home, name=f"演示·王{number}")
            made.append(make(household_id=home.id, resident_id=person.id, holder_name=person.name))
    return made


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a dozen passes have several parts."""
    monkeypatch.setattr(batches, "IN_A_PART", 10)
    monkeypatch.setattr(batches, "ROWS_IN_A_PART", 8)


def start(app: Flask, choice: Choice | None = None, layout: Layout = Layout.CARDS, **more: Any) -> int:
    with acting_as(app, wang):
        return batches.start(choice or Choice(), layout, **({"counterfoil": False} | more)).id


def result(job: Job) -> bytes:
    assert job.state is JobState.DONE, job.error
    assert job.result
    return b"".join(files.content(files.root() / job.folder / job.result))


def entries(action: str) -> list[AuditEntry]:
    with everywhere(because="the test looks"):
        return list(db.session.scalars(select(AuditEntry).where(AuditEntry.action == action)))


def serials(passes: list[int]) -> list[str]:
    with everywhere(because="the test looks"):
        found = db.session.execute(select(Pass.id, Pass.serial).where(Pass.id.in_(passes)))
        by_id = {one.id: one.serial for one in found}
    return [by_id[one] for one in passes]


def places(text: str, words: list[str]) -> list[int]:
    """Where each stands in the text."""
    assert all(word in text for word in words)
    return [text.index(word) for word in words]


@pytest.mark.any_database
def test_a_batch_has_a_cover_its_passes_as_people_walk_and_a_list_to_sign(app, passes, worker):
    job = worker(start(app))
    made = result(job)
    cover, *sheets, signed = texts(made)
    assert "共12张" in cover
    assert "豫苑社区" in cover
    assert "居民12张" in cover
    assert "第1次打印12张" in cover
    assert [page.count("查验码") for page in sheets] == [10, 2]
    assert sorted(found := places("".join(sheets), WALKED)) == found
    assert sorted(found := places(signed, WALKED)) == found
    assert all(serial in "".join(sheets) and serial in signed for serial in serials(passes))
    assert [f"第{number}页" in page for number, page in enumerate(texts(made), 1)] == [True] * 4
    assert job.outcome[0].startswith("12")


@pytest.mark.any_database
def test_every_code_of_a_batch_is_read(app, passes, worker):
    made = result(worker(start(app)))
    scanned = {code.text for page in pictures(made)[1:-1] for code in zxingcpp.read_barcodes(page)}
    assert scanned == {row(one).code for one in passes}


@pytest.mark.any_database
def test_a5_has_two_sides_and_counterfoils_if_they_are_wanted(app, passes, worker):
    pages = texts(result(worker(start(app, layout=Layout.A5, counterfoil=True))))
    fronts = [page for page in pages if "查验码" in page]
    backs = [page for page in pages if "值守签字" in page]
    assert (len(fronts), len(backs)) == (12, 12)
    assert sum("通行证存根" in page for page in pages) >= 1
    assert any("通行证签收表" in page for page in pages)
    assert "领证人签字" in pages[-1]


def test_a_batch_is_counted_once_with_one_entry_in_the_trail(app, passes, worker):
    job = worker(start(app))
    assert {row(one).copies for one in passes} == {1}
    (entry,) = entries("pass.print_many")
    said = "".join(f"{serial} 1\n" for serial in in_walking_order(app))
    assert entry.details["count"] == 12
    assert entry.details["digest"] == hashlib.sha256(said.encode()).hexdigest()
    assert entry.details["job"] == job.id
    again = result(worker(start(app)))
    assert {row(one).copies for one in passes} == {2}
    assert "第2次打印12张" in texts(again)[0]
    assert "第2次" in texts(again)[1]


def in_walking_order(app: Flask) -> list[str]:
    with acting_as(app, wang):
        return serials(batches.chosen(Choice()))


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("layout", "ends_after"), [(Layout.CARDS, 2), (Layout.CARDS, 6), (Layout.CARDS, 7), (Layout.A5, 4)]
)
def test_after_a_restart_in_the_middle_the_pages_are_the_same(
    app, passes, worker, small_parts, monkeypatch, layout, ends_after
):
    moment = now()
    monkeypatch.setattr(batches, "now", lambda: moment)
    whole = result(worker(start(app, layout=layout, counterfoil=True)))
    with everywhere(because="the test arranges"):
        for one in db.session.scalars(select(Pass)):
            one.copies = 0
        db.session.commit()
    broken_off = worker(job_id := start(app, layout=layout, counterfoil=True), ends_after)
    assert broken_off.state is JobState.QUEUED
    finished = worker(job_id)
    assert pages(result(finished))[1:] == pages(whole)[1:]
    assert {row(one).copies for one in passes} == {1}
    assert len(entries("pass.print_many")) == 2


def pages(made: bytes) -> list[bytes]:
    return [page.get_contents().get_data() for page in PdfReader(io.BytesIO(made)).pages]


def test_a_worker_that_dies_before_the_count_is_kept_leaves_nothing(app, passes, worker, monkeypatch):
    def die(*_args: object, **_more: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(batches, "_write", die)
        with pytest.raises(KeyboardInterrupt):
            worker(job_id := start(app))
    assert {row(one).copies for one in passes} == {0}
    assert entries("pass.print_many") == []
    change(job_id, lease_until=now())
    assert len(texts(result(worker(job_id)))) == 4
    assert {row(one).copies for one in passes} == {1}


def test_it_stops_when_asked_and_goes_on_when_asked(app, passes, worker, small_parts, visit):
    job_id = start(app)
    assert worker(job_id, ends_after=4).state is JobState.QUEUED
    stopped = visit("jobs.show", as_=wang, job_id=job_id).send("Stop")
    assert job_row(job_id).state is JobState.STOPPED
    visit(stopped.url, as_=wang).send("Resume")
    assert len(texts(result(worker(job_id)))) == 5
    assert {row(one).copies for one in passes} == {1}
    assert len(entries("pass.print_many")) == 1


def test_what_is_revoked_meanwhile_is_left_out_everywhere(app, passes, worker, small_parts):
    job_id = start(app)
    assert worker(job_id, ends_after=3).state is JobState.QUEUED
    gone = in_walking_order(app)[-1]
    with acting_as(app, wang):
        held = db.session.scalars(select(Pass).where(Pass.serial == gone)).one()
        service.revoke(held, "lent")
    job = worker(job_id)
    read = texts(result(job))
    assert "共11张" in read[0]
    assert "1张，打印期间已失效" in read[0]
    assert not any(gone in page for page in read[1:])
    assert len(job.outcome) == 2


def test_a_ticked_pass_that_is_not_issued_refuses_the_whole_batch(app, passes, worker, make):
    draft = make("draft")
    job = worker(start(app, Choice(ids=(*passes, draft))))
    assert job.state is JobState.FAILED
    assert {row(one).copies for one in passes} == {0}


def test_only_those_not_printed_yet(app, passes, worker):
    with acting_as(app, wang):
        service.mark_printed([db.session.get_one(Pass, passes[0])])
    worker(start(app, Choice(only_new=True)))
    assert {row(one).copies for one in passes} == {1}
    assert entries("pass.print_many")[0].details["count"] == 11


@pytest.mark.any_database
def test_a_whole_filter_is_chosen_on_the_list(app, passes, visit, worker, monkeypatch):
    monkeypatch.setattr(views_many, "PRINTED_AT_ONCE", 11)
    listed = visit("passes.index", as_=wang, show="valid")
    page = visit(next(link for link in listed.links() if "print-all" in link), as_=wang)
    assert page.has("12 passes")
    shown = page.send("Make the PDF", layout="cards")
    job_id = int(shown.url.rsplit("/", 1)[1])
    job = worker(job_id)
    assert job.state is JobState.DONE
    visit("jobs.show", as_=qian, job_id=job_id, status=404)
    visit("jobs.show", as_=sun, job_id=job_id, status=404)
    with acting_as(app, wang):
        assert jobs.fetch(jobs.mine(job_id)).exists()
    change(job_id, expires_at=now() - timedelta(seconds=1))
    with acting_as(app, wang), pytest.raises(Refused):
        jobs.fetch(jobs.mine(job_id))


def test_few_are_printed_at_once_and_counted_one_by_one(make, visit):
    one = make()
    paper = visit("/passes/print-all?show=valid", as_=wang).send("Make the PDF", status=200, layout="a5")
    assert paper.mimetype == "application/pdf"
    assert row(one).copies == 1
    assert len(entries("pass.print")) == 1
    visit("/passes/print-all?show=valid", as_=sun).send("Make the PDF", status=409, layout="a5")
    visit("/passes/print-all", as_=qian, status=403)


def test_too_many_are_refused(app, passes, monkeypatch, visit):
    monkeypatch.setattr(batches, "MOST", 11)
    visit("/passes/print-all?show=valid", as_=wang, status=409)


def test_nobody_prints_what_is_not_theirs(app, passes, worker):
    with acting_as(app, sun):
        job_id = batches.start(Choice(ids=tuple(passes)), Layout.CARDS, counterfoil=False).id
    assert worker(job_id).state is JobState.FAILED
    assert {row(one).copies for one in passes} == {0}


def test_the_file_is_fetched_under_a_chinese_name_that_a_header_can_carry(app, passes, worker, desk):
    job_id = worker(start(app)).id
    token = {"csrf_token": desk.csrf_token(wang), "once": "fetched"}
    client = desk.client(wang)
    client.set_cookie("language", "zh_Hans")
    fetched = client.post(f"/jobs/{job_id}/result", data=token)
    header = fetched.headers["Content-Disposition"]
    assert header.isascii(), "the server refuses others"
    assert parse_options_header(header) == ("attachment", {"filename": f"打印通行证-{job_id}.pdf"})
    assert fetched.mimetype == "application/pdf"
