"""Composite indices: a build, thousands of ways to build it, and how cost grows.

Run: ``python -m bench.index [UNITS INDICATORS YEARS]``. The public example of the pack
`asem-connectivity` (51 units, 49 indicators) beside the figures stated for the reference
implementation on it (R package COINr 1.1.14), which are quoted, not run here; then made-up tables
up to the size given (3,000 x 300 x 10).
"""

from __future__ import annotations

import csv
import os
import platform
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import qiantang.packs
from qiantang.engine.index import Data, Element, Structure, build, recipe_of
from qiantang.engine.index.examining import examine
from qiantang.engine.index.factors import (
    Alternative,
    CellError,
    Factor,
    data_errors,
    noisy_weights,
    setting,
)
from qiantang.engine.index.leaving_out import leave_out
from qiantang.engine.index.ordering import copeland
from qiantang.engine.index.robustness import rank_shift
from qiantang.engine.index.sensitivity import design, exact, from_design
from qiantang.engine.index.uncertainty import Runs, compute, drawn, everything

PACK = Path(qiantang.packs.__path__[0]) / "asem-connectivity"
BASE = {
    "impute": {"method": "group-mean", "group": "EurAsia_group"},
    "screen": {"data_share": 0.9},
    "treat": {"points": 5},
    "normalise": {"range": [0, 100]},
}
STATED = {
    "full build": 0.08,
    "1,000 uncertainty draws": 87.0,
    "3,000 rebuilds for Sobol": 308.0,
    "leave-one-out of 49": 4.2,
    "outranking 200 x 100": 40.0,
}
"""Seconds stated for the reference implementation, which computes in one thread: they are compared
with our seconds of processor, which other work on the machine disturbs least."""
REPEATS = 5


def example() -> tuple[Data, Structure]:
    """The public example, from the pack's own tables."""
    rows = _rows("data/connectivity_elements.csv")
    structure = Structure(
        tuple(
            Element(
                r["code"], r["en"], int(r["level"]), r["parent"], float(r["weight"] or 1),
                int(r["direction"] or 1), denominator=r["denominator"],
            )
            for r in rows
        )
    )  # fmt: skip
    figures = {(r["unit"], r["indicator"]): r["value"] for r in _rows("data/connectivity.csv")}
    units = {r["code"]: r for r in _rows("codes/country.csv") if (r["code"], "LPI") in figures}
    sizes = sorted({e.denominator for e in structure.indicators} - {""})
    columns = (*structure.codes, *sizes)
    values = [[float(figures.get((u, c)) or "nan") for c in columns] for u in units]
    groups = {"EurAsia_group": tuple(r["EurAsia_group"] for r in units.values())}
    return Data(tuple(units), columns, np.array(values), groups=groups), structure


def _rows(name: str) -> list[dict[str, str]]:
    with (PACK / name).open(encoding="utf-8-sig", newline="") as source:
        return list(csv.DictReader(source))


def choices(structure: Structure) -> list[Factor]:
    """2,000 combinations: winsorising, scale, 100 weight sets, mean."""
    shifted = {"normalise": {"method": "min-max", "range": [1, 100]}}
    standard = {"normalise": {"method": "z-score", "mean": 10.0, "sd": 2.0}}
    return [
        setting("Winsorising", "treat.points", [1, 2, 3, 4, 5]),
        Factor("Scale", (Alternative("min-max", shifted), Alternative("z-score", standard))),
        noisy_weights("Weights", structure, 0.25, sets=100, seed=1, levels=(2, 3)),
        setting("Mean", "aggregate.method", ["arithmetic", "geometric"]),
    ]


def timed(work: Callable[[], Any], repeats: int = REPEATS) -> tuple[float, float]:
    """Least seconds by the clock, and least of processor, over some runs after a first one."""
    work()
    clock, processor = [], []
    for _ in range(repeats):
        started, worked = time.perf_counter(), time.process_time()
        work()
        clock.append(time.perf_counter() - started)
        processor.append(time.process_time() - worked)
    return min(clock), min(processor)


