"""The tables of `qiantang index analyse`: those that ``--out DIR`` writes and JSON carries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qiantang.doors.cli.index_robustness_files import write_rows
from qiantang.kernel.text import Text

if TYPE_CHECKING:
    from qiantang.engine.index import Data
    from qiantang.engine.index.correlating import Pair
    from qiantang.engine.index.overview import Overview

Rows = list[Sequence[Any]]
Table = tuple[Sequence[Any], Rows]
STATISTICS = ("iCode", "Count", "Availability", "Zeros", "Unique", "Minimum", "Maximum", "Mean",
              "Median", "Deviation", "Skew", "Kurtosis")  # fmt: skip
PAIR = ("Correlation", "PValue", "Count", "Flag")


def write_analysis(folder: Path, found: Overview) -> tuple[str, ...]:
    """One CSV a table; returns their names."""
    folder.mkdir(parents=True, exist_ok=True)
    names = []
    for name, (header, rows) in tables(found).items():
        write_rows(folder / f"{name}.csv", header, rows)
        names.append(f"{name}.csv")
    return tuple(names)


def tables(found: Overview) -> Mapping[str, Table]:
    """Header and rows by name; the first column is a unit's or an element's code. The tables of
    years are there for a panel only."""
    structure = found.index.structure
    parent = {e.code: e.parent for e in structure.elements}
    told: dict[str, Table] = {
        "statistics": (STATISTICS, [astuple(s) for s in found.statistics]),
        "availability": _available(found),
        "correlations": (("iCode", "Other", "Parent", *PAIR),
                         [(p.one, p.other, parent[p.one], *_figures(found, p))
                          for p in found.siblings]),
        "with_parents": (("iCode", "Above", *PAIR),
                         [(p.one, p.other, *_figures(found, p)) for p in found.parents]),
        "with_denominators": (("iCode", "Denominator", *PAIR),
                              [(p.one, p.other, *_figures(found, p)) for p in found.sizes]),
        "cronbach": (("iCode", "Children", "Alpha"),
                     [(code, len(structure.children(code)), alpha)
                      for code, alpha in reversed(list(found.alphas.items()))]),
        "components": (("iCode", "Parent", "Component", "Share", "Loading"),
                       list(_components(found))),
        "clusters": (("uCode", *_time(found.index.scores), "Cluster"),
                     [(*who, c) for who, c in zip(_who(found.index.scores), found.clusters,
                                                  strict=True)]),
        "effective_weights": (("iCode", "Level", "Parent", "Weight", "Effective"),
                              [(e.code, e.level, e.parent, found.index.weights[e.code],
                                found.effective[e.code]) for e in structure.elements]),
        "leave_one_out": _without(found),
    }  # fmt: skip
    return told | (_years(found) if found.year is not None else {})


def _available(found: Overview) -> Table:
    codes = [e.code for e in reversed(found.index.structure.aggregates)]
    rows = [(*who, *(each.groups[c] for c in codes))
            for who, each in zip(_who(found.figures), found.available, strict=True)]  # fmt: skip
    return ("uCode", *_time(found.figures), *codes), list(rows)


def _figures(found: Overview, pair: Pair) -> tuple[Any, ...]:
    flags = [f.kind for f in found.flags if (f.one, f.other) == (pair.one, pair.other)]
    return pair.correlation, pair.chance, pair.count, "; ".join(flags)


def _components(found: Overview) -> Iterable[Sequence[Any]]:
    for group, parts in found.components.items():
        for row, code in enumerate(parts.codes):
            for number, share in enumerate(parts.shares.tolist()):
                yield code, group, number + 1, share, float(parts.loadings[row, number])


def _without(found: Overview) -> Table:
    by_code = found.index.structure.by_code
    rows = []
    for each in found.without:
        why = each.failed or Text("", "")
        rows.append((each.code, by_code[each.code].level, each.shift, each.loss, why.zh, why.en))
    return ("iCode", "Level", "Shift", "Loss", "FailedZh", "FailedEn"), list(rows)


def _years(found: Overview) -> dict[str, Table]:
    years = [str(year) for year in found.by_year]
    there = zip(found.figures.columns, *(v.tolist() for v in found.by_year.values()), strict=True)
    trends = [(t.unit, t.element, t.years[0], t.years[-1], t.growth, t.slope, t.change)
              for t in found.trends]  # fmt: skip
    return {
        "availability_by_year": (("iCode", *years), list(there)),
        "trends": (("uCode", "iCode", "First", "Last", "Growth", "Slope", "Change"), list(trends)),
    }


def _time(table: Data) -> tuple[str, ...]:
    return ("Time",) if table.times else ()


def _who(table: Data) -> Iterable[tuple[Any, ...]]:
    return zip(table.units, table.times, strict=True) if table.times else zip(table.units)
