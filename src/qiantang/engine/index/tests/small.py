"""Small indices made by hand, for tests that must be right by arithmetic."""

from __future__ import annotations

import numpy as np

from qiantang.engine.index import Data, Element, Structure


def tree(*indicators: Element, weights: tuple[float, ...] = ()) -> Structure:
    """One index over the given indicators."""
    return Structure((*indicators, Element("Index", "Index", 2)))


def indicator(code: str, *, weight: float = 1.0, direction: int = 1, **more: object) -> Element:
    return Element(
        code, code, 1, parent="Index", weight=weight, direction=direction, **more  # type: ignore[arg-type]
    )  # fmt: skip


def table(columns: dict[str, list[float]], units: str = "ABCDEFGHIJ") -> Data:
    values = np.array(list(columns.values()), dtype=float).T
    return Data(tuple(units[: len(values)]), tuple(columns), values)
