"""Where the header is and what the columns are called: titles above it, stacked rows, doubles.

Each row near the top, alone and together with up to three rows below it, is scored by how many
declared fields it names; the best wins, the smaller and the earlier on a tie.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from qiantang.engine.quality.reading.header_units import unit_of_header
from qiantang.engine.quality.reading.mapping import JOIN, Names
from qiantang.engine.quality.reading.shapes import RawRow
from qiantang.engine.quality.reading.unit_rows import Merges, units_of_row
from qiantang.engine.quality.reading.unit_statements import only_states
from qiantang.engine.quality.reading.words import cleaned

DEPTH: Final = 4
_UNDER: Final = 3
"""So many rows under the header may belong to it: ids, column numbers, units."""


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
    units: tuple[str, ...] = ()
    """The unit that each column's cells state, the lowest first; "" for none."""
    row_units: Mapping[int, str] = field(default_factory=dict)
    """Position -> unit, from a row of units under or over the header."""
    unit_rows: tuple[int, ...] = ()


def find_header(
    rows: Sequence[RawRow], declared: Names, merges: Merges | None = None, limit: int = 60
) -> Header | None:
    """The header among the first rows; None when no row names any declared field."""
    merged = merges or {}
    best: tuple[float, Header] | None = None
    top = [r for r in rows[:limit] if not r.blank]
    for i in range(len(top)):
        for depth in range(1, DEPTH + 1):
            span = top[i : i + depth]
            if len(span) < depth or not _may_stack(span):
                break
            header = flatten(span, declared, merged)
            score = header.named - _flaws(header, top[i : i + depth + 2]) - 0.01 * (depth - 1)
            if header.named and (best is None or score > best[0]):
                best = (score, header)
    if best is None:
        return None
    header = replace(best[1], first=_first_row(best[1], top, merged))
    return with_data_start(header, top, declared, merged)


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
    header = replace(header, first=span[0], last=span[1], data_first=span[1] + 1)
    return with_data_start(header, [r for r in rows if not r.blank], declared, merges or {})


def flatten(rows: Sequence[RawRow], declared: Names, merges: Merges) -> Header:
    """One name per column from the rows of a stacked header."""
    stacks = _stacks(rows, merges)
    leaves = Counter(s[-1] for s in stacks if s)
    names = [_name(s, leaves, declared) for s in stacks]
    told, doubled = _tell_apart(names)
    named = len(declared.named(names))
    last = rows[-1].row
    return Header(rows[0].row, last, last + 1, tuple(told), doubled, named)


def _stacks(rows: Sequence[RawRow], merges: Merges) -> list[tuple[str, ...]]:
    """The texts over each column, up to the last that has any."""
    width = max(len(r.cells) for r in rows)
    levels = [_spread(r, width, merges, last=r is rows[-1]) for r in rows]
    while width and not any(level[width - 1] for level in levels):
        width -= 1
    return [_stack([level[i] for level in levels]) for i in range(width)]


def _unit_in(stack: Sequence[str]) -> str:
    """The unit that stands lowest in a stack: nearest to the figures."""
    return next((u.text for part in reversed(stack) if (u := unit_of_header(part))), "")


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


def looks_like_data(row: RawRow, width: int) -> bool:
    """Whether most of its cells are filled, one of them with a figure."""
    cells = [c for c in row.cells if c and c.strip()]
    return len(cells) * 2 > width and any(map(_figure, cells))


def _figure(cell: str) -> bool:
    text = cell.strip().replace(",", "").replace("，", "")
    return len(text) > 1 and sum(ch.isdigit() for ch in text) * 2 > len(text)


def with_data_start(
    header: Header, rows: Sequence[RawRow], declared: Names, merges: Merges
) -> Header:
    """Rows right below that name fields again (ids under names, column numbers) or state units
    are no data; a row of units may stand right above, too. ``rows``: those that are not blank.
    What stands above the names is no part of them, but may state their units."""
    own = [r for r in rows if header.first <= r.row <= header.last]
    in_stacks = tuple(map(_unit_in, _stacks(own, merges))) if own else ()
    header = replace(header, units=in_stacks)
    below = [r for r in rows if r.row > header.last]
    for i, row in enumerate(below[:_UNDER]):
        cells = [c for c in row.cells if c and c.strip()]
        again = len(declared.named(cells)) * 2 >= header.named and header.named > 1
        units = units_of_row(row, header.names, declared, merges)
        if units:
            header = _with_units(header, row, units)
        elif not (again or only_states(row) or _numbers_columns(cells, below[i + 1 :])):
            break
        header = replace(header, data_first=row.row + 1)
    above = next((r for r in rows if r.row == header.first - 1), None)
    units = units_of_row(above, header.names, declared, merges) if above else {}
    return _with_units(header, above, units) if above and len(units) > 1 else header


def _with_units(header: Header, row: RawRow, units: Mapping[int, str]) -> Header:
    kept = {**units, **header.row_units}
    return replace(header, row_units=kept, unit_rows=(*header.unit_rows, row.row))


def _numbers_columns(cells: Sequence[str], below: Sequence[RawRow]) -> bool:
    return bool(below) and _column_numbers(cells)


def _column_numbers(cells: Sequence[str]) -> bool:
    """Statistical forms number their columns (甲 乙 1 2 3) under the header."""
    figures = [c.strip("() （）") for c in cells]
    numbers = [f for f in figures if f.isdigit()]
    stems = [f for f in figures if f in "甲乙丙丁戊"]
    if len(cells) < 3 or len(numbers) + len(stems) != len(cells) or len(numbers) < 2:
        return False
    start = int(numbers[0])
    return start in (0, 1) and [int(n) for n in numbers] == list(range(start, start + len(numbers)))
