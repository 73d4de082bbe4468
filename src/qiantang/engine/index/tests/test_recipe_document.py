"""Every example of RECIPE.md is read and built on the tables that the document itself gives."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import numpy as np
import pytest

from qiantang.engine.index import (
    Data,
    Structure,
    aggregating,
    build,
    group_weights,
    imputing,
    normalising,
    read_data,
    read_structure,
    recipe_of,
    treating,
)
from qiantang.engine.index.choices import factors_of, plain

DOCUMENT = (Path(__file__).parents[1] / "RECIPE.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```toml\n(.*?)```", DOCUMENT, re.DOTALL)


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> tuple[Data, Structure]:
    folder = tmp_path_factory.mktemp("document")
    meta, data = re.findall(r"```csv\n(.*?)```", DOCUMENT, re.DOTALL)
    (folder / "iMeta.csv").write_text(meta, encoding="utf-8")
    (folder / "iData.csv").write_text(data, encoding="utf-8")
    structure = read_structure(folder / "iMeta.csv")
    return read_data(folder / "iData.csv", structure), structure


@pytest.mark.parametrize("block", BLOCKS)
def test_an_example_builds_and_scores_the_units(tables: tuple[Data, Structure], block: str) -> None:
    data, structure = tables
    told = tomllib.loads(block)
    factors_of(told, structure)
    scores = build(data, structure, recipe_of(plain(told))).score("Index")
    assert np.isfinite(scores).sum() >= 12


@pytest.mark.parametrize(
    "word",
    [
        *imputing.METHODS, *treating.TRANSFORMS, *normalising.METHODS, *group_weights.METHODS,
        *aggregating.METHODS,
    ],
)  # fmt: skip
def test_every_method_is_in_an_example_or_a_table(word: str) -> None:
    assert f'"{word}"' in DOCUMENT


@pytest.mark.parametrize("step", ["impute", "normalise", "weigh", "aggregate"])
def test_every_method_of_the_main_steps_has_an_example(step: str) -> None:
    known = {
        "impute": imputing.METHODS, "normalise": tuple(normalising.METHODS),
        "weigh": group_weights.METHODS,
        "aggregate": tuple(m for m in aggregating.METHODS if m != "custom"),
    }[step]  # fmt: skip
    named = {word for block in BLOCKS for word in _methods(tomllib.loads(block).get(step, {}))}
    assert not set(known) - named


def _methods(table: object) -> set[str]:
    if not isinstance(table, dict):
        return set()
    own = {str(v) for k, v in table.items() if k in ("method", "then")}
    return own.union(*(_methods(v) for v in table.values()))
