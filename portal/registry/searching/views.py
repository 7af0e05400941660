"""The one search box: what was typed is posted, and answered under an address that says nothing."""

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import May
from portal.registry.area import area
from portal.registry.searching import finding
from portal.web.page import page
from portal.workflow import searches


@area.post("/search", needs=May.SEE_REGISTRY)
def search() -> ResponseReturnValue:
    """Keep what was typed for a quarter of an hour, so that no name or number stands in an address."""
    words = request.form.get("q", "").strip()
    way = url_for("registry.found", name=searches.keep(words)) if words else url_for("registry.index")
    return redirect(way, 303)


@area.get("/found/<name>", needs=May.SEE_REGISTRY)
def found(name: str) -> ResponseReturnValue:
    """What was found; for anybody else, and after a while, there is nothing here."""
    g.unmasked = True  # what was typed may be a number in full: no cache keeps the page
    words = searches.words_of(name)
    if words is None:
        return page("registry/search_lapsed.html", status=404)
    return page("registry/search_found.html", wanted=words, found=finding.find(words))
