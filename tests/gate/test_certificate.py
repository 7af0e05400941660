"""The certificates of a street's own network: real handshakes that trust nothing but the authority."""

import os
import ssl
from datetime import timedelta
from ipaddress import ip_address

import pytest
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from flask import Flask

from portal.clock import now
from portal.gate import area
from portal.gate.certificate import NotVouchedFor, ca_certificate, command, issue

NAMES = ["gate.lan", "192.168.1.10"]


@pytest.fixture
def made(tmp_path):
    return issue(tmp_path / "tls", NAMES, now())


def shake_hands(folder, name, server_file="server.pem"):
    """Until both sides are satisfied; ssl.SSLError where one is not. What the client then knows of the server."""
    trusting = ssl.create_default_context(cafile=folder / "authority.crt")
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(folder / server_file)
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = trusting.wrap_bio(back, there, server_hostname=name)
    sides = [client, serving.wrap_bio(there, back, server_side=True)]
    while sides:
        for side in list(sides):
            try:
                side.do_handshake()
                sides.remove(side)
            except ssl.SSLWantReadError:
                pass
    return client.getpeercert()


@pytest.mark.parametrize("name", NAMES)
def test_a_phone_that_trusts_the_authority_is_satisfied(made, name):
    assert shake_hands(made.folder, name)["subjectAltName"] == (
        ("DNS", "gate.lan"),
        ("IP Address", "192.168.1.10"),
    )


@pytest.mark.parametrize("name", ["other.lan", "192.168.1.11", "localhost", "a.gate.lan"])
def test_another_name_is_refused(made, name):
    with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
        shake_hands(made.folder, name)


@pytest.mark.parametrize(
    "name", [x509.DNSName("bank.example"), x509.IPAddress(ip_address("8.8.8.8"))], ids=str
)
@pytest.mark.parametrize("own_names", [NAMES, ["192.168.1.10"]], ids=["named", "address only"])
def test_whoever_steals_the_authority_can_pose_as_nobody_else(tmp_path, name, own_names):
    folder = issue(tmp_path / "tls", own_names, now()).folder
    signer = load_pem_private_key((folder / "authority.key").read_bytes(), None)
    authority = x509.load_pem_x509_certificate((folder / "authority.crt").read_bytes())
    key = generate_private_key(SECP256R1())
    forged = x509.CertificateBuilder(
        authority.subject, x509.Name([]), key.public_key(), 7, now(), now() + timedelta(1)
    )
    forged = forged.add_extension(x509.SubjectAlternativeName([name]), critical=True).sign(signer, SHA256())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "forged.pem").write_bytes(pem + forged.public_bytes(Encoding.PEM))
    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
        shake_hands(folder, str(name.value), "forged.pem")


def test_keys_are_for_the_owner_alone(tmp_path):
    folder = tmp_path / "tls"
    folder.mkdir(mode=0o755)
    lax = os.umask(0)
    try:
        issue(folder, NAMES, now())
    finally:
        os.umask(lax)
    assert folder.stat().st_mode & 0o777 == 0o700
    modes = {file.name: file.stat().st_mode & 0o777 for file in folder.iterdir()}
    assert modes == {"authority.crt": 0o644, "authority.key": 0o600, "server.pem": 0o600}
    assert b"PRIVATE" not in (folder / "authority.crt").read_bytes()


def test_a_second_time_the_authority_stays_and_phones_need_nothing(made):
    later = now() + timedelta(days=380)
    again = issue(made.folder, [], later)
    assert again.authority == made.authority
    assert again.server != made.server
    assert again.names == NAMES
    assert timedelta(days=396) < again.ends - later <= timedelta(days=397)


def test_how_long_they_last(made, tmp_path):
    assert timedelta(days=396) < made.ends - now() < timedelta(days=398)
    whole = made.authority.not_valid_after_utc
    assert timedelta(days=3649) < whole - now() < timedelta(days=3651)
    last = issue(made.folder, [], now() + timedelta(days=3600))
    assert last.ends == whole, "nothing outlives its authority"


def test_what_the_authority_was_made_for_can_be_added_to(made):
    assert issue(made.folder, ["b.gate.lan", "10.1.2.3"], now()).names == ["b.gate.lan", "10.1.2.3"]


@pytest.mark.parametrize("name", ["other.lan", "8.8.8.8", "xgate.lan"])
def test_beyond_it_a_new_one_would_be_needed(made, name):
    with pytest.raises(NotVouchedFor, match="does not vouch"):
        issue(made.folder, [name], now())
    assert shake_hands(made.folder, "gate.lan"), "what there was still works"


@pytest.mark.parametrize(
    "text", ["*.lan", "gate lan", "http://gate.lan", "300.1.1.1", "-gate", "网格.lan", ""]
)
def test_what_is_no_name_is_refused(tmp_path, text):
    with pytest.raises(NotVouchedFor, match="neither"):
        issue(tmp_path / "tls", [text], now())
    assert not (tmp_path / "tls").exists()


def test_the_command_says_what_to_do_next_in_both_languages(tmp_path):
    app = Flask("terminal")
    app.config["INSTANCE"] = tmp_path
    assert command in area.area.cli.commands.values()
    with app.app_context():
        assert ca_certificate() is None
        assert CliRunner().invoke(command, []).exit_code == 1, "the first time somebody must say the name"
        told = CliRunner().invoke(command, NAMES)
        assert told.exit_code == 0
        given = x509.load_der_x509_certificate(ca_certificate() or b"")
    for words in (
        f"TLS_CERTIFICATE={tmp_path}/tls/server.pem",
        "https://gate.lan:8443",
        "安装证书",
        "Install a certificate",
        "certutil -addstore Root authority.crt",
        given.fingerprint(SHA256()).hex(":").upper(),
    ):
        assert words in told.output
