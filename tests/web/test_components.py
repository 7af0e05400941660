"""The components: labels tied to controls, words beside every colour, forms that work without a script."""

import re
from html.parser import HTMLParser

import pytest
from werkzeug.datastructures import MultiDict

from portal import clock
from portal.web import fields
from portal.web.forms import Form


@pytest.fixture
def draw(english):
    """Render a piece of template in English."""
    english.config["WTF_CSRF_ENABLED"] = False
    return lambda source, **context: english.jinja_env.from_string(source).render(**context)


class EveryField(Form):
    line = fields.TextLine("Line", hint="a hint")
    box = fields.TextBox("Box", optional=True)
    phone = fields.PhoneLine("Phone")
    password = fields.Secret("Password")
    one = fields.Chips("One", choices=[("a", "A"), ("b", "B")])
    many = fields.ManyChips("Many", choices=[("a", "A"), ("b", "B")], hint="any of them")
    choice = fields.Choice("Choice", choices=[("", ""), ("a", "A")])
    day = fields.Day("Day")
    near = fields.Day("Near", near=(0, 1))
    clock = fields.Clock("Clock")
    windows = fields.TimeWindows("Windows")
    number = fields.Number("Number", low=1, high=9, unit="minutes")
    temperature = fields.DecimalNumber("Temperature", low=30, high=45, unit="°C")
    upload = fields.Upload("Upload")
    tick = fields.Tick("Tick", must="Tick it")
    hidden = fields.HiddenLine("Hidden", optional=True)


class Tags(HTMLParser):
    """Every start tag with its attributes."""

    def __init__(self, html):
        super().__init__()
        self.tags = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def named(self, *names):
        return [attributes for tag, attributes in self.tags if tag in names]


WHOLE_FORM = """
{{ ui.hidden(form) }}
{% for field in form if field.name not in ("csrf_token", "once", "hidden") %}{{ ui.field(field) }}{% endfor %}
"""


def visible(tags):
    return [
        control for control in tags.named("input", "select", "textarea") if control.get("type") != "hidden"
    ]


