"""A long notice in parts, so that each page of it comes over a slow line."""

from collections.abc import Iterator
from dataclasses import dataclass

from portal.notices.text import Block, Heading, Items, Paragraph, Table

PART = 2000  # characters: with its stylesheet under ten kilobytes, whatever the characters are


@dataclass(frozen=True)
class Part:
    """One of ``count`` parts."""

    number: int
    count: int
    blocks: tuple[Block, ...]

    @property
    def is_first(self) -> bool:
        return self.number == 1

    @property
    def is_last(self) -> bool:
        return self.number == self.count


def part_of(blocks: tuple[Block, ...], wanted: int) -> Part:
    """The part of this number, or the nearest that there is."""
    divided = parts(blocks)
    number = min(max(wanted, 1), len(divided))
    return Part(number, len(divided), divided[number - 1])


def parts(blocks: tuple[Block, ...]) -> list[tuple[Block, ...]]:
    """The blocks in parts of PART characters at most; one part for none. Only a row of a table is never divided."""
    found: list[list[Block]] = [[]]
    room = PART
    for piece in (piece for block in blocks for piece in _pieces(block)):
        size = _size(piece)
        if size > room and found[-1]:
            found.append([])
            room = PART
        found[-1].append(piece)
        room -= size
    return [tuple(part) for part in found]


def _pieces(block: Block) -> Iterator[Block]:
    if _size(block) <= PART:
        yield block
    elif isinstance(block, Paragraph):
        yield from (Paragraph(text) for text in _slices(block.text))
    elif isinstance(block, Heading):
        yield Heading(block.level, block.lead[:PART], "", block.number)
        yield from (Paragraph(text) for text in _slices(block.lead[PART:] + block.rest))
    elif isinstance(block, Items):
        yield from (Items((text,)) for item in block.items for text in _slices(item))
    else:
        yield from (Table(block.head, (row,)) for row in block.rows)


def _slices(text: str) -> Iterator[str]:
    return (text[start : start + PART] for start in range(0, len(text), PART))


def _size(block: Block) -> int:
    if isinstance(block, Paragraph):
        return len(block.text)
    if isinstance(block, Heading):
        return len(block.lead) + len(block.rest)
    if isinstance(block, Items):
        return sum(map(len, block.items))
    return sum(len(cell) for row in (block.head, *block.rows) for cell in row)
