"""The uncertain choices of a recipe, read from its ``[[uncertain]]`` tables.

Three forms: ``set`` a key ``to`` each of a list; ``noise`` on weights; ``ways``, each a piece of
recipe (and ``weigh`` for weights).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from qiantang.engine.index.errors import RecipeInvalid
from qiantang.engine.index.recipe import recipe_of
from qiantang.engine.index.structure import Structure
from qiantang.engine.index.uncertainty import Alternative, Factor, merged, noisy_weights, setting
from qiantang.kernel.places import Place
from qiantang.kernel.text import Text

FORMS: Final = "set + to | noise (+ sets, levels) | ways"


def factors_of(
    told: Mapping[str, Any], structure: Structure, *, seed: int = 1, file: str = ""
) -> tuple[Factor, ...]:
    """The factors of a recipe's tables, every alternative checked as a recipe of its own. Raises
    `RecipeInvalid`, naming the factor."""
    base = plain(told)
    found = []
    for number, table in enumerate(told.get("uncertain", ()), start=1):
        factor = _factor(table, number, structure, seed + number, file)
        for each in factor.alternatives:
            recipe_of(merged(base, each.recipe), file)
        found.append(factor)
    return tuple(found)


def plain(told: Mapping[str, Any]) -> dict[str, Any]:
    """The tables without the uncertain choices: what `recipe_of` reads."""
    return {key: value for key, value in told.items() if key != "uncertain"}


def _factor(
    table: Mapping[str, Any], number: int, structure: Structure, seed: int, file: str
) -> Factor:
    name = str(table.get("name", f"uncertain {number}"))
    if "set" in table and isinstance(table.get("to"), Sequence):
        return setting(name, str(table["set"]), list(table["to"]))
    if "noise" in table:
        return noisy_weights(
            name, structure, float(table["noise"]), sets=int(table.get("sets", 100)), seed=seed,
            levels=[int(v) for v in table.get("levels", ())],
        )  # fmt: skip
    if isinstance(table.get("ways"), Sequence) and table["ways"]:
        return Factor(name, tuple(_way(way, place) for place, way in enumerate(table["ways"], 1)))
    raise RecipeInvalid(
        place=Place(file=file or None), key=f"uncertain[{number}]", found=sorted(table),
        reason=Text("形式不完整", "its form is not complete"), expected=FORMS,
    )  # fmt: skip


def _way(way: Mapping[str, Any], place: int) -> Alternative:
    weights = {str(k): float(v) for k, v in way.get("weigh", {}).items()}
    recipe = {k: v for k, v in way.items() if k not in ("name", "weigh")}
    return Alternative(str(way.get("name", place)), recipe, weights)