def compare() -> None:
    """The five figures stated for the reference implementation, and ours on the same tasks."""
    data, structure = example()
    factors, recipe = choices(structure), recipe_of(BASE)
    index = build(data, structure, recipe)
    at = dict(zip(index.scores.units, index.rank(structure.root.code).tolist(), strict=True))
    nominal = np.array([at.get(unit, np.nan) for unit in data.units])

    def ways(combinations: np.ndarray) -> Runs:
        return compute(data, structure, BASE, factors, combinations)

    def sobol(combinations: np.ndarray, shares: Callable[..., Any]) -> None:
        runs = ways(combinations)
        shares(factors, rank_shift(runs, nominal))
        shares(factors, runs.ranks)

    table = np.random.default_rng(1).normal(size=(200, 100))
    ours = {
        "full build": timed(lambda: build(data, structure, recipe)),
        "1,000 uncertainty draws": timed(lambda: ways(drawn(factors, 1000, 1))),
        "3,000 rebuilds for Sobol": timed(lambda: sobol(design(factors, 500, 1), from_design)),
        "leave-one-out of 49": timed(lambda: leave_out(data, structure, recipe)),
        "outranking 200 x 100": timed(lambda: copeland(table, np.full(100, 0.01))),
    }
    print(f"{'':26}{'ours':>10}{'processor':>11}{'stated':>10}{'ratio':>9}")
    for name, (clock, processor) in ours.items():
        ratio = STATED[name] / processor
        print(f"{name:26}{clock:>9.4f}s{processor:>10.4f}s{STATED[name]:>9.2f}s{ratio:>8,.0f}x")
    clock, processor = timed(lambda: sobol(everything(factors), exact))
    print(f"exact Sobol indices of all 2,000 combinations, for the mean shift and for every unit: "
          f"{clock:.3f} s ({processor:.3f} s of processor)")  # fmt: skip
    errors = data_errors("Figures", {c: CellError(0.05) for c in structure.codes}, sets=200, seed=1)
    space = everything([errors])
    for workers in (1, 2):
        started = time.perf_counter()
        compute(data, structure, BASE, [errors], space, workers=workers)
        clock = time.perf_counter() - started
        print(f"200 draws of errors on all figures, {workers} worker(s): {clock:.2f} s")


def made_up(units: int, indicators: int, years: int) -> tuple[Data, Structure]:
    """A table of log-normal figures with a tree of groups of ten."""
    groups = -(-indicators // 10)
    elements = [Element(f"i{n}", f"i{n}", 1, f"g{n // 10}") for n in range(indicators)]
    elements += [Element(f"g{n}", f"g{n}", 2, "Index") for n in range(groups)]
    structure = Structure((*elements, Element("Index", "Index", 3)))
    random = np.random.default_rng(1)
    values = random.lognormal(sigma=0.5, size=(units * years, indicators))
    names = tuple(f"U{n}" for n in range(units)) * years
    times = tuple(2010 + n // units for n in range(units * years)) if years > 1 else ()
    return Data(names, structure.codes, values, times=times), structure


def grow(units: int, indicators: int, years: int) -> None:
    """A build and 1,000 draws of all weights, with the process's peak of memory so far."""
    data, structure = made_up(units, indicators, years)
    told = {"treat": {"points": 5}, "normalise": {"range": [1, 100]}}
    weights = [noisy_weights("Weights", structure, 0.5, sets=1000, seed=1)]
    one = timed(lambda: build(data, structure, recipe_of(told)), 1)
    many = timed(lambda: compute(data, structure, told, weights, everything(weights)), 1)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{units:>6,} x {indicators:>4} x {years:>3}   build {one[0]:8.3f} s ({one[1]:.3f})   "
          f"1,000 weight sets {many[0]:8.3f} s ({many[1]:.3f})   peak {peak:7,.0f} MB")  # fmt: skip


def whole() -> None:
    """The example examined in one call, as `qiantang index sensitivity` does."""
    data, structure = example()
    uncertain = [
        {"set": "treat.points", "to": [1, 2, 3, 4, 5]},
        {"name": "weights", "weights": "any", "sets": 200},
        {"name": "out", "leave_out": "each"},
    ]
    clock, _ = timed(lambda: examine(data, structure, {**BASE, "uncertain": uncertain}), 1)
    print(f"50,000 combinations with every indicator left out, examined whole: {clock:.2f} s")


def main(units: int, indicators: int, years: int) -> None:
    model = platform.processor() or platform.machine()
    print(f"machine: {model}, {os.cpu_count()} cores, Python {platform.python_version()}, NumPy "
          f"{np.__version__}")  # fmt: skip
    compare()
    whole()
    print("units x indicators x years; seconds by the clock (of processor)")
    for share in (0.1, 0.3, 1.0):
        grow(*(max(1, round(n * share)) for n in (units, indicators, years)))


if __name__ == "__main__":
    given = [int(a) for a in sys.argv[1:4]]
    main(*(given if len(given) == 3 else (3000, 300, 10)))
