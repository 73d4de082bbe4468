"""Reading of the shipped files for the tests of packs, and of the collection they came from."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

import qiantang

PACKS = Path(qiantang.__file__).parent / "packs"
COLLECTION = "QIANTANG_COLLECTION"


def shipped(name: str) -> list[dict[str, str]]:
    """The rows of a CSV file of a pack, such as ``geography/codes/division.csv``."""
    return _rows(PACKS / name)


def collected(name: str) -> list[dict[str, str]]:
    """The rows of a file of the collection; skips the test, by name, where it is not at hand."""
    return _rows(collection_file(f"data/{name}"))


def collection_file(name: str) -> Path:
    """A file of the collection: in the folder named by the environment, or beside the project."""
    root = Path(os.environ.get(COLLECTION) or PACKS.parents[2].parent / "shared")
    path = root / name
    if not path.is_file():
        pytest.skip(f"the collection has no {name}; set {COLLECTION} to its folder")
    return path


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
