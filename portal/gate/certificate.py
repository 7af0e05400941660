"""What lets a street's own network speak https: phones give camera and offline page to nothing less.

A private authority, made once for ten years, vouches for the names it was made with and for private addresses, for
nothing else in the world; phones are told to trust it. It issues the certificate of the server, 397 days, anew
whenever it is asked. All lies in ``INSTANCE/tls/`` (0700), the keys 0600.
"""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path

import click
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from flask import current_app

from portal.clock import local, now

AUTHORITY_LASTS = timedelta(days=3650)
SERVER_LASTS = timedelta(days=397)  # what browsers accept of public ones
SLOW_CLOCKS = timedelta(days=1)  # a phone that is behind does not find it "not yet valid"
SERVER = "server.pem"  # key and certificate in one file: never one without the other
RENEW_BEFORE = timedelta(days=30)
LOCALHOST = x509.DNSName("localhost")
PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "fc00::/7", "::1/128")
DNS_NAME = re.compile(
    r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*"
)
Names = Sequence[x509.GeneralName]
Network = IPv4Network | IPv6Network


class NotVouchedFor(ValueError):
    """A name for which no certificate is made; the message says why, in Chinese and English."""


@dataclass(frozen=True)
class Certificates:
    """The authority and the server's certificate of a folder."""

    folder: Path
    authority: x509.Certificate
    server: x509.Certificate

    @property
    def names(self) -> list[str]:
        """What the server may be called: gate.lan, 192.168.1.10."""
        return [str(name.value) for name in _names_of(self.server)]

    @property
    def ends(self) -> datetime:
        return self.server.not_valid_after_utc


def issue(folder: Path, names: Sequence[str], at: datetime) -> Certificates:
    """A new certificate for these names and addresses, or for those of the last one; the authority is kept.

    ``NotVouchedFor`` for what is no name, for none at all, and for what the authority was not made for.
    """
    if not names and (folder / SERVER).exists():
        names = read(folder).names
    if not names:
        raise NotVouchedFor("请给出服务器的名称或地址。Say the name or address of the server.")
    asked = [_general_name(name) for name in names]
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    if not (folder / "authority.crt").exists():
        _make_authority(folder, asked, at)
    authority, key = _certificate(folder / "authority.crt"), _key(folder / "authority.key")
    for name in asked:
        if not _may_vouch(authority, name):
            raise NotVouchedFor(
                f"签发者不为 {name.value} 担保。删去 {folder} 后重新生成，并在每部手机上重新安装。"
                f"The authority does not vouch for {name.value}. Delete {folder}, begin anew, and install it on "
                "every phone again."
            )
    _make_server(folder, asked, authority, key, at)
    return read(folder)


def read(folder: Path) -> Certificates:
    """What lies in the folder; FileNotFoundError where nothing does."""
    return Certificates(folder, _certificate(folder / "authority.crt"), _certificate(folder / SERVER))


def ca_certificate() -> bytes | None:
    """The authority as phones install it (DER, application/x-x509-ca-cert); None where there is none."""
    file = _folder() / "authority.crt"
    return _certificate(file).public_bytes(Encoding.DER) if file.exists() else None


@click.command("certificate")
@click.argument("names", nargs=-1)
def command(names: tuple[str, ...]) -> None:
    """Make or renew what https needs on a street's own network: the server's NAMES and addresses.

    Without any, the certificate is renewed for those it has.
    """
    try:
        made = issue(_folder(), names, now())
    except NotVouchedFor as refusal:
        raise click.ClickException(str(refusal)) from None
    click.echo(_what_next(made))


def _what_next(made: Certificates) -> str:
    fingerprint = made.authority.fingerprint(SHA256()).hex(":").upper()
    return f"""\
服务器证书 Server certificate: {", ".join(made.names)}
  有效至 valid until {local(made.ends):%Y-%m-%d}，届时前 {RENEW_BEFORE.days} 天内再运行一次本命令；手机不用再装。
  Run this again within the {RENEW_BEFORE.days} days before; phones need nothing new.
签发者 Authority: {made.folder / "authority.crt"}
  有效至 valid until {local(made.authority.not_valid_after_utc):%Y-%m-%d}，SHA-256 {fingerprint}

1. 启动 Start
   TLS_CERTIFICATE={made.folder / SERVER} HOST=0.0.0.0 PORT=8443 ./run
   地址 address: https://{made.names[0]}:8443

2. 每部安卓手机装一次签发者证书 Install the authority once on every Android phone
   把 authority.crt 传到手机，然后：设置 → 安全 → 加密与凭据 → 安装证书 → CA 证书 → 选中文件。
   手机须设有锁屏密码；各品牌菜单名称略有不同，可在设置中搜索“证书”。
   Bring authority.crt to the phone, then Settings → Security → Encryption & credentials → Install a certificate →
   CA certificate → choose the file. The phone needs a screen lock.
   安装后核对上面的 SHA-256。Compare the SHA-256 above with what the phone shows.

3. Windows 电脑（以管理员身份）Windows computers (as an administrator)
   certutil -addstore Root authority.crt

只有 authority.crt 可以外传，其余文件不得离开本机。
Only authority.crt may leave this machine, nothing else of the folder."""


