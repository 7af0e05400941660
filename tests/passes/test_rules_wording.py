"""Every decision and every rule has its words."""

from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

import pytest
from flask import Flask
from flask_babel import force_locale
from hypothesis import given, settings

from portal.passes.describing import describe, hours_in_words, in_short
from portal.passes.facts import Decision, GateFacts
from portal.passes.kinds import CountsFor, Kind, OnOvertime, PassState, Period, Shown
from portal.passes.presets import preset
from portal.passes.quota import UTC8
from portal.passes.rule_data import PassRule, Window
from portal.passes.rules import decide
from portal.passes.verdicts import Alternative, Direction, Reason, Verdict
from portal.passes.wording import FACTS as CASES
from portal.passes.wording import HEADLINES, clock_note, end_of, headline, sentence
from portal.registry.identifiers import DocumentType
from portal.registry.restrictions import RestrictionKind
from portal.web import languages
from tests.passes.rule_facts import (
    FACTS,
    HOUSEHOLD,
    NOW,
    at,
    gate_facts,
    rules,
)

ENUMS = (
    Kind, PassState, Shown, CountsFor, Period, OnOvertime, Direction, Verdict, Alternative,
    RestrictionKind, DocumentType,
)  # fmt: skip


@pytest.mark.parametrize("enum", ENUMS, ids=lambda enum: enum.__name__)
def test_every_member_has_a_label_of_its_own(enum: type[StrEnum]) -> None:
    labels = [member.label for member in enum]  # type: ignore[attr-defined]
    assert all(labels)
    assert len(set(labels)) == len(labels)


def test_every_reason_has_a_headline_and_says_what_is_the_case() -> None:
    assert set(HEADLINES) == set(Reason)
    assert set(CASES) == set(Reason) - {Reason.MAY_GO, Reason.WELCOME_BACK}


@given(gate_facts)
@settings(max_examples=300)
def test_every_decision_can_be_said(facts: GateFacts) -> None:
    decision = decide(facts)
    said = f"{headline(decision)} {sentence(decision)} {clock_note(decision)}"
    assert "%(" not in said
    assert "None" not in said
    assert sentence(decision).endswith(".")


@given(rules())
def test_every_rule_can_be_said(rule: PassRule) -> None:
    said = " ".join(describe(replace(rule, exempt="", extra_proofs=())))
    assert "%(" not in said
    assert "None" not in said


def said_in_2024(reason: Reason, verdict: Verdict = Verdict.RED) -> str:
    """Moments of another year are written with it, whatever day it is."""
    return sentence(
        Decision(
            verdict=verdict,
            reason=reason,
            direction=Direction.EXIT if verdict is Verdict.RED else Direction.ENTRY,
            since=datetime(2024, 2, 20, 0, 0, tzinfo=UTC8),
            next_at=datetime(2024, 2, 22, 8, 0, tzinfo=UTC8),
            minutes_late=60,
            cancels_next=verdict is Verdict.AMBER,
            persons=2,
            temperature=376,
        )
    )


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        (
            Reason.QUOTA_USED,
            (
                "The trips of this period are used up, the last one began 20 Feb 2024 00:00."
                " Next time: 22 Feb 2024 08:00."
            ),
        ),
        (
            Reason.TRIP_CANCELLED,
            (
                "The trip of 20 Feb 2024 00:00 was 1 hour late, so this one is cancelled."
                " Next time: 22 Feb 2024 08:00."
            ),
        ),
        (
            Reason.NOT_YET,
            "This pass is valid from 20 Feb 2024 00:00. Ask the person to come back then.",
        ),
        (
            Reason.EXPIRED,  # an end at midnight is 24:00 of the day before
            (
                "This pass was valid until 19 Feb 2024 24:00."
                " Send the person to the grid member to have it extended."
            ),
        ),
        (
            Reason.TOO_MANY,
            "People on this pass at a time: 2. Ask the others to turn back, then check again.",
        ),
        (
            Reason.FEVER,
            (
                "Temperature 37.6 ℃."
                " Ask the person to wait apart with a mask on; call 120 and tell the community."
            ),
        ),
    ],
)
def test_the_sentence_names_the_facts_and_what_to_do(reason: Reason, told: str) -> None:
    assert said_in_2024(reason) == told


def test_who_comes_back_late_hears_what_follows() -> None:
    assert said_in_2024(Reason.OVERTIME, Verdict.AMBER) == (
        "Due 20 Feb 2024 00:00, 1 hour late. Let the person in; the next trip is cancelled."
    )


def test_who_may_go_hears_when_to_be_back() -> None:
    assert sentence(decide(FACTS)).startswith("To be back by ")
    assert "12:00" in sentence(decide(FACTS))
    assert end_of(at(20, "18:00")).endswith("18:00")


def test_a_clock_that_is_off_is_named_with_its_direction() -> None:
    assert clock_note(decide(FACTS)) == ""
    assert "7 minutes fast" in clock_note(decide(replace(FACTS, claimed_at=NOW + timedelta(minutes=7))))
    assert "7 minutes slow" in clock_note(decide(replace(FACTS, claimed_at=NOW - timedelta(minutes=7))))


def test_a_rule_in_one_line() -> None:
    assert in_short(HOUSEHOLD) == "Each household every 2 days 1 person 1 trip, at most 3 hours, 08:00–11:00"
    odd = PassRule(CountsFor.HOUSEHOLD, Period.ODD_DAYS, windows=(Window(0b0011111, 480, 660),))
    assert in_short(odd) == "Each household on odd dates 1 person 1 trip, Mon to Fri 08:00–11:00"
    person = PassRule(CountsFor.PERSON, Period.CALENDAR, period_days=3, trips=2)
    assert in_short(person) == "Each person in each 3 days from the first day of the order 2 trips"
    vehicle = PassRule(CountsFor.PLATE, Period.UNLIMITED, persons=2)
    assert in_short(vehicle) == "Each vehicle any number of trips, 2 people at a time"


def test_hours_on_some_days() -> None:
    weekend = replace(HOUSEHOLD, windows=(Window(0b1100000, 480, 660), Window(0b1, 0, 1440)))
    assert hours_in_words(weekend) == "Sat, Sun 08:00–11:00; Mon 00:00–24:00"
    assert hours_in_words(replace(HOUSEHOLD, windows=())) == ""


def test_a_rule_tells_its_consequences_and_what_to_bring() -> None:
    told = describe(replace(HOUSEHOLD, exempt="medical staff", extra_proofs=("work card",)))
    assert told == [
        "Each household every 2 days 1 person 1 trip, at most 3 hours, 08:00–11:00.",
        "More than 15 minutes late cancels the next trip.",
        "Suspended while the household is restricted: Returnee awaiting assessment, Isolation.",
        "To show as well: work card.",
        "Not bound by this rule: medical staff.",
        "One pass is valid for at most 14 days.",
    ]
    assert "Coming back late cancels the next trip." in describe(replace(HOUSEHOLD, grace_minutes=0))


def test_in_chinese_as_people_say_it() -> None:
    yangling = preset("yangling").rule
    app = Flask("words")
    languages.init_app(app)
    with app.app_context(), force_locale("zh_Hans"):
        assert in_short(yangling) == "每户每 2 天 1 人 1 次，最长 3 小时"
        assert in_short(preset("jiayu").rule) == "每户逢单日 1 人 1 次，13:00–18:00"
        assert said_in_2024(Reason.QUOTA_USED) == (
            "本期次数已用完，上次是2024年2月20日 00:00。下次时间：2024年2月22日 08:00。"
        )
