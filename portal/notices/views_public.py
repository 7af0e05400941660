"""公开通告: current notices for everybody, by street and community, without signing in and without a script.

Nothing on these pages depends on who reads them but the language; so they carry no form, and caches may keep them.
"""

from typing import Any

from flask import Response, abort, g, request
from flask.typing import ResponseReturnValue
from flask_babel import refresh

from portal.access.guard import ANYONE
from portal.notices import public
from portal.notices.area import area
from portal.notices.public_parts import part_of
from portal.web.headers import conditional
from portal.web.languages import LANGUAGES
from portal.web.page import page

CACHED = "public, max-age=60"


@area.get("/public", needs=ANYONE)
def public_index() -> ResponseReturnValue:
    """The streets where notices are in force; where it is one, that one."""
    streets = public.streets()
    if len(streets) == 1:
        return public_place(streets[0].id)
    return _answer("notices/public.html", str(streets), streets=streets)


@area.get("/public/at/<int(max=999999999999):unit_id>", needs=ANYONE)
def public_place(unit_id: int) -> ResponseReturnValue:
    """What is in force in a street or a community: by its id, or by its division code, which can be printed."""
    place = public.place(unit_id, request.args.get("before", type=int))
    if place is None:
        abort(404)
    return _answer("notices/public_place.html", place.stamp, place=place)


@area.get("/public/<int(max=2147483647):notice_id>", needs=ANYONE)
def public_notice(notice_id: int) -> ResponseReturnValue:
    """One notice. Of one that is over it says so, and what holds now."""
    notice = public.notice(notice_id)
    if notice is None:
        abort(404)
    if notice.ended:
        return _answer("notices/public_over.html", notice.stamp, status=410, notice=notice)
    part = part_of(notice.blocks, request.args.get("part", 1, type=int))
    return _answer("notices/public_notice.html", notice.stamp, notice=notice, part=part)


def _answer(template: str, stamp: str, *, status: int = 200, **shown: Any) -> Response:
    kept = _speak()
    if g.get("acting") is not None:  # the page names who is signed in no more than anybody, but is theirs
        return page(template, status=status, kept=kept, **shown)
    response = conditional(stamp) or page(template, status=status, kept=kept, **shown)
    if g.get("etag") and response.status_code in (200, 304):
        response.headers["Cache-Control"] = CACHED
        response.vary.add("Cookie")
    return response


def _speak() -> dict[str, str]:
    """The language that the address asks for, to be kept in the addresses of the page."""
    language = request.args.get("language", "")
    if language not in LANGUAGES:
        return {}
    g.language = language
    refresh()
    return {"language": language}
