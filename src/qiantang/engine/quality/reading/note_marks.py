"""Columns of figures with marks of notes behind them (120*, 35①): offered to be read without.

Never done in silence: the reader raises a doubt, and the recipe keeps what a person settled. Where
a mark of the column may be a power (5²), nothing is offered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from qiantang.engine.quality.cleaning import clean
from qiantang.engine.quality.reading import doubts as say
from qiantang.engine.quality.reading.recipe import ColumnUse
from qiantang.engine.quality.reading.shapes import Doubt, RawRow
from qiantang.packkit.compiled import NUMBERS, Field, Resource


def without_marks(
    columns: Sequence[ColumnUse], data: Sequence[RawRow], resource: Resource
) -> tuple[tuple[ColumnUse, ...], list[Doubt]]:
    """The columns, those marked whose figures have such marks, and a doubt for each."""
    made, doubts = [], []
    for use in columns:
        declared = resource.field(use.field) if use.field else None
        figures = declared is not None and declared.type in NUMBERS
        marked = _marked(use, data, declared) if declared and figures else []
        made.append(replace(use, unmarked=True) if marked else use)
        if marked:
            doubts.append(say.note_marks(use.source, len(marked), marked[0]))
    return tuple(made), doubts


def _marked(use: ColumnUse, data: Sequence[RawRow], declared: Field) -> list[str]:
    """The cells that are figures once their marks are gone; none where other marks remain."""
    cells = [r.cells[use.position] for r in data if use.position < len(r.cells)]
    texts = pl.Series(cells, dtype=pl.String)
    if not any(f.code == "figure_marked" for f in clean(texts, declared).findings):
        return []
    found = {f.code: f.rows for f in clean(texts, declared, unmarked=True).findings}
    if "figure_marked" in found or "mark_left_out" not in found:
        return []
    return texts.gather(found["mark_left_out"]).to_list()
