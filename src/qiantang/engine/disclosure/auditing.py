"""Proof that a pattern of suppressed cells protects: exact bounds of each, for the public and for
a reporter who knows his own figures."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from qiantang.engine.disclosure.network import Lines
from qiantang.engine.disclosure.rules import Sensitive
from qiantang.engine.disclosure.tables import Key, Table


@dataclass(frozen=True, slots=True)
class Leak:
    """A suppressed cell that can be told: to ``insider``, or to everybody (None)."""

    cell: Key
    low: Decimal
    high: Decimal
    insider: str | None = None


def audit(
    table: Table,
    sensitive: Mapping[Key, Sensitive],
    hidden: Collection[Key],
    lines: Lines | None = None,
) -> Iterator[Leak]:
    """Every suppressed cell that is not protected, with what can be inferred of it.

    No suppressed cell may be known exactly; the bounds of a sensitive one have to reach as far as
    its rule needs (below no further than zero). Whoever is the only reporter of suppressed cells
    knows these, and must not know another's sensitive cell exactly from them. ``lines`` carries a
    bound of the work; none, by itself. Raises `TableTooLarge` beyond it. Cells may be added to
    ``hidden`` on the way: those that were passed are then at least as well protected.
    """
    lines = lines or Lines.of(table)
    free = lines.on_ways_round(table, hidden)
    for key in sorted(hidden):
        if key in free and key not in sensitive:
            continue
        low, high = lines.bounds(table, hidden, key)
        if not _wide(table.cells[key].value, sensitive.get(key), low, high):
            yield Leak(key, low, high)
    insiders = sorted({s for k in hidden if (s := table.cells[k].sole) is not None})
    for insider in insiders:
        unknown = {k for k in hidden if table.cells[k].sole != insider}
        for key in sorted((sensitive.keys() & unknown) - lines.on_ways_round(table, unknown)):
            unknown = {k for k in hidden if table.cells[k].sole != insider}
            low, high = lines.bounds(table, unknown, key)
            if low == high:
                yield Leak(key, low, high, insider)


def _wide(value: Decimal, sensitive: Sensitive | None, low: Decimal, high: Decimal) -> bool:
    if low == high:
        return False
    if sensitive is None:
        return True
    return high >= value + sensitive.need and low <= max(value - sensitive.need, Decimal(0))
