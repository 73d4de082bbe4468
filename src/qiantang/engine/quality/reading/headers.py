"""Where the header is and what the columns are called: titles above it, stacked rows, doubles.

Each row near the top, alone and together with up to three rows below it, is scored by how many
declared fields it names; the best wins, the smaller and the earlier on a tie.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from qiantang.engine.quality.reading.mapping import JOIN, Names
from qiantang.engine.quality.reading.shapes import RawRow
from qiantang.engine.quality.reading.words import cleaned

DEPTH: Final = 4
Merges = Mapping[tuple[int, int], str]
"""(row, column from 0) of a cell inside a merged range -> the text of the range."""


@dataclass(frozen=True, slots=True)
class Header:
    """Rows ``first`` .. ``last`` (as the source counts) and the columns' flattened names.
    ``doubled`` are names that stood more than once; ``names`` has them told apart."""

    first: int
    last: int
    data_first: int
    names: tuple[str, ...]
    doubled: tuple[tuple[str, int], ...]
    named: int
    """How many declared fields it names."""


def find_header(
    rows: Sequence[RawRow], declared: Names, merges: Merges | None = None, limit: int = 60
) -> Header | None:
    """The header among the first rows; None when no row names any declared field."""
    merged = merges or {}
    best: tuple[float, Header, int] | None = None
    top = [r for r in rows[:limit] if not r.blank]
    for i in range(len(top)):
        for depth in range(1, DEPTH + 1):
            span = top[i : i + depth]
            if len(span) < depth or not _may_stack(span):
                break
            header = flatten(span, declared, merged)
            score = header.named - _flaws(header, top[i : i + depth + 2]) - 0.01 * (depth - 1)
            if header.named and (best is None or score > best[0]):
                best = (score, header, i + depth)
    if best is None:
        return None
    header = replace(best[1], first=_first_row(best[1], top, merged))
    return _with_data_start(header, top[best[2] :], declared)


def _flaws(header: Header, rows: Sequence[RawRow]) -> float:
    """Doubled names, and columns used right below that have no name of their own."""
    doubled = sum(n - 1 for _, n in header.doubled)
    below = [r for r in rows if r.row > header.last]
    used = {i for r in below for i, c in enumerate(r.cells) if c and c.strip()}
    unnamed = sum(1 for i in used if i >= len(header.names) or not header.names[i])
    return 0.6 * doubled + 0.3 * min(unnamed, 10)


def _first_row(header: Header, rows: Sequence[RawRow], merges: Merges) -> int:
    """Cells of the header that are merged with the rows above belong to it too."""
    first = header.first
    raw = {r.row: r.cells for r in rows}
    while first - 1 in raw and any(
        not (raw[first][i : i + 1] or (None,))[0]
        and merges.get((first, i))
        and merges.get((first, i)) == merges.get((first - 1, i))
        for i in range(len(header.names))
    ):
        first -= 1
    return first


def header_at(
    rows: Sequence[RawRow], span: tuple[int, int], declared: Names, merges: Merges | None = None
) -> Header | None:
    """The header that the sender says stands in rows ``first`` .. ``last``."""
    chosen = [r for r in rows if span[0] <= r.row <= span[1] and not r.blank]
    if not chosen:
        return None
    header = flatten(chosen, declared, merges or {})
    return Header(span[0], span[1], span[1] + 1, header.names, header.doubled, header.named)


def flatten(rows: Sequence[RawRow], declared: Names, merges: Merges) -> Header:
    """One name per column from the rows of a stacked header."""
    width = max(len(r.cells) for r in rows)
    levels = [_spread(r, width, merges, last=r is rows[-1]) for r in rows]
    while width and not any(level[width - 1] for level in levels):
        width -= 1
    stacks = [_stack([level[i] for level in levels]) for i in range(width)]
    leaves = Counter(s[-1] for s in stacks if s)
    names = [_name(s, leaves, declared) for s in stacks]
    told, doubled = _tell_apart(names)
    named = len(declared.named(names))
    last = rows[-1].row
    return Header(rows[0].row, last, last + 1, tuple(told), doubled, named)


def _spread(row: RawRow, width: int, merges: Merges, *, last: bool) -> list[str]:
    """The row's cells; a parent that spans columns is written over each of them."""
    cells = [cleaned(c or "") for c in row.cells] + [""] * (width - len(row.cells))
    if merges:
        return [merges.get((row.row, i), text) for i, text in enumerate(cells)]
    if last:
        return cells
    for i in range(1, width):
        cells[i] = cells[i] or cells[i - 1]
    return cells


def _stack(parts: Sequence[str]) -> tuple[str, ...]:
    """The texts of one column from top to leaf, repeated ones once."""
    kept: list[str] = []
    for part in parts:
        if part and (not kept or kept[-1] != part):
            kept.append(part)
    return tuple(kept)


def _name(stack: tuple[str, ...], leaves: Counter[str], declared: Names) -> str:
    """The leaf where it is told from others, else the whole path."""
    if not stack:
        return ""
    if leaves[stack[-1]] == 1 or len(stack) == 1:
        return stack[-1]
    return JOIN.join(stack)


def _tell_apart(names: Sequence[str]) -> tuple[list[str], tuple[tuple[str, int], ...]]:
    seen: Counter[str] = Counter()
    total = Counter(n for n in names if n)
    told = []
    for name in names:
        seen[name] += 1
        told.append(f"{name}#{seen[name]}" if name and seen[name] > 1 else name)
    return told, tuple((n, c) for n, c in total.items() if c > 1)


def _may_stack(span: Sequence[RawRow]) -> bool:
    """Header rows stand together and none of the lower ones looks like data."""
    if len(span) == 1:
        return True
    if span[-1].row - span[0].row > len(span) + 1:
        return False
    return not any(_figure(c) for c in span[-1].cells if c)


def _figure(cell: str) -> bool:
    text = cell.strip().replace(",", "").replace("，", "")
    return len(text) > 1 and sum(ch.isdigit() for ch in text) * 2 > len(text)


def _with_data_start(header: Header, below: Sequence[RawRow], declared: Names) -> Header:
    """Rows right below that name fields again (ids under names, column numbers) are no data."""
    start = header.data_first
    for i, row in enumerate(below[:2]):
        cells = [c for c in row.cells if c and c.strip()]
        again = len(declared.named(cells)) * 2 >= header.named and header.named > 1
        if again or (_column_numbers(cells) and len(below) > i + 1):
            start = row.row + 1
        else:
            break
    return Header(header.first, header.last, start, header.names, header.doubled, header.named)


def _column_numbers(cells: Sequence[str]) -> bool:
    """Statistical forms number their columns (甲 乙 1 2 3) under the header."""
    figures = [c.strip("() （）") for c in cells]
    numbers = [f for f in figures if f.isdigit()]
    stems = [f for f in figures if f in "甲乙丙丁戊"]
    if len(cells) < 3 or len(numbers) + len(stems) != len(cells) or len(numbers) < 2:
        return False
    start = int(numbers[0])
    return start in (0, 1) and [int(n) for n in numbers] == list(range(start, start + len(numbers)))
