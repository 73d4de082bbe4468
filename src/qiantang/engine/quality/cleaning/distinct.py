"""Texts that repeat are cleaned once each: the distinct ones of a column, and where each stands.

Days, amounts and codes of a delivery have few different texts; numbers of licences have none that
repeats. A sample of the column tells which it is, so that the latter costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import polars as pl
import pyarrow as pa

from qiantang.engine.quality.cleaning.cleaned import Cleaned, Finding

_LEAST: Final = 20_000
"""Shorter columns are cleaned as they are."""
_SAMPLE: Final = 5_000
_MOST_NEW: Final = 0.9
"""So many that differ, in a sample spread over the column, mean one in four of the whole."""


@dataclass(frozen=True, slots=True)
class Distinct:
    """The distinct texts of a column, and for each row its place among them (null: no text)."""

    texts: pl.Series
    places: pl.Series

    @classmethod
    def of(cls, column: pl.Series) -> Distinct | None:
        """None where too few texts repeat for it to be worth it."""
        if column.len() < _LEAST:
            return None
        sample = column.gather_every(column.len() // _SAMPLE)
        if sample.n_unique() > sample.len() * _MOST_NEW:
            return None
        coded = column.to_arrow().cast(pa.large_string()).dictionary_encode()
        texts, places = pl.Series(coded.dictionary), pl.Series(coded.indices)
        return cls(texts.alias(column.name), places) if texts.len() < column.len() else None

    def cleaned(self, read: Callable[[pl.Series], Cleaned]) -> Cleaned:
        """What ``read`` gives for the whole column, though it sees each text once."""
        found = read(self.texts)
        precision = found.precision
        return Cleaned(
            found.values.gather(self.places),
            [self._everywhere(finding) for finding in found.findings],
            None if precision is None else precision.gather(self.places),
        )

    def _everywhere(self, finding: Finding) -> Finding:
        """All rows that have one of the texts found."""
        wrong = pl.repeat(value=False, n=self.texts.len(), eager=True)
        rows = wrong.scatter(finding.rows, values=True).gather(self.places)
        rows = rows.fill_null(value=False).arg_true()
        if finding.expected is None:
            return Finding(finding.code, rows)
        said = pl.Series([None], dtype=finding.expected.dtype).new_from_index(0, self.texts.len())
        said = said.scatter(finding.rows, finding.expected)
        return Finding(finding.code, rows, said.gather(self.places.gather(rows)))
