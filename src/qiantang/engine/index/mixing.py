"""Notes where a mean would mix scales: children from 0 to 100 beside ranks or shares of 1.

Nothing is wrong with the numbers, but the child with the wider scale decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from qiantang.engine.index.normalising import Scale
from qiantang.engine.index.recipe import Recipe
from qiantang.engine.index.structure import Structure
from qiantang.kernel.text import Text

COMPARING: Final = frozenset(
    {"topsis", "copeland", "outranking", "kemeny-young", "benefit-of-the-doubt"}
)
"""Methods whose scores have a scale of their own, whatever that of the children."""
BY_ORDER: Final = frozenset({"copeland", "outranking", "kemeny-young"})
"""Methods that look at the order of units alone, so that scales do not matter to them."""


def mixed_scales(structure: Structure, recipe: Recipe) -> Iterator[Text]:
    """A note for every group that adds up children of different scales."""
    scale = {e.code: frozenset({_name(recipe.scale(e.code))}) for e in structure.indicators}
    for parent in structure.aggregates:
        below = {c.code: scale[c.code] for c in structure.children(parent.code)}
        seen = frozenset().union(*below.values())
        method = recipe.aggregation(parent.code, parent.level).method
        if len(seen) > 1 and len(set(below.values())) > 1 and method not in BY_ORDER:
            told = ", ".join(f"{code} {'/'.join(sorted(s))}" for code, s in below.items())
            yield Text(
                f"“{parent.code}”的下级尺度不同（{told}），尺度宽者主导结果。",
                f'The children of "{parent.code}" are on different scales ({told}): the wider '
                "one decides.",
            )
        scale[parent.code] = frozenset({method}) if method in COMPARING else seen


def _name(scale: Scale) -> str:
    """What tells the scale of a normalised indicator."""
    if scale.method in ("rank", "borda"):
        return scale.method
    if scale.method == "z-score":
        return f"z {scale.mean:g}±{scale.sd:g}"
    if scale.method == "base-period":
        return "base 100"
    return f"{scale.low:g}..{scale.high:g}"
