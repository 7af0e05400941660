"""What one side took to make its documents. Knows nothing but Python: the peers have an environment of their own."""

from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

WARM_UP = 2


def measure(
    make: Callable[[Sequence[Any]], bytes], passes: Sequence[Any], loaded: int, *, together: bool
) -> dict[str, float]:
    """Processor time of one document of all passes, or the median of a document for each; warm either way.

    ``loaded`` is the memory with all modules and the passes' texts, before a font was opened.
    """
    for one in passes[:WARM_UP]:
        make([one])
    times = []
    for some in [passes] if together else [[one] for one in passes[WARM_UP:]]:
        begun = process_time()
        made = make(some)
        times.append(1000 * (process_time() - begun))
    return {"ms": median(times), "kilobytes": most_memory(), "loaded": loaded, "bytes": len(made)}


def most_memory() -> int:
    """In kilobytes, so far; what ``getrusage`` says begins with that of the process which started this one."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(status["VmHWM"].split()[0])
