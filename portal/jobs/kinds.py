"""What kinds of long work there are. Each area brings its own: ``area.contributes["job"] = {name: JobKind(…)}``."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from portal.access.guard import contributed

if TYPE_CHECKING:
    from portal.jobs.models import Job
    from portal.jobs.task import Task


@dataclass(frozen=True)
class JobKind:
    """``label`` (lazy) heads its page and names its file. ``work`` does it, as the one who started it."""

    label: Any
    work: "Callable[[Task], None]"


def kinds() -> dict[str, JobKind]:
    """Every kind by its name."""
    return {name: kind for _area, brought in contributed("job") for name, kind in brought.items()}


def page_of(job: "Job") -> str | None:
    """Where one sees what came of it: ``area.contributes["job_page"] = {kind: fn(job) -> url}``."""
    pages = {name: way for _area, brought in contributed("job_page") for name, way in brought.items()}
    return pages[job.kind](job) if job.kind in pages else None


def label_of(name: str) -> str:
    """What a kind is called; one that there no longer is by its name."""
    kind = kinds().get(name)
    return str(kind.label) if kind else name
