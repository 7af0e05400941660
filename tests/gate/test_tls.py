"""gunicorn as it is served, speaking TLS with a certificate of ours; a phone's browser is content with it."""

import base64
import hashlib
import os
import socket
import ssl
import subprocess
import sys
from contextlib import contextmanager
from datetime import timedelta
from http.client import HTTPSConnection
from time import monotonic, sleep

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from portal.clock import now
from portal.config import ROOT
from portal.gate.certificate import issue, read

PAGE = b"<!doctype html><title>gate</title>"


def hello(environ, start):
    """What is served here: a page that says by which scheme it was asked."""
    start("200 OK", [("Content-Type", "text/html"), ("X-Scheme", environ["wsgi.url_scheme"])])
    return [PAGE]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return issue(tmp_path_factory.mktemp("instance") / "tls", ["localhost", "127.0.0.1"], now())


@pytest.fixture(scope="module")
def port(made):
    with serving(made) as (port, _output):
        yield port


@contextmanager
def serving(made):
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    settings = {"TLS_CERTIFICATE": str(made.folder / "server.pem"), "PORT": str(port), "WEB_CONCURRENCY": "1"}
    command = [sys.executable, "-m", "gunicorn", f"{__name__}:hello"]
    log = made.folder / "log"
    with (
        log.open("w") as output,
        subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **settings}, stdout=output, stderr=subprocess.STDOUT
        ) as server,
    ):
        try:
            until = monotonic() + 60
            while "https://127.0.0.1" not in log.read_text():
                assert server.poll() is None, log.read_text()
                assert monotonic() < until, log.read_text()
                sleep(0.05)
            yield port, log
        finally:
            server.terminate()
            server.wait(20)


def trusting(made):
    return ssl.create_default_context(cafile=made.folder / "authority.crt")


def ask(made, port, context=None):
    connection = HTTPSConnection("127.0.0.1", port, context=context or trusting(made), timeout=20)
    connection.request("GET", "/")
    answer = connection.getresponse()
    certificate = connection.sock.getpeercert(binary_form=True)
    assert answer.read() == PAGE
    connection.close()
    return answer.headers, certificate


def test_it_is_served_over_https(made, port):
    headers, certificate = ask(made, port)
    assert headers["X-Scheme"] == "https"
    assert certificate == made.server.public_bytes(Encoding.DER)


def test_who_does_not_trust_the_authority_goes_no_further(made, port):
    with pytest.raises(ssl.SSLCertVerificationError):
        ask(made, port, ssl.create_default_context())


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # the client names what is no longer to be used
def test_nothing_older_than_tls_1_2_is_spoken(made, port):
    old = trusting(made)
    old.set_ciphers("DEFAULT@SECLEVEL=0")
    old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    with pytest.raises(ssl.SSLError, match=r"(?i)protocol.version"):
        ask(made, port, old)


def test_a_renewed_certificate_needs_no_restart(made, port):
    ask(made, port)
    renewed = issue(made.folder, [], now())
    assert ask(made, port)[1] == renewed.server.public_bytes(Encoding.DER)


def test_the_start_warns_a_month_before_the_end(made, tmp_path):
    ending = issue(tmp_path / "tls", made.names, now() - timedelta(days=397 - 20))
    with serving(ending) as (_port, log):
        assert "The certificate ends in 19 days" in log.read_text() or "in 20 days" in log.read_text()


@pytest.mark.browser
def test_a_browser_takes_it_for_a_secure_context(made, port, browser_type, browser_type_launch_args):
    public = (
        read(made.folder).server.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    )
    trusted = base64.b64encode(hashlib.sha256(public).digest()).decode()
    arguments = [*browser_type_launch_args["args"], f"--ignore-certificate-errors-spki-list={trusted}"]
    browser = browser_type.launch(**{**browser_type_launch_args, "args": arguments})
    try:
        page = browser.new_page()
        page.goto(f"https://localhost:{port}/")
        has = "[isSecureContext, 'serviceWorker' in navigator, 'mediaDevices' in navigator]"
        assert page.evaluate(has) == [True, True, True]
    finally:
        browser.close()
