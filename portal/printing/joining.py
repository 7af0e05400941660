"""Several PDF files in one."""

import io
from collections.abc import Iterable
from pathlib import Path

import pikepdf


def joined(parts: Iterable[bytes]) -> bytes:
    """The pages of all parts, with the title of the first."""
    made = io.BytesIO()
    _join([io.BytesIO(part) for part in parts], made)
    return made.getvalue()


def join_files(parts: Iterable[Path], target: Path) -> int:
    """The same for files that need not fit into memory; returns the number of pages."""
    return _join(parts, target)


def count_pages(made: bytes) -> int:
    """How many pages a file has."""
    with pikepdf.open(io.BytesIO(made)) as whole:
        return len(whole.pages)


def _join(parts: Iterable[Path | io.BytesIO], target: Path | io.BytesIO) -> int:
    with pikepdf.new() as whole:
        for part in parts:
            with pikepdf.open(part) as source:
                if not len(whole.pages):
                    whole.docinfo["/Title"] = str(source.docinfo.get("/Title", ""))
                    whole.Root.Lang = pikepdf.String("zh-Hans")
                whole.pages.extend(source.pages)
        whole.save(target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return len(whole.pages)
