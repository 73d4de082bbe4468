"""Every noun of the house stands in the glossary, in both languages, once."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROWS = re.compile(r"^\| ([a-z ]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.M)

# Parts of a noun phrase that need no row of their own.
QUALIFIERS = {"information", "installed", "entry", "event", "history", "record", "head", "chain"}


def glossary() -> list[tuple[str, str, str, str]]:
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    return [m.groups() for m in ROWS.finditer(text)]  # type: ignore[misc]


def words(name: str) -> list[str]:
    return [w.lower() for w in re.findall(r"[A-Z][a-z]*", name)]


def test_rows_are_complete_and_unique() -> None:
    rows = glossary()
    assert len(rows) > 40
    for column in (0, 1):
        values = [row[column].strip() for row in rows]
        assert len(values) == len(set(values))
    assert all(re.search(r"[\u4e00-\u9fff]", row[1]) for row in rows)


def test_every_model_is_named_by_a_glossary_word() -> None:
    known = {w for row in glossary() for w in row[0].split()} | QUALIFIERS
    strange = []
    for path in (ROOT / "src/qiantang/rooms").glob("*/models.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and any("Model" in ast.dump(b) for b in node.bases):
                strange += [
                    f"{path.parent.name}.{node.name}: {w}"
                    for w in words(node.name)
                    if w not in known
                ]
    assert not strange
