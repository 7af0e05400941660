"""What the page of an import shows."""

import re
from collections.abc import Mapping
from typing import Any

from flask import request, url_for

from portal.clock import now
from portal.jobs import listing as job_listing
from portal.jobs import service as jobs
from portal.registry.importing import confirming, listing, service
from portal.registry.importing.kinds import Choice, ImportState, Outcome
from portal.registry.importing.models import RegistryImport

WORKING = (ImportState.READING, ImportState.CONFIRMING, ImportState.UNDOING)
# What is looked at first: what a person must decide.
ORDER = (Outcome.DUPLICATE, Outcome.CHANGED, Outcome.NEW, Outcome.WRONG, Outcome.OUTSIDE, Outcome.SAME)
CHOSEN = re.compile(r"row-(\d{1,12})")


def is_under_way(import_: RegistryImport) -> bool:
    """Whether a job works at it."""
    job = jobs.mine(import_.job_id) if import_.job_id else None
    return import_.state in WORKING and (job is None or not job.state.has_ended)


def at_import(import_: RegistryImport) -> dict[str, Any]:
    """Everything that its page shows."""
    job = jobs.mine(import_.job_id) if import_.job_id and import_.state in WORKING else None
    show = _shown(import_)
    lines, after = (
        listing.lines(import_, show, request.args.get("after", 0, type=int)) if show else ([], None)
    )
    return {
        "found": import_,
        "is_mine": service.mine(import_.id) is not None,
        "under_way": is_under_way(import_),
        "job": job,
        "words": job_listing.words(job, now()) if job and not job.state.has_ended else "",
        "filters": [
            (
                url_for("registry.import_", import_id=import_.id, show=one.value),
                one.label,
                import_.count(one),
                one is show,
            )
            for one in ORDER
            if import_.count(one) or one is show
        ],
        "show": show,
        "lines": lines,
        "after": after,
        "undecided": import_.state is ImportState.PREVIEW and confirming.has_undecided(import_.id),
        "writes": sum(import_.count(one) for one in (Outcome.NEW, Outcome.CHANGED, Outcome.DUPLICATE)),
        "to_mend": import_.count(Outcome.WRONG) + import_.count(Outcome.OUTSIDE),
        "others": listing.described(service.others_with(import_)) if import_.state.is_open else [],
        "outcome": confirming.outcome(import_) if import_.state is ImportState.DONE else "",
        "order_facts": [(one.label, import_.count(one)) for one in ORDER if import_.count(one)],
        "is_kept": import_.expires_at > now(),
    }


def _shown(import_: RegistryImport) -> Outcome | None:
    """The rows that were asked for, else the first kind that there is."""
    if import_.state is not ImportState.PREVIEW:
        return None
    asked = next((one for one in Outcome if one == request.args.get("show")), None)
    return asked or next((one for one in ORDER if import_.count(one)), None)


def chosen(posted: Mapping[str, str]) -> dict[int, Choice]:
    """What was chosen for the rows of a page: {id of the row: choice}."""
    return {
        int(row[1]): Choice(value)
        for name, value in posted.items()
        if (row := CHOSEN.fullmatch(name)) and value in set(Choice)
    }
