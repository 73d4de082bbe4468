"""The tables that `qiantang index sensitivity --out DIR` writes."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qiantang.kernel.text import Text

if TYPE_CHECKING:
    from qiantang.engine.index.examining import Examination
    from qiantang.engine.index.sensitivity import Sobol

BOUNDS = ("first", "first_low", "first_high", "total", "total_low", "total_high")


def write_robustness(folder: Path, found: Examination, names: list[Text]) -> None:
    """``factors``, ``units`` and ``factors_by_unit``; ``places`` (share of ways by unit and place)
    and ``above`` (share of ways in which the row's unit is above the column's);
    ``combinations`` (what each chose, its shift or why it failed) and their ``ranks``."""
    from qiantang.engine.index import robustness

    folder.mkdir(parents=True, exist_ok=True)
    runs = found.runs
    write_rows(folder / "factors.csv", ("factor", "alternatives", *BOUNDS),
               ((f.name, len(f.alternatives), *_shares(found.overall, i))
                for i, f in enumerate(runs.factors)))  # fmt: skip
    write_rows(folder / "factors_by_unit.csv", ("uCode", "factor", *BOUNDS),
               ((unit, name, *_shares(found.by_unit, (i, row)))
                for row, unit in enumerate(runs.units)
                for i, name in enumerate(found.by_unit.factors)))  # fmt: skip
    write_rows(folder / "units.csv",
               ("uCode", "rank", "mean", "median", "p5", "p95", "best", "worst", "usual_first",
                "usual_last", "usual_share", "zh", "en"), _units(found, names))  # fmt: skip
    places = range(1, len(runs.units) + 1)
    write_rows(folder / "places.csv", ("uCode", *places), _by_unit(runs.units, found.places))
    above = robustness.above(runs)
    write_rows(folder / "above.csv", ("uCode", *runs.units), _by_unit(runs.units, above))
    write_rows(folder / "combinations.csv",
               ("combination", *(f.name for f in runs.factors), "shift", "failed_zh", "failed_en"),
               _combinations(found))  # fmt: skip
    write_rows(folder / "ranks.csv", ("combination", *runs.units),
               ((k, *ranks) for k, ranks in enumerate(runs.ranks.tolist())))  # fmt: skip


def sentences(found: Examination, names: list[Text]) -> Iterator[Text]:
    """For every unit, its usual places in plain words."""
    from qiantang.engine.index.in_words import usual_places

    for name, usual in zip(names, found.usual, strict=True):
        yield usual_places(name, usual, found.ways)


def _units(found: Examination, names: list[Text]) -> Iterable[Sequence[Any]]:
    r = found.ranges
    for row, said in enumerate(sentences(found, names)):
        usual = found.usual[row]
        figures = (r.nominal, r.mean, r.median, r.low, r.high, r.best, r.worst)
        places = (usual.first, usual.last, usual.share) if usual else ("", "", "")
        yield (r.units[row], *(float(f[row]) for f in figures), *places, said.zh, said.en)


def _combinations(found: Examination) -> Iterable[Sequence[Any]]:
    runs = found.runs
    for k, shift in enumerate(found.shift.tolist()):
        reason = runs.failed.get(k, Text("", ""))
        yield (k, *runs.choices(k).values(), shift, reason.zh, reason.en)


def _by_unit(units: Sequence[str], table: Any) -> Iterable[Sequence[Any]]:
    return ((unit, *row) for unit, row in zip(units, table.tolist(), strict=True))


def _shares(sobol: Sobol, at: Any) -> list[float]:
    parts = (sobol.first, *sobol.first_bounds, sobol.total, *sobol.total_bounds)
    return [float(part[at]) for part in parts]


def write_rows(path: Path, header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> None:
    from qiantang.engine.index.tables import written

    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(header)
        for row in rows:
            writer.writerow([written(v) if isinstance(v, float) else v for v in row])
