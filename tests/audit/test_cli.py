"""``flask audit …``."""

import re

from click.testing import Result
from flask import Flask

from portal.audit import chain
from portal.database import db
from tests.audit.conftest import ENTRIES, Tamper


def run(app: Flask, *arguments: str) -> Result:
    db.session.remove()
    return app.test_cli_runner().invoke(args=["audit", *arguments])


def test_a_whole_trail_passes(app: Flask, trail: None) -> None:
    result = run(app, "verify")
    assert result.exit_code == 0
    assert f"Head {ENTRIES}:" in result.output
    assert f"{ENTRIES} entries, the chain is whole." in result.output


def test_problems_are_printed_with_their_positions(app: Flask, tamper: Tamper) -> None:
    tamper(
        "UPDATE audit_entry SET reason = '' WHERE position = 2",
        "DELETE FROM audit_entry WHERE position IN (4, 5)",
    )
    result = run(app, "verify")
    assert result.exit_code == 1
    lines = result.output.splitlines()
    assert re.match(r"2 \(id \d+\): .*Changed, or not written by the portal", lines[0])
    assert re.match(r"4-5: .*Removed", lines[1])
    assert "2 problem(s) found" in lines[-1]


def test_a_head_on_paper_is_compared(app: Flask, trail: None) -> None:
    head = run(app, "head").output.strip()
    assert run(app, "verify", "--anchor", head).exit_code == 0
    assert run(app, "verify", "--anchor", head.upper()).exit_code == 0
    position, digest = head.split(":")
    assert run(app, "verify", "--anchor", f"{position}:{digest[::-1]}").exit_code == 1
    beyond = run(app, "verify", "--anchor", f"{ENTRIES + 2}:{digest}")
    assert beyond.exit_code == 1
    assert beyond.output.startswith(f"{ENTRIES + 1}-{ENTRIES + 2}:")


def test_a_head_that_cannot_be_read_is_refused(app: Flask, trail: None) -> None:
    for anchor in ("x", "12", "12:", ":ab", "-1:ab"):
        assert run(app, "verify", "--anchor", anchor).exit_code == 2


def test_waiting_entries_are_sealed_on_demand(app: Flask, tamper: Tamper) -> None:
    tamper(f"UPDATE audit_entry SET position = NULL, digest = NULL WHERE position = {ENTRIES}")
    chain.head_file().unlink()
    assert run(app, "seal").exit_code == 0
    assert run(app, "head").output.startswith(f"{ENTRIES}:")
