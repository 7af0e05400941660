"""One template serves the page and its part."""

import pytest
from jinja2 import UndefinedError

FRAGMENT = {"HX-Request": "true"}


def test_a_browser_gets_the_whole_page(client):
    text = client.get("/visits/").text
    assert text.startswith("<!doctype html>")
    assert "<h1>Visits</h1>" in text


def test_htmx_gets_only_the_block_it_asked_for_with_components_in_it(client):
    text = client.get("/visits/", headers=FRAGMENT).text
    assert "<h1>" not in text
    assert '<span class="b ok">done</span>' in text


@pytest.mark.parametrize(
    "header",
    [{"HX-Boosted": "true"}, {"HX-History-Restore-Request": "true"}, {"HX-Request-Type": "full"}],
    ids=["a boosted link", "going back", "the whole body"],
)
def test_htmx_gets_the_whole_page_for(client, header):
    assert "<h1>Visits</h1>" in client.get("/visits/", headers=FRAGMENT | header).text


def test_caches_keep_pages_and_fragments_apart(client):
    assert {"HX-Request", "HX-Request-Type"} <= set(client.get("/visits/").vary)


def test_a_name_that_a_template_does_not_know_is_an_error(app):
    with pytest.raises(UndefinedError):
        app.jinja_env.from_string("{{ nobody_gave_this }}").render()


def test_a_component_that_does_not_exist_is_an_error(app):
    with app.test_request_context(), pytest.raises(UndefinedError):
        app.jinja_env.from_string("{{ ui.no_such_macro() }}").render()


def test_components_speak_the_language_of_each_request(app):
    template = app.jinja_env.from_string("{{ moment(now) }} {{ ui.older('/x') }}")
    from portal import clock

    with app.test_request_context(headers={"Cookie": "language=en"}):
        english = template.render(now=clock.now())
    with app.test_request_context():
        chinese = template.render(now=clock.now())
    assert "today" in english
    assert "Older ones" in english
    assert "今天" in chinese
    assert "更早的" in chinese
    assert "今天" not in english


def test_a_person_signed_in_sees_where_they_act_and_as_what(client):
    text = client.get("/signed-in").text
    assert "<b>Yuyuan</b> <b>Command post</b>" in text
    assert "Change to Group three, Shock team" in text
    assert 'aria-current="page"' in text


def test_every_htmx_request_of_a_signed_in_page_carries_the_form_token(client):
    assert 'hx-headers:inherited=\'{"X-CSRFToken":"' in client.get("/signed-in").text


def test_a_demonstration_says_so_on_every_page(client):
    assert "Demonstration" in client.get("/signed-in?demo=1").text
    assert "Demonstration" not in client.get("/signed-in").text


def test_a_message_after_a_step_is_a_quiet_note_shown_once(client, app):
    app.config["WTF_CSRF_ENABLED"] = False
    client.post("/visits/new", data={"name": "Chen", "phone": "13800001234", "gate": "n"})
    assert '<p class="note ok" role="status">Saved</p>' in client.get("/signed-in").text
    assert "Saved" not in client.get("/signed-in").text


def test_a_page_without_sign_in_needs_no_script(client):
    assert "<script" not in client.get("/").text


def test_no_page_asks_for_an_icon(client):
    assert '<link rel="icon" href="data:,">' in client.get("/").text
