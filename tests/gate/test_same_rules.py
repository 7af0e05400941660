"""The vectors in Python: they are what the generator writes, cover every answer, and are what our own gate says."""

from collections import Counter

import pytest

from portal.passes import code
from portal.passes.code import Fault
from portal.passes.keys import KeyRing
from portal.passes.kinds import Kind, OnOvertime, Period
from portal.passes.rules import decide, shown_state
from portal.passes.verdicts import Alternative, Direction, Reason, Verdict
from tests.vectors.__main__ import files
from tests.vectors.mutations import mutations
from tests.vectors.plain import claims_to_json, decision_to_json, facts_from_json
from tests.vectors.published import CODES, FOLDER, GATE, fault_of, moment, printed_codes, ring_in

pytestmark = pytest.mark.any_database


@pytest.fixture(scope="module")
def ring(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    return ring_in(tmp_path_factory.mktemp("keys"))


@pytest.mark.parametrize("name", ["gate.json", "codes.json"])
def test_the_file_is_what_the_generator_writes(name: str) -> None:
    written = (FOLDER / name).read_text(encoding="utf-8") == files()[name]
    assert written, "look what has changed, then run: python -m tests.vectors"


def test_every_decision_is_the_one_in_the_file() -> None:
    """From the plain JSON alone, as anybody else's gate would have to."""
    for case in GATE:
        facts = facts_from_json(case["facts"])
        assert decision_to_json(decide(facts)) == case["decision"], case
        held = facts.held
        assert (shown_state(held.standing, held.rule, facts.at) if held else None) == case["shown"], case


def test_the_file_covers_every_answer_and_every_kind_of_rule() -> None:
    assert sum(case["about"] == "drawn" for case in GATE) >= 1000
    decisions = [case["decision"] for case in GATE]
    held = [case["facts"]["held"] for case in GATE if case["facts"]["held"]]
    at_least(5, Reason, [decision["reason"] for decision in decisions])
    at_least(50, Verdict, [decision["verdict"] for decision in decisions])
    at_least(50, Direction, [decision["direction"] for decision in decisions])
    at_least(10, Alternative, [one for decision in decisions for one in decision["alternatives"]])
    at_least(50, Kind, [one["kind"] for one in held])
    at_least(50, Period, [one["rule"]["period"] for one in held])
    at_least(50, OnOvertime, [one["rule"]["on_overtime"] for one in held])
    at_least(2, Fault, [case["fault"] for case in CODES["cases"] if case["fault"]])


def at_least(count: int, words: type, found: list[str]) -> None:
    counted = Counter(found)
    assert not {word: counted[word] for word in words if counted[word] < count}  # type: ignore[attr-defined]


def test_every_code_says_what_the_file_says(ring: KeyRing) -> None:
    for case in CODES["cases"]:
        assert fault_of(case["text"], ring, case["at"]) == case["fault"], case
        if not case["fault"]:
            assert claims_to_json(code.read(case["text"], ring, moment(case["at"]))) == case["claims"]


def test_two_thousand_spoilt_codes_are_refused(ring: KeyRing) -> None:
    faults = Counter(fault_of(text, ring) for text in mutations(printed_codes(), 2000))
    assert faults.keys() == set(Fault) - {Fault.OUTSIDE_KEY_WINDOW}
