"""Lets a workbook be read in a process apart, and turns whatever befalls that process into a sentence."""

import json
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Generator
from pathlib import Path
from typing import IO, Any

from portal.spreadsheets import refusal
from portal.spreadsheets.refusal import Limits, Refusal

SCRIPT = Path(__file__).with_name("apart.py")
# Isolated: neither the environment nor the folder it starts in can give it other modules.
COMMAND = ("-I", str(SCRIPT))
ENVIRONMENT = {"MALLOC_ARENA_MAX": "1", "RUST_BACKTRACE": "0", "LC_ALL": "C.UTF-8"}
EXHAUSTED = {-signal.SIGABRT, -signal.SIGXCPU, -signal.SIGKILL, -signal.SIGSEGV}
LONGEST_LINE = 16 * refusal.MEBIBYTE
LONGER_IN_JSON = 2
SLACK = 10  # seconds that a busy machine may add to the processor's time, for each second of it
REASONS = {"locked": refusal.LOCKED, "much": refusal.TOO_MUCH}


def tell(content: bytes, wanted: str, limits: Limits) -> Generator[Any, None, None]:
    """First what the sheet is (``sheet``, ``names``, ``merged``, ``hidden``), then ``[row number, cells]`` each.

    ``content`` must have passed the guard. Empty cells are "", numbers floats, dates {"day": …} or
    {"moment": …}. ``Refusal`` at any moment: what was told until then is to be forgotten.
    """
    with tempfile.TemporaryFile() as source:
        source.write(content)
        source.seek(0)
        numbers = (limits.memory, limits.seconds, limits.rows)
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, *COMMAND, *map(str, numbers), wanted],
            stdin=source,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=ENVIRONMENT,
            cwd="/",
        )
        watch = threading.Timer(limits.seconds * SLACK, process.kill)
        watch.start()
        try:
            if process.stdout is not None and (yield from _told(process.stdout, wanted, limits)):
                return
            raise Refusal(refusal.TOO_MUCH if process.wait() in EXHAUSTED else refusal.DAMAGED)
        finally:
            watch.cancel()
            process.kill()
            process.communicate()


def _told(stream: IO[bytes], wanted: str, limits: Limits) -> Generator[Any, None, bool]:
    """Whether the last line came; it may break off anywhere."""
    left = LONGER_IN_JSON * limits.unpacked
    while line := stream.readline(LONGEST_LINE):
        left -= len(line)
        if left < 0:
            raise Refusal(refusal.TOO_MUCH)
        try:
            said = json.loads(line)
        except ValueError:
            return False
        if isinstance(said, dict):
            _refuse(said, wanted, limits)
            if "end" in said:
                return True
        yield said
    return False


def _refuse(said: dict[str, Any], wanted: str, limits: Limits) -> None:
    match said.get("refused"):
        case None:
            return
        case "far":
            raise refusal.far_cell(str(said["cell"]))
        case "rows":
            raise refusal.too_many_rows(limits)
        case "sheet" if wanted:
            raise refusal.no_such_sheet(wanted)
        case reason:
            raise Refusal(REASONS.get(reason, refusal.DAMAGED))
