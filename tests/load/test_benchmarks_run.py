"""Every benchmark still runs: at toy size, as the command that people type. Nothing is said about speed."""

import subprocess
import sys

from portal.config import ROOT
from tests.conftest import SERVER
from tests.load.__main__ import BENCHMARKS


def test_every_benchmark_runs(tmp_path):
    database = "postgres" if SERVER else "sqlite"
    where = ("--database", database, "--results", str(tmp_path))
    command = [sys.executable, "-m", "tests.load", "--toy", *where]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    assert {path.stem for path in tmp_path.glob("*.txt")} == set(BENCHMARKS)
    _heading, _line, columns, *sides = (tmp_path / "writers.txt").read_text().splitlines()
    assert columns.split()[-2:] == ["failed", "lost"]
    assert {tuple(side.split()[-2:]) for side in sides} == {("0", "0")}
