"""Work that is done within a request or as a job, in the same steps."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Protocol, TypeVar

Item = TypeVar("Item")


class Steps(Protocol):
    """What ``jobs.task.Task`` is for the work of an import."""

    def steps(self, items: Iterable[Item], *, part: str = "") -> Iterator[Item]: ...
    def chunks(self, items: Iterable[Item], size: int, *, part: str = "") -> Iterator[list[Item]]: ...
    def note(self, line: str) -> None: ...
    def report(self, sentence: str) -> None: ...


class AtOnce:
    """Everything within the present transaction."""

    def steps(self, items: Iterable[Item], *, part: str = "") -> Iterator[Item]:
        """One by one."""
        yield from items

    def chunks(self, items: Iterable[Item], size: int, *, part: str = "") -> Iterator[list[Item]]:
        """Some at a time."""
        waiting = iter(items)
        while some := list(islice(waiting, size)):
            yield some

    def note(self, line: str) -> None:
        """Nobody is watching."""

    def report(self, sentence: Any) -> None:
        """The page that follows says it."""
