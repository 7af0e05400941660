"""The files of jobs: a folder (0700) for each in INSTANCE/jobs, under a random name that only the row knows.

A result is encrypted while it lies there, frame by frame, so that it need not fit into memory. Its key belongs to
its name; the number of a frame and whether it is the last are in the nonce, so that none can be left out or moved.
"""

import hmac
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app

from portal.vault import vault

FRAME, TAG = 64 * 1024, 16
NUMBER_BYTES = 11


def root() -> Path:
    """Where the folders lie."""
    instance: Path = current_app.config["INSTANCE"]
    return instance / "jobs"


def folder(name: str) -> Path:
    """The folder of one job; made when it is first asked for."""
    path = root() / name
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def publish(draft: Path, name: str) -> None:
    """Seal a finished file under its name, so that after a power cut it is there whole or not at all."""
    whole, cipher = draft.with_suffix(".sealing"), _cipher(name)
    whole.touch(mode=0o600)
    with draft.open("rb") as plain, whole.open("wb") as sealed:
        for nonce, frame in _frames(plain, FRAME):
            sealed.write(cipher.encrypt(nonce, frame, None))
        sealed.flush()
        os.fsync(sealed.fileno())
    whole.replace(draft.with_name(name))
    draft.unlink()
    directory = os.open(draft.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def content(path: Path) -> Iterator[bytes]:
    """What was published; ``cryptography.exceptions.InvalidTag`` where the file is not as it was."""
    return _opened(
        path, _cipher(path.name)
    )  # the key is found here and now: an answer is sent after its request


def _opened(path: Path, cipher: AESGCM) -> Iterator[bytes]:
    with path.open("rb") as sealed:
        for nonce, frame in _frames(sealed, FRAME + TAG):
            yield cipher.decrypt(nonce, frame, None)


def content_length(path: Path) -> int:
    """How many bytes ``content`` gives."""
    size = path.stat().st_size
    return size - TAG * -(-size // (FRAME + TAG))


def _cipher(name: str) -> AESGCM:
    return AESGCM(hmac.digest(vault().derive("results of jobs"), name.encode(), "sha256"))


def _frames(file: IO[bytes], size: int) -> Iterator[tuple[bytes, bytes]]:
    """Each frame with its nonce. There is always one, and one is the last."""
    number, frame = 0, file.read(size)
    while True:
        following = file.read(size)
        yield number.to_bytes(NUMBER_BYTES, "big") + bytes([not following]), frame
        if not following:
            return
        number, frame = number + 1, following


def keep_only(name: str, result: str | None) -> None:
    """The work is done: what it needed on the way goes."""
    if result is None:
        remove(name)
        return
    for path in folder(name).iterdir():
        if path.name != result:
            path.unlink(missing_ok=True)


def remove(name: str) -> None:
    """Remove a job's folder with all that is in it."""
    shutil.rmtree(root() / name, ignore_errors=True)


def all_folders() -> list[str]:
    """The names of the folders that there are."""
    return [path.name for path in root().iterdir()] if root().is_dir() else []
