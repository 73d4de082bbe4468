"""Modules stay readable: at most 500 lines, functions at most 60, five positional parameters."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted(
    p
    for p in (ROOT / "src").rglob("*.py")
    if "migrations" not in p.parts and "tests" not in p.parts
)
EVERYTHING = sorted(p for d in ("src", "tests", "bench") for p in (ROOT / d).rglob("*.py"))
MODULE_LINES = 500
FUNCTION_LINES = 60
POSITIONAL = 5
FORBIDDEN_NAMES = {"utils", "helpers", "common", "manager", "misc"}


def _ids(path: Path) -> str:
    return str(path.relative_to(ROOT / "src"))


def test_no_module_of_tests_or_benches_is_longer_either() -> None:
    long = [p for p in EVERYTHING if len(p.read_text(encoding="utf-8").splitlines()) > MODULE_LINES]
    assert not long


@pytest.mark.parametrize("path", SOURCES, ids=_ids)
def test_module_within_budget(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MODULE_LINES, "split it by noun or verb"
    assert path.stem not in FORBIDDEN_NAMES, "name it by what it holds"
    too_long = [
        f"{node.name} ({node.end_lineno - node.lineno + 1} lines)"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > FUNCTION_LINES
    ]
    assert not too_long


@pytest.mark.parametrize("path", SOURCES, ids=_ids)
def test_module_says_what_it_is_for(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if path.name == "__init__.py" and not tree.body:
        return
    assert ast.get_docstring(tree), "begin with one sentence of purpose"


def test_files_are_named_in_the_houses_words() -> None:
    bad = [p for p in (ROOT / "src").rglob("*") if p.stem in FORBIDDEN_NAMES]
    assert not bad
