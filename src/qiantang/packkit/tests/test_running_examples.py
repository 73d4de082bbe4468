"""Examples pass or say exactly what differs, row by row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from qiantang.packkit import Given, Pack, load_pack, run_example, run_examples
from qiantang.packkit.errors import RunnerMissing
from qiantang.packkit.runners import EngineRunner, find_runner
from qiantang.packkit.running import same
from qiantang.packkit.tests.building import CHECK_EXAMPLES, GEOGRAPHY, demo, write


class Told:
    """A runner that answers what it was told and remembers what it was given."""

    def __init__(self, *rows: Mapping[str, object], error: Exception | None = None) -> None:
        self.rows, self.error = rows, error
        self.tables: Mapping[str, Given] = {}

    def run_measure(self, measure: Any, tables: Mapping[str, Given]) -> Iterable[Any]:
        self.tables = tables
        if self.error:
            raise self.error
        return self.rows

    def run_plan(self, plan: Any, given: Mapping[str, Given], *rest: Any) -> Iterable[Any]:
        self.tables = given
        return self.rows


@pytest.fixture
def demo_pack(tmp_path: Path) -> Pack:
    write(tmp_path / "geography", GEOGRAPHY)
    return load_pack(demo(tmp_path / "demo"))


def _example(pack: Pack, name: str) -> Any:
    return next(e for e in pack.examples if e.id == name)


def test_rows_in_another_order_and_further_columns_pass(demo_pack: Pack) -> None:
    runner = Told(
        {"period": "2019", "visits": 131, "more": 1},
        {"period": "2018", "visits": Decimal("200.7500")},
    )
    result = run_example(demo_pack, _example(demo_pack, "years_add_up"), runner)
    assert result.passed
    first = runner.tables["visits"].rows[0]
    assert first == {
        "division": "330100",
        "period": "2018",
        "site": "museum",
        "visits": Decimal("120.5"),
    }


def test_a_wrong_number_is_named_with_its_row(demo_pack: Pack) -> None:
    runner = Told({"period": "2018", "visits": 200.7}, {"period": "2019", "visits": 131})
    result = run_example(demo_pack, _example(demo_pack, "years_add_up"), runner)
    assert [d.en for d in result.differences] == [
        "[period=2018] visits: expected 200.75, got 200.7"
    ]
    assert "应为 200.75" in result.report("zh")


def test_missing_and_surplus_rows_are_named(demo_pack: Pack) -> None:
    example = _example(demo_pack, "years_add_up")
    none = run_example(demo_pack, example, Told())
    assert [d.en.split(":")[0] for d in none.differences] == ["a row is missing"] * 2
    surplus = run_example(demo_pack, replace(example, expect=()), Told({"period": "2018"}))
    assert [d.en for d in surplus.differences] == ["there is a row too many: period=2018"]


def test_a_column_that_is_not_there_is_named(demo_pack: Pack) -> None:
    runner = Told({"period": "2018"}, {"period": "2019", "visits": 131})
    result = run_example(demo_pack, _example(demo_pack, "years_add_up"), runner)
    assert "[period=2018] visits: the result has no such column" in result.report("en")


def test_a_runner_that_fails_fails_the_example_only(demo_pack: Pack) -> None:
    results = run_examples(demo_pack, Told(error=RuntimeError("no memory")))
    assert [r.passed for r in results] == [False, False, False]
    assert "RuntimeError: no memory" in results[-1].report("en")


def test_a_plan_is_compared_target_by_target(demo_pack: Pack) -> None:
    example = _example(demo_pack, "plan_is_judged")
    told = {"target": "T1", "verdict": "met", "value": 1}
    result = run_example(demo_pack, example, Told({"target": "T2"}, told))
    assert [d.en for d in result.differences] == ["[T1] verdict: expected not_met, got met"]
    assert run_example(demo_pack, example, Told({**told, "verdict": "not_met"})).passed
    assert not run_example(demo_pack, example, Told({"target": "T2"})).passed


@pytest.mark.parametrize(
    ("expected", "actual", "within", "equal"),
    [
        (Decimal("0.3"), 0.3, None, True),
        (Decimal("0.3"), 0.1 + 0.2, None, False),
        (Decimal("0.3"), 0.1 + 0.2, Decimal("0.001"), True),
        (Decimal("0.3"), Decimal("0.302"), Decimal("0.001"), False),
        (5, Decimal("5.000"), None, True),
        (1, True, None, False),
        (1, "1", None, False),
        (date(2020, 1, 1), "2020-01-01", None, True),
        ("", None, None, True),
        (0, None, None, False),
        (Decimal(1), float("nan"), None, False),
        ([1, 2], [1, 2], None, True),
        ([1, 2], [1], None, False),
        ({"zh": "达成"}, {"zh": "达成", "en": "met"}, None, True),
    ],
)
def test_values_are_equal_when_their_meaning_is(
    expected: object, actual: object, within: Decimal | None, equal: bool
) -> None:
    assert same(expected, actual, within) is equal


def test_the_engine_runs_measures_and_plans(demo_pack: Pack) -> None:
    results = {r.example.id: r for r in run_examples(demo_pack, find_runner())}
    assert results["years_add_up"].passed, results["years_add_up"].report("en")
    assert results["unreported_is_not_zero"].passed
    judged = results["plan_is_judged"]
    assert judged.error is None, judged.report("en")
    assert {row["target"] for row in judged.actual} == {"T1", "T2", "T3"}


def test_runners_are_found_by_name(demo_pack: Pack) -> None:
    assert isinstance(find_runner(f"{__name__}:Told"), Told)
    assert isinstance(find_runner(), EngineRunner)
    for wrong in ("no.such.module:x", f"{__name__}:Nobody"):
        with pytest.raises(RunnerMissing):
            find_runner(wrong)


def test_checks_give_the_rows_that_fail_and_null_passes(tmp_path: Path) -> None:
    write(tmp_path / "geography", GEOGRAPHY)
    folder = write(demo(tmp_path / "demo"), CHECK_EXAMPLES)
    pack = load_pack(folder)
    checks = [e for e in pack.examples if e.run.startswith(("checks/", "resource:"))]
    results = [run_example(pack, each, EngineRunner()) for each in checks]
    assert [r.report("en") for r in results if not r.passed] == []
    assert len(results) == 2
    rows = (folder / "samples/people.csv").read_text(encoding="utf-8")
    mended = rows.replace("1980-05-01", "2019-06-01")
    (folder / "samples/people.csv").write_text(mended, encoding="utf-8")
    results = [run_example(load_pack(folder), each, EngineRunner()) for each in checks]
    assert ["a row is missing" in r.report("en") for r in results] == [True, True]
