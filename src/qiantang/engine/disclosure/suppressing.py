"""Secondary suppression: the cells that have to go as well, until the audit finds no leak.

For each leak the cheapest way round through the lines of the table is taken that lets the cell
move as far as it needs; the cost of a cell is its value, which is what the table loses. Where no
way is wide enough, the cheapest cell of its lines is added. Every turn adds a cell, and a table of
which nothing is published tells nothing, so it ends; the audit after the last turn is the proof,
whatever way was taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from qiantang.engine.disclosure.auditing import Leak, audit
from qiantang.engine.disclosure.errors import CannotProtect
from qiantang.engine.disclosure.network import Lines, Work
from qiantang.engine.disclosure.rules import Rules, Sensitive, Why, judge
from qiantang.engine.disclosure.tables import Key, Table

MOST_WORK: Final = 20_000_000
"""Arcs that the searches of one table may pass."""


@dataclass(frozen=True, slots=True)
class Published:
    """The table with the reason of every cell that is left out."""

    table: Table
    suppressed: Mapping[Key, Why]

    def value(self, row: int, column: int) -> Decimal | None:
        """What is published of a cell; None where it is suppressed."""
        key = row, column
        return None if key in self.suppressed else self.table.cells[key].value


def publish(table: Table, rules: Rules) -> Published:
    """The table as it may be published: proven by `audit`. Raises `CannotProtect`, and
    `TableTooLarge` where the proof would take more than `MOST_WORK`."""
    judged = {key: judge(cell, rules) for key, cell in table.cells.items()}
    sensitive = {key: found for key, found in judged.items() if found is not None}
    hidden = set(sensitive)
    lines = Lines.of(table, Work(MOST_WORK))
    leaking = True
    while leaking:
        leaking = False
        # More hidden cells only widen the bounds: what was found wide needs no second look, and
        # the turn that finds no leak has looked at every cell.
        for leak in audit(table, sensitive, hidden, lines):
            leaking = True
            more = _round(table, lines, sensitive, hidden, leak)
            more = more or _nearest(table, lines, hidden, leak)
            if not more:
                raise CannotProtect(found=f"{leak.cell[0] + 1}, {leak.cell[1] + 1}")
            hidden.update(more)
    reasons = {k: sensitive[k].why if k in sensitive else Why.SECONDARY for k in sorted(hidden)}
    return Published(table, reasons)


def _round(
    table: Table,
    lines: Lines,
    sensitive: Mapping[Key, Sensitive],
    hidden: set[Key],
    leak: Leak,
) -> set[Key]:
    """The cells of the cheapest ways up and down that are not hidden yet."""
    known = {
        k for k, c in table.cells.items() if leak.insider is not None and c.sole == leak.insider
    }
    wanted = sensitive[leak.cell].need if leak.cell in sensitive else Decimal(0)
    value = table.cells[leak.cell].value

    def cost(key: Key) -> Decimal | None:
        cell = table.cells[key]
        if key in known or cell.value == 0:  # an empty cell is often known to be empty
            return None
        return Decimal(0) if key in hidden else cell.value + 1

    found: set[Key] = set()
    for rises, need in ((True, wanted), (False, min(wanted, value))):

        def room(key: Key, up: bool, need: Decimal = need) -> bool:
            return up or table.cells[key].value >= max(need, Decimal(0))

        way = lines.cheapest(leak.cell, rises, cost, room)
        found |= set(way or ())
    return found - hidden


def _nearest(table: Table, lines: Lines, hidden: set[Key], leak: Leak) -> set[Key]:
    """The smallest cell that is still published, of the leak's lines first, empty ones last."""
    ends = set(lines.ends[leak.cell])

    def rank(key: Key) -> tuple[bool, bool, Decimal, Key]:
        value = table.cells[key].value
        return value == 0, not ends & set(lines.ends[key]), value, key

    chosen = min((k for k in table.cells if k not in hidden), key=rank, default=None)
    return set() if chosen is None else {chosen}
