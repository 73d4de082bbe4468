"""Writes a built index as CSV files: the table of every step, and what stands beside the tables.

Unit codes come first, numbers in full precision, so that every table reads back to the same
doubles.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from qiantang.engine.index.building import Index
from qiantang.engine.index.data import Data
from qiantang.engine.index.tables import write_table, written
from qiantang.engine.index.weighing import effective

STEPS = ("raw", "denominated", "imputed", "screened", "treated", "normalised", "aggregated")


def write_index(folder: Path, index: Index) -> tuple[str, ...]:
    """Write one CSV per step that was done, ``results``, ``weights`` and, where the step was done,
    ``filled``, ``screening`` and ``treatment`` (a row per column) with ``treated_cells``. Returns
    the steps that the recipe does without."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in index.steps.items():
        write_table(folder / f"{name}.csv", table)
    write_results(folder / "results.csv", index)
    _write(folder / "weights.csv", WEIGHTS, _weights(index))
    if "imputed" in index.steps:
        _write(folder / "filled.csv", ("uCode", "Time", "iCode", "Value", "Method"), _filled(index))
    if index.screened is not None:
        _write(folder / "screening.csv", SCREENING, _screening(index))
    if "treated" in index.steps:
        _write(folder / "treatment.csv", TREATMENT, _treatment(index))
        _write(folder / "treated_cells.csv", CELLS, _cells(index))
    return tuple(step for step in STEPS if step not in index.steps)


def write_results(path: Path, index: Index) -> None:
    """Scores and ranks of every aggregate, the index first, best unit first."""
    codes = [e.code for e in reversed(index.structure.aggregates)]
    best = index.rank(codes[0])
    order = sorted(range(len(best)), key=lambda r: math.inf if np.isnan(best[r]) else best[r])
    heads = [f"{code}_{kind}" for code in codes for kind in ("score", "rank")]
    rows = (
        [*_who(index.scores, row)]
        + [written(float(v)) for c in codes for v in (index.score(c)[row], index.rank(c)[row])]
        for row in order
    )
    _write(path, ("uCode", *(["Time"] if index.scores.times else []), *heads), rows)


WEIGHTS = ("Level", "iCode", "Parent", "Weight", "Share", "Effective", "Method", "Details", "Notes")
SCREENING = ("uCode", "Time", "Missing", "Zeros", "DataShare", "NonZeroShare", "Included")
TREATMENT = ("iCode", "SkewBefore", "KurtosisBefore", "SkewAfter", "KurtosisAfter", "Winsorised",
             "Transformed", "StillFails", "Time")  # fmt: skip
CELLS = ("uCode", "Time", "iCode", "Before", "After", "Done")


def _weights(index: Index) -> Iterable[Sequence[object]]:
    whole = effective(index.structure, index.weights)
    for group in reversed(index.weighed):
        details = "; ".join(f"{k}={v:.6g}" for k, v in group.details.items())
        notes = "; ".join(f"{n.zh} {n.en}" for n in group.notes)
        for code, share in zip(group.codes, group.shares, strict=True):
            figures = (index.weights[code], float(share), whole[code])
            level = index.structure.by_code[code].level
            yield (level, code, group.group, *map(written, figures), group.method, details, notes)


def _filled(index: Index) -> Iterable[Sequence[object]]:
    for unit, year, code, value, method in index.filled_cells():
        yield (unit, "" if year is None else year, code, written(value), method)


def _screening(index: Index) -> Iterable[Sequence[object]]:
    told, table = index.screened, index.steps["imputed" if "imputed" in index.steps else "raw"]
    assert told is not None
    for row, unit in enumerate(table.units):
        yield (unit, table.times[row] if table.times else "", int(told.missing[row]),
               int(told.zeros[row]), written(float(told.data_share[row])),
               written(float(told.nonzero_share[row])), int(told.included[row]))  # fmt: skip


def _treatment(index: Index) -> Iterable[Sequence[object]]:
    for each in index.treated:
        shape = [written(v) for v in (*each.before, *each.after)]
        year = "" if each.year is None else each.year
        yield (each.column, *shape, each.winsorised, each.transformed, int(each.still_fails), year)


def _cells(index: Index) -> Iterable[Sequence[object]]:
    """Every cell that treatment changed, and by what."""
    names = list(index.steps)
    before, after = index.steps[names[names.index("treated") - 1]], index.steps["treated"]
    record = {(each.column, each.year): each for each in index.treated}
    apart = any(each.year is not None for each in index.treated)
    changed = (before.values != after.values) & ~np.isnan(before.values)
    for column, row in np.argwhere(changed.T):
        told = record[after.columns[column], after.times[row] if apart else None]
        done = told.transformed or told.cells.get(int(row), "")
        yield (*_who(after, int(row), always=True), after.columns[column],
               written(float(before.values[row, column])),
               written(float(after.values[row, column])), done)  # fmt: skip


def _who(table: Data, row: int, *, always: bool = False) -> list[object]:
    year: list[object] = [""] if always else []
    if table.times:
        year = [table.times[row]]
    return [table.units[row], *year]


def _write(path: Path, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(head)
        writer.writerows(rows)
