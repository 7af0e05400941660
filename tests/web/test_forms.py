"""Forms say what to do, keep what was typed, and let nothing unseen in."""

import re
from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import Path

import flask_wtf
import pytest
import wtforms
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from portal import clock
from portal.web import fields, sentences
from portal.web.forms import Form
from portal.web.validators import is_unseen, tidy


@pytest.fixture(autouse=True)
def _no_token(app, english):
    english.config["WTF_CSRF_ENABLED"] = False


def sent(form_class, **posted):
    form = form_class(
        formdata=MultiDict(
            [(k, v) for k, vs in posted.items() for v in ([vs] if isinstance(vs, str) else vs)]
        )
    )
    form.validate()
    return form


def one(field):
    """A form with this field only, under the name ``it``."""
    return type("OneField", (Form,), {"it": field})


def error_of(field, *typed):
    form = sent(one(field), it=list(typed))
    return form.it.errors[0] if form.it.errors else None


def data_of(field, *typed):
    form = sent(one(field), it=list(typed))
    assert not form.errors, form.errors
    return form.it.data


# ── What is missing ──────────────────────────────────────────────────────────────────────────────────────────


def test_an_empty_field_asks_for_the_thing():
    assert error_of(fields.TextLine("Phone", thing="a phone number"), " ") == "Enter a phone number"
    assert error_of(fields.Chips("Gate", thing="a gate", choices=[("n", "North")])) == "Choose a gate"


def test_without_a_thing_the_label_is_named():
    assert error_of(fields.TextLine("Remark")) == "Fill in: Remark"
    assert error_of(fields.Day("Until")) == "Choose: Until"


def test_an_optional_field_may_be_empty():
    for field in (
        fields.TextLine("x", optional=True),
        fields.PhoneLine("x", optional=True),
        fields.Chips("x", optional=True, choices=[("n", "North")]),
        fields.Choice("x", optional=True, choices=[("", ""), ("n", "North")]),
        fields.ManyChips("x", optional=True, choices=[("n", "North")]),
        fields.Day("x", optional=True),
        fields.Clock("x", optional=True),
        fields.TimeWindows("x", optional=True),
        fields.Number("x", low=1, high=9, optional=True),
        fields.DecimalNumber("x", low=1, high=9, optional=True),
        fields.Upload("x", optional=True),
    ):
        assert error_of(field, "") is None


def test_a_default_does_not_stand_in_for_what_was_emptied():
    for field in (
        fields.Day("x", default=date(2026, 1, 1)),
        fields.Number("x", low=1, high=9, default=3),
        fields.Chips("x", choices=[("n", "North")], default="n"),
        fields.TextLine("x", default="something"),
    ):
        assert error_of(field) is not None


def test_an_empty_post_is_not_a_blank_form(english):
    with english.test_request_context("/", method="POST", headers={"Cookie": "language=en"}):
        form = one(fields.TextLine("x", default="something"))()
        assert not form.validate_on_submit()
        assert form.status == 422


def test_a_nought_is_an_answer():
    assert data_of(fields.Number("x", low=0, high=9), "0") == 0


# ── What is typed ────────────────────────────────────────────────────────────────────────────────────────────


def test_text_is_stripped_and_composed():
    assert data_of(fields.TextLine("x"), "  Re\u0301ne\u0301 ") == "Réné"


def test_lines_end_alike():
    assert data_of(fields.TextBox("x"), "one\r\ntwo\rthree") == "one\ntwo\nthree"


@pytest.mark.parametrize("unseen", ["\u200b", "\x00", "\u202e", "\ue000", "\n", "\ufffe"])
def test_a_line_with_a_hidden_character_is_refused(unseen):
    assert (
        error_of(fields.TextLine("Name"), f"a{unseen}b")
        == "Name: there are hidden characters in it, type it anew"
    )


@pytest.mark.parametrize("name", ["䶮", "喆", "堃", "㛃", "𠅤", "\U00030edd", "\U00031350", "葛\U000e0100"])
def test_rare_characters_of_names_are_welcome(name):
    assert data_of(fields.TextLine("Name"), name) == name


def test_too_long_a_text_says_by_how_much():
    assert (
        error_of(fields.TextLine("Name", limit=3), "abcd")
        == "Name: use 3 characters or fewer, now there are 4"
    )


@given(st.text(max_size=200))
def test_whatever_a_line_accepts_can_be_seen(text):
    form = one(fields.TextLine("x", limit=50))(formdata=MultiDict({"it": text}))
    if form.validate():
        assert 0 < len(form.it.data) <= 50
        assert not any(is_unseen(character) for character in form.it.data)
        assert tidy(form.it.data) == form.it.data


@pytest.mark.parametrize(
    "typed", ["13800001234", "138 0000 1234", "+8613800001234", "１３８００００１２３４"]
)
def test_a_mobile_number_may_be_typed_in_many_ways(typed):
    assert data_of(fields.PhoneLine("x"), typed) == "13800001234"


def test_a_landline_is_a_phone_number_unless_a_mobile_one_is_needed():
    assert data_of(fields.PhoneLine("x"), "0396-6921234") == "0396-6921234"
    assert (
        error_of(fields.PhoneLine("x", mobile_only=True), "0396-6921234")
        == "Enter a mobile number of 11 digits"
    )


def test_a_number_out_of_bounds_names_the_bounds():
    field = fields.Number("Time out", low=10, high=180)
    assert error_of(field, "181") == "Time out: enter a number from 10 to 180"
    assert data_of(field, "180") == 180
    assert data_of(field, "１０") == 10
    assert error_of(field, "two") == "Enter a whole number in figures"


