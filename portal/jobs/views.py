"""One's own long work: the list, how far it is, stop, resume, fetch."""

from mimetypes import guess_type
from typing import Any
from urllib.parse import quote

from flask import Response, abort, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.access.guard import SIGNED_IN
from portal.access.policy import May
from portal.clock import now
from portal.jobs import (
    files,
    listing,
    service,
    worker,  # noqa: F401 (the area's command)
)
from portal.jobs.area import area
from portal.jobs.kinds import label_of, page_of
from portal.jobs.models import RESUMABLE, Job
from portal.web import htmx
from portal.web.page import page

SHORTEST_REFRESH = 5  # seconds


@area.get("/", needs=May.START_JOBS)
def index() -> ResponseReturnValue:
    """我的任务: the newest first."""
    lines, before = listing.newest(request.args.get("before", type=int))
    return fresh(page("jobs/list.html", fragment="rows", lines=lines, before=before, label_of=label_of))


@area.get("/<int:job_id>", needs=SIGNED_IN)
def show(job_id: int) -> ResponseReturnValue:
    """How far it is; htmx asks for the bar every two seconds, until there is more to be shown than a bar."""
    job = _mine(job_id)
    if job.state.has_ended and htmx.asks_for_a_fragment():
        return fresh(htmx.lead_to(url_for("jobs.show", job_id=job.id)))
    context: dict[str, Any] = {
        "job": job,
        "label": label_of(job.kind),
        "at": now(),
        "resumable": job.state in RESUMABLE,
    }
    response = page("jobs/detail.html", fragment="bar", words=listing.words, way=page_of(job), **context)
    every = request.args.get("every", type=int)
    if every and not job.state.has_ended:
        response.headers["Refresh"] = str(max(every, SHORTEST_REFRESH))
    return fresh(response)


@area.post("/<int:job_id>/stop", needs=SIGNED_IN)
def stop(job_id: int) -> ResponseReturnValue:
    """Stop after the step under way."""
    service.stop(_mine(job_id))
    return redirect(url_for("jobs.show", job_id=job_id), 303)


@area.post("/<int:job_id>/resume", needs=SIGNED_IN)
def resume(job_id: int) -> ResponseReturnValue:
    """Go on where it stopped."""
    service.resume(_mine(job_id))
    return redirect(url_for("jobs.show", job_id=job_id), 303)


@area.post("/<int:job_id>/result", needs=SIGNED_IN)
def download(job_id: int) -> ResponseReturnValue:
    """The file. Its name says what was done, and nothing of anybody."""
    job = _mine(job_id)
    path = service.fetch(job)
    g.unmasked = True
    response = Response(files.content(path), mimetype=guess_type(path.name)[0] or "application/octet-stream")
    response.content_length = files.content_length(path)
    name = f"{label_of(job.kind)}-{job.id}{path.suffix}"
    named = {"filename": name} if name.isascii() else {"filename*": f"UTF-8''{quote(name)}"}
    response.headers.set("Content-Disposition", "attachment", **named)
    return response


def fresh(response: Response) -> Response:
    """Progress leaves no trace in the trail, by which unchanged pages are known: a browser must not keep it."""
    response.headers["Cache-Control"] = "no-store"
    return response


def _mine(job_id: int) -> Job:
    return service.mine(job_id) or abort(404)
