"""Find the runner of examples: named by hand, offered by an entry point, or the engine's own.

Packkit stands below the engine and imports nothing of it; the engine is looked up by dotted name
at the moment an example runs, so that a pack's author needs nothing but an installed product.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any, Final, cast

from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Example, Indicator, Measure
from qiantang.packkit.errors import RunnerMissing
from qiantang.packkit.indices import CompositeIndex
from qiantang.packkit.plans import Plan
from qiantang.packkit.rows import Value
from qiantang.packkit.running import Given, IndexFrame, ResultRow, Runner

ENTRY_POINTS: Final = "qiantang.example_runners"
"""Group of entry points; each names a `Runner`, or a callable without arguments that makes one."""

MEASURES: Final = "qiantang.engine.measures"
TARGETS: Final = "qiantang.engine.targets"
INDEX: Final = "qiantang.engine.index.declared"
TARGET_ROWS: Final = "qiantang.engine.targets.rows"


class RowsRefused(ValueError):
    """Rows given to an example cannot be read as observations."""


def find_runner(name: str = "") -> Runner:
    """The runner ``module:attribute``; without a name, an installed one, else `EngineRunner`.

    Raises `RunnerMissing`.
    """
    if name:
        return _made(_named(name))
    for entry in entry_points(group=ENTRY_POINTS):
        return _made(entry.load())
    return EngineRunner()


class EngineRunner:
    """Runs measures and plans with the engine, looked up by name."""

    def run_measure(self, measure: Measure, tables: Mapping[str, Given]) -> Iterable[ResultRow]:
        """Rows of the measure over Arrow tables made of the given rows."""
        run = _named(f"{MEASURES}:run_measure")
        arrow = _module("pyarrow")
        found = run(measure, {name: _table(arrow, given) for name, given in tables.items()})
        return cast(Iterable[ResultRow], found.to_pylist())

    def run_plan(
        self,
        plan: Plan,
        given: Mapping[str, Given],
        indicators: Mapping[str, Indicator],
        example: Example,
    ) -> Iterable[ResultRow]:
        """The JSON form of each target's assessment, with its id as ``target``."""
        parse = _named(f"{TARGET_ROWS}:parse_rows")
        observations: list[Any] = []
        for each in given.values():
            found, problems = parse([_cells(row) for row in each.rows], each.resource.id)
            if problems:
                raise RowsRefused("; ".join(_place(problem) for problem in problems))
            observations.extend(found)
        targets = _module(TARGETS)
        judged = targets.assess_plan(
            plan, observations, indicators, example.as_of, example.division or None
        )
        for assessment in judged:
            said = targets.as_json(assessment)
            wanted = said.pop("target", None)
            yield {**said, "wanted": wanted, "target": said["id"]}

    def run_index(
        self, index: CompositeIndex, given: Mapping[str, Given], frame: IndexFrame
    ) -> Iterable[ResultRow]:
        """Scores and ranks of every element, from rows of the index's figures or observations."""
        rows = [row for each in given.values() for row in each.rows]
        run = _named(f"{INDEX}:result_rows")
        return cast(Iterable[ResultRow], run(index, rows, frame.units, frame.weights))


def _table(arrow: Any, given: Given) -> Any:
    schema = _named(f"{MEASURES}.examples:arrow_schema_of")(given.resource)
    return arrow.Table.from_pylist([dict(row) for row in given.rows], schema=schema)


def _cells(row: Mapping[str, Value]) -> dict[str, str]:
    return {key: "" if value is None else str(value) for key, value in row.items()}


def _place(problem: Any) -> str:
    where: Text = problem.place.as_text()
    return f"{where.en}: {problem.text.en}"


def _module(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise RunnerMissing(found=name) from error


def _named(name: str) -> Any:
    module, _, attribute = name.partition(":")
    found = getattr(_module(module), attribute, None)
    if found is None:
        raise RunnerMissing(found=name)
    return found


def _made(found: Any) -> Runner:
    if isinstance(found, type) or not hasattr(found, "run_measure"):
        found = found()
    return cast(Runner, found)