def _folder() -> Path:
    return Path(current_app.config["INSTANCE"]) / "tls"


def _general_name(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(text))
    except ValueError:
        pass
    name = text.lower().rstrip(".")
    if not DNS_NAME.fullmatch(name) or name.rpartition(".")[2].isdigit():
        raise NotVouchedFor(f"“{text}”不是名称也不是地址。“{text}” is neither a name nor an address.")
    return x509.DNSName(name)


def _make_authority(folder: Path, names: Names, at: datetime) -> None:
    key = generate_private_key(SECP256R1())
    subject = _called(f"Gridgate 网格通 {names[0].value}")
    certificate = (
        _begun(subject, subject, key, at, at + AUTHORITY_LASTS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.NameConstraints(_permitted(names), None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, SHA256())
    )
    _keep(folder / "authority.key", _pem(key), 0o600)
    _keep(folder / "authority.crt", certificate.public_bytes(Encoding.PEM), 0o644)


def _make_server(
    folder: Path, names: Names, authority: x509.Certificate, signer: EllipticCurvePrivateKey, at: datetime
) -> None:
    key = generate_private_key(SECP256R1())
    until = min(at + SERVER_LASTS, authority.not_valid_after_utc)
    certificate = (
        _begun(_called("Gridgate"), authority.subject, key, at, until)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
        .sign(signer, SHA256())
    )
    _keep(folder / SERVER, _pem(key) + certificate.public_bytes(Encoding.PEM), 0o600)


def _begun(
    subject: x509.Name, issuer: x509.Name, key: EllipticCurvePrivateKey, at: datetime, until: datetime
) -> x509.CertificateBuilder:
    return x509.CertificateBuilder(
        issuer, subject, key.public_key(), x509.random_serial_number(), at - SLOW_CLOCKS, until
    )


def _called(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    never = dict.fromkeys(
        ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement"), False
    )
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
        **never,
    )


def _permitted(names: Names) -> list[x509.GeneralName]:
    """With no name among them, any name would be permitted: ``localhost`` always is one."""
    permitted: list[x509.GeneralName] = [LOCALHOST, *(x509.IPAddress(ip_network(n)) for n in PRIVATE)]
    for name in names:
        if not any(_covers(subtree, name) for subtree in permitted):
            permitted.append(_only(name))
    return permitted


def _only(name: x509.GeneralName) -> x509.GeneralName:
    return x509.IPAddress(ip_network(name.value)) if isinstance(name, x509.IPAddress) else name


def _may_vouch(authority: x509.Certificate, name: x509.GeneralName) -> bool:
    permitted = authority.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees
    return any(_covers(subtree, name) for subtree in permitted or ())


def _covers(subtree: x509.GeneralName, name: x509.GeneralName) -> bool:
    if isinstance(subtree, x509.IPAddress) and isinstance(name, x509.IPAddress):
        return (
            not isinstance(name.value, Network)
            and isinstance(subtree.value, Network)
            and name.value in subtree.value
        )
    return type(subtree) is type(name) and f".{name.value}".endswith(f".{subtree.value}")


def _names_of(certificate: x509.Certificate) -> x509.SubjectAlternativeName:
    return certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value


def _certificate(file: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(file.read_bytes())


def _key(file: Path) -> EllipticCurvePrivateKey:
    key = load_pem_private_key(file.read_bytes(), password=None)
    if not isinstance(key, EllipticCurvePrivateKey):
        raise NotVouchedFor(f"{file} 不是本系统的私钥。{file} is not a key of ours.")
    return key


def _pem(key: EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _keep(file: Path, content: bytes, mode: int) -> None:
    """Whole or not at all."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as handle:
        handle.write(content)
    draft.replace(file)
