"""The Chinese of every message: ``python -m tools.words`` after messages were added, changed or removed.

    python -m tools.words                    take in the messages of the code and write messages.po and messages.mo
    python -m tools.words --merge FILE.po …  the same, with translations out of other files first
    python -m tools.words --check            change nothing; say what is missing, uncertain, left over or wrong

The ids are the English texts, so that English needs no catalogue. The files change only where a message does.
"""

import argparse
import io
import re
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = "zh_Hans"
PO = ROOT / "portal" / "translations" / LOCALE / "LC_MESSAGES" / "messages.po"
MO = PO.with_suffix(".mo")
HEADER = (
    "# Gridgate, 网格通: the Chinese of every message. Written by tools/words.py, the translations by hand."
)
KEYWORDS = DEFAULT_KEYWORDS | parse_keywords(
    ["_l", "_lp:1c,2", "lazy_gettext", "lazy_ngettext:1,2", "lazy_pgettext:1c,2", "lazy_npgettext:1c,2,3"]
)
UNDATED = datetime(2026, 1, 1, tzinfo=UTC)  # a real date would change the files every time
PLACEHOLDER = re.compile(r"%\(\w+\)[#0\- +]?\d*(?:\.\d+)?[a-zA-Z]?|\{\w*\}")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--merge", nargs="+", type=Path, default=[], metavar="FILE.po")
    arguments = parser.parse_args()

    old = read(PO) if PO.exists() else Catalog(LOCALE)
    new = in_use(translations=[old, *map(read, arguments.merge)])
    if arguments.check:
        problems = [*problems_in(old, new), *out_of_date(new)]
        print("\n".join(problems) or f"{len(new)} messages, all in Chinese.")
        return 1 if problems else 0
    for line in disagreements(arguments.merge):
        print(line)
    PO.parent.mkdir(parents=True, exist_ok=True)
    PO.write_bytes(as_po(new))
    MO.write_bytes(as_mo(new))
    missing = [message for message in messages(new) if not translated(message)]
    print(f"{len(new)} messages, {len(missing)} without Chinese", *map(describe, missing), sep="\n  ")
    return 0


def read(path: Path) -> Catalog:
    """A .po file, which may be a fragment without a header."""
    with path.open("rb") as file:
        return read_po(file, locale=LOCALE, charset="utf-8", abort_invalid=True)


def in_use(translations: Iterable[Catalog]) -> Catalog:
    """Every message of the code and the templates, with the last translation found for it."""
    catalog = Catalog(
        LOCALE, project="Gridgate", version="1", charset="utf-8", header_comment=HEADER, fuzzy=False
    )
    catalog.last_translator = catalog.language_team = catalog.msgid_bugs_address = "Gridgate"
    catalog.creation_date = catalog.revision_date = UNDATED
    sources = list(translations)
    for message_id, context, comments in extracted():
        found = [
            known for source in sources if (known := source.get(message_id, context)) and translated(known)
        ]
        known = found[-1] if found else None
        same_kind = known is not None and isinstance(known.id, str) == isinstance(message_id, str)
        catalog.add(
            message_id,
            string=known.string if known and same_kind else None,
            context=context,
            auto_comments=comments,
            flags=known.flags & {"fuzzy"} if known else (),
        )
    return catalog


def extracted() -> Iterator[tuple[str | tuple[str, ...], str | None, list[str]]]:
    """Message id (a tuple when it counts), context and the translator's comments, of all that babel.cfg names."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(
        str(ROOT), methods, options, KEYWORDS, comment_tags=("Translators:",), strip_comment_tags=True
    )
    for _file, _line, message_id, comments, context in found:
        yield message_id, context, comments


def messages(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id)


def translated(message: Message) -> bool:
    strings = message.string if isinstance(message.string, (tuple, list)) else [message.string]
    return bool(message.string) and all(strings)


def describe(message: Message) -> str:
    text = message.id if isinstance(message.id, str) else " / ".join(message.id)
    return f"{text!r} ({message.context})" if message.context else repr(text)


def problems_in(old: Catalog, new: Catalog) -> Iterator[str]:
    """What is wrong with the catalogue as it stands, one line each."""
    for message in messages(new):
        if not translated(message):
            yield f"missing: {describe(message)}"
        elif message.fuzzy:
            yield f"fuzzy: {describe(message)}"
        elif placeholders(message.id, -1) != placeholders(message.string, 0):
            yield f"placeholders differ: {describe(message)} and {message.string!r}"
    for message in messages(old):
        if new.get(message.id, message.context) is None:
            yield f"not in the code any more: {describe(message)}"
    for message in old.obsolete.values():
        yield f"obsolete: {describe(message)}"


def placeholders(text: str | tuple[str, ...], form: int) -> set[str]:
    """Those of a message; of one that counts, those of the plural in English and of the only form in Chinese."""
    return set(PLACEHOLDER.findall(text if isinstance(text, str) else text[form]))


def out_of_date(new: Catalog) -> Iterator[str]:
    for path, wanted in ((PO, as_po(new)), (MO, as_mo(new))):
        if not path.exists() or path.read_bytes() != wanted:
            yield f"{path.relative_to(ROOT)} is out of date: run python -m tools.words"


def disagreements(fragments: Iterable[Path]) -> Iterator[str]:
    """Messages that two files translate differently; the later file wins."""
    first: dict[tuple[object, str | None], tuple[object, Path]] = {}
    for path in fragments:
        for message in messages(read(path)):
            string, earlier = first.setdefault((message.id, message.context), (message.string, path))
            if string != message.string:
                yield f"{describe(message)}: {string!r} in {earlier.name}, {message.string!r} in {path.name}"


def as_po(catalog: Catalog) -> bytes:
    file = io.BytesIO()
    write_po(file, catalog, no_location=True, sort_output=True, ignore_obsolete=True, width=0)
    return file.getvalue()


def as_mo(catalog: Catalog) -> bytes:
    file = io.BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


if __name__ == "__main__":
    sys.exit(main())
