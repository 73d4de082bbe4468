"""Examples are tests in an ordinary pytest run, and nothing else is touched."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from qiantang.packkit.tests.building import GEOGRAPHY, demo, write

RUNNER = """
class Runner:
    def run_measure(self, measure, tables):
        sums = {}
        for row in tables["visits"].rows:
            if row["visits"] is not None:
                sums[row["period"]] = sums.get(row["period"], 0) + row["visits"]
        return [{"period": k, "visits": v} for k, v in sums.items()]

    def run_plan(self, plan, given, indicators, example):
        assert example.as_of.year == 2020
        return [{"target": t.id, "verdict": "met"} for t in plan.targets]
"""

OWN_TEST = """
def test_fixtures(pack, pack_runner):
    assert pack.id == "demo"
    assert type(pack_runner).__name__ == "Runner"
"""


PLAIN_TEST = """
import sys

def test_nothing_else_is_loaded():
    assert "qiantang.packkit.pytest_plugin" in sys.modules
    heavy = {"django", "pyarrow", "duckdb", "qiantang.engine", "qiantang.packkit.loading"}
    assert heavy & set(sys.modules) == set()
"""


def _pytest(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    options = ["-p", "no:django", "-p", "no:cacheprovider", "-q", "--rootdir", str(folder)]
    environment = os.environ | {"PYTHONPATH": str(folder), "LC_ALL": "zh_CN.UTF-8"}
    return subprocess.run(
        [sys.executable, "-m", "pytest", *options, *arguments],
        cwd=folder,
        env=environment | {"PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def _prepare(folder: Path) -> Path:
    write(folder / "geography", GEOGRAPHY)
    write(folder, {"my_runner.py": RUNNER, "examples/free.toml": "not a pack = ["})
    return write(demo(folder / "demo"), {"tests/test_own.py": OWN_TEST})


def test_examples_are_collected_and_a_difference_is_shown_without_traceback(
    tmp_path: Path,
) -> None:
    _prepare(tmp_path)
    run = _pytest(tmp_path, "--qiantang-runner", "my_runner:Runner")
    assert "1 failed, 3 passed" in run.stdout, run.stdout + run.stderr
    assert "[T1] verdict：应为 not_met，实为 met" in run.stdout
    assert "Traceback" not in run.stdout


def test_a_broken_pack_fails_its_examples_with_its_problems(tmp_path: Path) -> None:
    folder = _prepare(tmp_path)
    (folder / "codes" / "site.csv").write_bytes("code,zh\n博".encode("gb18030"))
    run = _pytest(tmp_path, "--qiantang-runner", "my_runner:Runner", "demo/examples")
    assert "3 failed" in run.stdout, run.stdout + run.stderr
    assert "demo/codes/site.csv:2: [pack.not_utf8] 文件不是 UTF-8 编码" in run.stdout


def test_an_ordinary_run_loads_neither_django_nor_the_engine(tmp_path: Path) -> None:
    write(tmp_path, {"test_plain.py": PLAIN_TEST})
    run = _pytest(tmp_path)
    assert "1 passed" in run.stdout, run.stdout + run.stderr
