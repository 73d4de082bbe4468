"""Rows that go once all are known, as their file has them: read again, for what is kept of an
accepted row is its values.

Only the places of such rows are held in memory; the file is read once more, and no further than
the last of them. A reader that can passes over what is not asked for (``narrow``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, Final

import polars as pl

from qiantang.engine.quality.checker import Failure
from qiantang.engine.quality.rulebook import Rule
from qiantang.engine.quality.stream import PLACE, ROW, RowStream

_RULE: Final = "_rule"
_EXPECTED: Final = "_expected"


def rows_as_sent(stream: RowStream, places: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The rows at ``places`` (`PLACE`, each once) as texts, in the order of the file, with whatever
    other columns ``places`` has. The stream is a fresh one and is closed."""
    left = places.height
    broken: dict[int, Any] = getattr(stream, "broken", {})
    narrow: Any = getattr(stream, "narrow", None)
    if narrow is not None:
        narrow(places[ROW])
    with closing(stream):
        for batch in stream if left else ():
            # They were dealt with when the file was read first.
            broken.clear()
            found = batch.join(places, on=PLACE, nulls_equal=True, maintain_order="left")
            if found.height:
                yield found
            left -= found.height
            if not left:
                return


@dataclass(slots=True)
class Gone:
    """Accepted rows that go after all: their places, each with its one rule."""

    rules: list[Rule] = field(default_factory=list)
    _parts: list[pl.DataFrame] = field(default_factory=list)

    def add(self, rows: pl.DataFrame, failure: Failure) -> None:
        """Note that all of ``rows`` fail the rule."""
        if failure.rule not in self.rules:
            self.rules.append(failure.rule)
        right = failure.expected
        said = pl.lit(None) if right is None else right.cast(pl.String)
        number = pl.lit(self.rules.index(failure.rule))
        told = (number.cast(pl.UInt16).alias(_RULE), said.cast(pl.String).alias(_EXPECTED))
        self._parts.append(rows.select(PLACE).with_columns(told))

    @property
    def places(self) -> pl.DataFrame:
        """`PLACE` and what `failures` needs; no row where nothing goes."""
        kinds = dict.fromkeys((PLACE[0], _EXPECTED), pl.String)
        nothing = pl.DataFrame(schema=kinds | {PLACE[1]: pl.Int64, _RULE: pl.UInt16})
        order = (*PLACE, _RULE, _EXPECTED)
        return pl.concat(part.select(order) for part in (nothing, *self._parts))

    def failures(self, rows: pl.DataFrame) -> list[Failure]:
        """The failures of some of these rows, as `rows_as_sent` gives them."""
        at = ((rule, (rows[_RULE] == n).arg_true()) for n, rule in enumerate(self.rules))
        return [Failure(rule, r, rows[_EXPECTED].gather(r)) for rule, r in at if r.len()]
