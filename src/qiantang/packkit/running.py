"""Run the examples of a pack: given these rows, run this, expect that.

The engine stands above packkit, so whoever runs examples hands in the runner that knows SQL and
plans; this module types the given rows, compares, and says what differs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final, Protocol

from qiantang.kernel.digits import digits
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Check, Code, Example, Indicator, Measure, Pack, Resource
from qiantang.packkit.indices import CompositeIndex
from qiantang.packkit.plans import Plan
from qiantang.packkit.readers.measures import sql_name
from qiantang.packkit.rows import Value, typed_rows

ResultRow = Mapping[str, object]

_SHOWN: Final = 10


@dataclass(frozen=True, slots=True)
class Given:
    """Rows given to an example, typed by their resource."""

    resource: Resource
    rows: tuple[Mapping[str, Value], ...]


class Runner(Protocol):
    """What the engine offers to examples."""

    def run_measure(self, measure: Measure, tables: Mapping[str, Given]) -> Iterable[ResultRow]:
        """The rows of the measure over ``tables``, keyed by the names that its SQL uses."""

    def run_plan(
        self,
        plan: Plan,
        given: Mapping[str, Given],
        indicators: Mapping[str, Indicator],
        example: Example,
    ) -> Iterable[ResultRow]:
        """One row for each target, with at least ``target`` and ``verdict``."""

    def run_index(
        self, index: CompositeIndex, given: Mapping[str, Given], frame: IndexFrame
    ) -> Iterable[ResultRow]:
        """A row for each unit, year and element: ``unit, year, element, score, rank``."""


@dataclass(frozen=True, slots=True)
class IndexFrame:
    """What the packs give to an index beside its figures: its units, and by element the weight
    that a norm gives on the example's day."""

    units: tuple[Code, ...]
    weights: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """What came of one example. ``differences`` is empty when it passed; ``error`` is the
    failure of the run itself."""

    example: Example
    expected: tuple[ResultRow, ...]
    actual: tuple[ResultRow, ...]
    differences: tuple[Text, ...] = ()
    error: Exception | None = None

    @property
    def passed(self) -> bool:
        return not self.differences and self.error is None

    def report(self, lang: str) -> str:
        """For a terminal: title and, for a failure, what differs."""
        title = f"{self.example.pack}/{self.example.id}: {self.example.title.in_(lang)}"
        lines = [f"    {text.in_(lang)}" for text in self.differences[:_SHOWN]]
        if self.error is not None:
            lines.append(f"    {type(self.error).__name__}: {_said(self.error, lang)}")
        return "\n".join([title, *lines])


def run_examples(
    pack: Pack, runner: Runner, others: Mapping[str, Pack] | None = None
) -> list[ExampleResult]:
    """Run every example of ``pack``; ``others`` are the packs that it requires."""
    return [run_example(pack, example, runner, others) for example in pack.examples]


def run_example(
    pack: Pack, example: Example, runner: Runner, others: Mapping[str, Pack] | None = None
) -> ExampleResult:
    """Run one example. A failure of the runner is part of the result, never raised."""
    packs = {key: each for key, each in (others or {}).items() if key in pack.requires}
    packs[pack.id] = pack
    try:
        actual = tuple(_run(example, runner, pack, packs))
    except Exception as error:  # noqa: BLE001 - whatever the runner raises is the result
        return ExampleResult(example, example.expect, (), error=error)
    if example.run.startswith("plan:"):
        differences = _compare_named(example, actual, ("target",))
    elif example.run.startswith("index:"):
        differences = _compare_named(example, actual, ("unit", "element", "year"))
    else:
        differences = _compare_rows(example, actual)
    return ExampleResult(example, example.expect, actual, tuple(differences))


def same(expected: object, actual: object, within: Decimal | None = None) -> bool:
    """Whether two values are equal: numbers as exact decimals or within an absolute tolerance,
    days and codes also against their written form."""
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        return all(same(v, actual.get(k), within) for k, v in expected.items())
    if isinstance(expected, list) and isinstance(actual, Sequence):
        return len(expected) == len(actual) and all(
            same(e, a, within) for e, a in zip(expected, actual, strict=True)
        )
    if expected == "" and actual is None:
        return True  # TOML has no null: an empty text stands for it
    if isinstance(expected, bool) or isinstance(actual, bool):
        return expected is actual
    left, right = _number(expected), _number(actual)
    if left is not None and right is not None:
        if not (left.is_finite() and right.is_finite()):
            return str(left) == str(right)
        return abs(left - right) <= (within or 0)
    return _written(expected) == _written(actual)


def _run(
    example: Example, runner: Runner, pack: Pack, packs: Mapping[str, Pack]
) -> Iterable[ResultRow]:
    resources = {sql_name(r, pack.id): r for p in packs.values() for r in p.resources.values()}
    given = {
        name: Given(resources[name], typed_rows(resources[name], path))
        for name, path in example.given.items()
    }
    if example.run.startswith("measures/"):
        stem = example.run.removeprefix("measures/").removesuffix(".sql")
        return runner.run_measure(pack.measures[stem], given)
    if example.run.startswith("index:"):
        return runner.run_index(*_index(example, packs, given))
    if not example.run.startswith("plan:"):
        return _failing_rows(example, runner, pack, given)
    _, _, local = example.run.removeprefix("plan:").rpartition(".")
    plans = {key: plan for p in packs.values() for key, plan in p.plans.items()}
    indicators = {key: each for p in packs.values() for key, each in p.indicators.items()}
    return runner.run_plan(plans[local], given, indicators, example)


