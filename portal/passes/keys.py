"""The keys that sign pass codes: in a folder outside the database, a new one every month.

Each key is two files: ``<key>.json`` (public half, issue window) stays as long as its passes may be read,
``<key>.pem`` (private half, 0600) can be deleted before. Windows of successive keys overlap by a week and the
older key signs until its window ends, so that gates know the next key before the first pass signed with it.
Several processes may share the folder; several machines may, too, where it lies on a shared disk.
"""

import base64
import fcntl
import json
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    EllipticCurvePublicNumbers,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

LIFE = timedelta(days=38)
OVERLAP = timedelta(days=7)
KEY_ID_BYTES = 2
COORDINATE_BYTES = 32
TICK = 1_000_000_000  # two changes within one tick of a file system's clock look like one


@dataclass(frozen=True)
class PublicKey:
    """What verifies: a key's id, its public half and the window in which it may issue."""

    name: str
    key_id: bytes
    point: EllipticCurvePublicKey
    not_before: datetime
    not_after: datetime
    is_lost: bool = False

    def may_issue(self, at: datetime) -> bool:
        """Whether ``at`` lies in the key's issue window."""
        return self.not_before <= at <= self.not_after


@dataclass(frozen=True)
class SigningKey:
    """What signs: a public key together with its private half."""

    public: PublicKey
    private: EllipticCurvePrivateKey

    @property
    def key_id(self) -> bytes:
        return self.public.key_id


class KeyRing:
    """All keys of a folder. It notices by itself when another process has added or marked one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen = 0
        self._keys: tuple[PublicKey, ...] = ()

    @classmethod
    def open(cls, folder: Path) -> "KeyRing":
        """The ring in ``folder``, which is made (0700) where it is missing."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return cls(folder)

    def all(self) -> tuple[PublicKey, ...]:
        """Every key, the oldest first, lost ones too."""
        changed = self._folder.stat().st_mtime_ns
        if changed != self._seen or time.time_ns() - changed < TICK:
            keys = [_public_key(file) for file in self._folder.glob("*.json")]
            self._keys = tuple(sorted(keys, key=lambda key: (key.not_before, key.name)))
            self._seen = changed
        return self._keys

    def public(self, key_id: bytes) -> tuple[PublicKey, ...]:
        """The keys with this id that are not lost: none, one, or more where ids happen to be equal."""
        return tuple(key for key in self.all() if key.key_id == key_id and not key.is_lost)

    def signing_key(self, at: datetime) -> SigningKey:
        """The key to sign with at ``at`` (aware): the oldest in its window. Makes the next one when it is time."""
        usable = self._usable(at)
        if not usable or usable[-1].not_after - at < OVERLAP:
            with self._alone():
                usable = self._usable(at)
                if not usable or usable[-1].not_after - at < OVERLAP:
                    self._make(at)
                    usable = self._usable(at)
        return SigningKey(usable[0], self._private(usable[0]))

    def lost(self, key_id: bytes) -> None:
        """Mark the keys with this id as lost: they sign nothing more and none of their codes is accepted.

        The private half is deleted. LookupError where no key has this id.
        """
        with self._alone():
            keys = [key for key in self.all() if key.key_id == key_id]
            if not keys:
                raise LookupError(f"no key has the id {key_id.hex()}")
            for key in keys:
                file = self._folder / f"{key.name}.json"
                _write(
                    file, json.dumps(json.loads(file.read_text()) | {"lost": True}, indent=1).encode(), 0o644
                )
                with suppress(FileNotFoundError):
                    file.with_suffix(".pem").unlink()
            self._seen = 0

    def _usable(self, at: datetime) -> list[PublicKey]:
        return [
            key
            for key in self.all()
            if key.may_issue(at) and not key.is_lost and (self._folder / f"{key.name}.pem").exists()
        ]

    def _private(self, key: PublicKey) -> EllipticCurvePrivateKey:
        private = load_pem_private_key((self._folder / f"{key.name}.pem").read_bytes(), password=None)
        if not isinstance(private, EllipticCurvePrivateKey) or private.public_key() != key.point:
            raise ValueError(f"{key.name}.pem is not the private half of {key.name}.json")
        return private

    def _make(self, at: datetime) -> None:
        private = generate_private_key(SECP256R1())
        key_id = self._free_key_id()
        file = self._folder / f"{at.astimezone(UTC):%Y-%m-%d}-{key_id.hex()}.json"
        pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        _write(file.with_suffix(".pem"), pem, 0o600)  # first: a key exists once its public half is there
        _write(file, json.dumps(_described(key_id, private.public_key(), at), indent=1).encode(), 0o644)
        self._seen = 0

    def _free_key_id(self) -> bytes:
        taken = {key.key_id for key in self.all()}
        while (key_id := secrets.token_bytes(KEY_ID_BYTES)) in taken:
            pass
        return key_id

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Of all processes that share the folder, one at a time."""
        lock = os.open(self._folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._seen = 0
            yield
        finally:
            os.close(lock)


def _described(key_id: bytes, point: EllipticCurvePublicKey, at: datetime) -> dict[str, Any]:
    numbers = point.public_numbers()
    start = at.astimezone(UTC).replace(microsecond=0)
    return {
        "kid": key_id.hex(),
        "not_before": start.isoformat(),
        "not_after": (start + LIFE).isoformat(),
        "lost": False,
        "kty": "EC",
        "crv": "P-256",
        "x": _text(numbers.x),
        "y": _text(numbers.y),
    }


def _public_key(file: Path) -> PublicKey:
    told = json.loads(file.read_text())
    return PublicKey(
        name=file.stem,
        key_id=bytes.fromhex(told["kid"]),
        point=EllipticCurvePublicNumbers(_number(told["x"]), _number(told["y"]), SECP256R1()).public_key(),
        not_before=datetime.fromisoformat(told["not_before"]),
        not_after=datetime.fromisoformat(told["not_after"]),
        is_lost=told["lost"],
    )


def _text(coordinate: int) -> str:
    return base64.urlsafe_b64encode(coordinate.to_bytes(COORDINATE_BYTES)).rstrip(b"=").decode()


def _number(text: str) -> int:
    return int.from_bytes(base64.urlsafe_b64decode(text + "="))


def _write(file: Path, content: bytes, mode: int) -> None:
    """Whole or not at all, and on the disk before it counts."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())
    draft.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
