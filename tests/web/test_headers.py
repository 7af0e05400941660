"""What every answer says about itself, and which posts are refused."""

import re

import pytest

ADDRESSES = ["/", "/visits/", "/visits/new", "/signed-in", "/nowhere", "/visits/status/403", "/visits/camera"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_runs_or_loads_that_is_not_ours(client, address):
    client.get("/")
    policy = client.get(address).headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert "nonce" not in policy
    for rule in re.split(r"; ?", policy):
        assert set(rule.split()[1:]) <= {"'none'", "'self'", "data:"}, rule
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_is_protected(client, address):
    headers = client.get(address).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_only_https_is_promised_for_later(client):
    assert "Strict-Transport-Security" not in client.get("/").headers
    secure = client.get("/", base_url="https://gridgate.example")
    assert secure.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_the_camera_opens_only_where_a_page_asks(client):
    assert "camera=()" in client.get("/").headers["Permissions-Policy"]
    assert "camera=(self)" in client.get("/visits/camera").headers["Permissions-Policy"]


def test_a_page_stays_with_its_reader(client):
    assert client.get("/").headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("address", ["/visits/secret", "/nowhere", "/visits/status/500"])
def test_what_shows_everything_or_failed_is_kept_nowhere(client, address):
    assert client.get(address).headers["Cache-Control"] == "no-store"


# ── Posts from elsewhere ─────────────────────────────────────────────────────────────────────────────────────


def token_on(client, address="/visits/new", base_url="http://localhost"):
    return re.search(r'name="csrf_token" value="([^"]+)"', client.get(address, base_url=base_url).text)[1]


VISIT = {"name": "Chen", "phone": "13800001234", "gate": "n"}


def test_a_form_of_ours_is_taken(client):
    posted = VISIT | {"csrf_token": token_on(client)}
    assert (
        client.post("/visits/new", data=posted, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 303
    )


def test_a_form_of_ours_is_taken_on_https_too(client):
    address = "https://gridgate.example"
    client.set_cookie("language", "en", domain="gridgate.example")
    posted = VISIT | {"csrf_token": token_on(client, base_url=address)}
    assert client.post("/visits/new", data=posted, base_url=address).status_code == 303


def test_htmx_may_send_the_token_in_a_header(client):
    headers = {"X-CSRFToken": token_on(client)}
    assert client.post("/visits/new", data=VISIT, headers=headers).status_code == 303


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_another_site_is_refused_even_with_a_good_token(client, site, method):
    posted = VISIT | {"csrf_token": token_on(client)}
    response = getattr(client, method)("/visits/new", data=posted, headers={"Sec-Fetch-Site": site})
    assert response.status_code == 403


def test_another_site_may_link_to_us(client):
    assert client.get("/visits/", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


@pytest.mark.parametrize("token", [None, "", "made up"])
def test_without_a_good_token_nothing_is_done(client, token):
    token_on(client)
    posted = VISIT | ({} if token is None else {"csrf_token": token})
    assert client.post("/visits/new", data=posted).status_code == 400


def test_a_token_of_another_session_is_refused(app, client):
    token_on(client)
    strange = token_on(app.test_client())
    assert client.post("/visits/new", data=VISIT | {"csrf_token": strange}).status_code == 400


# ── The same page again ──────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def seen(client):
    """Somebody whose browser has the stylesheet."""
    client.get("/")
    return client


def again(client, response, address="/visits/stamped?stamp=1", **headers):
    return client.get(address, headers={"If-None-Match": response.headers["ETag"]} | headers)


def test_an_unchanged_page_costs_next_to_nothing(seen):
    first = seen.get("/visits/stamped?stamp=1")
    assert first.headers["ETag"].startswith('W/"')
    second = again(seen, first)
    assert second.status_code == 304
    assert second.data == b""
    assert second.headers["ETag"] == first.headers["ETag"]
    for name in ("Cache-Control", "Vary"):
        assert second.headers[name] == first.headers[name]
    assert "Content-Security-Policy" not in second.headers, "the browser keeps the page's"
    assert len(str(second.headers)) < 200


def test_the_page_with_the_stylesheet_in_it_is_not_answered_from_a_cache(client):
    assert "ETag" not in client.get("/visits/stamped?stamp=1").headers


def test_changed_data_gives_a_new_page(seen):
    first = seen.get("/visits/stamped?stamp=1")
    assert again(seen, first, "/visits/stamped?stamp=2").status_code == 200


def test_another_language_gives_a_new_page(seen):
    first = seen.get("/visits/stamped?stamp=1")
    seen.set_cookie("language", "zh_Hans")
    assert again(seen, first).status_code == 200


def test_a_fragment_is_not_the_page(seen):
    first = seen.get("/visits/stamped?stamp=1")
    assert again(seen, first, **{"HX-Request": "true"}).status_code == 200


def test_after_a_new_session_the_old_form_token_is_not_shown_again(seen):
    first = seen.get("/visits/stamped?stamp=1")
    with seen.session_transaction() as session:
        session.clear()
        session["csrf_token"] = "another"
    assert again(seen, first).status_code == 200


def test_a_page_with_a_message_to_show_is_made_anew(seen):
    first = seen.get("/visits/stamped?stamp=1")
    with seen.session_transaction() as session:
        session["_flashes"] = [("message", "Saved")]
    second = again(seen, first)
    assert "Saved" in second.text
    assert "ETag" not in second.headers


def test_a_failed_page_has_no_stamp(seen):
    assert "ETag" not in seen.get("/visits/stamped").headers