@pytest.mark.parametrize("posted", [None, MultiDict({"line": ""})], ids=["blank", "with errors"])
def test_every_control_has_a_label_and_every_reference_leads_somewhere(draw, posted):
    form = EveryField(formdata=posted)
    if posted is not None:
        assert not form.validate()
    html = draw("{{ ui.errors(form) }}" + WHOLE_FORM, form=form)
    tags = Tags(html)
    ids = [attributes["id"] for _, attributes in tags.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    labelled = {label.get("for") for label in tags.named("label")}
    wrapped = set(re.findall(r"<label><input[^>]* (?:id|value)=\"([^\"]+)\"", html))
    for control in visible(tags):
        assert (
            control.get("id") in labelled | wrapped
            or control.get("value") in wrapped
            or control["name"] == "near"
        )
        for reference in control.get("aria-describedby", "").split():
            assert reference in ids
    for link in tags.named("a"):
        assert link["href"].removeprefix("#") in ids


def test_a_blank_form_shows_no_error(draw):
    html = draw("{{ ui.errors(form) }}" + WHOLE_FORM, form=EveryField(formdata=None))
    assert "bad" not in html
    assert "aria-invalid" not in html
    assert 'role="alert"' not in html


def test_an_error_stands_in_the_summary_and_at_the_field(draw):
    form = EveryField(formdata=MultiDict())
    form.validate()
    html = draw("{{ ui.errors(form) }}" + WHOLE_FORM, form=form)
    assert "14 things to mend" in html
    assert '<a href="#line">Fill in: Line</a>' in html
    assert '<small class="e" id="line-error">Fill in: Line</small>' in html
    assert 'aria-describedby="line-hint line-error" aria-invalid="true"' in html
    assert re.search(r'<div class="sum"[^>]* tabindex="-1" autofocus>', html)


def test_hidden_fields_are_drawn_once(draw):
    html = draw(WHOLE_FORM, form=EveryField(formdata=None))
    for name in ("csrf_token", "once", "hidden"):
        assert len(re.findall(f'name="{name}"', html)) == 1


def test_an_optional_field_says_so(draw):
    html = draw(WHOLE_FORM, form=EveryField(formdata=None))
    assert len(re.findall(r"\(optional\)", html)) == 1


def test_what_was_typed_comes_back_but_a_password(draw):
    typed = MultiDict(
        {"line": "<Chen>", "password": "swordfish", "many": "b", "near": "2027-02-03", "day": "soon"}
    )
    form = EveryField(formdata=typed)
    form.validate()
    html = draw(WHOLE_FORM, form=form)
    assert 'value="&lt;Chen&gt;"' in html
    assert "swordfish" not in html
    assert re.search(r'<input checked id="many-1" name="many" type="checkbox" value="b">', html)
    assert 'name="near" value="2027-02-03"' in html
    assert 'name="day" value="soon"' in html


def test_today_is_a_chip_and_the_date_input_stays_empty(draw):
    today = clock.today().isoformat()
    html = draw("{{ ui.field(form.near) }}", form=EveryField(formdata=MultiDict({"near": today})))
    assert f'value="{today}" checked><span>today</span>' in html
    assert 'type="date" id="near" name="near" value=""' in html


def test_a_date_input_knows_its_limits(draw):
    form = EveryField(formdata=None)
    form.day.earliest = clock.today()
    assert f'min="{clock.today().isoformat()}"' in draw("{{ ui.field(form.day) }}", form=form)


def test_phones_show_the_right_keyboard(draw):
    html = draw(WHOLE_FORM, form=EveryField(formdata=None))
    controls = {control["name"]: control for control in visible(Tags(html))}
    assert controls["phone"]["type"] == "tel"
    assert controls["number"]["inputmode"] == "numeric"
    assert controls["temperature"]["inputmode"] == "decimal"
    assert controls["password"]["autocomplete"] == "current-password"
    assert controls["day"]["type"] == "date"
    assert controls["clock"]["type"] == "time"


def test_further_attributes_reach_the_control(draw):
    html = draw("{{ ui.field(form.line, list='names') }}", form=EveryField(formdata=None))
    assert '<input aria-describedby="line-hint" autocomplete="off" id="line" list="names"' in html


def test_a_state_has_its_word_beside_its_colour(draw):
    assert draw("{{ ui.badge('no', 'revoked') }}") == '<span class="b no">revoked</span>'


def test_a_fact_that_is_missing_says_so(draw):
    html = draw("{{ ui.facts([('Phone', none), ('Name', 'Chen'), ('People', 0)]) }}")
    assert '<dt>Phone</dt><dd><span class="dim">not filled in</span></dd>' in html
    assert "<dt>People</dt><dd>0</dd>" in html


def test_the_steps_so_far_say_who_when_and_what(draw):
    entry = {
        "state": "ok",
        "label": "Applied",
        "when": clock.now(),
        "person": "Li",
        "title": "grid member",
        "note": "at home",
    }
    html = draw("{{ ui.steps([entry]) }}", entry=entry)
    assert re.search(r'<li class="ok"><b>Applied</b> <time [^>]+>today \d\d:\d\d</time>', html)
    assert "<small>Li, grid member</small><small>at home</small>" in html


def test_a_filter_is_a_link_with_a_count(draw):
    html = draw("{{ ui.filters([('/a', 'all', 12, true), ('/b', 'drafts', none, false)], 'By state') }}")
    assert '<a href="/a" aria-current="page">all <b>12</b></a>' in html
    assert '<a href="/b">drafts</a>' in html


def test_a_search_is_posted_so_that_no_name_is_in_an_address(draw):
    (form,) = Tags(draw("{{ ui.search('/find', 'Name or house number') }}")).named("form")
    assert form["method"] == "post"


def test_a_tick_box_says_which_row_it_ticks(draw):
    html = draw("{{ ui.tick_cell('visit', 7, 'Chen') }}{% call ui.bar() %}<button>End</button>{% endcall %}")
    (box,) = Tags(html).named("input")
    assert box == {"type": "checkbox", "name": "visit", "value": "7", "aria-label": "Tick Chen"}
    assert '<span class="count">Ticked</span><button>End</button>' in html


def test_a_step_is_a_form_with_both_tokens_and_one_button(draw):
    tags = Tags(draw("{{ ui.step('/visits/7/end', 'End', 'd', {'reason': 'x'}) }}"))
    assert {control["name"] for control in tags.named("input")} == {"csrf_token", "once", "reason"}
    assert tags.named("button") == [{"class": "d"}]


def test_two_steps_on_a_page_have_tokens_of_their_own(draw):
    html = draw("{{ ui.step('/a', 'A') }}{{ ui.step('/b', 'B') }}")
    assert len(set(re.findall(r'name="once" value="([^"]+)"', html))) == 2


def test_progress_is_a_bar_with_figures_and_announces_only_the_time_left(draw):
    html = draw("{{ ui.progress('Printing', 620, 1000, '2 minutes left') }}")
    assert '<progress value="620" max="1000">' in html
    assert "620/1000" in html
    assert '<p role="status">2 minutes left</p>' in html


def test_the_last_page_has_no_older_ones(draw):
    assert draw("{{ ui.older(none) }}").strip() == ""
    assert 'href="/x"' in draw("{{ ui.older('/x') }}")


def test_nothing_a_person_wrote_becomes_markup(draw):
    bad = "<script>alert(1)</script>"
    html = draw(
        "{{ ui.badge('ok', bad) }}{{ ui.back('/', bad) }}{{ ui.row('/', bad, bad, bad) }}{{ ui.empty(bad, bad) }}"
        "{{ ui.facts([(bad, bad)]) }}{{ ui.figure('/', bad, bad) }}{{ ui.go('/', bad) }}{{ ui.search('/', bad, bad) }}"
        "{% call ui.note() %}{{ bad }}{% endcall %}",
        bad=bad,
    )
    assert "<script" not in html
