"""What only a browser can tell: htmx under our policy, the token of its forms, the focus, the smallest screen."""

import threading

import pytest
from werkzeug.serving import make_server

from tests.web.conftest import make_app

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    server = make_server("127.0.0.1", 0, make_app(tmp_path_factory.mktemp("assets")), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def screen(address, browser):
    """The smallest phone, with English chosen; an error on the console fails the test."""
    context = browser.new_context(viewport={"width": 320, "height": 640}, base_url=address)
    context.add_cookies([{"name": "language", "value": "en", "url": address}])
    page = context.new_page()
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert [text for text in complaints if "status of 422" not in text] == []


def test_a_form_that_htmx_sends_carries_the_token(screen):
    screen.goto("/live")
    assert screen.locator("form[hx-post] input[name=csrf_token]").count() == 0
    screen.fill("#name", "Chen")
    screen.fill("#phone", "13800001234")
    screen.check("#gate-0")
    with screen.expect_response("**/live") as answer:
        screen.click("form[hx-post] button")
    assert answer.value.request.headers["x-csrftoken"]
    screen.wait_for_selector("#part > #saved")


def test_errors_come_into_the_page_and_take_the_focus(screen):
    screen.goto("/live")
    screen.fill("#name", "Chen")
    screen.click("form[hx-post] button")
    screen.wait_for_selector("#part .sum:focus")
    assert screen.input_value("#name") == "Chen"
    screen.click("text=Enter a phone number >> nth=0")
    assert screen.evaluate("document.activeElement.id") == "phone"


@pytest.mark.parametrize("address_of_page", ["/", "/visits/", "/visits/new", "/signed-in?demo=1", "/live"])
def test_nothing_scrolls_sideways_on_the_smallest_phone(screen, address_of_page):
    for _ in ("first visit", "second visit"):
        screen.goto(address_of_page)
        assert screen.evaluate("document.documentElement.scrollWidth") <= 320
        assert screen.evaluate("getComputedStyle(document.body).margin") == "0px"


def test_the_menu_opens_without_a_script(screen):
    screen.route("**/*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    screen.goto("/signed-in")
    screen.click("text=Menu")
    assert screen.locator("nav a[aria-current=page]").is_visible()


def test_the_first_stop_of_the_keyboard_skips_the_header(screen):
    screen.goto("/signed-in")
    screen.keyboard.press("Tab")
    assert screen.evaluate("document.activeElement.getAttribute('href')") == "#main"
    assert screen.locator(".skip").bounding_box()["x"] >= 0
