"""The files of jobs: a folder (0700) for each in INSTANCE/jobs, under a random name that only the row knows."""

import os
import shutil
from pathlib import Path

from flask import current_app


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
    """Give a finished file its name, so that after a power cut it is there whole or not at all."""
    draft.chmod(0o600)
    descriptor = os.open(draft, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    draft.replace(draft.with_name(name))
    directory = os.open(draft.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


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
