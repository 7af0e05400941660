"""What can be exported. Each area brings its own: ``area.contributes["export"] = {name: ExportKind(…)}``."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from portal.access.guard import contributed
from portal.access.policy import May
from portal.spreadsheets.writing import Kind


@dataclass(frozen=True)
class ExportColumn:
    """One column. ``heading`` is what stands on the sheet, in Chinese like all paper; ``label`` (lazy) on the screen.

    ``value`` is given a row as ``ExportKind.rows`` makes them and tells everything; ``masked`` what those see who may
    not have it in full, None where nothing is personal. Words of a language are made when they are asked for.
    """

    name: str
    heading: str
    label: Any
    value: Callable[[Any], Any]
    masked: Callable[[Any], Any] | None = None
    kind: Kind = Kind.TEXT

    def told(self, row: Any, *, in_full: bool) -> Any:
        """What stands in the row's cell."""
        return self.value(row) if in_full or self.masked is None else self.masked(row)


@dataclass(frozen=True)
class ExportKind:
    """A list that can be exported. ``label`` is lazy, ``title`` stands on the sheet; ``needs``: to see the list.

    ``choices()`` are the parts of the list to choose from, [(value, label)], the usual one first.
    ``ids(choice, most)`` are the numbers of the rows in the order of the sheet, all of them or the first ``most``;
    ``rows(ids)`` makes these rows, in this order, leaving out what there no longer is. Both see what the one acting
    sees: the scope decides.
    """

    label: Any
    title: str
    needs: May
    columns: Sequence[ExportColumn]
    choices: Callable[[], list[tuple[str, Any]]]
    ids: Callable[[str, int | None], Sequence[int]]
    rows: Callable[[Sequence[int]], Iterable[Any]]


def kinds() -> dict[str, ExportKind]:
    """Every kind by its name, in the order of AREAS."""
    return {name: kind for _area, brought in contributed("export") for name, kind in brought.items()}
