"""Keys that live outside the database, and the fields that are encrypted with them.

One secret of the installation (a 0600 file, or ``SECRET_KEY``) is spread into keys by purpose with HKDF.
A sealed field is AES-256-GCM with table, column and row in the additional data, so that a value copied
to another row does not open there. Searching goes through a keyed hash (blind index).
"""

import hashlib
import hmac
import os
import secrets
import unicodedata
import uuid
from pathlib import Path
from typing import Any, overload

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

SEALED_VERSION = b"\x01"
NONCE_BYTES = 12


class Vault:
    """The installation's secret and the keys derived from it."""

    def __init__(self, file: Path, secret: str | None = None) -> None:
        self._secret = secret.encode() if secret else _read_or_create(file)
        self._derived: dict[str, bytes] = {}

    def derive(self, purpose: str) -> bytes:
        """A key of 32 bytes for one purpose; the same purpose gives the same key."""
        if purpose not in self._derived:
            self._derived[purpose] = HKDF(SHA256(), 32, b"gridgate", purpose.encode()).derive(self._secret)
        return self._derived[purpose]

    def seal(self, text: str, place: str) -> bytes:
        """Encrypt ``text`` for one place (``"resident.document:<row>"``)."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        cipher = AESGCM(self.derive("sealed fields"))
        return SEALED_VERSION + nonce + cipher.encrypt(nonce, text.encode(), place.encode())

    def open(self, sealed: bytes, place: str) -> str:
        """The text sealed for this place; ``cryptography.exceptions.InvalidTag`` for any other place."""
        nonce, text = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        return AESGCM(self.derive("sealed fields")).decrypt(nonce, text, place.encode()).decode()

    def index(self, purpose: str, text: str) -> str:
        """A keyed hash to find a sealed value by: 32 hex digits, the same for full-width and lower case."""
        plain = unicodedata.normalize("NFKC", text).upper().strip()
        return hmac.new(self.derive(f"index {purpose}"), plain.encode(), hashlib.sha256).hexdigest()[:32]


def vault() -> Vault:
    """The vault of the running application."""
    found: Vault = current_app.config["VAULT"]
    return found


def blind_index(purpose: str, text: str) -> str:
    """``Vault.index`` of the running application."""
    return vault().index(purpose, text)


class Sealed:
    """An attribute that is plain text to the program and ciphertext in the column ``<name>_sealed``.

    The model also has ``seal_id`` (``new_seal_id``), which names the row before it has an id.
    """

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, row: None, owner: type) -> "Sealed": ...
    @overload
    def __get__(self, row: object, owner: type) -> str | None: ...
    def __get__(self, row: Any, owner: type) -> "Sealed | str | None":
        if row is None:
            return self
        sealed = getattr(row, f"{self.name}_sealed")
        return None if sealed is None else vault().open(sealed, self._place(row))

    def __set__(self, row: Any, text: str | None) -> None:
        row.seal_id = row.seal_id or new_seal_id()
        setattr(row, f"{self.name}_sealed", vault().seal(text, self._place(row)) if text else None)

    def _place(self, row: Any) -> str:
        return f"{row.__tablename__}.{self.name}:{row.seal_id}"


def new_seal_id() -> str:
    """A random name for a row, fixed before the database gives it an id."""
    return uuid.uuid4().hex


def _read_or_create(file: Path) -> bytes:
    """The secret in ``file``, made on first start; of several processes starting at once one wins."""
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    if not file.exists():
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            handle.write(secrets.token_hex(32))
        try:
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return file.read_text().strip().encode()
