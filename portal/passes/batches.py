"""Printing many passes as a job: who is in the batch, its count in the trail, and the papers drawn part by part.

The batch is fixed and counted in one step, with one entry in the trail. After that nothing is written: the parts are
files in the job's folder, so that a job which was stopped or whose worker died goes on at the next part, and gives the
same pages as if nothing had happened.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import func, select, true, update
from sqlalchemy.orm import selectinload

from portal.access.acting import acting
from portal.audit import service as audit
from portal.clock import now
from portal.database import db
from portal.jobs import service as jobs
from portal.jobs.models import Job
from portal.jobs.task import Task
from portal.passes.certificate import certificates_of
from portal.passes.kinds import PassState
from portal.passes.listing import Filters, Show
from portal.passes.models import Pass
from portal.passes.printing import Certificate, Certificates, Layout
from portal.passes.printing_many import Batch, cover_pdf, handing_out_pdf
from portal.passes.stamped import counterfoils_pdf, pages_of, sheets_pdf
from portal.printing.document import PageNumbers
from portal.printing.joining import count_pages, join_files
from portal.registry.models import Household
from portal.units.installation import foot
from portal.web.errors import Refused

JOB = "passes.print"
MOST = 5000  # passes in one batch
IN_A_PART = 100  # certificates; whole sheets of cards
ROWS_IN_A_PART = 250  # of the lists; they cost more
LOCKED_AT_ONCE = 500
PRINTED = (Show.VALID, Show.EXPIRING)

ONLY_ISSUED = _l("Only issued passes can be printed. Load the list again and choose anew.")
TOO_MANY = _l(
    "At most %(most)s passes are printed at once: choose those that are not printed yet, or tick some.",
    most=MOST,
)


@dataclass(frozen=True)
class Choice:
    """Which passes: all of a filter, or those with the ids; ``only_new``: those never printed before."""

    show: Show = Show.VALID
    only_new: bool = False
    ids: tuple[int, ...] = ()


def chosen(choice: Choice) -> list[int]:
    """The ids of the passes, as people walk: by building, stairwell and room. ``Refused`` for more than MOST."""
    found = (
        select(Pass.id)
        .outerjoin(Household, Household.id == Pass.household_id)
        .order_by(func.coalesce(Household.address_key, ""), Pass.holder_name, Pass.id)
        .limit(MOST + 1)
    )
    which = Pass.id.in_(choice.ids) if choice.ids else Filters(now()).of(choice.show)
    ids = list(db.session.scalars(found.where(which, Pass.copies == 0 if choice.only_new else true())))
    if len(ids) > MOST:
        raise Refused(TOO_MANY)
    return ids


def start(choice: Choice, layout: Layout, *, counterfoil: bool) -> Job:
    """Put the batch on its way."""
    which = {"show": choice.show.value, "only_new": choice.only_new, "pass_ids": list(choice.ids)}
    return jobs.start(JOB, layout=layout.value, counterfoil=counterfoil, **which)


def work(task: Task) -> None:
    """Fix and count the batch, draw its parts, join them."""
    task.note(_("Counting"))
    for _once in task.steps([0], part="count"):
        _count(task)
    printing = _Printing(task)
    task.note(_("Drawing the passes"))
    for number in task.steps(printing.parts(IN_A_PART), part="sheets", looks=True):
        printing.draw_sheets(number)
    task.note(_("Drawing the lists"))
    for kind, number in task.steps(printing.lists(), part="lists", looks=True):
        printing.draw_list(kind, number)
    printing.join()


def _count(task: Task) -> None:
    """Lock the passes, count a copy of each, and note the batch once: how many, and a digest of serials and copies."""
    arguments = task.arguments
    ids = chosen(Choice(Show(arguments["show"]), arguments["only_new"], tuple(arguments["pass_ids"])))
    issued: dict[int, tuple[str, int]] = {}
    for start_ in range(0, len(ids), LOCKED_AT_ONCE):
        some = Pass.id.in_(ids[start_ : start_ + LOCKED_AT_ONCE])
        locked = select(Pass.id, Pass.serial, Pass.copies).where(some, Pass.state == PassState.ISSUED)
        for row in db.session.execute(locked.order_by(Pass.id).with_for_update()):
            issued[row.id] = (row.serial, row.copies + 1)
        counted = update(Pass).where(some, Pass.state == PassState.ISSUED).values(copies=Pass.copies + 1)
        db.session.execute(counted.execution_options(synchronize_session=False))
    batch = [(pass_id, *issued[pass_id]) for pass_id in ids if pass_id in issued]
    if not batch or len(batch) < len(arguments["pass_ids"]):
        raise Refused(ONLY_ISSUED)
    digest = sha256("".join(f"{serial} {copy}\n" for _id, serial, copy in batch).encode()).hexdigest()
    audit.record(
        "pass.print_many", count=len(batch), digest=digest, job=task.job_id, layout=arguments["layout"]
    )
    plan = {"at": now().isoformat(), "digest": digest, "passes": [(one[0], one[2]) for one in batch]}
    _write(task.folder / "plan.json", json.dumps(plan).encode())


class _Printing:
    """The parts of a batch in the job's folder: ``0-cover``, ``1-sheets-n``, ``2-foils-n``, ``3-list-n``."""

    def __init__(self, task: Task) -> None:
        plan = json.loads((task.folder / "plan.json").read_text())
        self._task, self._passes, self._digest = task, plan["passes"], plan["digest"]
        self._foot = foot(printed_at=datetime.fromisoformat(plan["at"]))
        self._layout = Layout(task.arguments["layout"])

    def parts(self, size: int) -> list[int]:
        """The numbers of the parts of so many passes each."""
        return list(range(-(-len(self._passes) // size)))

    def lists(self) -> list[tuple[str, int]]:
        """The parts of the counterfoils, if there are to be any, then of the list to sign."""
        kinds = ["2-foils", "3-list"] if self._task.arguments["counterfoil"] else ["3-list"]
        return [(kind, number) for kind in kinds for number in self.parts(ROWS_IN_A_PART)]

    def draw_sheets(self, number: int) -> None:
        """Certificates as they are now: what was revoked meanwhile is left out."""
        certificates = self._certificates(number, IN_A_PART)
        before = 1 + pages_of(number * IN_A_PART, self._layout)
        kinds = Counter(one.kind_word for one in certificates)
        copies = Counter(one.copy for one in certificates)
        serials = [one.serial for one in certificates]
        drawn = {"serials": serials, "kinds": kinds, "copies": sorted(copies.items())}
        if certificates:
            made = sheets_pdf(self._document(certificates), self._layout, PageNumbers(before))
            _write(self._file("1-sheets", number, "pdf"), made)
        _write(self._file("1-sheets", number, "json"), json.dumps(drawn).encode())

    def draw_list(self, kind: str, number: int) -> None:
        """Rows for those certificates that were drawn."""
        shown = {serial for drawn in self._drawn() for serial in drawn["serials"]}
        rows = [one for one in self._certificates(number, ROWS_IN_A_PART) if one.serial in shown]
        draw = counterfoils_pdf if kind == "2-foils" else handing_out_pdf
        before = self._pages_before(kind, number)
        if rows:
            made = draw(self._document(rows), self._layout, PageNumbers(before))
            _write(self._file(kind, number, "pdf"), made)

    def join(self) -> None:
        """The cover, which knows all, and everything behind it."""
        drawn = list(self._drawn())
        serials = [serial for part in drawn for serial in part["serials"]]
        if not serials:
            raise Refused(ONLY_ISSUED)
        left_out = len(self._passes) - len(serials)
        parts = sorted(self._task.folder.glob("[1-3]-*.pdf"))
        batch = Batch(
            foot=self._foot,
            unit=acting().unit_name,
            layout=self._layout,
            kinds=tuple(sum((Counter(part["kinds"]) for part in drawn), Counter()).items()),
            copies=tuple(sorted(sum((Counter(dict(part["copies"])) for part in drawn), Counter()).items())),
            count=len(serials),
            first=serials[0],
            last=serials[-1],
            left_out=left_out,
            pages=1 + sum(count_pages(path.read_bytes()) for path in parts),
            digest=self._digest,
        )
        cover = self._task.folder / "0-cover.pdf"
        _write(cover, cover_pdf(batch))
        pages = join_files([cover, *parts], self._task.result("pdf"))
        self._report(len(serials), left_out, pages)

    def _report(self, printed: int, left_out: int, pages: int) -> None:
        passes = ngettext("%(num)s pass", "%(num)s passes", printed)
        self._task.report(_("%(passes)s, %(pages)s pages", passes=passes, pages=pages))
        if left_out:
            left = ngettext("%(num)s pass", "%(num)s passes", left_out)
            self._task.report(_("%(passes)s left out: ended meanwhile", passes=left))

    def _certificates(self, number: int, size: int) -> list[Certificate]:
        """Those of a part, in the order of the batch, with the copy that was counted for it."""
        copies = dict(self._passes[number * size : (number + 1) * size])
        found = select(Pass).where(Pass.id.in_(copies), Pass.state == PassState.ISSUED)
        together = (selectinload(Pass.household), selectinload(Pass.resident), selectinload(Pass.order))
        passes = {pass_.id: pass_ for pass_ in db.session.scalars(found.options(*together))}
        in_order = [passes[pass_id] for pass_id in copies if pass_id in passes]
        return [
            replace(certificate, copy=copies[pass_.id])
            for pass_, certificate in zip(in_order, certificates_of(in_order), strict=True)
        ]

    def _document(self, certificates: Sequence[Certificate]) -> Certificates:
        return Certificates(tuple(certificates), self._foot, paper=self._layout)

    def _drawn(self) -> Iterator[dict[str, Any]]:
        for number in self.parts(IN_A_PART):
            yield json.loads(self._file("1-sheets", number, "json").read_text())

    def _pages_before(self, kind: str, number: int) -> int:
        """The cover's page, and those of all parts that lie before this one."""
        here = self._file(kind, number, "pdf").name
        before = [path for path in self._task.folder.glob("[1-3]-*.pdf") if path.name < here]
        return 1 + sum(count_pages(path.read_bytes()) for path in before)

    def _file(self, kind: str, number: int, suffix: str) -> Path:
        return self._task.folder / f"{kind}-{number:05}.{suffix}"


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, and only for the portal to read."""
    draft = path.with_suffix(".writing")
    draft.touch(mode=0o600)
    draft.write_bytes(content)
    draft.replace(path)
