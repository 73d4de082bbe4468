"""The tree of an index in the order of reading: every element after its parent, with its depth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from qiantang.engine.index.structure import Element
from qiantang.engine.index.weighing import effective
from qiantang.kernel.text import Text
from qiantang.packkit.indices import IndexElement
from qiantang.rooms.indices.shapes import Made, ShareRow

_LEVELS = (Text("一级", "First level"), Text("二级", "Second level"), Text("三级", "Third level"))


@dataclass(frozen=True, slots=True)
class Branch:
    """An element where it stands. ``branch`` counts the children of the index, so that charts
    colour what hangs below one of them alike; ``weight`` is that of the recipe, else of the
    structure; ``effective`` its share in the index."""

    code: str
    name: Text
    depth: int
    branch: int
    leaf: bool
    weight: float
    effective: float
    parent: str
    declared: IndexElement | None


def branches(made: Made) -> tuple[Branch, ...]:
    """The whole tree, the index itself first."""
    given = weights_of(made)
    shares = effective(made.structure, given)

    def below(element: Element, depth: int, branch: int) -> Iterator[Branch]:
        children = made.structure.children(element.code)
        yield Branch(
            element.code,
            made.name(element.code),
            depth,
            branch,
            not children,
            given.get(element.code, element.weight),
            shares[element.code],
            element.parent,
            made.declared.element(element.code),
        )
        for place, child in enumerate(children):
            yield from below(child, depth + 1, place if depth == 0 else branch)

    return tuple(below(made.structure.root, 0, 0))


def weights_of(made: Made) -> dict[str, float]:
    """The weights that were used, however each group came by them."""
    return {**{e.code: e.weight for e in made.structure.elements}, **made.index.weights}


def level_name(depth: int, *, leaf: bool) -> Text:
    """How a level below the index is called."""
    if leaf:
        return Text("指标", "Indicators")
    if depth <= len(_LEVELS):
        return _LEVELS[depth - 1]
    return Text(f"第 {depth} 级", f"Level {depth}")


def under_root(made: Made) -> tuple[Element, ...]:
    """What hangs directly under the index."""
    return made.structure.children(made.structure.root.code)


def within(made: Made, code: str) -> Text:
    """The element just below the index under which ``code`` stands."""
    path = made.structure.path(code)
    return made.name(path[-2] if len(path) > 1 else path[-1])


def level_rows(made: Made, shares: Sequence[ShareRow]) -> list[dict[str, Any]]:
    """Shares of indicators summed up the tree, in its order; an element without a share is left
    out."""
    if not shares:
        return []
    sums = shares_up(made, shares)
    return [
        {"code": b.code, "name": b.name, "depth": b.depth, "value": sums[b.code]}
        for b in branches(made)
        if b.code in sums
    ]


def shares_up(made: Made, shares: Sequence[ShareRow]) -> dict[str, float]:
    """Every element's share: that of an indicator, or the sum of what is below."""
    own = {s.code: s.share for s in shares}
    found: dict[str, float] = {}
    for element in made.structure.elements:
        below = [own[c] for c in made.structure.under(element.code) if c in own]
        if below:
            found[element.code] = sum(below)
    return found
