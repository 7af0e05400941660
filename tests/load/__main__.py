"""The command: see the package."""

import argparse
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from portal.config import ROOT
from tests.load import (
    bulk,
    bundle,
    certificate,
    growth,
    list_page,
    registry_pages,
    roll_up,
    verifying,
    weight,
    writers,
)
from tests.load.options import Options
from tests.load.worlds import Worlds

BENCHMARKS: dict[str, Callable[[Worlds, Options], str]] = {
    "list_page": list_page.run,
    "growth": growth.run,
    "registry_pages": registry_pages.run,
    "writers": writers.run,
    "bulk": bulk.run,
    "bundle": bundle.run,
    "weight": weight.run,
    "certificate": certificate.run,
    "roll_up": roll_up.run,
    "verifying": verifying.run,
}


def main() -> None:
    """Run what was asked for, or everything."""
    asked = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))  # what was started is ended, too
    options = Options(asked.rows, asked.residents, asked.database, asked.toy, asked.peers)
    asked.results.mkdir(parents=True, exist_ok=True)
    with Worlds(options) as worlds:
        for name in asked.name or BENCHMARKS:
            begun = perf_counter()
            said = BENCHMARKS[name](worlds, options)
            (asked.results / f"{name}.txt").write_text(said)
            print(f"{said}({name}, {options.database}, {perf_counter() - begun:.0f} s)\n", flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.load")
    parser.add_argument("name", nargs="*", help=f"{', '.join(BENCHMARKS)}; without a name all of them")
    parser.add_argument("--rows", type=int, default=1_000_000, help="passes in the largest world")
    parser.add_argument("--residents", type=int, default=100_000, help="people in the largest registry")
    parser.add_argument("--toy", action="store_true", help="as small as can be: does it still run?")
    parser.add_argument(
        "--peers", action="store_true", help="also against others' programs, which are fetched"
    )
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--results", type=Path, default=ROOT / ".pytest_cache" / "load")
    asked = parser.parse_args()
    if unknown := set(asked.name) - set(BENCHMARKS):
        parser.error(f"no such benchmark: {', '.join(unknown)}")
    return asked


if __name__ == "__main__":
    main()
