"""What the product imports, its own dependency list names: the demo runs without test tools."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "src" / "qiantang"
FOR_TESTS = {"site/testing.py", "packkit/pytest_plugin.py"}


def declared() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [d for extra in project["optional-dependencies"].values() for d in extra]
    names = {_plain(d) for d in [*project["dependencies"], *extras]}
    # Comes with pyiceberg's sql-sqlite.
    return names | {"sqlalchemy"}


def _plain(requirement: str) -> str:
    return re.split(r"[\[<>=!~; ]", requirement)[0].lower().replace("_", "-")


def imported() -> dict[str, str]:
    """Top-level packages of others, each with a module that imports it."""
    found: dict[str, str] = {}
    for path in SOURCES.rglob("*.py"):
        where = path.relative_to(SOURCES).as_posix()
        if "tests" in path.parts or where in FOR_TESTS:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level and node.module:
                names = [node.module]
            for name in names:
                top = name.partition(".")[0]
                if top not in sys.stdlib_module_names and top != "qiantang":
                    found.setdefault(top, where)
    return found


def test_every_import_of_the_product_is_declared() -> None:
    owners = packages_distributions()
    known = declared()
    missing = {
        name: where
        for name, where in imported().items()
        if not {_plain(owner) for owner in owners.get(name, [name])} & known
    }
    assert missing == {}