def _index(
    example: Example, packs: Mapping[str, Pack], given: Mapping[str, Given]
) -> tuple[CompositeIndex, Mapping[str, Given], IndexFrame]:
    """What a run of an index needs; norms of the example's day, else their latest rows."""
    owner, _, local = example.run.removeprefix("index:").rpartition(".")
    index = packs[owner or example.pack].indices[local]
    home, _, codes = index.units.codes.rpartition(".")
    norms: dict[str, float] = {}
    for norm in sorted((n for p in packs.values() for n in p.norms), key=lambda n: n.valid_from):
        if example.as_of is None or norm.in_force(example.as_of):
            norms[f"{norm.pack}.{norm.id}"] = float(norm.value)
    weights = {e.code: norms[e.weight_norm] for e in index.elements if e.weight_norm in norms}
    units = index.units.chosen(packs[home].codes[codes], example.as_of)
    return index, given, IndexFrame(units, weights)


def _failing_rows(
    example: Example, runner: Runner, pack: Pack, given: Mapping[str, Given]
) -> Iterable[ResultRow]:
    """The rows that a check in SQL gives, or for ``resource:`` the grain of each row that one of
    its row checks refuses, with the check's id as ``check``."""
    if example.run.startswith("checks/"):
        stem = example.run.removeprefix("checks/").removesuffix(".sql")
        checks = {c.id: (r, c) for r in pack.resources.values() for c in r.checks if c.sql}
        return runner.run_measure(_as_measure(*checks[stem], pack), given)
    _, _, local = example.run.removeprefix("resource:").rpartition(".")
    resource = pack.resources[local]
    return [
        {**row, "check": check.id}
        for check in resource.checks
        if check.holds
        for row in runner.run_measure(_as_measure(resource, check, pack), given)
    ]


def _as_measure(resource: Resource, check: Check, pack: Pack) -> Measure:
    """A check as a measure of the rows that fail; a condition that is null does not fail."""
    table = sql_name(resource, pack.id)
    grain = ", ".join(f'"{column}"' for column in resource.grain)
    return Measure(
        id=check.id,
        pack=pack.id,
        name=check.name,
        unit="",
        grain=resource.grain,
        sql=check.sql
        or " ".join(["select", grain, "from", table, "where not (", check.holds, ")"]),
        resources=check.resources or (table,),
        path=pack.path,
    )


def _compare_rows(example: Example, actual: Sequence[ResultRow]) -> Iterable[Text]:
    """Row by row, in any order: rows that match are paired first, so that differences are few."""
    left = list(actual)
    lacking = []
    for row in example.expect:
        match = next((a for a in left if _fits(row, a, example.within)), None)
        if match is None:
            lacking.append(row)
        else:
            left.remove(match)
    for row in lacking:
        if not left:
            yield Text(f"缺少一行：{_show(row)}", f"a row is missing: {_show(row)}")
            continue
        other = max(left, key=lambda each: len(_agreeing(row, each, example.within)))
        left.remove(other)
        label = _show(_agreeing(row, other, example.within))
        yield from _differences(row, other, example.within, label=label)
    for row in left:
        yield Text(f"多出一行：{_show(row)}", f"there is a row too many: {_show(row)}")


def _compare_named(
    example: Example, actual: Sequence[ResultRow], names: tuple[str, ...]
) -> Iterable[Text]:
    """Only the rows that are expected, found by the columns ``names``; there may be more."""
    for row in example.expect:
        named = {key: row[key] for key in names if key in row}
        label = " ".join(str(value) for value in named.values())
        match = next((each for each in actual if _fits(named, each, None)), None)
        if match is None:
            yield Text(f"结果中没有 {label}", f"the result has no {label}")
        else:
            yield from _differences(row, match, example.within, label=label)


def _fits(row: ResultRow, other: ResultRow, within: Decimal | None) -> bool:
    return all(key in other and same(value, other[key], within) for key, value in row.items())


def _agreeing(row: ResultRow, other: ResultRow, within: Decimal | None) -> ResultRow:
    """The part of ``row`` that ``other`` has too: it tells a reader which row is meant."""
    return {k: v for k, v in row.items() if k in other and same(v, other[k], within)}


def _differences(
    row: ResultRow, other: ResultRow, within: Decimal | None, *, label: str = ""
) -> Iterable[Text]:
    at = f"[{label}] " if label else ""
    for key, value in row.items():
        if key not in other:
            yield Text(f"{at}{key}：结果中没有此列", f"{at}{key}: the result has no such column")
        elif not same(value, other[key], within):
            wanted, found = _one(value), _one(other[key])
            yield Text(
                f"{at}{key}：应为 {wanted}，实为 {found}",
                f"{at}{key}: expected {wanted}, got {found}",
            )


def _number(value: object) -> Decimal | None:
    if isinstance(value, Decimal):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Decimal(str(value))
    return None


def _written(value: object) -> object:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _one(value: object) -> str:
    if isinstance(value, Decimal) and value.is_finite():
        return digits(value)
    return str(_written(value)) if value is not None else "null"


def _show(row: ResultRow) -> str:
    return ", ".join(f"{key}={_one(value)}" for key, value in row.items())


def _said(error: Exception, lang: str) -> str:
    message: Callable[[str], str] | None = getattr(error, "message", None)
    return message(lang) if callable(message) else str(error)