def test_a_temperature_is_exact():
    field = fields.DecimalNumber("x", low=Decimal(34), high=Decimal(43))
    assert data_of(field, "37.3") == Decimal("37.3")
    assert error_of(field, "NaN") is not None
    assert error_of(field, "warm") == "Enter a number in figures"


def test_what_cannot_be_read_gives_one_error_only():
    form = sent(one(fields.Day("x")), it="soon")
    assert form.it.errors == ["Enter a date like 2026-11-23"]


def test_a_choice_that_was_not_offered_is_refused():
    for field in (fields.Chips, fields.Choice):
        assert error_of(field("x", choices=[("n", "North")]), "s") == "Choose one of those offered"
    assert (
        error_of(fields.ManyChips("x", choices=[("n", "North")]), "n", "s") == "Choose one of those offered"
    )


def test_a_date_that_is_typed_wins_over_the_chip():
    tomorrow = clock.today() + timedelta(days=1)
    assert data_of(fields.Day("x", near=(0, 1)), tomorrow.isoformat(), "") == tomorrow
    assert data_of(fields.Day("x", near=(0, 1)), tomorrow.isoformat(), "2027-02-03") == date(2027, 2, 3)


def test_a_date_outside_what_a_view_allows_is_refused():
    form = one(fields.Day("Until"))(formdata=MultiDict({"it": "2026-12-02"}))
    form.it.latest = date(2026, 12, 1)
    assert not form.validate()
    assert form.it.errors == ["Choose a date up to 1 Dec 2026"]
    form.it.earliest = date(2026, 11, 1)
    assert not form.validate()
    assert form.it.errors == ["Choose a date from 1 Nov 2026 to 1 Dec 2026"]


@pytest.mark.parametrize(
    "typed",
    [
        "08:00-11:00, 14:00-18:00",
        "8:00–11:00，14:00–18:00",
        "14:00至18:00、08:00至11:00",
        "08:00-11:00 14:00到18:00",
    ],
)
def test_time_windows_may_be_written_in_many_ways(typed):
    assert data_of(fields.TimeWindows("x"), typed) == [(time(8), time(11)), (time(14), time(18))]


@pytest.mark.parametrize(
    "typed", ["morning", "11:00-08:00", "08:00-12:00, 11:00-13:00", "08:00-25:00", "8-11", "08:00-11:00 x"]
)
def test_time_windows_that_make_no_sense_show_how_to_write_them(typed):
    assert error_of(fields.TimeWindows("x"), typed) == "Write the times like 08:00-11:00, 14:00-18:00"


def test_time_windows_are_shown_as_they_are_written():
    form = one(fields.TimeWindows("x"))(formdata=None, data={"it": [(time(8), time(11))]})
    assert 'value="08:00–11:00"' in str(form.it())


def test_a_box_that_must_be_ticked_says_so():
    assert error_of(fields.Tick("Seen", must="Look first")) == "Look first"
    assert data_of(fields.Tick("Seen", must="Look first"), "y") is True
    assert data_of(fields.Tick("Seen")) is False


# ── The form as a whole ──────────────────────────────────────────────────────────────────────────────────────


def test_a_blank_form_carries_a_token_of_its_own():
    tokens = {Form(formdata=None).once.data for _ in range(20)}
    assert len(tokens) == 20


def test_the_token_stays_when_the_form_comes_back():
    once = Form(formdata=None).once.data
    assert sent(Form, once=once).once.data == once


def test_a_token_that_is_none_of_ours_is_replaced():
    assert sent(Form, once="<script>").once.data != "<script>"


def test_problems_come_in_the_order_of_the_page_and_lead_to_the_control():
    form = sent(
        type(
            "TwoFields",
            (Form,),
            {
                "name": fields.TextLine("Name", thing="a name"),
                "gate": fields.Chips("Gate", thing="a gate", choices=[("n", "North")]),
            },
        )
    )
    assert form.problems() == [("name", "Enter a name"), ("gate-0", "Choose a gate")]
    assert form.status == 422


def test_nothing_is_written_by_whatever_was_posted():
    with pytest.raises(TypeError, match="Name the fields"):
        Form(formdata=None).populate_obj(object())


def test_no_wording_of_the_libraries_is_shown():
    wording = re.compile(r"""n?gettext\(\s*(?:"([^"]+)"|'([^']+)')(?:,\s*"([^"]+)")?""")
    shown_to_developers = {"Choices cannot be None.", "This field cannot be edited."}
    checked = set()
    for library in (wtforms, flask_wtf):
        for source in Path(library.__file__).parent.rglob("*.py"):
            for match in wording.finditer(source.read_text()):
                checked.add(match[3] or match[1] or match[2])
    assert len(checked) > 30
    words = sentences.OurSentences()
    for theirs in checked - shown_to_developers:
        assert words.gettext(theirs) != theirs
        assert words.ngettext(theirs, theirs, 2) != theirs


def test_our_sentences_use_only_the_values_that_theirs_have():
    for theirs, ours in sentences.OURS.items():
        assert set(re.findall(r"%\((\w+)\)", str(ours))) <= set(re.findall(r"%\((\w+)\)", theirs))


def test_a_sentence_of_a_plain_validator_is_filled_in():
    field = fields.TextLine("x", validators=[wtforms.validators.Length(min=3)])
    assert error_of(field, "ab") == "Use 3 characters or more"
