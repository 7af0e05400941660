"""A gate without network decides as the portal does: every pass of a town, at several moments, both ways."""

from base64 import b64encode
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from playwright.sync_api import Browser, Page

from portal.access.scope import everywhere
from portal.clock import now
from portal.database import db
from portal.gate.bundle.service import changed
from portal.gate.bundle.signing import public_key
from portal.gate.checking import find, look
from portal.gate.models import GateRecord
from portal.passes.models import Pass
from portal.passes.verdicts import Direction
from portal.units.models import Checkpoint
from tests.browser.workbench import workbench
from tests.gate.bundle.town import DAY, HOUR, north_gate, out, town
from tests.vectors.plain import decision_to_json

pytestmark = pytest.mark.browser

# What the gate says of each code: the phone's own modules, from the answer of the portal on.
DECIDE = """async ([urls, answer, key, gate, asked]) => {
  const { accept, decode, factsOf } = await import(urls.bundle);
  const { read } = await import(urls.code);
  const { decide } = await import(urls.rules);
  const bytes = Uint8Array.from(atob(answer), (character) => character.charCodeAt(0));
  const bundle = decode((await accept(bytes, key, gate, null)).segments);
  const said = [];
  for (const one of asked) {
    const claims = await read(one.code, bundle.keys, one.now);
    const facts = factsOf(claims, bundle, one.events || [], one.at, one.direction, one.temperature, gate);
    said.push({ decision: decide(facts), trips_unknown: facts.held.trips_unknown, order_unknown: facts.held.order_unknown });
  }
  return said;
}"""
MOMENTS = (timedelta(0), HOUR / 3, 2 * HOUR, 5 * HOUR, DAY, DAY + 3 * HOUR, 2 * DAY, 4 * DAY)
# What is past is known to the minute; of what ended before the month, not when.
TO_THE_MINUTE = {"revoked", "replaced", "surrendered", "quota_used", "trip_cancelled"}


@pytest.fixture(scope="module")
def phone(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A page with the modules of the gate; ``phone.urls`` are their addresses."""
    with workbench(tmp_path_factory.mktemp("bundle")) as (address, url):
        page = browser.new_page()
        page.goto(address)
        names = ("bundle", "code", "rules", "frames")
        page.urls = {name: url(f"js/gate/{name}.js") for name in names}  # type: ignore[attr-defined]
        yield page
        page.close()


def fetched(gate: Checkpoint, have: dict[str, str] | None = None) -> bytes:
    """What a phone of the gate gets."""
    with everywhere(because="the test fetches"):
        answer = changed(gate, have or {})
        db.session.commit()
    return answer


def by_portal(gate: Checkpoint, asked: dict[str, Any]) -> dict[str, Any]:
    """The portal's own decision."""
    with everywhere(because="the test asks the portal"):
        found = find(asked["code"])
        assert found.pass_ is not None
        check = GateRecord(checkpoint_id=gate.id, pass_id=found.pass_.id, temperature=asked["temperature"])
        check.direction = Direction(asked["direction"]) if asked["direction"] else None
        said = decision_to_json(look(check, datetime.fromtimestamp(asked["at"]).astimezone()).decision)
        db.session.rollback()
    return said


def by_phone(phone: Page, gate: Checkpoint, answer: bytes, asked: list[dict[str, Any]]) -> Any:
    """What the phone says, one a question."""
    given = [phone.urls, b64encode(answer).decode(), public_key(), gate.id, asked]  # type: ignore[attr-defined]
    return phone.evaluate(DECIDE, given)


def question(pass_: Pass, at: datetime, **values: Any) -> dict[str, Any]:
    """A code at the gate."""
    told = {"code": pass_.code, "at": int(at.timestamp()), "now": int(now().timestamp())}
    return told | {"direction": None, "temperature": None} | values


def comparable(decision: dict[str, Any], *, since: bool) -> dict[str, Any]:
    """What both must say: all, but of what is past the minute only."""
    if decision["reason"] not in TO_THE_MINUTE:
        return decision
    return decision | {"since": decision["since"] // 60 if since and decision["since"] else None}


def test_the_phone_decides_as_the_portal(app: Flask, phone: Page) -> None:
    gate, ten = north_gate(), now().replace(microsecond=0)
    passes = town(ten)
    answer = fetched(gate)
    asked = [
        (name, question(pass_, ten + later, direction=direction))
        for name, pass_ in passes.items()
        for later in MOMENTS
        for direction in (None, "exit", "entry")
    ]
    asked += [(name, question(pass_, ten, temperature=380)) for name, pass_ in passes.items()]
    said = by_phone(phone, gate, answer, [one for _name, one in asked])
    reasons, other = set(), {}
    for (name, one), told in zip(asked, said, strict=True):
        mine = by_portal(gate, one)
        reasons.add(mine["reason"])
        known = told["decision"]["since"] is not None
        if comparable(mine, since=known) != comparable(told["decision"], since=known):
            other.setdefault(name, (one["at"], one["direction"], mine, told["decision"]))
        assert told["trips_unknown"] is ("elsewhere" in name), name
        assert told["order_unknown"] is False, name
    assert not other, "\n".join(f"{name}: {told}" for name, told in other.items())
    assert len(reasons) > 20, reasons
